"""The relay dies at each operation in turn, and again while it mends that: nothing is lost, and every id is there.

PARCOURS_CRASH_STEP says from which operation to which it goes on (1: at each)."""

import os
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import pytest
from relay_world import Recording, Shop

from parcours.delivery.send import Outcome, Send, TransientFailure
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.integrity import check_rows

NAMES = ("ann", "bob", "cleo")
STEP = int(os.environ.get("PARCOURS_CRASH_STEP", "3"))


class Killed(BaseException):
    """The process is gone."""


class Fuse:
    """Burns through at the operation of this number, from 1."""

    def __init__(self, at: int) -> None:
        self._left = at

    def burn(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed

    @property
    def has_burnt(self) -> bool:
        return self._left <= 0


class Mortal(DuckDBEngine):
    """Dies before an operation of the store: those before it have happened."""

    fuse = Fuse(0)

    def _execute(self, text: Any, values: Any) -> list[tuple[Any, ...]]:
        self.fuse.burn()
        return super()._execute(text, values)


class MortalChannel(Recording):
    """Dies before it has handed a batch over, or after it."""

    fuse = Fuse(0)

    async def hand_over(self, piece: Sequence[Send], until: float) -> Sequence[Outcome]:
        self.fuse.burn()
        answers = await super().hand_over(piece, until)
        self.fuse.burn()
        return answers


@pytest.fixture(scope="module")
def granted() -> Iterator[Shop]:
    """Three messages are granted, and nobody has relayed."""
    shop = Shop(channels={"email": MortalChannel(batch_size=2)})
    for name in NAMES:
        shop.contact(name)
    shop.granted(*NAMES)
    yield shop
    shop.close()


@pytest.fixture
def shop(granted: Shop) -> Shop:
    begin_anew(granted)
    return granted


def begin_anew(shop: Shop) -> MortalChannel:
    """As before the first relay: the channel has taken nothing."""
    for table in ("claim", "queue", "attempt", "receipt", "bounce"):
        shop.rows(f"DELETE FROM state.{table}")
    channel = MortalChannel(batch_size=2)
    shop.channels["email"] = channel
    shop.clock = "2026-03-02 09:00"
    return channel


def relay_until_killed(shop: Shop, channel: MortalChannel, at: int) -> bool:
    """Whether it was killed at the operation of that number; no when it has fewer."""
    fuse = Fuse(at)
    engine = Mortal(shop.connection)
    engine.fuse = channel.fuse = fuse
    living, shop.executor.engine = shop.executor.engine, engine
    try:
        shop.relay()
    except Killed:
        return True
    finally:
        shop.executor.engine = living
        channel.fuse = Fuse(0)
    return False


def assert_right(shop: Shop, channel: MortalChannel) -> None:
    """Everybody has the message: every id is there, once for whoever looks at ids."""
    check_rows(shop.engine, "memory")
    assert shop.receipts() == [(name, "accepted", "") for name in NAMES]
    assert sorted(channel.taken) == shop.ids()
    assert len(channel.taken) == len(NAMES)
    assert shop.rows("SELECT count(*) FROM state.queue") == [(0,)]


def test_whatever_the_operation_at_which_it_dies_every_id_arrives(shop: Shop) -> None:
    """And then it dies once more, at some operation after it was started anew."""
    killed = 0
    for at in count(1, STEP):
        channel = begin_anew(shop)
        if not relay_until_killed(shop, channel, at):
            break
        killed += 1
        if again := at * 7 % 20:
            relay_until_killed(shop, channel, again)
        shop.relay()
        assert_right(shop, channel)
    assert killed > 25 / STEP


def test_a_send_whose_answer_was_lost_is_handed_over_again_with_its_id(shop: Shop) -> None:
    channel = begin_anew(shop)

    def lost(send: Send) -> Outcome:
        channel.taken[send.id] += 1
        return TransientFailure("no answer in time")

    usual, channel.answer = channel.answer, lost
    shop.relay()
    channel.answer = usual
    while shop.rows("SELECT 1 FROM state.queue"):
        shop.relay("2026-03-02 09:01")
    assert_right(shop, channel)
    assert max(channel.taken.values()) == 2
