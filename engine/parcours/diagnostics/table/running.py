"""Codes of commands that run: their options, the state, what they write."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, error

_CHECK_THE_PATH = "check the path, its permissions and the space left on the disk"

RUNNING: Mapping[str, CodeEntry] = {
    "bad-option": error(
        "An option or argument of the command line cannot be used.",
        "see `parcours COMMAND --help`",
    ),
    "state-newer": error(
        "A newer version of Parcours made the state file.",
        "use the version of Parcours that made it, or a newer one",
    ),
    "state-locked": error(
        "Another process has the state file open.",
        "wait for the other process to end, or stop it",
    ),
    "state-foreign": error(
        "The file is no state of this project.",
        "use the state file of this project, or another path",
    ),
    "state-damaged": error(
        "Something in the state file is not as it was written.",
        "restore the state file from a copy made before it was damaged",
    ),
    "state-used": error(
        "A simulation was given a state file that is there already.",
        "give another path, or delete the file: a simulation starts from an empty state",
    ),
    "state-unwritable": error(
        "The state file cannot be written.",
        _CHECK_THE_PATH,
    ),
    "output-unwritable": error(
        "The output of a command cannot be written.",
        _CHECK_THE_PATH,
    ),
    "clock-back": error(
        "A tick was asked for at an instant that is not after the last one.",
        "ticks strictly increase: give an instant after the last one",
    ),
}
