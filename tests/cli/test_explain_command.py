"""`parcours explain`: what happened to a contact, and why."""

import json

import pytest


@pytest.fixture
def inside(corner, parcours) -> None:
    for at in ("2026-03-01 00:00", "2026-03-02 09:00"):
        assert parcours("tick", "corner", "--at", at).code == 0


@pytest.mark.usefixtures("inside")
def test_the_story_of_a_contact_is_told_as_text_and_as_json(parcours) -> None:
    answer = parcours("explain", "1", "--project", "corner")
    assert answer.code == 0
    assert answer.out.startswith("Contact 1, on the clock of ")
    assert "enters `welcome`" in answer.out
    made = json.loads(parcours("explain", "1", "--project", "corner", "--format", "json").out)
    assert made["timeline"][0]["kind"] == "entered"


@pytest.mark.usefixtures("inside")
def test_nothing_is_written_to_the_state(corner, parcours) -> None:
    before = parcours("plan", "corner").out
    assert parcours("explain", "1", "--project", "corner", "--journey", "welcome").code == 0
    assert parcours("plan", "corner").out == before


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("x1",), "unknown-contact"),
        (("1", "--journey", "welcom"), "unknown-journey"),
        (("1", "--from", "2026-03-02", "--to", "2026-03-01"), "bad-option"),
        (("1", "--state", "elsewhere.duckdb"), "bad-option"),
    ],
)
def test_what_cannot_be_told_is_an_error_with_what_to_do(parcours, arguments, code) -> None:
    answer = parcours("explain", *arguments, "--project", "corner")
    assert answer.code == 2
    assert f"error[{code}]" in answer.err
    assert "help: " in answer.err
