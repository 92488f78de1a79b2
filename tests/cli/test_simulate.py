"""`parcours simulate`: its options, its report, and the state that it leaves. What a simulation means is tested with
the simulator."""

import json

import duckdb
import pytest
from corner_project import DAYS


def test_the_report_says_what_happened(corner, parcours) -> None:
    answer = parcours("simulate", "corner", *DAYS)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("corner: 2026-03-01 to 2026-03-03\n")
    assert "2 entries · 1 message sent · 1 not sent\n" in answer.out
    assert "corner/policy.journey:3:13" in answer.out
    assert "\x1b" not in answer.out


def test_the_report_as_json(corner, parcours) -> None:
    answer = parcours("simulate", "corner", *DAYS, "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    assert [journey["entries"] for journey in json.loads(answer.out)["journeys"]] == [2]


def test_nothing_is_written_unless_asked_for(corner, parcours) -> None:
    before = corner.files()
    parcours("simulate", "corner", *DAYS)
    assert corner.files() == before


def test_the_state_is_kept_where_it_is_asked_for(corner, parcours) -> None:
    answer = parcours("simulate", "corner", *DAYS, "--state", "kept/here.duckdb")
    assert answer.code == 0
    with duckdb.connect(str(corner.folder.parent / "kept" / "here.duckdb"), read_only=True) as state:
        assert state.execute("SELECT contact, message, channel FROM outbox").fetchall() == [
            (1, "thanks", "email")
        ]


def test_one_journey_alone(corner, parcours) -> None:
    corner.write("other.journey", "journey other\n    enter on order\n    wait 1 day\n")
    answer = parcours("simulate", "corner", *DAYS, "--journey", "other", "--format", "json")
    assert [journey["name"] for journey in json.loads(answer.out)["journeys"]] == ["other"]


def test_a_sample_is_named_in_the_report(corner, parcours) -> None:
    answer = parcours("simulate", "corner", *DAYS, "--sample", "50%")
    assert answer.code == 0
    assert "a sample of 50%" in answer.out


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"--from": "soon"}, "`soon` is no date"),
        ({"--to": "2026-02-30"}, "`2026-02-30` does not exist"),
        ({"--to": "2026-02-01"}, "`--to 2026-02-01` is not after `--from 2026-03-01`"),
        ({"--every": "now and then"}, "`now and then` is no length of time"),
        ({"--every": "0h"}, "`0h` is no time at all: ticks strictly increase"),
        ({"--sample": "120%"}, "`120%` is no share of the contacts"),
    ],
)
def test_an_option_that_makes_no_sense_says_why(corner, parcours, changed, message) -> None:
    options = dict(zip(DAYS[::2], DAYS[1::2], strict=True)) | changed
    answer = parcours("simulate", "corner", *(word for pair in options.items() for word in pair))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"error[bad-option]: {message}\n")
    assert "\n  help: " in answer.err


def test_a_journey_that_is_not_there_is_met_with_the_nearest(corner, parcours) -> None:
    answer = parcours("simulate", "corner", *DAYS, "--journey", "welcom")
    assert (answer.code, answer.out) == (2, "")
    assert "did you mean `welcome`?" in answer.err


def test_warnings_stand_apart_from_the_report(corner, parcours) -> None:
    corner.fill(
        "CREATE OR REPLACE TABLE orders AS SELECT * REPLACE (customer_id::VARCHAR AS customer_id) FROM orders"
    )
    answer = parcours("simulate", "corner", *DAYS, "--format", "json")
    assert answer.code == 0
    assert answer.err.startswith("warning[different-keys]: ")
    assert json.loads(answer.out)["contacts"] == 3
