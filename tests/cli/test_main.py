"""The command line as a whole: help, what it refuses, and how it ends."""

import re

import click
import pytest

import parcours as package
from parcours.cli.commands import COMMANDS, program
from parcours.cli.main import run


def test_help_lists_every_command_with_one_line(parcours) -> None:
    answer = parcours("--help")
    assert (answer.code, answer.err) == (0, "")
    listed = re.findall(r"^  (\w+) +[A-Z].*\.$", answer.out.split("Commands:")[1], re.MULTILINE)
    assert listed == list(COMMANDS)


def test_without_a_command_it_is_the_help(parcours) -> None:
    assert parcours() == parcours("--help")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_an_example_of_its_use(parcours, command) -> None:
    answer = parcours(command, "--help")
    assert answer.code == 0
    assert re.search(rf"\n  Examples?:\n    parcours {command} ", answer.out)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_says_what_it_is_for(command) -> None:
    options = [
        found
        for found in program.get_command(click.Context(program), command).params
        if isinstance(found, click.Option)
    ]
    assert [option.name for option in options if not option.help] == []


def test_the_version(parcours) -> None:
    assert parcours("--version").out == f"parcours {package.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message", "place", "mark"),
    [
        (["chek"], "there is no command `chek`", "parcours", "did you mean `check`?"),
        (
            ["check", "--fromat", "json"],
            "there is no option `--fromat`",
            "parcours check",
            "did you mean `--format`?",
        ),
        (["graph"], "`JOURNEY` is missing", "parcours graph", ""),
        (["simulate"], "`--from` is missing", "parcours simulate", ""),
        (
            ["check", "--format", "xml"],
            "`--format`: `xml` is not one of `text`, `json`, `sarif`",
            "parcours check",
            "",
        ),
        (["check", "a", "b"], "got unexpected extra argument (b)", "parcours check", ""),
        (["sql", "a", "--project"], "option `--project` requires an argument", "parcours", ""),
    ],
)
def test_a_command_line_that_is_not_understood_is_one_message(
    parcours, arguments, message, place, mark
) -> None:
    answer = parcours(*arguments)
    assert (answer.code, answer.out) == (2, "")
    told = [f"error[bad-option]: {message}", f"  {place}", f"  {mark}", f"  help: see `{place} --help`"]
    assert answer.err.splitlines() == [line for line in told if line.strip()]


def test_a_result_for_which_there_is_no_room_is_told(corner, parcours_alone) -> None:
    answer = parcours_alone("check", "corner", before="sys.stdout = open('/dev/full', 'w')")
    assert answer.code == 2
    assert answer.err.startswith(
        "error[output-unwritable]: the output cannot be written: no space left on device\n"
    )
    assert "Traceback" not in answer.err


def test_a_reader_that_goes_away_is_no_error(corner, parcours_alone) -> None:
    gone = "import os\nends = os.pipe()\nos.close(ends[0])\nos.dup2(ends[1], 1)"
    answer = parcours_alone("sql", "welcome", "--project", "corner", before=gone)
    assert (answer.code, answer.err) == (141, "")


def test_characters_that_an_encoding_lacks_are_no_error(corner, parcours_alone) -> None:
    answer = parcours_alone(
        "sql", "welcome", "--project", "corner", before="sys.stdout.reconfigure(encoding='ascii')"
    )
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_ctrl_c_is_one_line(parcours, monkeypatch, raised) -> None:
    """DuckDB turns a Ctrl-C in its own code into a RuntimeError."""

    def stop(*_: object) -> None:
        raise raised

    monkeypatch.setattr("parcours.cli.main._run", stop)
    answer = parcours("check")
    assert (answer.code, answer.out, answer.err) == (130, "", "stopped\n")


@pytest.mark.parametrize("fault", [RuntimeError("of ours"), OSError(9, "of ours"), AssertionError("of ours")])
def test_a_fault_of_ours_is_loud(monkeypatch, fault) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr("parcours.cli.main._run", fail)
    with pytest.raises(type(fault), match="of ours"):
        run(["check"])
