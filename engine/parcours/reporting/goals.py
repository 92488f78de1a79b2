"""What journeys were for: how many runs reached a goal, and whether that is more than without the journey."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parcours.analytics.experiments.analysis import Analysis, Question, analyse
from parcours.analytics.experiments.designs import Versions, designs
from parcours.analytics.experiments.verdicts import Comparison
from parcours.checking import checked
from parcours.datamart.catalog import Catalog
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.reporting.breakdown import By, group_name
from parcours.reporting.rates import Rate, share
from parcours.reporting.reactions import FACTS
from parcours.reporting.span import Span

_RUN = "journey, contact, key, entry_at"
_STEPS = """
    FROM state.journal AS j JOIN state.version AS v USING (version) JOIN state.tick AS t USING (tick)
    JOIN state.route AS r ON r.version = j.version AND r.route = j.route
"""
_RUNS = f"""
    CREATE OR REPLACE TEMP TABLE _report_run AS
    WITH entered AS (
        SELECT v.journey, j.contact, j.key, j.entry_at {_STEPS}
        JOIN state.node AS n ON n.version = r.version AND n.node = r.source
        WHERE n.kind = 'enter' AND t.ticked_at >= $first AND t.ticked_at < $last
    ), reached AS (
        SELECT v.journey, j.contact, j.key, j.entry_at, n.outcome AS goal {_STEPS}
        JOIN state.node AS n ON n.version = r.version AND n.node = r.target
        WHERE n.name = 'goal ' || n.outcome AND t.ticked_at >= $first AND t.ticked_at < $as_of
    )
    SELECT {_RUN}, min(r.goal) AS goal FROM entered LEFT JOIN reached AS r USING ({_RUN}) GROUP BY {_RUN}
"""  # noqa: S608 - made of our own words alone
_BY_JOURNEY = "SELECT journey, count(*), count(goal) FROM _report_run GROUP BY journey ORDER BY journey"
_BY_GOAL = "SELECT journey, goal, count(*) FROM _report_run WHERE goal IS NOT NULL GROUP BY ALL"
_BY_CHANNEL = f"""
    SELECT f.channel, count(*), count(r.goal) FROM (
        SELECT DISTINCT {_RUN}, channel FROM {FACTS} WHERE sent
    ) AS f JOIN _report_run AS r USING ({_RUN}) GROUP BY f.channel ORDER BY f.channel
"""  # noqa: S608 - made of our own words alone
_BY_GROUP = """
    SELECT g.name, g.value, count(*), count(r.goal) FROM _in_group AS g JOIN _report_run AS r ON r.contact = g.contact
    GROUP BY g.name, g.place, g.value ORDER BY g.name, g.place
"""


@dataclass(frozen=True, slots=True)
class GoalPart:
    """`runs` that began in the span, and how many of them reached their journey's goal, or that of the name `goal`. `name`
    is a journey, channel, purpose, segment or stage, as `by` says."""

    by: By
    name: str
    goal: str
    runs: int
    reached: int

    @property
    def rate(self) -> Rate | None:
        return share(self.reached, self.runs) if self.runs else None


def goal_parts(engine: DuckDBEngine, span: Span, journeys: Sequence[checked.Journey]) -> tuple[GoalPart, ...]:
    """`journeys`: the newest known form of each. First each goal of each journey, then all goals of a journey together by
    channel (of runs to which something was sent by it in the span), purpose, segment and stage. Journeys without a goal are
    left out of all of it. `FACTS` and `_in_group` must be there."""
    engine.run_text(_RUNS, span.values)
    aimed = {journey.name: journey for journey in journeys if journey.goals}
    engine.run_text(
        "DELETE FROM _report_run WHERE NOT list_contains($names, journey)", {"names": list(aimed)}
    )
    runs = {name: (int(count), int(reached)) for name, count, reached in engine.run_text(_BY_JOURNEY)}
    reached = {(journey, goal): int(count) for journey, goal, count in engine.run_text(_BY_GOAL)}
    found = []
    for name, journey in aimed.items():
        # a goal that an older form had is told too
        goals = dict.fromkeys([g.name for g in journey.goals] + sorted(g for j, g in reached if j == name))
        count = runs.get(name, (0, 0))[0]
        found += [GoalPart("journey", name, goal, count, reached.get((name, goal), 0)) for goal in goals]
    found += [GoalPart("channel", name, "", *row) for name, *row in engine.run_text(_BY_CHANNEL)]
    found += _by_purpose(aimed.values(), runs)
    for group, stage, *row in engine.run_text(_BY_GROUP):
        by: By = "stage" if stage else "segment"
        found.append(GoalPart(by, group_name(group, stage), "", *row))
    return tuple(found)


def _by_purpose(journeys: Iterable[checked.Journey], runs: Mapping[str, tuple[int, int]]) -> list[GoalPart]:
    sums: dict[str, list[int]] = {}
    for journey in journeys:
        of_purpose = sums.setdefault(journey.purpose, [0, 0])
        for place, count in enumerate(runs.get(journey.name, (0, 0))):
            of_purpose[place] += count
    return [GoalPart("purpose", name, "", *counts) for name, counts in sorted(sums.items())]


@dataclass(frozen=True, slots=True)
class HoldOut:
    """A goal of a journey, of those whom the journey took and those whom it held out, who first came to its entry in the
    span; as `parcours experiments` has it."""

    journey: str
    goal: str
    analysis: Analysis

    @property
    def comparison(self) -> Comparison | None:
        """Those taken against those held out; None where nothing can be told."""
        return next(iter(self.analysis.comparisons), None)


def hold_outs(
    engine: DuckDBEngine,
    span: Span,
    versions: Versions,
    current: dict[str, checked.Journey],
    catalog: Catalog,
) -> tuple[HoldOut, ...]:
    """`versions` are those of the state, `current` the journeys of the files by name."""
    question = Question(span.at, first=span.first, last=span.last)
    return tuple(
        HoldOut(design.journey.name, design.goal.name, analyse(engine, design, catalog, span.zone, question))
        for design in designs(versions, current)
        if design.kind == "hold out"
    )
