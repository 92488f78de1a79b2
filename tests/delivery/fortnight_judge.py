"""Whether what arrived is what the outbox says, id by id."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
from fortnight_servers import Arrival, PostOffice

ADDRESSES = {"email": "email", "sms": "phone", "push": "push_token"}
"""By channel of the example shop: the column with the address."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A send with what became of it."""

    contact: str
    channel: str
    outcome: str
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Books:
    """What the state says: how many messages were granted, how many still wait, and what became of the sends, by id."""

    granted: int
    waiting: int
    untold: int
    ended: Mapping[str, Ended]


def books_of(state: Path, contacts: Path) -> Books:
    columns = ", ".join(f"'{channel}': c.{column}::VARCHAR" for channel, column in ADDRESSES.items())
    with duckdb.connect(str(state), read_only=True) as connection:
        (counts,) = connection.execute(
            "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM queue), (SELECT count(*) FROM bounce)"
        ).fetchall()
        rows = connection.execute(
            f"""SELECT send, r.contact::VARCHAR, channel, outcome, kind, MAP {{{columns}}}[channel]
            FROM receipt AS r JOIN read_parquet('{contacts}') AS c ON c.contact_id = r.contact"""
        ).fetchall()
    ended = {send: Ended(*row) for send, *row in rows}
    assert len(ended) == len(rows), "an id is there twice"
    return Books(*counts, ended)


def wrong_in(books: Books, office: PostOffice, opted_out: Mapping[tuple[str, str], int]) -> list[str]:
    """Everything that is not as it must be, in words. `opted_out`: by contact and channel, the hour at which it was
    durable."""
    arrived: defaultdict[str, list[Arrival]] = defaultdict(list)
    for arrival in office.arrivals:
        arrived[arrival.id].append(arrival)
    wrong = []
    if books.waiting or books.untold or len(books.ended) != books.granted:
        wrong.append(
            f"{books.granted} granted, {len(books.ended)} ended, {books.waiting} waiting, {books.untold} untold"
        )
    wrong += [f"{send} arrived and was never granted" for send in arrived if send not in books.ended]
    for send, ended in books.ended.items():
        wrong += [f"{send}: {what}" for what in _wrong_of(send, ended, arrived[send], office)]
        # what was prepared in the hour itself may have left before
        after = opted_out.get((ended.contact, ended.channel), 1_000_000) + 1
        wrong += [f"{send} arrived after an opt-out" for one in arrived[send] if one.hour > after]
    return wrong


def _wrong_of(send: str, ended: Ended, arrivals: Sequence[Arrival], office: PostOffice) -> list[str]:
    wrong = []
    if any((one.channel, one.address) != (ended.channel, ended.address) for one in arrivals):
        wrong.append("went to somebody else")
    if len({one.digest for one in arrivals}) > 1:
        wrong.append("said two things")
    if ended.outcome == "accepted" and not any(one.answered for one in arrivals):
        wrong.append("is called accepted, and nobody said so")
    if ended.outcome != "accepted" and any(one.answered and one.run not in office.killed for one in arrivals):
        wrong.append(f"is called {ended.outcome}, and was accepted")
    for one, following in pairwise(arrivals):
        if one.answered and not (one.run in office.killed and one.run < following.run):
            wrong.append("came again though it was answered")
    if ended.outcome == "failed":
        key = ended.address if ended.kind == "address" else send
        if office.refused.get(key) != ended.kind:
            wrong.append(f"failed ({ended.kind}), and nobody refused it so")
    return wrong
