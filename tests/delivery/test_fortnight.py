"""The example shop against real servers that fail, with a process that is killed: what arrived is what the outbox says.

It takes long because processes begin anew; `PARCOURS_CONTACTS`, `PARCOURS_HOURS` and `PARCOURS_KILLS` make it longer.
`python benchmarks/fortnight.py` is the whole fortnight."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from fortnight_judge import Books, Ended, wrong_in
from fortnight_servers import Arrival, PostOffice
from fortnight_world import live_through

CONTACTS = int(os.environ.get("PARCOURS_CONTACTS", "200"))
HOURS = int(os.environ.get("PARCOURS_HOURS", "4"))
KILLS = int(os.environ.get("PARCOURS_KILLS", "1"))
NEWSLETTER = datetime(2026, 3, 3, 6)
"""Hours before the Tuesday on which the shop writes to most."""


def test_what_arrived_is_what_the_outbox_says(tmp_path: Path) -> None:
    found = live_through(tmp_path / "shop", CONTACTS, HOURS, KILLS, NEWSLETTER)
    assert found.wrong == []
    assert found.outcomes["accepted"] > 40
    assert found.kills == KILLS
    assert found.again  # what was killed before it was recorded came again, with its id


# ---- the judge sees what it looks for

ID, OTHER = "a" * 32, "b" * 32


def arrival(send: str = ID, *, answered: bool = True, run: int = 0, hour: int = 5, **more: str) -> Arrival:
    said = {"channel": "email", "address": "ann@example.org", "digest": "x"} | more
    return Arrival(send, said["channel"], said["address"], said["digest"], answered, run, hour)


def judged(*arrivals: Arrival, outcome: str = "accepted", kind: str = "", **more: int) -> list[str]:
    counts = {"granted": 1, "waiting": 0, "untold": 0} | more
    ended = {ID: Ended("1", "email", outcome, kind, "ann@example.org")}
    office = PostOffice("1", lambda: None, frozenset(), lambda mail: None, list(arrivals))
    office.killed.add(0)
    office.refused[OTHER] = "message"
    return wrong_in(Books(**counts, ended=ended), office, {("1", "email"): 8})


@pytest.mark.parametrize(
    "arrivals",
    [
        [arrival()],
        [arrival(answered=False), arrival()],
        # it was answered, and whoever was told died before it was recorded
        [arrival(run=0), arrival(run=1)],
    ],
)
def test_what_must_be_is_found_right(arrivals: list[Arrival]) -> None:
    assert judged(*arrivals) == []


def test_what_is_not_accepted_need_not_arrive_and_may_have_been_taken_without_a_word() -> None:
    assert judged(outcome="cancelled") == []
    assert judged(arrival(answered=False, run=1), outcome="given_up") == []


@pytest.mark.parametrize(
    ("arrivals", "what"),
    [
        ([], "nobody said so"),
        ([arrival(answered=False)], "nobody said so"),
        ([arrival(), arrival(OTHER)], "was never granted"),
        ([arrival(address="bob@example.org")], "somebody else"),
        ([arrival(channel="sms")], "somebody else"),
        ([arrival(answered=False), arrival(digest="y")], "said two things"),
        ([arrival(), arrival()], "though it was answered"),
        ([arrival(run=1), arrival(run=2)], "though it was answered"),
        ([arrival(hour=10)], "after an opt-out"),
    ],
)
def test_what_must_not_be_is_seen(arrivals: list[Arrival], what: str) -> None:
    (wrong,) = judged(*arrivals)
    assert what in wrong


def test_books_that_do_not_add_up_are_seen() -> None:
    assert ["2 granted" in wrong for wrong in judged(arrival(), granted=2)] == [True]
    assert ["1 waiting" in wrong for wrong in judged(arrival(), waiting=1)] == [True]
    assert ["1 untold" in wrong for wrong in judged(arrival(), untold=1)] == [True]


def test_a_failure_that_nobody_has_caused_is_seen() -> None:
    assert ["nobody refused it so" in wrong for wrong in judged(outcome="failed", kind="address")] == [True]
    assert ["was accepted" in wrong for wrong in judged(arrival(run=1), outcome="cancelled")] == [True]
