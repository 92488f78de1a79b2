"""`parcours receive`: what it refuses before it listens. That it serves is tested with the server."""

import pytest
from corner_project import assert_told

RECEIVE = "receive:\n  secret: CORNER_SECRET\n  key: CORNER_KEY\n"


@pytest.fixture
def receiving(corner) -> None:
    corner.change("parcours.yaml", "  events:\n", "  events:\n    opt_out: {received: yes}\n")
    corner.write("parcours.yaml", (corner.folder / "parcours.yaml").read_text() + RECEIVE)


def test_a_project_that_does_not_say_how_is_told(corner, parcours) -> None:
    answer = parcours("receive", "corner")
    assert_told(answer, "missing-setting", "`receive` is missing", "corner/parcours.yaml\n")
    assert "docs/receiving.md" in answer.err


@pytest.mark.usefixtures("receiving")
def test_secrets_that_are_not_there_are_told_with_the_line(parcours, monkeypatch) -> None:
    monkeypatch.setenv("CORNER_KEY", "0123456789abcdef")
    answer = parcours("receive", "corner")
    message = "the variable `CORNER_SECRET` of the environment is not set"
    assert_told(answer, "missing-secret", message, "corner/parcours.yaml:11:11\n")
    assert "secret: CORNER_SECRET\n" in answer.err


def test_a_folder_that_is_no_project_is_told(tmp_path, parcours) -> None:
    assert "no-project" in parcours("receive", str(tmp_path)).err


@pytest.mark.usefixtures("receiving")
def test_a_port_that_is_none_is_told(parcours) -> None:
    answer = parcours("receive", "corner", "--port", "70000")
    assert answer.code == 2 and "bad-option" in answer.err


def test_the_help_says_that_it_listens_on_this_machine(parcours) -> None:
    assert "[default: 127.0.0.1]" in parcours("receive", "--help").out
