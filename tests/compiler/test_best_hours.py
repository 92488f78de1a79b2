"""Which hour it is on each clock, which one a contact waits for, and when that is too late."""

from collections.abc import Iterator

import pytest
from learned_rows import LearnedRows, write_runs
from sqlglot import exp
from world import CATALOG, World, instant, shown

from parcours.checking import checked
from parcours.compiler.best_hours import at_best_hour, best_hour, closed, hours_now
from parcours.compiler.expressions import create_temporary, own
from parcours.compiler.gates import SendStep
from parcours.compiler.learned import run_parameter
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.zones import zone_now
from parcours.executor.learned import show_learned

JOURNEY = """
journey j
    enter on signup
    send hello by email
        at best hour within 12 hours
    send reminder by email
    exit done
"""
DIGEST = checked.response_hash("best_hour")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = World(JOURNEY, zone="Europe/Paris")
    yield made
    made.close()


@pytest.fixture(scope="module")
def sends(world: World) -> list[SendStep]:
    (journey,) = world.project.journeys
    steps = [step for step in journey.steps if isinstance(step, checked.Send)]
    return [SendStep(1, number, journey, step, None, 0, 0) for number, step in enumerate(steps)]


def hours(world: World, sends: list[SendStep], at: str) -> dict[int, tuple[bool, str | None]]:
    """Of each hour of Paris whether it is now, and when it begins next, in UTC."""
    statement = hours_now(sends)
    assert statement is not None
    for one in (zone_now(), statement):
        world.engine.run(one, {name: instant(at) for name in one.parameters})
    rows = world.rows("SELECT hour, is_now, next FROM _hour_now WHERE zone = 'Europe/Paris'")
    return {hour: (is_now, shown(following)) for hour, is_now, following in rows}


def test_only_the_sends_that_say_so_go_by_hours(sends: list[SendStep]) -> None:
    assert [send.step.message for send in at_best_hour(sends)] == ["hello"]
    assert hours_now(sends[1:]) is None


def test_one_hour_is_now_and_each_has_a_next_beginning(world: World, sends: list[SendStep]) -> None:
    found = hours(world, sends, "2026-03-02 09:30")  # 10:30 in Paris
    assert [hour for hour, (is_now, _) in found.items() if is_now] == [10]
    assert {hour: found[hour][1] for hour in (9, 10, 11)} == {
        9: "2026-03-03 08:00",
        10: "2026-03-03 09:00",
        11: "2026-03-02 10:00",
    }


def test_an_hour_that_the_clock_leaves_out_begins_when_it_goes_on(
    world: World, sends: list[SendStep]
) -> None:
    """On 29 March 2026 it is 3 o'clock at once after 1:59."""
    assert hours(world, sends, "2026-03-28 20:00")[2] == (False, "2026-03-29 01:00")
    found = hours(world, sends, "2026-03-29 01:10")
    assert (found[2][0], found[3][0]) == (True, True)


def test_of_an_hour_that_the_clock_shows_twice_the_second_is_none(
    world: World, sends: list[SendStep]
) -> None:
    """On 25 October 2026 it is 2 o'clock at 0:00 UTC and again at 1:00 UTC."""
    assert hours(world, sends, "2026-10-25 00:30")[2][0]
    found = hours(world, sends, "2026-10-25 01:30")
    assert [hour for hour, (is_now, _) in found.items() if is_now] == []
    assert found[2][1] == "2026-10-26 01:00"


def test_the_hour_is_the_contacts_own_else_that_of_everybody_else_unknown() -> None:
    world = World(JOURNEY)
    world.engine.attach_analytics(None)
    told = {"ann": {"hour": 9}, None: {"hour": 18}}
    run = LearnedRows("response", "best_hour", DIGEST, instant("2026-03-01 00:00"), told)
    write_runs(world.engine, "test", CATALOG.contact_type, [run])
    show_learned(world.engine, [("response", "best_hour")], CATALOG.contact_type)
    world.engine.run_text("CREATE TEMP TABLE _asked AS SELECT unnest(['ann', 'bob']) AS contact")
    subject = Subject("_asked", "UTC")
    query = subject.select(own("contact", "s"), exp.alias_(best_hour(subject), "hour"))
    for number, expected in ((1, {"ann": 9, "bob": 18}), (None, {"ann": None, "bob": None})):
        statement = Statement("asked", "", create_temporary("_found", query.copy()))
        world.engine.run(statement, {run_parameter(DIGEST): number})
        assert dict(world.rows("SELECT contact, hour FROM _found")) == expected
    world.close()


@pytest.mark.parametrize(
    ("is_now", "following", "gate"),
    [
        ("true", "2026-03-03 09:00", None),  # it is now
        ("false", "2026-03-02 12:00", 7),  # it comes in time, if only just
        ("false", "2026-03-02 12:01", None),  # it comes too late
        ("NULL", None, None),  # it is not known
    ],
)
def test_a_candidate_waits_for_its_hour_when_that_comes_in_time(
    world: World, is_now: str, following: str | None, gate: int | None
) -> None:
    query = f"""SELECT {closed().sql("duckdb")} FROM
        (SELECT {is_now}::BOOLEAN AS is_now, $following::TIMESTAMP AS next) AS w,
        (SELECT TIMESTAMP '2026-03-02 12:00' AS best_until, 7 AS best_gate) AS f"""
    assert world.engine.run_text(query, {"following": following}) == [(gate,)]
