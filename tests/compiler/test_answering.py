"""By whose answers a message is weighed: those of the contact's segment, of everybody, or those that were counted."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from learned_rows import LearnedRows, write_runs
from sqlglot import exp
from world import CATALOG, World, instant

from parcours.checking import checked
from parcours.checking.terms import Attribute
from parcours.compiler.answering import answered, segments, with_segment
from parcours.compiler.expressions import own, table
from parcours.compiler.learned import run_parameter
from parcours.executor.learned import show_learned

TOLD_APART = [("buyers", Attribute("vip", "yes_no"))]
DIGEST = checked.response_hash("response")
RATES = {
    ("buyers", "email"): {"rate": 0.25},
    ("", "email"): {"rate": 0.1234567},
    ("", "sms"): {"rate": 0.5},
}

Row = tuple[str, str, int, int | None, str | None]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Of 80 mails 3 were answered, as it was counted; what was learned is run 1."""
    made = World("journey j\n    enter on signup\n    exit done\n")
    made.engine.attach_analytics(None)
    run = LearnedRows("response", "response", DIGEST, instant("2026-03-01 00:00"), RATES)
    write_runs(made.engine, "test", CATALOG.contact_type, [run])
    show_learned(made.engine, [("response", "response")], CATALOG.contact_type)
    assert made.executor  # which makes the tables of the state
    made.engine.run_text(
        "INSERT INTO state.response BY NAME SELECT TIMESTAMP '2026-03-02' AS counted_at, 'j' AS journey, "
        "'email' AS channel, 80 AS sends, 3 AS answered, 0 AS lost"
    )
    made.engine.run_text(
        "CREATE OR REPLACE TEMP TABLE _send_option AS SELECT unnest(['email', 'sms', 'push']) AS channel"
    )
    yield made
    made.close()


def found(world: World, run: int | None) -> set[Row]:
    values: Mapping[str, Any] = {run_parameter(DIGEST): run, "since_day": instant("2026-03-02 00:00")}
    world.engine.run(answered(TOLD_APART), dict(values))
    return set(world.rows("SELECT channel, segment, response, whole, told FROM _answered"))


def test_what_was_learned_of_the_segment_else_of_everybody_else_what_was_counted(world: World) -> None:
    assert found(world, 1) == {
        ("email", "buyers", 250_000, 123_456, "buyers"),
        ("email", "", 123_456, None, ""),
        ("sms", "buyers", 500_000, None, ""),
        ("sms", "", 500_000, None, ""),
        ("push", "buyers", 50_000, None, None),  # nothing learned, nothing sent: 1 of 20
        ("push", "", 50_000, None, None),
    }


def test_where_nothing_is_learned_it_is_what_was_counted(world: World) -> None:
    for segment in ("buyers", ""):
        assert ("email", segment, 40_000, None, None) in found(world, None)


def test_nobody_is_told_apart_where_there_is_no_segment(world: World) -> None:
    assert segments((), (), "UTC", {}) is None
    query = exp.select(own("contact", "m")).from_(table("_moved", "m"))
    assert (
        with_segment(query, there=False).sql("duckdb") == "SELECT m.contact, '' AS segment FROM _moved AS m"
    )


def test_who_is_in_no_segment_is_everybody(world: World) -> None:
    world.engine.run_text("CREATE OR REPLACE TEMP TABLE _moved AS SELECT unnest(['ann', 'bob']) AS contact")
    world.engine.run_text("CREATE OR REPLACE TEMP TABLE _segment AS SELECT 0 AS moved, 'buyers' AS segment")
    query = with_segment(exp.select(own("contact", "m")).from_(table("_moved", "m")), there=True)
    assert set(world.engine.run_tree(query)) == {("ann", "buyers"), ("bob", "")}
