"""`parcours plan` and `parcours apply`: an edit is shown before it is law. What it means is tested with the executor."""

import json

import pytest
from corner_project import JOURNEYS, assert_told

BEFORE, IN, EDIT = "2026-03-01 00:00", "2026-03-02 09:00", "2026-03-02 10:00"
EDITED = JOURNEYS.replace("wait 2 days", "wait 1 day")
RENAMED = JOURNEYS.replace("    wait 2 days", "    rest:\n    wait 1 day")


@pytest.fixture
def inside(corner, parcours) -> None:
    """Two of the customers are inside; then the file is edited."""
    for at in (BEFORE, IN):
        assert parcours("tick", "corner", "--at", at).code == 0
    corner.write("welcome.journey", EDITED)


@pytest.mark.usefixtures("inside")
def test_a_plan_says_what_changed_who_stands_where_and_what_each_choice_would_do(parcours) -> None:
    answer = parcours("plan", "corner")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == (
        "welcome: edited\n"
        "  changed: `2 wait`: `wait 2 days` → `wait 1 day`\n"
        "\n"
        "  2 runs in version 1:\n"
        "    at                    runs  --move takes them to\n"
        "    2 wait (wait 2 days)     2  2 wait\n"
        "    --finish: they go on in version 1 to the end (the default)\n"
        "    --leave: they are taken out\n"
        "\n"
        "0 journeys unchanged\n"
    )


@pytest.mark.usefixtures("inside")
def test_a_plan_is_data_too(parcours) -> None:
    (found,) = json.loads(parcours("plan", "corner", "--format", "json").out)
    assert found["kind"] == "changed"
    assert found["older"][0]["standing"] == [{"step": "2 wait", "runs": 2, "move_to": "2 wait", "settled": 0}]


@pytest.mark.usefixtures("inside")
def test_a_plan_draws_the_difference(parcours, corner) -> None:
    assert parcours("plan", "corner", "--draw", "pictures").code == 0
    assert "pj-changed" in (corner.folder.parent / "pictures" / "welcome.svg").read_text()


def test_a_plan_of_a_project_that_never_ran_makes_no_state(corner, parcours) -> None:
    answer = parcours("plan", "corner")
    assert answer.out == "welcome: new\n\n0 journeys unchanged\n"
    assert not [name for name in corner.files() if "state" in name]


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    ("choice", "said", "sent"),
    [
        ((), "2 runs finish their version", 0),
        (("--move",), "2 runs moved to the new version", 0),
        (("--leave",), "2 runs taken out", 0),
    ],
)
def test_apply_says_what_became_of_those_inside(parcours, choice, said, sent) -> None:
    answer = parcours("apply", "corner", *choice, "--at", EDIT)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == f"applied at {EDIT} (Europe/Paris)\n  welcome: of version 1 {said}\n"


def test_apply_moves_nobody_while_somebody_has_no_place(corner, parcours, inside) -> None:
    corner.write("welcome.journey", RENAMED)
    answer = parcours("apply", "corner", "--move", "--at", EDIT)
    assert answer.code == 2
    assert "no-counterpart" in answer.err and "--map '2 wait=NEW STEP'" in answer.err
    answer = parcours("apply", "corner", "--move", "--map", "2 wait=rset", "--at", EDIT)
    assert "bad-mapping" in answer.err and "did you mean `rest`?" in answer.err
    answer = parcours("apply", "corner", "--move", "--map", "2 wait=rest", "--at", EDIT)
    assert "2 runs moved" in answer.out


@pytest.mark.parametrize("arguments", [("--map", "a=b"), ("--move", "--map", "a")])
def test_a_mapping_that_makes_no_sense_is_told(corner, parcours, arguments) -> None:
    answer = parcours("apply", "corner", *arguments)
    assert answer.code == 2
    assert "--map" in answer.err


@pytest.mark.usefixtures("inside")
def test_an_edit_cannot_be_applied_before_the_last_tick(parcours) -> None:
    answer = parcours("apply", "corner", "--at", BEFORE)
    assert_told(
        answer,
        "clock-back",
        f"a change at {BEFORE}:00 cannot come before what happened at {IN}:00 (Europe/Paris)",
        "corner/state/state.duckdb\n",
    )
