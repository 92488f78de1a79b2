"""A tick is whole or not there: the same every time (T3), all or nothing, nobody lost."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from busy_world import TICKS, busy_world, change_points
from sqlglot import exp
from world import World

from parcours.compiler.statement import Statement
from parcours.diagnostics import Problem
from parcours.executor.result import ConservationError
from parcours.executor.tick import Executor

CART = """
    journey j
        enter on cart
            again
        wait 1 hour
        send hello by email
"""


def small() -> World:
    world = World(CART)
    for name in ("ann", "bob"):
        world.contact(name)
        world.event("cart", name, "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    return world


# ---- T2, T3


@pytest.mark.parametrize("at", ["2026-03-01 10:00", "2026-03-01 09:59:59.999999", "2026-02-01 00:00"])
def test_t2_ticks_strictly_increase(at: str) -> None:
    world = small()
    before = world.state()
    with pytest.raises(Problem) as caught:
        world.tick(at)
    assert caught.value.diagnostics[0].code == "clock-back"
    assert world.state() == before


def test_t2_a_new_process_cannot_repeat_a_tick_either() -> None:
    world = small()
    world.restart()
    with pytest.raises(Problem):
        world.tick("2026-03-01 10:00")


def whole_run(world: World) -> dict[str, list[tuple[Any, ...]]]:
    world.tick(*TICKS[:10])
    change_points(world)
    world.tick(*TICKS[10:])
    state = world.state()
    # the busy world is busy: otherwise the comparison says little
    assert len(state["outbox"]) > 60 and len(state["not_sent"]) > 20 and len(state["ended"]) > 40
    return state


@pytest.fixture(scope="module")
def expected() -> dict[str, list[tuple[Any, ...]]]:
    return whole_run(busy_world())


def test_t3_the_same_ticks_write_the_same_rows_in_the_same_order_whatever_the_threads(
    expected: dict[str, list[tuple[Any, ...]]],
) -> None:
    assert whole_run(busy_world(threads=4)) == expected


def test_t3_the_order_of_the_rows_of_the_datamart_does_not_matter(
    expected: dict[str, list[tuple[Any, ...]]],
) -> None:
    assert whole_run(busy_world(backwards=True)) == expected


def test_t3_processes_that_begin_anew_on_the_same_state_do_the_same(
    expected: dict[str, list[tuple[Any, ...]]],
) -> None:
    world = busy_world()
    for number, at in enumerate(TICKS):
        if number == 10:
            change_points(world)
        if number % 5 == 4:
            world.restart()
        world.tick(at)
    assert world.state() == expected


def test_t5_what_the_tables_say_fits_together(expected: dict[str, list[tuple[Any, ...]]]) -> None:
    entered = sum(row[3] for row in expected["tick"])
    assert entered == len(expected["instance"]) + len(expected["ended"])
    assert sum(row[7] for row in expected["tick"]) == len(expected["outbox"])
    assert sum(row[4] for row in expected["tick"]) == len(expected["refused"])
    assert sum(row[8] + row[9] for row in expected["tick"]) == len(expected["not_sent"])


# ---- all or nothing


def breaking(world: World, number: int) -> Callable[[], bool]:
    """Makes the `number`th statement of the next tick fail; the answer tells whether it came to that."""
    engine, count = world.engine, 0
    real = engine._execute

    def failing(text: Any, values: Any) -> Any:
        nonlocal count
        count += 1
        if count == number:
            raise RuntimeError("planted")
        return real(text, values)

    engine._execute = failing  # type: ignore[method-assign]

    def heal() -> bool:
        engine._execute = real  # type: ignore[method-assign]
        return count >= number

    return heal


EVERYTHING = """
    segment rich
        points >= 50

    journey joining
        priority 60
        enter on joining rich
            again
        goal bought: order
        leave when has complaint since entry
        wait for click up to 1 hour
        send hello by email
            if not sent
                wait 1 hour

    journey carts
        enter on cart
            if vip
            again
            at most 100 per day
        set country to country
        record reminded
        start joining
        wait 1 hour
        send offer by sms else email

    channel email
        address email
        consent email_opt_in
        quiet from 12:00 to 13:00

    channel sms
        address phone
        consent sms_opt_in

    pressure
        at most 1 message per 1 day
        at most 0 sms per 1 day for country is unknown
"""


def before_everything() -> World:
    """The next tick, at 13:00, enters, refuses, wakes, ends, refreshes, sends, holds and does not send."""
    world = World(EVERYTHING)
    for name, values in {
        "ann": {"country": "FR"},
        "bob": {"country": "FR"},
        "cid": {"email": None},
        "dan": {"country": "FR", "sms_opt_in": False},
        "eve": {},
        "fay": {},
    }.items():
        world.contact(name, vip=True, points=5, **values)
    for name in ("ann", "bob", "cid", "dan"):
        world.event("cart", name, "2026-03-01 11:00")
    world.tick("2026-03-01 10:00")
    world.rows("UPDATE memory.main.contact SET points = 60 WHERE _contact IN ('ann', 'bob', 'eve')")
    world.tick("2026-03-01 11:00", "2026-03-01 12:00")
    world.rows("UPDATE memory.main.contact SET points = 60, vip = (_contact = 'eve') WHERE _contact <> 'bob'")
    for name in ("eve", "fay"):
        world.event("cart", name, "2026-03-01 12:30")
    world.event("complaint", "eve", "2026-03-01 12:30")
    return world


def test_t3_a_tick_that_fails_at_any_of_its_statements_writes_nothing_and_can_be_repeated() -> None:
    world = before_everything()
    before = world.state()
    number = 1
    while True:
        heal = breaking(world, number)
        with suppress(RuntimeError):
            world.tick("2026-03-01 13:00")
        if not heal():
            break
        assert world.state() == before, f"statement {number}"
        number += 1
    undisturbed = before_everything()
    undisturbed.tick("2026-03-01 13:00")
    after = world.state()
    assert after == undisturbed.state()
    unchanged = {name for name in after if after[name] == before[name]}
    # the tick had everything to do
    of_people = {"meta", "version", "node", "route", "command", "cost", "look", "pause", "transfer"}
    of_the_relay = {"claim", "queue", "attempt", "receipt", "bounce", "logbook"}
    assert unchanged == of_people | of_the_relay | {"response"}


def test_t3_the_very_first_tick_that_fails_leaves_nothing_either() -> None:
    world = World(CART)
    world.contact("ann")
    assert world.executor is not None
    before = world.state()
    heal = breaking(world, 5)
    with pytest.raises(RuntimeError):
        world.tick("2026-03-01 00:00")
    assert heal() and world.state() == before
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert world.entered() == [("ann", "2026-03-01 10:00")]


# ---- conservation


def losing(statement: Statement) -> Statement:
    """The same statement, which leaves one row out."""
    tree = statement.tree.copy()
    query = tree.expression if isinstance(tree, exp.Insert) else None
    assert isinstance(query, exp.Query)
    tree.set("expression", exp.select("*").from_(query.copy().subquery("q")).offset(1))
    return Statement(statement.name, statement.purpose, tree)


def with_writes(executor: Executor, **changed: Statement) -> None:
    executor.program = replace(executor.program, writes={**executor.program.writes, **changed})


def doubling(statement: Statement) -> Statement:
    tree = statement.tree.copy()
    assert isinstance(tree, exp.Insert)
    once = exp.select("*").from_(tree.expression.copy().subquery("q"))
    tree.set("expression", exp.union(once.copy(), once, distinct=False))
    return Statement(statement.name, statement.purpose, tree)


@pytest.mark.parametrize(
    "name", ["write_rest", "write_ended", "write_outbox", "write_not_sent", "write_refused"]
)
@pytest.mark.parametrize("fault", [losing, doubling])
def test_t3_a_tick_that_would_lose_or_double_a_row_is_rolled_back_and_says_so(
    name: str, fault: Callable[[Statement], Statement]
) -> None:
    world = small()
    for who in ("cid", "dan"):
        world.contact(who)
        world.event("cart", who, "2026-03-01 11:00")
        world.event("cart", "stranger", "2026-03-01 11:00")
    for who in ("eve", "fay"):
        world.contact(who, email=None)
        world.event("cart", who, "2026-03-01 10:00:30")
    world.tick("2026-03-01 10:01")
    world.rows("UPDATE state.instance SET due_at = TIMESTAMP '2026-03-01 11:00'")
    before = world.state()
    good = world.executor.program
    with_writes(world.executor, **{name: fault(good.writes[name])})
    with pytest.raises(ConservationError):
        world.tick("2026-03-01 11:00")
    assert world.state() == before
    world.executor.program = good
    world.tick("2026-03-01 11:00")
    assert len(world.sent()) == 2 and len(world.rows("FROM state.instance")) == 2


def test_t3_a_move_that_loses_somebody_is_rolled_back() -> None:
    world = small()
    before = world.state()
    good = world.executor.program
    world.executor.program = replace(good, move=losing(good.move))
    with pytest.raises(ConservationError):
        world.tick("2026-03-01 11:00")
    assert world.state() == before


def test_t3_a_verdict_that_loses_somebody_is_rolled_back() -> None:
    world = small()
    before = world.state()
    good = world.executor.program
    deciding = replace(good.deciding, verdicts=losing(good.deciding.verdicts))
    world.executor.program = replace(good, deciding=deciding)
    with pytest.raises(ConservationError):
        world.tick("2026-03-01 11:00")
    assert world.state() == before


def test_t3_starting_somebody_twice_is_rolled_back() -> None:
    world = small()
    world.contact("new")
    world.event("cart", "new", "2026-03-01 10:30")
    before = world.state()
    good = world.executor.program
    world.executor.program = replace(
        good, writes={**good.writes, "write_gone": _nothing(good.writes["write_gone"])}
    )
    with pytest.raises(ConservationError):
        world.tick("2026-03-01 11:00")
    assert world.state() == before


def _nothing(statement: Statement) -> Statement:
    """A delete that deletes nobody."""
    tree = statement.tree.copy()
    tree.set("where", exp.Where(this=exp.false()))
    return Statement(statement.name, statement.purpose, tree)


# ---- a tick with nothing to do


def test_t2_a_tick_with_nothing_to_do_is_in_the_log_and_changes_nothing_else() -> None:
    world = small()
    before = world.state()
    result = world.tick("2026-03-01 10:15")
    after = world.state()
    assert {name for name in after if after[name] != before[name]} == {"tick"}
    assert (result.woken, result.entered, result.moved) == (0, 0, 0)


def crowd_digest(threads: int) -> list[tuple[Any, ...]]:
    """More contacts than one thread takes at a time; of each table of the state what it holds, and in which order."""
    world = World(
        """
        journey j
            enter on cart
            if sum of order.weight > 1.5
                send hello by email
            else
                wait 1 hour

        pressure
            at most 1 message per 1 day
        """,
        threads=threads,
    )
    world.rows(
        """INSERT INTO contact (_contact, _zone, _visible_at, email, email_opt_in)
        SELECT 'c' || range, 'UTC', TIMESTAMP '2000-01-01', 'a', true FROM range(130000)"""
    )
    world.rows(
        """INSERT INTO event_cart (_contact, _at, _visible_at, _id, "at")
        SELECT 'c' || range, t, t, range, t FROM range(130000), (SELECT TIMESTAMP '2026-03-01 10:00' AS t)"""
    )
    world.rows(
        """INSERT INTO event_order (_contact, _at, _visible_at, _id, "at", weight)
        SELECT 'c' || (range // 7), t, t, range, t, 0.1 * (range % 11)
        FROM range(500000), (SELECT TIMESTAMP '2026-02-01 10:00' AS t)"""
    )
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    found = []
    for name in ("instance", "journal", "outbox", "ended"):
        found += world.rows(
            f"SELECT count(*), md5(string_agg(CAST(s AS VARCHAR), '|' ORDER BY s.rowid)) FROM state.{name} AS s"
        )
    world.close()
    return found


def test_t3_a_crowd_on_four_threads_leaves_what_it_leaves_on_one() -> None:
    alone = crowd_digest(1)
    assert sum(count for count, _ in alone) == 130_000 * 2 + 2 * alone[2][0]
    assert crowd_digest(4) == alone
