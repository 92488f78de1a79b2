"""Features ─► axes: what is clipped, what an unknown value counts as, on what scale values are compared.

Percentiles, medians and the most frequent texts are of all contacts, and exact; mean and deviation are of the sample,
which is read in one order, so that the same data gives the same bits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from sqlglot import exp

from parcours.analytics.clusters.model import Axis
from parcours.analytics.features import Feature
from parcours.compiler.expressions import call, column, number, own, table
from parcours.engines.duckdb.engine import DuckDBEngine

MOST_VALUES = 12
"""So many values of a text are told apart; the others are together."""
LEFT_OUT = ": it was left out"
_LEAST_SHARE = 0.01  # of the contacts, for a value of a text to be one that is told apart
_SKEWED = 1.0  # from this skewness on, a number is compared on a logarithmic scale


@dataclass(frozen=True, slots=True)
class Encoding:
    """The axes, and what a person should know of how they came about."""

    axes: tuple[Axis, ...]
    notes: tuple[str, ...]


def encode(
    engine: DuckDBEngine,
    source: str,
    sample: str,
    features: Sequence[Feature],
    clip: tuple[Decimal, Decimal],
    logarithms: frozenset[str] | None,
) -> Encoding:
    """The axes of the features of the table `source`; `sample` is the table of those that are learned from, in order.
    `logarithms`: the names of the features that were on a logarithmic scale before, None when there is no before."""
    axes: list[Axis] = []
    notes: list[str] = []
    for feature in features:
        rough = (
            _texts(engine, source, feature)
            if feature.kind == "text"
            else _numbers(engine, source, feature, clip)
        )
        made = _scaled(engine, sample, rough, logarithms)
        axes.extend(made)
        notes.extend(_notes(engine, source, feature, made, bool(rough)))
    return Encoding(tuple(axes), tuple(notes))


def sample_points(engine: DuckDBEngine, sample: str, axes: Sequence[Axis]) -> np.ndarray:
    """The coordinates of the sample, a row for each contact, in the order of the sample."""
    return _read(engine, sample, [axis.standardised() for axis in axes])


def _numbers(
    engine: DuckDBEngine, source: str, feature: Feature, clip: tuple[Decimal, Decimal]
) -> list[Axis]:
    """The axis of a number; none when nothing is known of it."""
    made = column(feature.column)
    asked = [_quantile(made, Decimal(50))]
    if feature.kind == "number":
        asked += [_quantile(made, percent) for percent in clip]
    (found,) = engine.run_tree(exp.select(*asked).from_(table(source)))
    if found[0] is None:
        return []
    low, high = found[1:] if len(found) > 1 else (None, None)
    return [Axis(feature.column, feature.name, feature.kind, 0.0, 1.0, found[0], low, high)]


def _quantile(value: exp.Expr, percent: Decimal) -> exp.Expr:
    """A value that is there, with at most so many percent of the others below it: exact, and the same in any order."""
    share = exp.cast(number(percent / 100), "DOUBLE")
    return call("quantile_disc", value.copy(), share)


def _texts(engine: DuckDBEngine, source: str, feature: Feature) -> list[Axis]:
    value, count = column(feature.column), exp.Count(this=exp.Star())
    everybody = exp.select(exp.Count(this=exp.Star())).from_(table(source)).subquery()
    least = exp.Mul(this=everybody, expression=exp.cast(number(Decimal(str(_LEAST_SHARE))), "DOUBLE"))
    query = (
        exp.select(value)
        .from_(table(source))
        .where(exp.Is(this=value.copy(), expression=exp.null()).not_())
        .group_by(value.copy())
        .having(exp.GTE(this=count.copy(), expression=least))
        .order_by(exp.Ordered(this=count, desc=True), exp.Ordered(this=value.copy()))
        .limit(MOST_VALUES)
    )
    return [
        Axis(feature.column, feature.name, feature.kind, 0.0, 1.0, value=text)
        for (text,) in engine.run_tree(query)
    ]


def _scaled(
    engine: DuckDBEngine, sample: str, rough: Sequence[Axis], logarithms: frozenset[str] | None
) -> list[Axis]:
    """With mean and deviation; without those that are the same for everybody."""
    if not rough:
        return []
    points = _read(engine, sample, [axis.clipped() for axis in rough])
    axes = list(rough)
    if axes[0].kind == "number" and _is_logarithmic(axes[0], points[:, 0], logarithms):
        points = np.log1p(points)
        axes = [replace(axes[0], logarithm=True)]
    means = points.mean(axis=0)
    deviations = points.std(axis=0)
    if axes[0].kind == "text":
        # all values of a text together weigh as much as one number
        deviations = np.where(deviations > 0, np.sqrt((deviations**2).sum()), 0.0)
    return [
        replace(axis, mean=float(mean), deviation=float(deviation))
        for axis, mean, deviation in zip(axes, means, deviations, strict=True)
        if deviation > 1e-9 * max(1.0, abs(mean))
    ]


def _is_logarithmic(axis: Axis, values: np.ndarray, logarithms: frozenset[str] | None) -> bool:
    """Amounts and counts have a long tail, in which a straight scale sees nothing but outliers."""
    if (axis.low if axis.low is not None else values.min()) < 0:
        return False
    if logarithms is not None:
        return axis.name in logarithms
    deviation = values.std()
    return bool(deviation > 0 and (((values - values.mean()) / deviation) ** 3).mean() > _SKEWED)


def _read(engine: DuckDBEngine, sample: str, values: Sequence[exp.Expr]) -> np.ndarray:
    named = [exp.alias_(value, f"x{place}") for place, value in enumerate(values)]
    found = engine.arrays(exp.select(*named).from_(table(sample)).order_by(own("place")))
    return np.column_stack([np.asarray(found[f"x{place}"], dtype=np.float64) for place in range(len(values))])


def _notes(
    engine: DuckDBEngine, source: str, feature: Feature, axes: Sequence[Axis], is_known: bool
) -> list[str]:
    if not is_known and feature.kind != "text":
        return [f"nothing is known of `{feature.name}`{LEFT_OUT}"]
    if not axes:
        return [f"`{feature.name}` is the same for everybody{LEFT_OUT}"]
    known = exp.Count(this=column(feature.column))
    ((unknown, everybody),) = engine.run_tree(
        exp.select(
            exp.Sub(this=exp.Count(this=exp.Star()), expression=known), exp.Count(this=exp.Star())
        ).from_(table(source))
    )
    if not unknown:
        return []
    counted = "none of its values" if feature.kind == "text" else f"the median, {axes[0].unknown:.6g}"
    return [
        f"`{feature.name}` is unknown for {unknown:,} of {everybody:,} contacts ({unknown / everybody:.0%}): "
        f"counted as {counted}"
    ]
