"""`parcours status`: what it says, and its exit code."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from corner_project import assert_told, held_open

STATE = Path("corner", "state", "state.duckdb")


@pytest.fixture
def ticked(corner, parcours):
    """Ann has ordered between two ticks, just now, and was granted a message."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)  # noqa: TID251 - status asks the machine
    corner.fill(f"UPDATE orders SET ordered_at = TIMESTAMP '{now - timedelta(minutes=5)}'")
    for before in (10, 2):
        at = f"{(now - timedelta(minutes=before)).isoformat()}Z"
        assert parcours("tick", "corner", "--at", at).code == 0
    return corner


def test_it_says_that_all_is_well(ticked, parcours) -> None:
    answer = parcours("status", "corner")
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[:3] == ["corner: healthy", "", "at work    nobody"]
    assert lines[3].startswith("last tick  1 at ") and lines[3].endswith(" (Europe/Paris), 2 minutes ago")
    assert lines[4].strip() == "2 entered, 4 moved, 1 granted, 1 not sent"
    assert lines[6:9] == ["", "journey  standing  entered  ended  held", "welcome         2        2      0"]
    assert lines[10].split() == [
        "channel,",
        "last",
        "day",
        "waiting",
        "accepted",
        "failed",
        "parked",
        "cancelled",
        "given",
        "up",
    ]
    assert lines[11].startswith("email                    1         0       0       0          0         0  ")
    assert ", the oldest of " not in lines[11] and "the oldest of " in lines[11]


def test_it_says_what_is_wrong_by_its_exit_code_too(ticked, parcours) -> None:
    answer = parcours("status", "corner", "--late", "1m")
    assert answer.code == 1
    assert answer.out.startswith("corner: not healthy\n- the last tick was 2 minutes ago\n\n")


def test_before_the_first_tick_there_is_nothing(corner, parcours) -> None:
    answer = parcours("status", "corner")
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.startswith("corner: not healthy\n- there was no tick yet\n")
    assert not STATE.parent.exists()


def test_for_programs_it_is_json(ticked, parcours) -> None:
    answer = parcours("status", "corner", "--format", "json")
    said = json.loads(answer.out)
    assert (answer.code, said["healthy"], said["reasons"]) == (0, True, [])
    assert (said["holder"], said["run"], said["in_a_tick"], said["overdue"]) == (None, None, False, 0)
    assert 110 < said["lag_seconds"] < 600
    state = said["state"]
    assert state["ticks"] == 2 and state["last"]["counts"]["granted"] == 1
    assert state["last"]["seconds"]["move"] > 0
    (journey,) = state["journeys"]
    assert journey == {
        "journey": "welcome",
        "standing": 2,
        "entered": 2,
        "ended": 0,
        "held": {},
        "paused_since": None,
    }
    (channel,) = state["channels"]
    assert (channel["channel"], channel["waiting"], channel["outcomes"]) == ("email", 1, {})


def test_neither_the_datamart_nor_the_journeys_are_needed(ticked, parcours) -> None:
    ticked.remove("corner.duckdb")
    ticked.write("welcome.journey", "jurney")
    assert parcours("status", "corner").code == 0


def test_a_state_in_use_by_somebody_who_notes_nothing_is_told(ticked, parcours, monkeypatch) -> None:
    monkeypatch.setattr("parcours.engines.duckdb.engine._ATTEMPTS", 2)
    with held_open(STATE):
        answer = parcours("status", "corner")
    assert_told(answer, "state-locked", "the state is open in another process", f"{STATE}\n")


def test_a_state_of_a_newer_version_is_told(ticked, parcours) -> None:
    with duckdb.connect(str(STATE)) as state:
        state.execute("UPDATE meta SET value = '999' WHERE name = 'schema'")
    answer = parcours("status", "corner")
    assert (answer.code, answer.err.startswith("error[state-newer]: ")) == (2, True)


def test_a_length_that_is_none_is_told(ticked, parcours) -> None:
    answer = parcours("status", "corner", "--late", "soon")
    assert (answer.code, answer.err.startswith("error[bad-option]: `soon` is no length of time")) == (2, True)
