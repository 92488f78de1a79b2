"""The sends that are still to be handed over, as tables of the state: taken out of the outbox, and settled one by one.

A send's id is its idempotency key. It follows from what the send is, so that a send that is handed over twice, because
nobody knows whether the first time counted, has the same id both times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from parcours.delivery.bounces import Bounces
from parcours.delivery.logbook import Logbook
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.result import ConservationError

End = Literal["accepted", "failed", "parked", "cancelled", "given_up"]

RECALLED = "it had been handed over, as the logbook says"
"""The reason of a receipt of what the state did not know."""


class Waiting(NamedTuple):
    """A send in the queue. `contact` is the key as text; `reference` is what events that it causes say in `send`; `entry`
    and `event` are JSON objects; `attempts`: how often it was handed over so far. `offers` is a JSON list of products,
    None of a message that offers nothing; `subject`: which of several subjects it has, from 0."""

    id: str
    granted_at: datetime
    contact: str
    journey: str
    step: str
    message: str
    purpose: str
    topic: str
    reference: str
    entry_at: datetime
    entry: str
    event: str
    attempts: int
    offers: str | None
    subject: int | None


class Receipt(NamedTuple):
    """What became of a send in the end. `kind` is `address` where nobody is at the address; `rule` and `place` say by
    which rule of the project's it was cancelled. `handed`: whether it was handed over this time."""

    id: str
    outcome: End
    reason: str = ""
    kind: str = ""
    rule: str = ""
    place: str = ""
    provider_id: str | None = None
    handed: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """The handing over failed for now; it is tried again at `next_at`."""

    id: str
    reason: str
    next_at: datetime


# A part of the key with its length in front of it, so that no two sends are written alike.
_PARTS = (
    "journey",
    "contact::VARCHAR",
    "key",
    "epoch_us(entry_at)::VARCHAR",
    "step",
    "channel",
    "visit::VARCHAR",
)
_WRITTEN = " || ".join(f"strlen({part}) || ':' || {part}" for part in ("?::VARCHAR", *_PARTS))
_WRITTEN = _WRITTEN.replace("?::VARCHAR", "$project::VARCHAR")

SEND_ID = f"substr(sha256({_WRITTEN}), 1, 32)"
"""A send's id, of rows of the outbox with `step` and `visit` and the parameter `project`."""

_RUN_STEP = "journey, contact, key, entry_at, step, channel"

_CLAIM = f"""
    INSERT INTO state.queue
    WITH fresh AS (
        SELECT o.*, n.name AS step, o.rowid AS place
        FROM state.outbox AS o JOIN state.node AS n USING (version, node) WHERE o.tick > $last
    ),
    before AS (
        SELECT {_RUN_STEP}, count(*) AS visits
        FROM (
            SELECT o.journey, o.contact, o.key, o.entry_at, n.name AS step, o.channel
            FROM state.outbox AS o JOIN state.node AS n USING (version, node)
            WHERE o.tick <= $last AND o.sent_at >= $since
        ) SEMI JOIN fresh USING ({_RUN_STEP})
        GROUP BY ALL
    ),
    counted AS (
        SELECT f.*, coalesce(b.visits, 0)
            + row_number() OVER (
                PARTITION BY f.journey, f.contact, f.key, f.entry_at, f.step, f.channel ORDER BY f.tick, f.place
            ) AS visit
        FROM fresh AS f LEFT JOIN before AS b USING ({_RUN_STEP})
    )
    SELECT {SEND_ID} AS send, tick, sent_at, contact, journey, key, entry_at, step, visit,
        message, channel, purpose, topic, coalesce(entry, '{{}}'), coalesce(event, '{{}}'), 0, sent_at, offers, subject
    FROM counted ORDER BY tick, send"""  # noqa: S608 - made of our own words alone

_IDS = f"""
    SELECT place, {SEND_ID} AS send FROM (
        SELECT o.*, n.name AS step, row_number() OVER (
                PARTITION BY o.journey, o.contact, o.key, o.entry_at, n.name, o.channel ORDER BY o.tick, o.place
            ) AS visit
        FROM (SELECT *, rowid AS place FROM state.outbox WHERE contact = $contact) AS o
        JOIN state.node AS n USING (version, node)
    )"""  # noqa: S608 - see above

_REFERENCE = "concat_ws(':', journey, key, epoch_us(entry_at), message, channel)"

_TAKE = """
    CREATE OR REPLACE TEMPORARY TABLE _handing AS
    SELECT * FROM state.queue WHERE channel = $channel AND due_at <= $now ORDER BY due_at, tick, send LIMIT $limit"""

_TAKEN = f"""
    SELECT send, granted_at, contact::VARCHAR, journey, step, message, purpose, topic, {_REFERENCE}, entry_at, entry,
        event, attempts, offers, subject
    FROM _handing ORDER BY due_at, tick, send"""  # noqa: S608 - see above

_RECEIPTS = """
    INSERT INTO state.receipt
    SELECT q.send, q.tick, q.contact, q.journey, q.message, q.channel, d.outcome, d.kind, d.reason, d.rule, d.place,
        q.attempts + d.handed::INTEGER, d.provider_id, $now
    FROM state.queue AS q JOIN (
        SELECT unnest($ids::VARCHAR[]) AS send, unnest($outcomes::VARCHAR[]) AS outcome,
            unnest($kinds::VARCHAR[]) AS kind, unnest($reasons::VARCHAR[]) AS reason,
            unnest($rules::VARCHAR[]) AS rule, unnest($places::VARCHAR[]) AS place,
            unnest($providers::VARCHAR[]) AS provider_id, unnest($handed::BOOLEAN[]) AS handed
    ) AS d USING (send)
    ORDER BY q.tick, q.send"""

_GIVEN_UP = """
    CREATE OR REPLACE TEMPORARY TABLE _over AS
    SELECT q.send,
        CASE WHEN q.channel IN (SELECT unnest($channels::VARCHAR[])) AND q.message IN (SELECT unnest($messages::VARCHAR[]))
            THEN 'given_up' ELSE 'cancelled' END AS outcome,
        CASE WHEN q.channel NOT IN (SELECT unnest($channels::VARCHAR[])) THEN 'the channel is gone from the project'
            WHEN q.message NOT IN (SELECT unnest($messages::VARCHAR[])) THEN 'the message is gone from the project'
            WHEN q.granted_at < m.since THEN 'the message has expired'
            ELSE 'it could not be handed over in time' END AS reason
    FROM state.queue AS q
    LEFT JOIN (SELECT unnest($channels::VARCHAR[]) AS channel, unnest($oldest::TIMESTAMP[]) AS since) AS c USING (channel)
    LEFT JOIN (SELECT unnest($messages::VARCHAR[]) AS message, unnest($expired::TIMESTAMP[]) AS since) AS m USING (message)
    WHERE q.granted_at <= c.since OR q.granted_at < m.since OR q.channel NOT IN (SELECT unnest($channels::VARCHAR[]))
        OR q.message NOT IN (SELECT unnest($messages::VARCHAR[]))"""


def ids_of_contact(engine: DuckDBEngine, project: str, contact: object) -> dict[int, str]:
    """What the relay calls each message to a contact, by the place (row id) of the message in the outbox; whether it took
    it already or not."""
    return dict(engine.run_text(_IDS, {"project": project, "contact": contact}))


class Queue:
    """The queue of one project's state. `bounces` keeps those that are to be told; in the `logbook`, where there is one, is
    noted what was taken by a channel, before it is recorded."""

    def __init__(
        self, engine: DuckDBEngine, project: str, bounces: Bounces, logbook: Logbook | None = None
    ) -> None:
        self._engine = engine
        self._project = project
        self._bounces = bounces
        self._logbook = logbook
        self._goes_on = logbook is not None and logbook.is_read()
        self._noted: set[str] = set()

    def claim(self, at: datetime) -> int:
        """Takes what ticks have granted since the last time; how many messages. All or nothing."""
        run = self._engine.run_text
        ((last,),) = run("SELECT coalesce(max(tick), -1) FROM state.claim")
        ((fresh, since, tick),) = run(
            "SELECT count(*), min(entry_at), max(tick) FROM state.outbox WHERE tick > ?", [last]
        )
        if not fresh:
            return 0
        with self._engine.transaction():
            ((taken,),) = run(_CLAIM, {"last": last, "since": since, "project": self._project})
            if taken != fresh:
                raise ConservationError(f"{taken} messages taken out of the outbox instead of {fresh}")
            run("INSERT INTO state.claim VALUES (?, ?, ?)", [tick, at, taken])
        return int(taken)

    def recall(self, at: datetime) -> int:
        """Ends what a channel has taken as the logbook says, though the state does not know: it was restored from a copy, or
        who handed over died before it was recorded. How many."""
        if self._logbook is None:
            return 0
        self._logbook.begin()
        known = self._logbook.handed_over()
        if not known:
            return 0
        waiting = self._engine.run_text(
            "SELECT send FROM state.queue WHERE send IN (SELECT unnest(?::VARCHAR[])) ORDER BY send", [known]
        )
        self.settle(at, [Receipt(send, "accepted", RECALLED) for (send,) in waiting], ())
        return len(waiting)

    def depth(self) -> dict[str, int]:
        """How many sends wait, by channel."""
        return dict(
            self._engine.run_text(
                "SELECT channel, count(*) FROM state.queue GROUP BY channel ORDER BY channel"
            )
        )

    def give_up(
        self, at: datetime, oldest: Mapping[str, datetime], expired: Mapping[str, datetime | None]
    ) -> list[tuple[End, str, int]]:
        """Ends what is too old to be handed over: granted by a channel no later than `oldest`, or of a message earlier
        than `expired`; and what no channel or message of the project is behind any more. (outcome, reason, how many)."""
        run = self._engine.run_text
        values = {
            "channels": list(oldest),
            "oldest": list(oldest.values()),
            "messages": list(expired),
            "expired": list(expired.values()),
        }
        run(_GIVEN_UP, values)
        ended = run("SELECT outcome, reason, count(*) FROM _over GROUP BY ALL ORDER BY ALL")
        if not ended:
            return []
        with self._engine.transaction():
            run(
                """INSERT INTO state.receipt
                SELECT q.send, q.tick, q.contact, q.journey, q.message, q.channel, o.outcome, '', o.reason, '', '',
                    q.attempts, NULL, ?
                FROM state.queue AS q JOIN _over AS o USING (send) ORDER BY q.tick, q.send""",
                [at],
            )
            self._delete("SELECT send FROM _over", {}, sum(number for _, _, number in ended))
        return ended

    def take(self, channel: str, at: datetime, limit: int) -> list[Waiting]:
        """The sends of a channel that are due, the earliest first; they are in `_handing` too."""
        self._engine.run_text(_TAKE, {"channel": channel, "now": at, "limit": limit})
        return [Waiting._make(row) for row in self._engine.run_text(_TAKEN)]

    def defer(self, until: Sequence[tuple[str, datetime]]) -> None:
        """Sends that are held until an instant, each with its id."""
        if until:
            self._engine.run_text(_DEFER, {"ids": [one for one, _ in until], "due": [at for _, at in until]})

    def note(self, at: datetime, taken: Sequence[str]) -> None:
        """Writes into the logbook, where there is one, that a channel has taken sends. From then on they are not handed over
        again, though they are not recorded yet."""
        if self._logbook is not None and taken:
            self._logbook.handed(taken, at)
            self._noted.update(taken)

    def settle(self, at: datetime, receipts: Sequence[Receipt], retries: Sequence[Retry]) -> None:
        """Records what became of sends of the queue. All or nothing."""
        left = self._noted.difference(receipt.id for receipt in receipts)
        with self._engine.transaction():
            if retries:
                self._again(at, retries)
            if receipts:
                self._end(at, receipts)
            # what another channel has noted and not recorded must stay news to the state
            if self._logbook is not None and self._goes_on and not left:
                self._logbook.settle(self._logbook.end())
        self._noted = left

    def _end(self, at: datetime, receipts: Sequence[Receipt]) -> None:
        columns: dict[str, Any] = {
            "ids": [r.id for r in receipts],
            "outcomes": [r.outcome for r in receipts],
            "kinds": [r.kind for r in receipts],
            "reasons": [r.reason for r in receipts],
            "rules": [r.rule for r in receipts],
            "places": [r.place for r in receipts],
            "providers": [r.provider_id for r in receipts],
            "handed": [r.handed for r in receipts],
        }
        ((written,),) = self._engine.run_text(_RECEIPTS, {**columns, "now": at})
        if written != len(receipts):
            raise ConservationError(f"{written} receipts instead of {len(receipts)}")
        self._bounces.keep(at, {r.id: r.reason for r in receipts if r.kind == "address"}, _REFERENCE)
        self._delete("SELECT unnest($ids::VARCHAR[])", {"ids": columns["ids"]}, len(receipts))

    def _again(self, at: datetime, retries: Sequence[Retry]) -> None:
        values = {"ids": [r.id for r in retries], "due": [r.next_at for r in retries]}
        attempts = {**values, "reasons": [r.reason for r in retries], "now": at}
        ((written,),) = self._engine.run_text(_ATTEMPTS, attempts)
        self._engine.run_text(_RETRY, values)
        if written != len(retries):
            raise ConservationError(f"{written} attempts instead of {len(retries)}")

    def _delete(self, which: str, values: dict[str, Any], expected: int) -> None:
        """`which` is a query of our own that gives ids."""
        text = f"DELETE FROM state.queue WHERE send IN ({which})"  # noqa: S608 - see above
        ((gone,),) = self._engine.run_text(text, values)
        if gone != expected:
            raise ConservationError(f"{gone} sends left the queue instead of {expected}")


_DUE = "(SELECT unnest($ids::VARCHAR[]) AS send, unnest($due::TIMESTAMP[]) AS due_at) AS d"
_DEFER = f"UPDATE state.queue SET due_at = d.due_at FROM {_DUE} WHERE queue.send = d.send"  # noqa: S608
_RETRY = f"""UPDATE state.queue SET due_at = d.due_at, attempts = attempts + 1
    FROM {_DUE} WHERE queue.send = d.send"""  # noqa: S608
_ATTEMPTS = """
    INSERT INTO state.attempt
    SELECT q.send, q.attempts + 1, $now, d.reason, d.due_at
    FROM state.queue AS q JOIN (
        SELECT unnest($ids::VARCHAR[]) AS send, unnest($due::TIMESTAMP[]) AS due_at,
            unnest($reasons::VARCHAR[]) AS reason
    ) AS d USING (send)
    ORDER BY q.tick, q.send"""
