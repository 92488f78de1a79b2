"""What happened in a small run, read from its state and told as a time line."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.simulator.example_world import Happening


@dataclass(frozen=True, slots=True)
class Grant:
    message: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """`lines` tell it in order: (instant, what). Instants are naive UTC."""

    entries: tuple[datetime, ...]
    grants: tuple[Grant, ...]
    exits: tuple[Departure, ...]
    lines: tuple[tuple[datetime, str], ...]


Verdicts = dict[tuple[Any, ...], list[tuple[datetime, str]]]
"""By tick, contact, key, entry and node: what was decided there, and when."""

_MOVES = """
    SELECT j.tick, t.ticked_at, j.contact, j.key, j.entry_at, s.node, s.name, s.kind, r.label, r.decisions,
        n.node, n.name, n.kind, n.outcome
    FROM state.journal AS j JOIN state.tick AS t USING (tick)
    JOIN state.route AS r ON r.version = j.version AND r.route = j.route
    JOIN state.node AS s ON s.version = j.version AND s.node = r.source
    JOIN state.node AS n ON n.version = j.version AND n.node = r.target
    ORDER BY j.tick, j.contact, j.key, j.entry_at, j.round
"""
_GRANTS = """
    SELECT tick, sent_at, contact, key, entry_at, node, message, channel FROM state.outbox
    ORDER BY tick, contact, key, entry_at, node, channel
"""
_NOT_SENT = """
    SELECT f.tick, t.ticked_at, f.contact, f.key, f.entry_at, f.node, f.message, f.channel, f.decision, f.reason, f.rule, f.place
    FROM state.not_sent AS f JOIN state.tick AS t USING (tick)
    ORDER BY f.tick, f.contact, f.key, f.entry_at, f.node, f.channel
"""
_REFUSED = """
    SELECT t.ticked_at, f.reason FROM state.refused AS f JOIN state.tick AS t USING (tick)
    ORDER BY f.tick, f.contact, f.key, f.reason
"""


def read_story(engine: DuckDBEngine, happenings: Sequence[Happening]) -> Story:
    """The story of all that the attached state holds; `happenings` are the events that are told with it."""
    moves, granted = engine.run_text(_MOVES), engine.run_text(_GRANTS)
    verdicts: Verdicts = defaultdict(list)
    for tick, at, contact, key, entry, node, message, channel in granted:
        verdicts[tick, contact, key, entry, node].append((at, f"{message} sent by {channel}"))
    for tick, at, contact, key, entry, node, message, channel, decision, *why in engine.run_text(_NOT_SENT):
        told = "held" if decision == "held" else "not sent"
        verdict = f"{message} by {channel} {told}: {_why(*why)}"
        verdicts[tick, contact, key, entry, node].append((at, verdict))
    # within an instant: the events, the moves in their order, then what was refused
    lines = [(h.visible_at, 0, _event(h)) for h in happenings]
    lines += [(at, 2, f"no entry: {_words(reason)}") for at, reason in engine.run_text(_REFUSED)]
    lines += [(at, 1, text) for at, text in _with_verdicts(moves, verdicts)]
    lines.sort(key=lambda line: line[:2])
    return Story(
        tuple(row[1] for row in moves if row[7] == "enter"),
        tuple(Grant(message, channel, at) for _, at, *_, message, channel in granted),
        tuple(Departure(row[-1], row[1]) for row in moves if row[-1] is not None),
        tuple((at, text) for at, _, text in lines),
    )


def _with_verdicts(moves: Iterable[tuple[Any, ...]], verdicts: Verdicts) -> Iterable[tuple[datetime, str]]:
    """The moves, each with what was decided at the send that it left or came to."""
    told: list[tuple[int, datetime, str]] = []
    for (
        tick,
        at,
        contact,
        key,
        entry,
        source,
        name,
        kind,
        label,
        decisions,
        node,
        target,
        _,
        outcome,
    ) in moves:
        run = (tick, contact, key, entry)
        told += [(tick, *verdict) for verdict in verdicts.pop((*run, source), [])]
        told.append((tick, at, _move(name, kind, label, decisions, target, outcome)))
        told += [(tick, *verdict) for verdict in verdicts.pop((*run, node), [])]
    # those who were held before, and are still
    told += [(key[0], *verdict) for key, found in verdicts.items() for verdict in found]
    return [(at, text) for _, at, text in sorted(told, key=lambda line: line[0])]


def _move(
    source: str, kind: str, label: str, decisions: Sequence[str], target: str, outcome: str | None
) -> str:
    start = source if label == "next" or kind == "exit" else f"{source} ({label})"
    end = target if outcome is None else f"exit {outcome}"
    way = [start, *decisions, end]
    return " → ".join(way[1:] if kind == "exit" else way)


def _event(happening: Happening) -> str:
    late = " (known only now)" if happening.visible_at > happening.at else ""
    return f"event {happening.event}{late}"


def _why(reason: str, rule: str, place: str) -> str:
    return f"{_words(reason)}, {rule}" + (f" ({place})" if place else "")


def _words(reason: str) -> str:
    return reason.replace("_", " ")
