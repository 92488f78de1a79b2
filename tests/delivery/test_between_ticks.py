"""What comes back between two ticks is part of the next one: received over HTTP, taken in by the real command."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from receiving_world import ENVIRONMENT, KEY, SETTINGS, SIGNER, Somebody, make_project

from parcours.cli.main import run
from parcours.delivery.links import Link
from parcours.delivery.opening import open_relay
from parcours.delivery.receiving import opened_application
from parcours.executor.opening import open_executor
from parcours.workspace.load import load

ORDERS = (
    '[{"event":"order","contact":1,"amount":20,"id":"a"},{"event":"order","contact":2,"amount":30,"id":"b"}]'
)


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 2, 9))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_project(tmp_path / "shop")


@pytest.fixture
def somebody(shop: Path, clock: Clock) -> Iterator[Somebody]:
    with opened_application(shop, ENVIRONMENT, clock) as app:
        yield Somebody(app)


@pytest.fixture
def tick(shop: Path, clock: Clock) -> Callable[[], None]:
    def call() -> None:
        # the project's clock is that of Paris
        local = clock.at + timedelta(hours=1)
        assert run(["tick", str(shop), "--at", f"{local:%Y-%m-%d %H:%M}"]) == 0

    return call


def order(somebody: Somebody, body: str = ORDERS) -> None:
    assert somebody.post("/events", body, authorization=f"Bearer {KEY}").status == 200


def state(shop: Path, query: str) -> list[Any]:
    with duckdb.connect(str(shop / "state" / "state.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_an_opt_out_between_two_ticks_stops_the_message(
    shop: Path, somebody: Somebody, tick: Callable[[], None], clock: Clock
) -> None:
    tick()
    clock.wait(1)
    order(somebody)
    clock.wait(1)
    tick()
    assert state(shop, "SELECT contact FROM instance ORDER BY contact") == [(1,), (2,)]
    clock.wait(59)
    assert somebody.post(SIGNER.unsubscribe(Link("1", None, "email"))).status == 200
    clock.wait(1)
    tick()
    assert state(shop, "SELECT contact FROM outbox") == [(2,)]
    assert state(shop, "SELECT contact, reason, rule FROM not_sent") == [(1, "suppressed", "opt_out")]


def test_an_opt_out_after_the_tick_stops_what_has_not_been_handed_over(tmp_path: Path, clock: Clock) -> None:
    # P8: granted to both, and before it is handed over one of them unsubscribes
    shop = make_project(tmp_path / "shop", SETTINGS + "channels: {email: {adapter: null}}\n")
    loaded = load(shop, {})
    executor = open_executor(loaded, shop / "state" / "state.duckdb")
    executor.tick(clock.at)
    with opened_application(shop, ENVIRONMENT, clock) as app:
        somebody = Somebody(app)
        clock.wait(1)
        order(somebody)
        executor.tick(clock.at)
        clock.wait(61)
        assert executor.tick(clock.at).granted == 2
        somebody.post(SIGNER.unsubscribe(Link("1", None, "email")))
    relayed = asyncio.run(open_relay(loaded, executor, shop, ENVIRONMENT, clock).run())
    receipts = executor.engine.run_text("SELECT contact, outcome, rule FROM state.receipt ORDER BY contact")
    executor.engine.close()
    assert relayed.claimed == 2
    assert receipts == [(1, "cancelled", "opt_out"), (2, "accepted", "")]


def test_an_opt_out_of_the_very_second_of_the_tick_stops_the_message(
    shop: Path, somebody: Somebody, tick: Callable[[], None], clock: Clock
) -> None:
    tick()
    clock.wait(1)
    order(somebody)
    tick()
    clock.wait(60)
    somebody.post(SIGNER.unsubscribe(Link("1")))
    tick()
    assert state(shop, "SELECT contact FROM outbox") == [(2,)]


def test_a_preference_holds_from_the_next_tick(
    shop: Path, somebody: Somebody, tick: Callable[[], None], clock: Clock
) -> None:
    (shop / "policy.journey").write_text("pressure\n    honour preferences\n")
    tick()
    clock.wait(1)
    order(somebody)
    tick()
    assert somebody.post(SIGNER.preferences(Link("1")), "topic%3Anew_teas=no").status == 200
    assert somebody.post(SIGNER.preferences(Link("2")), "break=month").status == 200
    clock.wait(60)
    tick()
    assert state(shop, "SELECT contact FROM outbox") == []
    assert state(shop, "SELECT contact, rule FROM not_sent ORDER BY contact") == [
        (1, "honour preferences: no topic new_teas"),
        (2, "honour preferences: a break"),
    ]


def test_an_event_that_came_while_a_tick_ran_starts_a_journey_in_the_next(shop: Path, clock: Clock) -> None:
    # T4: it was received before T, and became part of the datamart only after the tick of T had looked
    loaded = load(shop, {})
    executor = open_executor(loaded, shop / "state" / "state.duckdb")
    executor.tick(clock.at)
    with opened_application(shop, ENVIRONMENT, lambda: clock.at - timedelta(seconds=30)) as app:
        order(Somebody(app))
    clock.wait(5)
    assert executor.tick(clock.at).entered == 2
    clock.wait(5)
    assert executor.tick(clock.at).entered == 0
    executor.engine.close()


def test_an_executor_that_stays_sees_what_comes_in_and_so_does_one_that_is_opened_anew(
    shop: Path, somebody: Somebody, clock: Clock
) -> None:
    loaded = load(shop, {})
    executor = open_executor(loaded, shop / "state" / "state.duckdb")
    executor.tick(clock.at)
    for number in range(3):
        clock.wait(1)
        order(somebody, f'{{"event":"order","contact":1,"amount":20,"id":"{number}"}}')
        clock.wait(1)
        executor.tick(clock.at)
    ((count,),) = executor.engine.run_text("SELECT count(*) FROM event_order")
    executor.engine.close()
    assert count == 3
    again = load(shop, {})
    assert again.connection is not None
    assert again.connection.execute("SELECT count(*) FROM event_order").fetchall() == [(3,)]
    again.connection.close()


def test_the_same_event_again_changes_nothing(
    shop: Path, somebody: Somebody, tick: Callable[[], None], clock: Clock
) -> None:
    tick()
    for _ in range(3):
        clock.wait(1)
        order(somebody)
        clock.wait(90)
        tick()
    assert state(shop, "SELECT contact, count(*) FROM ended GROUP BY ALL ORDER BY ALL") == [(1, 1), (2, 1)]
