"""What the state knows of one contact: a scan of one column of each table, whatever their size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.oracle.gates import Grant

RunKey = tuple[str, str, datetime]
"""Journey, key and entry: what a run is called, in whatever version."""


@dataclass(frozen=True, slots=True)
class Move:
    """A route taken, by the names of its version."""

    tick: int
    at: datetime
    round: int
    journey: str
    version: int
    key: str
    entry_at: datetime
    source: str
    label: str
    decisions: tuple[str, ...]
    target: str
    outcome: str | None

    @property
    def run(self) -> RunKey:
        return self.journey, self.key, self.entry_at


@dataclass(frozen=True, slots=True)
class Stop:
    """A channel that was tried, and the rule that closed it."""

    channel: str
    reason: str
    rule: str
    place: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a message in a tick: `granted`, `held` or `not_sent`. `rates`: (channel, response). `value`: the
    pieces of P2 by their names, None where nothing was ranked by value."""

    tick: int
    at: datetime
    journey: str
    version: int
    key: str
    entry_at: datetime
    step: str
    decision: str
    message: str
    channel: str
    purpose: str
    topic: str
    exempt: bool
    cost: Decimal
    reason: str
    rule: str
    place: str
    offers: str | None
    subject: int | None
    stops: tuple[Stop, ...]
    rates: tuple[tuple[str, Decimal], ...]
    value: dict[str, Any] | None
    place_in_outbox: int

    @property
    def run(self) -> RunKey:
        return self.journey, self.key, self.entry_at


@dataclass(frozen=True, slots=True)
class Refusal:
    at: datetime
    journey: str
    version: int
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Resting:
    """A run that goes on."""

    journey: str
    version: int
    key: str
    entered_at: datetime
    entry_at: datetime
    entry: str
    event: str
    step: str
    arrived_at: datetime
    due_at: datetime | None

    @property
    def run(self) -> RunKey:
        return self.journey, self.key, self.entry_at


@dataclass(frozen=True, slots=True)
class Transfer:
    """Moved by `apply` to a step of another version, or taken out: then `new_version` is None."""

    at: datetime
    journey: str
    version: int
    key: str
    entry_at: datetime
    step: str
    new_version: int | None
    new_step: str | None

    @property
    def run(self) -> RunKey:
        return self.journey, self.key, self.entry_at


@dataclass(frozen=True, slots=True)
class Ended:
    journey: str
    key: str
    left_at: datetime
    entry_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Pause:
    journey: str
    paused_at: datetime
    resumed_at: datetime | None
    overdue: str | None


class Records:
    """The rows of one contact, each table read when it is asked for. `contact` is the key as the state keeps it."""

    def __init__(self, engine: DuckDBEngine, contact: Any) -> None:
        self._engine = engine
        self.contact = contact
        self.moves = tuple(self._move(row) for row in self._rows(_MOVES))
        granted = [_decided(row) for row in self._rows(_GRANTED)]
        self.granted: tuple[Decision, ...] = tuple(granted)
        self.decisions = (*granted, *(_decided(row) for row in self._rows(_NOT_SENT)))
        self.refusals = tuple(Refusal(*row) for row in self._rows(_REFUSED))
        self.resting = tuple(Resting(*row) for row in self._rows(_RESTING))
        self.transfers = tuple(Transfer(*row) for row in self._rows(_TRANSFERS))
        self.ended = tuple(Ended(*row) for row in self._rows(_ENDED))
        self.pauses = tuple(Pause(*row) for row in engine.run_text(_PAUSES))

    def _rows(self, text: str) -> list[tuple[Any, ...]]:
        return self._engine.run_text(text, [self.contact])

    def _move(self, row: Sequence[Any]) -> Move:
        values = [*row]
        values[9] = tuple(row[9])
        return Move(*values)

    @property
    def is_known(self) -> bool:
        """Whether the state has met the contact at all."""
        return bool(self.moves or self.decisions or self.refusals or self.resting or self.ended)

    def asked_by_hand(self, journey: str, at: datetime) -> bool:
        """Whether somebody asked contacts into a journey at an instant."""
        ((asked,),) = self._engine.run_text(
            "SELECT count(*) FROM state.command WHERE command = 'enter' AND journey = ? AND asked_at = ?",
            [journey, at],
        )
        return bool(asked)

    def membership(self, group: str) -> tuple[str, datetime] | None:
        """What the contact is stored as in a segment or lifecycle, and since when; None when it is in none."""
        rows = self._engine.run_text(
            "SELECT value, since FROM state.membership WHERE name = ? AND contact = ?", [group, self.contact]
        )
        return rows[0] if rows else None

    def entered_since(self, journey: str, begin: datetime, at: datetime) -> int:
        """How many contacts have entered a journey with a cap on entries, from `begin` to `at`."""
        ((entered,),) = self._engine.run_text(
            """SELECT coalesce(sum(entered), 0) FROM state.entries
            WHERE journey = ? AND entered_at >= ? AND entered_at <= ?""",
            [journey, begin, at],
        )
        return int(entered)

    def sent_by(self, channel: str, begin: datetime, at: datetime) -> int:
        """How many messages went by a channel to anybody, from `begin` to `at`."""
        ((sent,),) = self._engine.run_text(
            "SELECT count(*) FROM state.outbox WHERE channel = ? AND sent_at >= ? AND sent_at <= ?",
            [channel, begin, at],
        )
        return int(sent)

    def spent_by(self, journey: str, begin: datetime, at: datetime) -> Decimal:
        """What the messages of a journey to anybody cost, from `begin` to `at`."""
        ((spent,),) = self._engine.run_text(
            """SELECT coalesce(sum(cost), 0) FROM state.outbox
            WHERE journey = ? AND sent_at >= ? AND sent_at <= ?""",
            [journey, begin, at],
        )
        return Decimal(spent)

    def grants(self) -> list[Grant]:
        """What the contact was granted, as rules count it (P5)."""
        return [
            Grant(
                d.at,
                self.contact,
                d.channel,
                d.purpose,
                d.topic,
                d.journey,
                d.message,
                d.cost,
                d.exempt,
                None,
            )
            for d in self.granted
        ]

    def grants_of(self, contacts: Sequence[Any]) -> list[Grant]:
        """The same of several contacts, with which this one shares a limit (P6)."""
        rows = self._engine.run_text(
            """SELECT sent_at, contact, channel, purpose, topic, journey, message, coalesce(cost, 0), exempt
            FROM state.outbox WHERE contact IN (SELECT unnest(?)) ORDER BY tick, rowid""",
            [list(contacts)],
        )
        return [Grant._make((*row, None)) for row in rows]


def _decided(row: Sequence[Any]) -> Decision:
    values = [*row]
    values[19] = tuple(Stop(**stop) for stop in row[19] or ())
    values[20] = tuple((rate["channel"], rate["response"]) for rate in row[20] or ())
    return Decision(*values)


_MOVES = """
    SELECT j.tick, t.ticked_at, j.round, v.journey, j.version, j.key, j.entry_at, s.name, r.label, r.decisions,
        n.name, n.outcome
    FROM (SELECT * FROM state.journal WHERE contact = ?) AS j
    JOIN state.tick AS t USING (tick) JOIN state.version AS v USING (version)
    JOIN state.route AS r ON r.version = j.version AND r.route = j.route
    JOIN state.node AS s ON s.version = j.version AND s.node = r.source
    JOIN state.node AS n ON n.version = j.version AND n.node = r.target
    ORDER BY j.tick, v.journey, j.key, j.entry_at, j.round"""
_GRANTED = """
    SELECT o.tick, o.sent_at, o.journey, o.version, o.key, o.entry_at, n.name, 'granted', o.message, o.channel,
        o.purpose, o.topic, o.exempt, coalesce(o.cost, 0), '', '', '', o.offers, o.subject, o.stops, o.rates, o.value,
        o.place
    FROM (SELECT *, rowid AS place FROM state.outbox WHERE contact = ?) AS o
    JOIN state.node AS n USING (version, node) ORDER BY o.tick, o.place"""
_NOT_SENT = """
    SELECT f.tick, t.ticked_at, v.journey, f.version, f.key, f.entry_at, n.name, f.decision, coalesce(f.message, ''),
        coalesce(f.channel, ''), coalesce(f.purpose, ''), coalesce(f.topic, ''), false, 0, f.reason, f.rule, f.place,
        NULL, NULL, f.stops, f.rates, f.value, f.nth
    FROM (SELECT *, rowid AS nth FROM state.not_sent WHERE contact = ?) AS f
    JOIN state.tick AS t USING (tick) JOIN state.version AS v USING (version)
    JOIN state.node AS n USING (version, node) ORDER BY f.tick, f.nth"""
_REFUSED = """
    SELECT t.ticked_at, v.journey, f.version, f.key, f.reason
    FROM (SELECT * FROM state.refused WHERE contact = ?) AS f
    JOIN state.tick AS t USING (tick) JOIN state.version AS v USING (version)
    ORDER BY f.tick, v.journey, f.key, f.reason"""
_RESTING = """
    SELECT v.journey, i.version, i.key, i.entered_at, i.entry_at, i.entry, i.event, n.name, i.arrived_at, i.due_at
    FROM (SELECT * FROM state.instance WHERE contact = ?) AS i
    JOIN state.version AS v USING (version) JOIN state.node AS n USING (version, node)
    ORDER BY v.journey, i.key, i.entry_at"""
_TRANSFERS = """
    SELECT f.applied_at, v.journey, f.version, f.key, f.entry_at, n.name, f.new_version, m.name
    FROM (SELECT * FROM state.transfer WHERE contact = ?) AS f JOIN state.version AS v USING (version)
    JOIN state.node AS n USING (version, node)
    LEFT JOIN state.node AS m ON m.version = f.new_version AND m.node = f.new_node
    ORDER BY f.applied_at, v.journey, f.key, f.entry_at"""
_ENDED = """
    SELECT journey, key, left_at, entry_at, outcome FROM state.ended WHERE contact = ?
    ORDER BY left_at, journey, key"""
_PAUSES = "SELECT journey, paused_at, resumed_at, overdue FROM state.pause ORDER BY paused_at, journey"
