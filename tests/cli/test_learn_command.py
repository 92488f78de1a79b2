"""`parcours learn` and `parcours models`, as people use them."""

import json
from datetime import datetime

import duckdb
import pytest
from corner_project import assert_told, held_open

from parcours.analytics.due import Learnable
from parcours.analytics.learn import Outcome
from parcours.analytics.learner import Run
from parcours.checking.checked import Response
from parcours.cli.learn import _text
from parcours.clock.span import Span
from parcours.diagnostics import Place
from parcours.engines.duckdb import engine

RFMS = """
rfm value
    of order.total over 24 months
    trend over 90 days

rfm loyal
    of order over 24 months
    scored 1 to 5 by quantile
"""
STORE = "corner/state/analytics.duckdb"
AS_OF = ("--as-of", "2026-03-02 12:00")


@pytest.fixture
def declared(corner):
    corner.write("analytics.journey", RFMS)
    return corner


def test_what_is_learned_is_listed_and_what_is_missing_is_told(declared, parcours) -> None:
    answer = parcours("learn", "corner", *AS_OF)
    assert answer.code == 2
    assert answer.out.split("\n") == [
        "                         as of             rows",
        "loyal  rfm  not learned  never",
        "value  rfm  learned      2026-03-02 12:00     3  raw figures",
        "",
    ]
    assert answer.err == (
        "error[cannot-learn]: the rfm `loyal` cannot be scored 1 to 5: only 3 contacts have `order`\n"
        "  corner/analytics.journey:6:5\n"
        "    6 | rfm loyal\n"
        "      |     ^^^^^\n"
        "  help: learn when more have, give fewer scores, or leave out `scored`\n"
    )


@pytest.mark.parametrize(("became", "told"), [("learned", ["response: too good to be true"]), ("fresh", [])])
def test_what_is_to_be_doubted_is_told_when_it_is_learned(became, told) -> None:
    learnable = Learnable(Response("response", Place("parcours.yaml")), "hash", Span(1, "week"), ())
    report = {"summary": "answered", "doubts": ["too good to be true"]}
    run = Run(1, "response", "response", "hash", datetime(2026, 3, 1), 2, report)
    assert _text([Outcome(learnable, became, run)], "UTC").splitlines()[2:] == told


def test_what_is_still_fresh_is_left(declared, parcours) -> None:
    assert parcours("learn", "corner", "value", *AS_OF).code == 0
    declared.change("analytics.journey", "scored 1 to 5", "scored 1 to 3")
    answer = parcours("learn", "corner", "--as-of", "2026-03-02 23:00")
    assert answer.out.split("\n") == [
        "                         as of             rows",
        "loyal  rfm  learned      2026-03-02 23:00     3  scored 1 to 3 by quantile",
        "value  rfm  still fresh  2026-03-02 12:00     3  raw figures",
        "",
    ]
    (loyal,) = json.loads(
        parcours("learn", "corner", "loyal", "--as-of", "2026-03-03", "--format", "json").out
    )
    assert loyal["run"]["report"]["limits"]["recency"] == ["1", "1"]
    assert loyal["run"]["as_of"] == "2026-03-02T23:00:00Z"


def test_the_list_says_how_old_it_is(declared, parcours) -> None:
    before = declared.files()
    nothing = parcours("models", "corner", "--at", "2026-03-04")
    assert [line.split() for line in nothing.out.splitlines()[1:]] == [
        ["loyal", "rfm", "never", "learned"],
        ["value", "rfm", "never", "learned"],
    ]
    assert declared.files() == before  # to look makes no store
    parcours("learn", "corner", "value", *AS_OF)
    declared.change("analytics.journey", "trend over 90 days", "trend over 60 days")
    declared.change("analytics.journey", "rfm loyal", "rfm loyalty")
    assert parcours("models", "corner", "--at", "2026-03-05 13:00").out.split("\n") == [
        "                             as of                age  runs  rows",
        "loyalty  rfm  never learned",
        "value    rfm  changed        2026-03-02 12:00  3 days     1     3  raw figures",
        "",
    ]
    (_, value) = json.loads(parcours("models", "corner", "--format", "json").out)
    assert (value["condition"], value["rows"]) == ("changed", 3)


def test_a_project_that_declares_nothing_learns_nothing(corner, parcours) -> None:
    before = corner.files()
    assert parcours("learn", "corner").out.startswith("nothing is declared that could be learned")
    assert parcours("models", "corner").out.startswith("nothing is declared that could be learned")
    assert corner.files() == before


LIFECYCLE = "lifecycle customer\n    prospect: no order ever\n    buyer: otherwise\n"
MARCH = ("--from", "2026-03-01", "--to", "2026-04-01", "--every", "month")


def test_a_project_without_journeys_learns(declared, parcours) -> None:
    declared.remove("welcome.journey")
    declared.remove("policy.journey")
    declared.write("vocabulary.journey", LIFECYCLE)
    checked = parcours("check", "corner")
    assert (checked.code, checked.out) == (0, "corner: 0 journeys, 0 messages, 0 channels: no problems\n")
    for command in (("learn", "corner", "value", *AS_OF), ("models", "corner"), ("stages", "corner", *MARCH)):
        answer = parcours(*command)
        assert (answer.code, answer.err) == (0, "")


@pytest.mark.parametrize(
    "command",
    [
        ("test", "corner"),
        ("tick", "corner", "--at", "2026-03-02"),
        ("simulate", "corner", "--from", "2026-03-01", "--to", "2026-03-02"),
        ("sql", "welcome", "--project", "corner"),
    ],
    ids=lambda words: words[0],
)
def test_what_runs_asks_for_a_journey(declared, parcours, command) -> None:
    declared.remove("welcome.journey")
    assert_told(parcours(*command), "no-journeys", "`corner` holds no journey", "corner\n")


def test_without_an_order_nothing_can_be_learned(declared, parcours) -> None:
    answer = parcours("learn", "corner", "value", "--as-of", "2026-03-01")
    assert answer.code == 2
    message = (
        "the rfm `value` cannot be learned: no contact has `order` in the 24 months before 2026-03-01 00:00"
    )
    assert answer.err.startswith(f"error[cannot-learn]: {message}\n  corner/analytics.journey:2:5\n")


def test_what_cannot_be_asked_for(declared, parcours) -> None:
    assert_told(
        parcours("learn", "corner", "valu"),
        "unknown-name",
        "nothing is learned that is called `valu`",
        "NAME",
    )
    answer = parcours("learn", "corner", "--as-of", "yesterday")
    assert_told(answer, "bad-option", "`yesterday` is no date", "--as-of")


def test_a_store_that_another_process_keeps(declared, parcours, monkeypatch) -> None:
    monkeypatch.setattr(engine, "_ATTEMPTS", 2)
    parcours("learn", "corner", "value", *AS_OF)
    with held_open(declared.folder / "state" / "analytics.duckdb"):
        answer = parcours("learn", "corner", "value", *AS_OF)
    assert_told(answer, "analytics-locked", "the analytic store is open in another process", STORE)


def test_the_store_of_another_project(declared, parcours) -> None:
    parcours("learn", "corner", "value", *AS_OF)
    declared.change("parcours.yaml", "name: corner", "name: other")
    answer = parcours("learn", "corner", "value", *AS_OF)
    message = "the analytic store belongs to the project `corner`, not `other`"
    assert_told(answer, "analytics-foreign", message, STORE)


def test_the_store_is_where_the_settings_say(declared, parcours) -> None:
    declared.change("parcours.yaml", "name: corner", "name: corner\nanalytics: learned/here.duckdb")
    parcours("learn", "corner", "value", *AS_OF)
    assert (declared.folder / "learned" / "here.duckdb").exists()
    assert not (declared.folder / "state").exists()


# ---- learned from what journeys have done

THANKED = """
rfm thanked
    of called over 12 months

journey calls
    enter on order
        again
    record called
    exit done
"""


def test_what_journeys_have_recorded_can_be_learned_from(corner, parcours) -> None:
    corner.write("analytics.journey", THANKED)
    answer = parcours("learn", "corner", *AS_OF)
    assert "no contact has `called`" in answer.err
    for instant in ("2026-03-01 11:30", "2026-03-01 13:00", "2026-03-02 13:00"):
        assert parcours("tick", "corner", "--at", instant).code == 0
    state = corner.folder / "state" / "state.duckdb"
    ticked = state.read_bytes()
    answer = parcours("learn", "corner", "--as-of", "2026-03-02 14:00", "--format", "json")
    (learned,) = json.loads(answer.out)
    assert learned["run"]["rows"] == 2  # those whose order came between two ticks
    assert state.read_bytes() == ticked


def test_what_is_learned_can_be_kept_in_the_datamarts_own_file(declared, parcours) -> None:
    declared.change("parcours.yaml", "datamart:\n", "analytics: {schema: learned}\ndatamart:\n")
    declared.change("analytics.journey", "scored 1 to 5", "scored 1 to 3")
    # to look makes nothing
    assert "never learned" in parcours("models", "corner").out
    assert parcours("learn", "corner", *AS_OF).code == 0
    listed = json.loads(parcours("models", "corner", "--at", AS_OF[1], "--format", "json").out)
    assert {one["name"]: (one["condition"], one["runs"]) for one in listed} == {
        "value": ("fresh", 1),
        "loyal": ("fresh", 1),
    }
    assert not (declared.folder / "state" / "analytics.duckdb").exists()
    (file,) = declared.folder.glob("*.duckdb")
    with duckdb.connect(str(file), read_only=True) as datamart:
        assert datamart.execute("SELECT count(*) FROM learned.run").fetchall() == [(2,)]
