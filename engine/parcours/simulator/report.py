"""What a simulation came to, read from its state: plain numbers in a fixed order, for text and JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from parcours.clock.zones import to_local
from parcours.simulator import queries
from parcours.simulator.run import Simulation


@dataclass(frozen=True, slots=True)
class Span:
    """From the first tick to the last: naive UTC, and the same on the wall clock of the project's zone."""

    first: datetime
    last: datetime
    first_local: datetime
    last_local: datetime
    time_zone: str
    every: str
    ticks: int

    @property
    def first_day(self) -> date:
        return self.first_local.date()

    @property
    def last_day(self) -> date:
        """Local; a span that ends at midnight ends with the day before."""
        return max(self.first_day, (self.last_local - timedelta(microseconds=1)).date())


@dataclass(frozen=True, slots=True)
class Standing:
    """Contacts who are at a step when the simulation ends. `kind` is wait, wait_event or send (held there)."""

    step: str
    title: str
    kind: str
    contacts: int


@dataclass(frozen=True, slots=True)
class Goal:
    """`rate` is reached ÷ entries, between 0 and 1; None without entries."""

    name: str
    reached: int
    rate: float | None


@dataclass(frozen=True, slots=True)
class JourneyReport:
    """Entries are runs, not contacts. `exits` counts every outcome, goals too; entries = exits + standing."""

    name: str
    entries: int
    refused: tuple[tuple[str, int], ...]
    standing: tuple[Standing, ...]
    exits: tuple[tuple[str, int], ...]
    goals: tuple[Goal, ...]
    sent: int
    not_sent: int
    held_now: int

    @property
    def running(self) -> int:
        return sum(standing.contacts for standing in self.standing)


@dataclass(frozen=True, slots=True)
class MessagesOfDay:
    """`day` is local in the project's zone."""

    day: date
    channel: str
    sent: int


@dataclass(frozen=True, slots=True)
class MessageReport:
    journey: str
    message: str
    channel: str
    sent: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """Messages that a rule stopped (P9). `rule` are the words of the rule, `place` is file:line:column, "" when the
    rule stands in no file."""

    reason: str
    rule: str
    place: str
    messages: int


@dataclass(frozen=True, slots=True)
class Note:
    """`rows` rows of the data of which `text` is true."""

    text: str
    rows: int


@dataclass(frozen=True, slots=True)
class LearnedReport:
    """What was learned on the way of a declaration: how often, as of when last, of how many rows, and what its learner
    says of it; `not_learned` times it could not be, the last time because of `why`."""

    kind: str
    name: str
    learned: int
    as_of: datetime | None
    rows: int
    summary: str
    not_learned: int
    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """`names` were unknown because nothing was learned of them, to the end or up to `until`; `readers` are the journeys
    that read them, and `the policy`. `place` is the first reader's."""

    names: tuple[str, ...]
    readers: tuple[str, ...]
    place: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """`not_sent` are messages that were given up, by the rule that decided; `held` those that had to wait at least
    once, by each rule that made them. `sample` is the percentage of the contacts that was simulated, None for all:
    every count below it is of the sample, except `notes`, which are about the data."""

    project: str
    span: Span
    sample: Decimal | None
    contacts: int
    journeys: tuple[JourneyReport, ...]
    channels: tuple[str, ...]
    by_day: tuple[MessagesOfDay, ...]
    messages: tuple[MessageReport, ...]
    not_sent: tuple[Stopped, ...]
    held: tuple[Stopped, ...]
    notes: tuple[Note, ...]
    unknown: tuple[Unknown, ...]
    learned: tuple[LearnedReport, ...] = ()

    @property
    def sent(self) -> int:
        return sum(message.sent for message in self.messages)


def report(simulation: Simulation) -> Report:
    """Reads the report from the state of a simulation."""
    ask = simulation.engine.run_text
    zone = simulation.project.time_zone
    span = _span(simulation)
    return Report(
        project=simulation.project.name,
        span=span,
        sample=simulation.options.sample,
        contacts=simulation.contacts,
        journeys=_journeys(simulation),
        channels=tuple(channel.name for channel in simulation.project.policy.channels),
        by_day=tuple(MessagesOfDay(*row) for row in ask(queries.BY_DAY, [span.last_day, zone])),
        messages=tuple(MessageReport(*row) for row in ask(queries.MESSAGES)),
        not_sent=tuple(Stopped(*row) for row in ask(queries.NOT_SENT)),
        held=tuple(Stopped(*row) for row in ask(queries.HELD)),
        notes=_notes(simulation),
        learned=_learned(simulation),
        unknown=tuple(
            Unknown(one.names, one.readers, str(one.place), one.until) for one in simulation.unlearned
        ),
    )


def _span(simulation: Simulation) -> Span:
    ((ticks, first, last),) = simulation.engine.run_text(queries.TICKS)
    zone = simulation.project.time_zone
    local = to_local(zone, first), to_local(zone, last)
    return Span(first, last, *local, zone, str(simulation.options.every), ticks)


def _journeys(simulation: Simulation) -> tuple[JourneyReport, ...]:
    ask = simulation.engine.run_text
    entries, sent = dict(ask(queries.ENTRIES)), dict(ask(queries.SENT))
    not_sent, held = dict(ask(queries.GIVEN_UP)), dict(ask(queries.HELD_NOW))
    refused, standing = _grouped(ask(queries.REFUSED)), _grouped(ask(queries.STANDING))
    exits, reached = _grouped(ask(queries.EXITS)), dict(_pairs(ask(queries.GOALS)))
    found = []
    for journey in simulation.project.journeys:
        name, begun = journey.name, entries.get(journey.name, 0)
        goals = [(goal.name, reached.get((name, goal.name), 0)) for goal in journey.goals]
        found.append(
            JourneyReport(
                name=name,
                entries=begun,
                refused=tuple(refused.get(name, ())),
                standing=tuple(Standing(*row) for row in standing.get(name, ())),
                exits=tuple(exits.get(name, ())),
                goals=tuple(Goal(goal, count, count / begun if begun else None) for goal, count in goals),
                sent=sent.get(name, 0),
                not_sent=not_sent.get(name, 0),
                held_now=held.get(name, 0),
            )
        )
    return tuple(found)


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Rows without their first column, by it."""
    found: dict[str, list[Any]] = {}
    for name, *rest in rows:
        found.setdefault(name, []).append(tuple(rest))
    return found


def _pairs(rows: Iterable[tuple[Any, ...]]) -> list[tuple[tuple[str, str], int]]:
    return [((journey, goal), count) for journey, goal, count in rows]


def _notes(simulation: Simulation) -> tuple[Note, ...]:
    notes = [Note(note.text, note.count) for note in simulation.notes]
    notes += [Note(f"left out of `{view}`: {why}", rows) for view, why, rows in simulation.dropped]
    return tuple(notes)


def _learned(simulation: Simulation) -> tuple[LearnedReport, ...]:
    return tuple(
        LearnedReport(
            kind=one.kind,
            name=one.name,
            learned=one.times,
            as_of=one.run.as_of if one.run else None,
            rows=one.run.rows if one.run else 0,
            summary=str(one.run.report["summary"]) if one.run else "",
            not_learned=one.failures,
            why=one.why[0] if one.why else "",
        )
        for one in simulation.learned
    )
