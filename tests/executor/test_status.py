"""How a state is doing: counted from its tables, and read by others while nobody writes."""

import json
from pathlib import Path

import pytest
from busy_world import TICKS, busy_world
from world import CATALOG, World, instant

from parcours.datamart.memory import open_memory
from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.migrations import MIGRATIONS
from parcours.executor.pausing import pause
from parcours.executor.status import COUNTS, journeys_of, read_status, status_of

LATE = instant("2026-03-02 22:31")
WAITING = """
    journey greeting
        enter on cart
            again
        wait 2 hours
        send hello by email
"""


@pytest.fixture(scope="module")
def busy() -> World:
    world = busy_world()
    world.tick(*TICKS)
    return world


def test_a_state_without_a_tick_says_so() -> None:
    world = World(WAITING)
    world.restart()
    status = status_of(world.engine, LATE)
    assert (status.project, status.ticks, status.last, status.journeys, status.channels) == (
        *("test", 0, None),
        *((), ()),
    )
    assert status.totals == dict.fromkeys(COUNTS, 0)


def test_counts_are_those_of_the_ticks(busy: World) -> None:
    status = status_of(busy.engine, LATE)
    assert status.ticks == len(TICKS)
    assert status.last is not None and status.last.at == instant(TICKS[-1])
    assert sum(status.totals.values()) > 500
    for name, total in status.totals.items():
        assert busy.rows(f"SELECT sum({name}) FROM state.tick") == [(total,)]


def test_each_run_stands_or_has_ended_and_all_have_entered(busy: World) -> None:
    journeys = status_of(busy.engine, LATE).journeys
    assert [one.journey for one in journeys] == ["birthdays", "carts", "mornings", "riches"]
    assert sum(one.standing for one in journeys) == busy.rows("SELECT count(*) FROM state.instance")[0][0] > 0
    assert sum(one.ended for one in journeys) == len(busy.exits()) > 0
    assert sum(one.entered for one in journeys) == len(busy.entered())


def test_runs_that_are_held_are_counted_by_the_last_reason() -> None:
    world = World(
        WAITING
        + """
    channel email
        address email
        consent email_opt_in
        quiet from 21:00 to 07:00

    pressure
        at most 1 message per 1 day
        keep held messages for 3 days
    """
    )
    for name in ("ann", "bob"):
        world.contact(name)
    world.tick("2026-03-01 12:00")
    world.event("cart", "ann", "2026-03-01 12:01", event_id="1")
    world.tick("2026-03-01 12:30", "2026-03-01 14:30")  # ann has her message
    world.event("cart", "ann", "2026-03-01 14:31", event_id="2")
    world.event("cart", "bob", "2026-03-01 19:00", event_id="3")
    world.tick("2026-03-01 15:00", "2026-03-01 17:00", "2026-03-01 19:30", "2026-03-01 21:30")
    (journey,) = status_of(world.engine, instant("2026-03-01 22:30")).journeys
    last = {name: reason for name, _, reason, _, _ in world.held()}
    assert (journey.standing, journey.entered, journey.ended) == (2, 3, 1)
    assert journey.held == {"cap": 1, "quiet_hours": 1} == dict.fromkeys(last.values(), 1)


def test_who_is_due_is_known_for_a_day_ahead_by_the_minute() -> None:
    world = World(WAITING)
    for name in ("ann", "bob", "cleo"):
        world.contact(name)
    world.tick("2026-03-01 12:00")
    for name, at in (("ann", "12:01"), ("bob", "12:01:30"), ("cleo", "12:20")):
        world.event("cart", name, f"2026-03-01 {at}", event_id=name)
    world.tick("2026-03-01 12:30")
    status = status_of(world.engine, instant("2026-03-01 12:30"))
    due = [str(at) for (at,) in world.rows("SELECT due_at FROM state.instance ORDER BY 1")]
    assert due == ["2026-03-01 14:30:00"] * 3
    assert status.due == ((instant("2026-03-01 14:30"), 3),)
    assert status.due_by(instant("2026-03-01 14:29")) == 0
    assert status.due_by(instant("2026-03-01 14:30")) == 3
    assert status.first_due(instant("2026-03-01 15:00")) == instant("2026-03-01 14:30")
    assert status_of(world.engine, instant("2026-02-28 12:30")).due == ()
    pause(world.executor, instant("2026-03-01 13:00"), "greeting")
    paused = status_of(world.engine, instant("2026-03-01 15:00"))
    assert paused.due == ()
    assert paused.journeys[0].paused_since == instant("2026-03-01 13:00")


def test_what_has_not_been_taken_from_the_outbox_waits_too(busy: World) -> None:
    channels = status_of(busy.engine, LATE).channels
    assert sum(one.waiting for one in channels) == len(busy.sent())
    first = min(at for *_, at in busy.sent() if at)
    assert min(one.oldest for one in channels if one.oldest) == instant(first)
    assert all(one.outcomes == {} == one.last_day and not one.retrying for one in channels)


def test_what_a_tick_did_is_told_by_journey(busy: World) -> None:
    for tick, _ in enumerate(TICKS):
        ((entered, ended, granted, held, not_sent),) = busy.rows(
            "SELECT entered, ended, granted, held, not_sent FROM state.tick WHERE tick = ?", tick
        )
        told = journeys_of(busy.engine, tick)
        assert [sum(getattr(one, name) for one in told) for name in ("entered", "ended", "granted")] == [
            *(entered, ended, granted)
        ]
        assert sum(sum(one.held.values()) for one in told) == held
        assert sum(sum(one.not_sent.values()) for one in told) == not_sent
        assert not any("@" in json.dumps(one.held) for one in told)


# ---- a file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "state.duckdb"
    world = World(WAITING, state=path)
    world.contact("ann")
    world.tick("2026-03-01 12:00")
    world.close()
    return path


def test_a_file_is_read_and_stays_as_it_is(file: Path) -> None:
    before = file.read_bytes()
    assert read_status(file, "test", LATE, is_patient=False).ticks == 1
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["state.duckdb"]


def changed(file: Path, *statements: str) -> None:
    engine = DuckDBEngine(open_memory())
    engine.attach_state(file)
    for text in statements:
        engine.run_text(text)
    engine.close()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("UPDATE state.meta SET value = '999' WHERE name = 'schema'", "state-newer"),
        (f"UPDATE state.meta SET value = '{len(MIGRATIONS) - 1}' WHERE name = 'schema'", "state-older"),
        ("UPDATE state.meta SET value = 'other' WHERE name = 'project'", "state-foreign"),
        ("DROP TABLE state.queue", "state-damaged"),
        ("ALTER TABLE state.queue DROP due_at", "state-damaged"),
    ],
)
def test_what_is_no_state_of_today_is_refused(file: Path, damage: str, code: str) -> None:
    changed(file, damage)
    with pytest.raises(Problem) as found:
        read_status(file, "test", LATE, is_patient=False)
    assert found.value.diagnostics[0].code == code


# ---- upgrades


def old_state(file: Path, form: int) -> None:
    """A state as a program made it that knew so many migrations, with a tick and a message."""
    engine = DuckDBEngine(open_memory())
    engine.attach_state(file)
    for migration in MIGRATIONS[:form]:
        for text in migration:
            engine.run_text(text.replace("{contact}", CATALOG.contact_type))
    engine.run_text(
        "INSERT INTO state.meta VALUES ('project', 'test'), ('contact_type', 'VARCHAR'), ('schema', ?)",
        [str(form)],
    )
    engine.run_text(
        "INSERT INTO state.version BY NAME SELECT 1 AS version, 'j' AS journey, 'x' AS hash, "
        "TIMESTAMP '2026-03-01 11:00' AS applied_at"
    )
    engine.run_text("INSERT INTO state.node VALUES (1, 0, 'hello', 'send', '', NULL)")
    engine.run_text("INSERT INTO state.tick VALUES (0, TIMESTAMP '2026-03-01 12:00', 0, 0, 0, 0, 0, 1, 0, 0)")
    engine.run_text(
        """INSERT INTO state.outbox BY NAME SELECT 0 AS tick, TIMESTAMP '2026-03-01 12:00' AS sent_at, 'ann' AS contact,
        1 AS version, '' AS key, TIMESTAMP '2026-03-01 11:30' AS entry_at, 0 AS node, 'hello' AS message,
        'email' AS channel, 'service' AS purpose, 'news' AS topic, 'j' AS journey, false AS exempt"""
    )
    engine.close()


@pytest.mark.parametrize("form", range(1, len(MIGRATIONS) + 1))
def test_a_state_of_every_form_there_was_is_brought_to_that_of_today(tmp_path: Path, form: int) -> None:
    """What was granted before there was a relay is no business of the relay's; what was granted since then waits for it."""
    path = tmp_path / "state.duckdb"
    old_state(path, form)
    for _ in range(2):  # and is whole when it is opened again
        world = World(WAITING, state=path)
        world.contact("ann")
        world.restart()
        waiting = status_of(world.engine, LATE).channels
        world.close()
        assert sum(one.waiting for one in waiting) == (1 if form >= 7 else 0)
