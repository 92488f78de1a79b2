"""All experiments of a state, analysed as of an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from parcours.analytics.experiments.designs import Design, reads_entry
from parcours.analytics.experiments.outcomes import Outcome, outcome_of, outcomes
from parcours.analytics.experiments.sample_ratio import sample_ratio
from parcours.analytics.experiments.units import units
from parcours.analytics.experiments.verdicts import Comparison, Figures, Verdict, compare_all, verdict
from parcours.checking.parts import parts
from parcours.checking.terms import Field, Learned
from parcours.compiler.bindings import instants_at
from parcours.compiler.statement import Statement
from parcours.compiler.zones import zone_now
from parcours.datamart.catalog import Catalog
from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine

_FIRST = "SELECT coalesce(min(arrived_at), ?) FROM _unit"
_OUTSIDE = "DELETE FROM _assigned WHERE arrived_at < $first::TIMESTAMP OR arrived_at >= $last::TIMESTAMP"

RISK = 0.05
MARGIN = 0.1
WORTHS = ("amount", "total", "revenue", "value", "price")
"""Fields of a goal's event that are taken as its worth when none is named: the first of them that is a number."""


@dataclass(frozen=True, slots=True)
class Arm:
    """`share` in percent. `open`: contacts in whose goal's time we still are, which are in no figure."""

    share: Decimal
    open: int
    figures: Figures
    first_at: datetime | None

    def as_data(self) -> dict[str, Any]:
        """For programs: shares and rates of 1."""
        return {
            "arm": self.figures.arm,
            "share": float(self.share) / 100,
            "contacts": self.figures.contacts,
            "open": self.open,
            "reached": self.figures.reached,
            "rate": self.figures.rate,
            "worth_each": self.figures.worth_each,
        }


@dataclass(frozen=True, slots=True)
class Analysis:
    """An experiment as of an instant. `worth` is the field whose sum tells what a contact brings in, None without one.
    `sample_ratio`: how likely arms so far from their shares are by chance. `earlier`: contacts who came to another form
    of the test, and are left out. Where nothing can be told there are no arms, and the verdict says why."""

    design: Design
    at: datetime
    worth: str | None
    arms: tuple[Arm, ...]
    comparisons: tuple[Comparison, ...]
    sample_ratio: float
    verdict: Verdict
    earlier: int = 0

    @property
    def contacts(self) -> int:
        """All who take part, also those whose time is not over."""
        return sum(arm.figures.contacts + arm.open for arm in self.arms)

    @property
    def first_at(self) -> datetime | None:
        return min((arm.first_at for arm in self.arms if arm.first_at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Question:
    """As of when, with what risk to be wrong at any look, which lift does not matter, and by which field worth is told.
    With `first` and `last` only those take part who first came to the experiment from the one on and before the other."""

    at: datetime
    risk: float = RISK
    margin: float = MARGIN
    worth: str | None = None
    first: datetime | None = None
    last: datetime | None = None


def analyse(
    engine: DuckDBEngine,
    design: Design,
    catalog: Catalog,
    project_zone: str,
    question: Question,
) -> Analysis:
    """Analyses one design over the state that is attached to the engine, and the events of its datamart.

    `Problem` when the field named as worth is no number of the goal's event."""
    field = worth_of(catalog, design, question.worth)
    silent = _silent(design)
    if silent:
        return Analysis(design, question.at, None, (), (), 1.0, Verdict(silent, None, decided=False))
    assigned, with_arms = units(design, project_zone)
    for statement in (zone_now(), assigned):
        _run(engine, statement, question.at, project_zone)
    engine.run_text(_OUTSIDE, {"first": question.first, "last": question.last})
    _run(engine, with_arms, question.at, project_zone)
    rows = _run(engine, outcomes(design, project_zone, field), question.at, project_zone)
    found = {outcome.arm: outcome for outcome in map(outcome_of, rows)}
    ((everybody,),) = engine.run_text("SELECT count(*) FROM _assigned")
    arms = tuple(_arm(name, share, found.get(name), field) for name, share in design.arms)
    ratio = sample_ratio(
        [arm.figures.contacts + arm.open for arm in arms], [float(arm.share) / 100 for arm in arms]
    )
    figures = [arm.figures for arm in arms if arm.share]
    comparisons = compare_all(figures, design.control, question.risk, question.margin)
    return Analysis(
        design=design,
        at=question.at,
        worth=field.name if field else None,
        arms=arms,
        comparisons=comparisons,
        sample_ratio=ratio,
        verdict=verdict(figures, comparisons, ratio, question.margin),
        earlier=everybody - sum(arm.figures.contacts + arm.open for arm in arms),
    )


def _silent(design: Design) -> str:
    """Why nothing can be told of a design; empty when something can."""
    if any(isinstance(part, Learned) for part in parts(design.goal.events.filter)):
        return "cannot be told: the goal reads what was learned, which was something else then"
    if design.kind == "hold out" and reads_entry(design.goal):
        return "cannot be told: the goal reads the event that entered, which those held out do not have"
    return ""


def worth_of(catalog: Catalog, design: Design, asked: str | None) -> Field | None:
    """The field of the goal's event that tells its worth; None when it has none."""
    event = design.goal.events.event
    mapped = catalog.events.get(event)
    numbers = [] if mapped is None else [c.name for c in mapped.columns.values() if c.kind == "number"]
    if asked is not None and asked not in numbers:
        raise problem(
            "bad-option",
            f"`{asked}` is no number of the event `{event}`, by which `{design.goal.name}` of "
            f"`{design.journey.name}` is told",
            "--worth",
            help=f"name one of its numbers: {', '.join(numbers)}" if numbers else "leave it out",
        )
    name = asked or next((name for name in WORTHS if name in numbers), None)
    return None if name is None else Field(name, "number")


def _arm(name: str, share: Decimal, outcome: Outcome | None, worth: Field | None) -> Arm:
    if outcome is None:
        nothing = 0.0 if worth else None
        return Arm(share, 0, Figures(name, 0, 0, nothing, nothing), None)
    total, squares = (
        (None, None)
        if outcome.total is None or outcome.squares is None
        else (float(outcome.total), float(outcome.squares))
    )
    figures = Figures(name, outcome.contacts, outcome.reached, total, squares)
    return Arm(share, outcome.open, figures, outcome.first_at)


def _run(engine: DuckDBEngine, statement: Statement, at: datetime, zone: str) -> Sequence[Any]:
    values: dict[str, Any] = dict(instants_at(zone, statement.parameters, at))
    if "since_arrived" in statement.parameters:
        ((values["since_arrived"],),) = engine.run_text(_FIRST, [at])
    return engine.run(statement, values)
