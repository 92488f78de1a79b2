"""The report on a span of a state: plain numbers in a fixed order, for text, JSON, CSV and the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parcours.checking import checked
from parcours.executor.flights import stored
from parcours.executor.tick import Executor
from parcours.reporting.breakdown import Part, Stretch, make_groups, over_time, parts
from parcours.reporting.goals import GoalPart, HoldOut, goal_parts, hold_outs
from parcours.reporting.passages import Walked, walked
from parcours.reporting.rates import Figures, figures
from parcours.reporting.reactions import KINDS, Measured, make_facts, told_by
from parcours.reporting.sends import Basis, make_sends
from parcours.reporting.span import Span
from parcours.workspace.load import Loaded

_NOT_SENT = """
    SELECT journey, message, reason, rule, place, count(*) FROM state.not_sent
    WHERE decision = 'not_sent' AND decided_at >= $first AND decided_at < $last AND journey IS NOT NULL
    GROUP BY ALL ORDER BY journey, message, count(*) DESC, reason, rule, place
"""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Messages that a journey wanted and a rule did not let go (P9)."""

    journey: str
    message: str
    reason: str
    rule: str
    place: str
    messages: int


@dataclass(frozen=True, slots=True)
class Report:
    """`journeys` are the names of all that the state knows or the files have; `unit` is what the pieces of `over_time` are.
    `notes` say what must be known to read the figures."""

    project: str
    currency: str
    span: Span
    basis: Basis
    journeys: tuple[str, ...]
    parts: tuple[Part, ...]
    unit: str
    over_time: tuple[Stretch, ...]
    goals: tuple[GoalPart, ...]
    hold_outs: tuple[HoldOut, ...]
    not_sent: tuple[Stopped, ...]
    walked: tuple[Walked, ...]
    notes: tuple[str, ...]

    def of(self, by: str, journey: str | None = None) -> list[Part]:
        """The parts of a kind, of one journey if it is named."""
        return [part for part in self.parts if part.by == by and journey in (None, part.journey)]


def report(loaded: Loaded, executor: Executor, span: Span) -> tuple[Report, dict[int, checked.Journey]]:
    """Reads it from the state of the executor and its datamart; with the versions of the journeys, to be drawn. Nothing is
    written but temporary tables."""
    assert loaded.project is not None and loaded.catalog is not None
    engine, project, settings = executor.engine, executor.project, loaded.project.settings
    versions = _versions(executor)
    current = {journey.name: journey for journey in project.journeys}
    basis = make_sends(engine, span, project.name)
    channels = [channel.name for channel in project.policy.channels]
    measured = make_facts(engine, span, told_by(loaded.catalog, settings.receive), channels)
    make_groups(engine, loaded.groups, span)
    newest = {journey.name: journey for journey in versions.values()} | current

    def read(row: Sequence[Any]) -> Figures:
        return figures(row, measured, receipts=basis == "receipts")

    unit, stretches = over_time(engine, span, read)
    made = Report(
        project=project.name,
        currency=settings.currency,
        span=span,
        basis=basis,
        journeys=tuple(sorted(newest)),
        parts=parts(engine, read),
        unit=unit,
        over_time=stretches,
        goals=goal_parts(engine, span, [newest[name] for name in sorted(newest)]),
        hold_outs=hold_outs(engine, span, list(versions.items()), current, loaded.catalog),
        not_sent=tuple(
            Stopped(*row) for row in engine.run_text(_NOT_SENT, {"first": span.first, "last": span.last})
        ),
        walked=walked(engine, span, versions),
        notes=(*_of_basis(basis), *_of_reactions(measured)),
    )
    return made, versions


def _versions(executor: Executor) -> dict[int, checked.Journey]:
    """All versions that the state keeps, in the order in which they were applied."""
    store = executor.store
    return {
        version: stored(store, version, journey, executor.where)
        for version, journey, _ in store.versions()
        if store.text(version) is not None
    }


def _of_basis(basis: Basis) -> list[str]:
    if basis == "receipts":
        return ["sent is what the relay handed over, by its receipts"]
    return ["no relay has run on this state: all that was granted counts as sent"]


_NOUNS = {
    "open": ("an open", "opens"),
    "click": ("a click", "clicks"),
    "opt_out": ("an opt-out", "opt-outs"),
    "complaint": ("a complaint", "complaints"),
    "bounce": ("a bounce", "bounces"),
}


def _of_reactions(measured: Measured) -> list[str]:
    silent = [_NOUNS[kind][1] for kind in KINDS if not measured.is_mapped(kind)]
    notes = []
    if silent:
        notes.append(f"not known, because the datamart has no such event: {', '.join(silent)}")
    for kind, count in measured.strangers:
        nouns = f"{count:,} {_NOUNS[kind][count != 1]} of this time"
        if kind in measured.foreign:
            notes.append(
                f"{_NOUNS[kind][1]} are not known: the {nouns} name messages that are not of this state"
            )
        else:
            notes.append(f"{nouns} belong to none of these messages")
    return notes
