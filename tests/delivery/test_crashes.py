"""The relay dies at each operation in turn, and again while it mends that: nothing is lost, and every id is there."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from shop import Recording, Shop

from parcours.delivery.send import Outcome, Send, TransientFailure
from parcours.engines.duckdb.engine import DuckDBEngine

NAMES = ("ann", "bob", "cleo")


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

    async def hand_over(self, batch: Sequence[Send]) -> Sequence[Outcome]:
        self.fuse.burn()
        answers = await super().hand_over(batch)
        self.fuse.burn()
        return answers


def shop_of(channel: MortalChannel, state: Path | None = None) -> Shop:
    shop = Shop(channels={"email": channel}, state=state)
    for name in NAMES:
        shop.contact(name)
    shop.granted(*NAMES)
    return shop


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
    shop.restart()
    assert shop.receipts() == [(name, "accepted", "") for name in NAMES]
    assert sorted(channel.taken) == shop.ids()
    assert len(channel.taken) == len(NAMES)
    assert shop.rows("SELECT count(*) FROM state.queue") == [(0,)]


@pytest.mark.parametrize("again", [0, 1, 7])
def test_whatever_the_operation_at_which_it_dies_every_id_arrives(again: int) -> None:
    """`again`: it dies once more, so many operations after it was started anew."""
    killed = 0
    for at in count(1):
        channel = MortalChannel(batch_size=2)
        shop = shop_of(channel)
        if not relay_until_killed(shop, channel, at):
            break
        killed += 1
        if again:
            relay_until_killed(shop, channel, again)
        shop.relay()
        assert_right(shop, channel)
        shop.close()
    assert killed > 25


def test_a_send_whose_answer_was_lost_is_handed_over_again_with_its_id() -> None:
    channel = MortalChannel()
    shop = shop_of(channel)

    def lost(send: Send) -> Outcome:
        channel.taken[send.id] += 1
        return TransientFailure("no answer in time")

    usual, channel.answer = channel.answer, lost
    shop.relay()
    channel.answer = usual
    shop.relay("2026-03-02 09:01")
    assert_right(shop, channel)
    assert set(channel.taken.values()) == {2}
