"""A state that was restored from a copy makes the lost ticks again, and hands nothing over a second time."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from shutil import copy

import pytest
from relay_world import Recording, Shop
from world import instant

from parcours.delivery.bounces import Bounces
from parcours.delivery.logbook import Logbook, Position, ticks
from parcours.delivery.queue import RECALLED, Queue, Receipt
from parcours.delivery.send import Accepted, Send, TransientFailure
from parcours.diagnostics import Problem

JOURNEYS = """
    segment keen
        refresh every 1 hour
        has cart in last 30 days

    journey greeting
        enter on joining keen
        send hello by email
        wait 1 hour
        send offer by email

    pressure
        at most 2 messages per 1 day
"""
HOURS = [f"2026-03-01 {hour:02}:00" for hour in (8, 10, 12, 14)]
NAMES = ("ann", "bob", "cleo")
NOT_ALIKE = ("cost", "logbook", "claim", "receipt", "attempt")


class Life:
    """A shop whose state is in a file: each process of it ticks and relays at some hours. `taken` counts what the channel has
    taken, whichever process handed it over; `state` is as the last process left it, and `receipts` too."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "state.duckdb"
        self._channel = Recording(batch_size=2)
        self.taken: Counter[str] = self._channel.taken
        self.state: dict[str, list[str]] = {}
        self.receipts: list[tuple[str, str, str]] = []

    def process(self) -> Shop:
        shop = Shop(JOURNEYS, state=self._file, channels={"email": self._channel})
        shop.logbook = Logbook(self._file.with_name("logbook"), shop.engine)
        for number, name in enumerate(NAMES):
            shop.contact(name)
            shop.event("cart", name, f"2026-03-01 {9 + 2 * number:02}:30", event_id=name)
        return shop

    def lives(self, *hours: str, relays: bool = True) -> list[str]:
        """The instants of the ticks that were made. Without the last of its `relays` it has only ticked then."""
        shop, made = self.process(), []
        assert shop.logbook is not None
        for hour in hours:
            made += [f"{at:%Y-%m-%d %H:%M}" for at, _ in ticks(shop.executor, shop.logbook, instant(hour))]
            if relays or hour != hours[-1]:
                shop.relay(hour)
        if not hours:
            shop.relay(HOURS[3])
        self.state = {name: sorted(map(str, rows)) for name, rows in shop.state().items()}
        self.receipts = shop.receipts()
        shop.close()
        return made

    def keep(self) -> None:
        copy(self._file, self._file.with_name("copy"))

    def restore(self) -> None:
        copy(self._file.with_name("copy"), self._file)

    def loses(self) -> None:
        self._file.unlink()


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return Life(tmp_path)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Life:
    life = Life(tmp_path_factory.mktemp("undisturbed"))
    assert life.lives(*HOURS) == HOURS
    assert len(life.taken) == 5
    return life


@pytest.mark.parametrize("relays", [True, False], ids=["after the relay", "between tick and relay"])
def test_a_restored_state_ends_as_if_it_had_never_been_lost_and_sends_nothing_twice(
    life: Life, undisturbed: Life, relays: bool
) -> None:
    """Whoever joined the segment in a lost tick has the same entry again, and so the same ids."""
    life.lives(*HOURS[:2], relays=relays)
    life.keep()
    assert life.lives(HOURS[2]) == [HOURS[2]]
    life.restore()
    assert (
        life.lives(relays=True) == []
    )  # whoever relays before the lost ticks are made again forgets nothing
    assert life.lives(HOURS[3]) == HOURS[2:]
    assert life.taken == undisturbed.taken
    assert set(life.taken.values()) == {1}
    for name in life.state.keys() - set(NOT_ALIKE):
        assert life.state[name] == undisturbed.state[name], name
    assert [one[:2] for one in life.receipts] == [one[:2] for one in undisturbed.receipts]
    assert RECALLED in {reason for _, _, reason in life.receipts}


def test_a_new_state_takes_nothing_of_another_for_its_own(life: Life) -> None:
    life.lives(*HOURS[:2])
    life.loses()
    assert life.lives(*HOURS[2:]) == HOURS[2:]


def test_what_was_taken_and_not_recorded_is_not_handed_over_again(tmp_path: Path) -> None:
    """Who handed over dies before it is recorded. What was not taken has no line."""
    shop = Shop()
    shop.contact("ann")
    shop.contact("bob")
    shop.granted("ann", "bob")
    shop.logbook = Mortal(tmp_path / "logbook", shop.engine)
    shop.email.answer = lambda send: Accepted() if send.contact == "ann" else TransientFailure("not now")
    with pytest.raises(KeyboardInterrupt):
        shop.relay()
    assert shop.receipts() == [] and shop.email.taken.total() == 1
    shop.logbook = Logbook(tmp_path / "logbook", shop.engine)
    relayed = shop.relay()
    assert (relayed.recalled, relayed.retried) == (1, 1)
    assert shop.receipts() == [("ann", "accepted", RECALLED)]
    assert shop.email.taken.total() == 1
    shop.close()


def test_who_dies_in_the_middle_of_a_batch_hands_over_again_only_the_piece_that_was_under_way(
    tmp_path: Path,
) -> None:
    email = Recording(batch_size=4, piece_size=2)
    shop = Shop(channels={"email": email})
    for name in ("ann", "bob", "cleo", "dan"):
        shop.contact(name)
    shop.granted("ann", "bob", "cleo", "dan")
    shop.logbook = Logbook(tmp_path / "logbook", shop.engine)

    def dies(piece: Sequence[Send]) -> None:
        if email.sends:
            email.taken.update(send.id for send in piece)
            raise KeyboardInterrupt

    email.before = dies
    with pytest.raises(KeyboardInterrupt):
        shop.relay()
    assert shop.receipts() == [] and email.taken.total() == 4
    email.before = lambda piece: None
    assert shop.relay().recalled == 2
    assert sorted(email.taken.values()) == [1, 1, 2, 2]
    assert [outcome for _, outcome, _ in shop.receipts()] == ["accepted"] * 4
    shop.close()


def test_what_one_channel_records_makes_nothing_old_that_another_has_only_noted(tmp_path: Path) -> None:
    shop = Shop()
    shop.contact("ann")
    shop.granted("ann")
    book = Logbook(tmp_path / "logbook", shop.engine)
    book.begin()
    queue = Queue(shop.engine, shop.project.name, Bounces(shop.engine, None), book)
    queue.claim(shop.now())
    (send,) = queue.take("email", shop.now(), 1)
    queue.note(shop.now(), [send.id])
    queue.settle(shop.now(), (), ())
    assert book.handed_over() == [send.id]
    queue.settle(shop.now(), [Receipt(send.id, "accepted", handed=True)], ())
    assert book.handed_over() == []
    shop.close()


class Mortal(Logbook):
    """Dies after it was written, as soon as something was handed over."""

    def settle(self, position: Position) -> None:
        if position.bytes:
            raise KeyboardInterrupt
        super().settle(position)


# ---- its files


@pytest.fixture
def book(tmp_path: Path) -> Logbook:
    shop = Shop()
    shop.restart()
    book = Logbook(tmp_path / "logbook", shop.engine)
    book.begin()
    return book


def at(month: int, hour: int = 0) -> datetime:
    return datetime(2026, month, 1, hour)


def test_lines_over_several_months_are_read_in_their_order(book: Logbook) -> None:
    book.handed(["a"], at(1))
    book.handed(["b", "c"], at(2))
    book.handed(["d"], at(3))
    book.settle(book.end())
    book.handed(["e"], at(3, 1))
    book.handed(["f"], at(4))
    assert book.handed_over() == ["e", "f"]


def test_a_clock_that_goes_back_begins_no_older_file(book: Logbook) -> None:
    book.handed(["a"], at(3))
    book.settle(book.end())
    book.handed(["b"], at(2))
    assert book.handed_over() == ["b"]


def test_half_a_line_of_one_who_died_is_none(book: Logbook, tmp_path: Path) -> None:
    book.handed(["a"], at(1))
    with (tmp_path / "logbook" / "2026-01").open("ab") as file:
        file.write(b"sent b")
    assert book.handed_over() == ["a"]
    book.handed(["c"], at(1))
    assert book.handed_over() == ["a", "c"]  # `b` may be the beginning of another


def test_half_an_instant_is_no_tick(book: Logbook, tmp_path: Path) -> None:
    for half in ("tick", "tick ", "tick 2026-02-0", "tick 2026-02-02"):
        book.ticked(at(2))
        with (tmp_path / "logbook" / "2026-02").open("ab") as file:
            file.write(half.encode("ascii"))
    book.ticked(at(3))
    assert book.lost_ticks(at(1), at(4)) == [at(2), at(3)]


def test_ticks_that_the_state_has_or_that_come_later_are_not_lost(book: Logbook) -> None:
    for month in (1, 2, 3, 4):
        book.ticked(at(month))
    assert book.lost_ticks(at(1), at(4)) == [at(2), at(3)]


def test_a_logbook_that_cannot_be_written_is_told(book: Logbook, tmp_path: Path) -> None:
    (tmp_path / "logbook").write_text("a file")
    with pytest.raises(Problem) as found:
        book.ticked(at(1))
    assert found.value.diagnostics[0].code == "state-unwritable"
