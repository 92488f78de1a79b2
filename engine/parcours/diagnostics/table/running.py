"""Codes of commands that run: their options, the state, what they write."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, error, warning

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
    "state-older": error(
        "A state that is only read was made by an older version of Parcours.",
        "run `parcours plan` on it once: that brings it into the form of today",
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
    "analytics-newer": error(
        "A newer version of Parcours made the file of the analytic store.",
        "use the version of Parcours that made it, or a newer one",
    ),
    "analytics-locked": error(
        "Another process has the file of the analytic store open.",
        "wait for the other process to end, or stop it",
    ),
    "analytics-foreign": error(
        "The file is no analytic store of this project.",
        "use the file of this project, or another path; what was learned can be learned anew",
    ),
    "analytics-damaged": error(
        "Something in the file of the analytic store is not as it was written.",
        "delete the file and learn anew, or restore it from a copy",
    ),
    "analytics-unwritable": error(
        "The file of the analytic store cannot be written.",
        _CHECK_THE_PATH,
    ),
    "missing-adapter": error(
        "A channel of the project has nothing that delivers it.",
        "say under `channels:` in parcours.yaml what delivers it; `adapter: null` delivers nothing",
    ),
    "unrendered": error(
        "A message could not be filled in for a contact.",
        "give what is missing a value, or a default: `{{ first_name | default('you') }}`",
    ),
    "missing-extra": error(
        "A library is not installed that sending or receiving needs.",
        "install it: `pip install 'parcours[server]'`",
    ),
    "missing-secret": error(
        "A secret that parcours.yaml speaks of is not in the environment.",
        "set the variable in the environment of the process; secrets stand in no file",
    ),
    "output-unwritable": error(
        "The output of a command cannot be written.",
        _CHECK_THE_PATH,
    ),
    "bad-learning": warning(
        "A file of `learnings/` does not say what was learned.",
        "restore it from git, or write it anew with `parcours experiments NAME --finish`",
    ),
    "clock-back": error(
        "A tick, or a change between ticks, was asked for at an instant before what has happened already.",
        "ticks strictly increase: give an instant after the last one",
    ),
    "version-cannot-run": error(
        "Somebody is in an older version of a journey that reads what the datamart does not have any more.",
        "bring it back, or move those inside, or take them out, with `parcours apply --move` or `--leave`",
    ),
    "no-counterpart": error(
        "Contacts were to be moved to the new version of a journey, and stand at steps that it does not have.",
        "say where they go with `--map 'OLD STEP=NEW STEP'`; `parcours plan` shows who stands where",
    ),
    "bad-mapping": error(
        "A step of the mapping with which contacts are moved is none at which somebody can rest.",
        "give the name of a step that waits or sends; `parcours plan` shows them",
    ),
    "unknown-contact": error(
        "Somebody was named who is no contact of the datamart.",
        "give keys as they stand in the table of contacts",
    ),
    "already-paused": error(
        "A journey that is paused was to be paused, or one that is not was to be resumed.",
        "`parcours plan` shows which journeys are paused",
    ),
    "nothing-learned": warning(
        "A journey or the policy reads what nothing was learned of yet, or not since it was changed: it is unknown, which "
        "decisions take as no. Where an offering's rules are unknown, what sells best is offered; where the best hour is, the "
        "message goes at any.",
        "run `parcours learn`: where nothing can be learned, it says why",
    ),
    "cannot-learn": error(
        "What is declared could not be learned from the datamart as it was known at that instant.",
        "bring in what is missing, or learn as of a later date",
    ),
}
