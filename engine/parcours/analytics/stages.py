"""A lifecycle over time: how many contacts were in each stage at each of some dates, and where they went in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from parcours.analytics.snapshot import Snapshot
from parcours.checking.checked import CheckedProject, Group
from parcours.compiler.expressions import case, column, own, table, text
from parcours.engines.duckdb.engine import DuckDBEngine

NONE = ""
"""Where a contact is for whom no line of the lifecycle holds."""


@dataclass(frozen=True, slots=True)
class Flow:
    """`stages` in the order of the lifecycle, with `NONE` last where somebody was in none. `counts`: by stage, for each of
    the `dates` (naive UTC). `moves`: from stage to stage, for each date but the first, since the one before; contacts who
    were not known at the one before come from None."""

    name: str
    stages: tuple[str, ...]
    dates: tuple[datetime, ...]
    counts: tuple[Mapping[str, int], ...]
    moves: tuple[Mapping[tuple[str | None, str], int], ...]

    def all_moves(self) -> dict[tuple[str | None, str], int]:
        """The transition matrix: the moves of all dates together."""
        total: dict[tuple[str | None, str], int] = {}
        for moves in self.moves:
            for pair, count in moves.items():
                total[pair] = total.get(pair, 0) + count
        return total


def flow(engine: DuckDBEngine, project: CheckedProject, lifecycle: Group, dates: Sequence[datetime]) -> Flow:
    """The flow of everybody through a lifecycle, from what was visible at each date. The dates increase."""
    counts: list[Mapping[str, int]] = []
    moves: list[Mapping[tuple[str | None, str], int]] = []
    for number, date in enumerate(dates):
        now, before = f"_stages_{number % 2}", f"_stages_{(number + 1) % 2}"
        _make_stages(Snapshot(engine, project, date), lifecycle, now)
        counts.append(dict(engine.run_tree(_counted(now))))
        if number:
            moves.append({(past, present): n for past, present, n in engine.run_tree(_moved(before, now))})
    stages = [stage for stage, _ in lifecycle.stages]
    if any(NONE in of_date for of_date in counts):
        stages.append(NONE)
    return Flow(lifecycle.name, tuple(stages), tuple(dates), tuple(counts), tuple(moves))


def _make_stages(snapshot: Snapshot, lifecycle: Group, name: str) -> None:
    """Makes `name(contact, stage)`."""
    columns = snapshot.table_of_features([term for _, term in lifecycle.stages], None, "_in_stages")
    pairs = [
        (column(made.name), text(stage)) for made, (stage, _) in zip(columns, lifecycle.stages, strict=True)
    ]
    stage = exp.alias_(case(pairs, text(NONE)), "stage")
    snapshot.make(name, exp.select(own("contact"), stage).from_(table("_in_stages")))


def _counted(now: str) -> exp.Select:
    count = exp.Count(this=exp.Star())
    return exp.select(own("stage"), count).from_(table(now)).group_by("stage").order_by("stage")


def _moved(before: str, now: str) -> exp.Select:
    same = exp.EQ(this=own("contact", "b"), expression=own("contact", "n"))
    return (
        exp.select(own("stage", "b"), own("stage", "n"), exp.Count(this=exp.Star()))
        .from_(table(now, "n"), copy=False)
        .join(table(before, "b"), on=same, join_type="left", copy=False)
        .group_by(own("stage", "b"), own("stage", "n"))
        .order_by(own("stage", "b"), own("stage", "n"))
    )
