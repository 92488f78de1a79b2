"""Features ─► bins of about equally many rows each, and rows ─► the numbers of their bins."""

from collections.abc import Sequence
from decimal import Decimal

from sqlglot import exp

from parcours.analytics.features import Feature
from parcours.analytics.prediction.scorecard import Bins
from parcours.compiler.expressions import call, cast_to, column, number
from parcours.engines.duckdb.engine import DuckDBEngine

_MOST_BINS = 20
_ROWS_IN_A_BIN = 50
_MOST_VALUES = 30


def find_bins(
    engine: DuckDBEngine, source: exp.Query, features: Sequence[Feature], rows: int
) -> tuple[Bins, ...]:
    """The bins of each feature, by the rows of a query (so many): quantiles of numbers, the most frequent texts."""
    count = max(2, min(_MOST_BINS, rows // _ROWS_IN_A_BIN))
    numbers = [feature for feature in features if feature.kind == "number"]
    edges = _quantiles(engine, source, numbers, count)
    least = min(_ROWS_IN_A_BIN, max(1, rows // 20))
    return tuple(
        Bins(feature.column, feature.name, feature.kind, values=_values(engine, source, feature, least))
        if feature.kind == "text"
        else Bins(feature.column, feature.name, feature.kind, edges.get(feature.column, (0.0,)))
        for feature in features
    )


def numbered(bins: Bins) -> exp.Expr:
    """The number of the bin that a row is in."""
    return cast_to(exp.paren(bins.choose([number(place) for place in range(len(bins))])), "UTINYINT")


def _quantiles(
    engine: DuckDBEngine, source: exp.Query, features: Sequence[Feature], count: int
) -> dict[str, tuple[float, ...]]:
    """Edges that are values of rows, exact; equal values are always in one bin."""
    if not features:
        return {}
    shares = exp.Array(
        expressions=[exp.cast(number(Decimal(place) / count), "DOUBLE") for place in range(1, count)]
    )
    asked = [
        made
        for feature in features
        for made in (
            call("quantile_disc", column(feature.column), shares.copy()),
            exp.Max(this=column(feature.column)),
        )
    ]
    (found,) = engine.run_tree(exp.select(*asked).from_(source.subquery("source")))
    return {
        feature.column: tuple(sorted({edge for edge in quantiles or () if edge < highest}))
        for feature, quantiles, highest in zip(features, found[::2], found[1::2], strict=True)
    }


def _values(engine: DuckDBEngine, source: exp.Query, feature: Feature, least: int) -> tuple[str, ...]:
    value, count = column(feature.column), exp.Count(this=exp.Star())
    query = (
        exp.select(value)
        .from_(source.subquery("source"))
        .where(exp.Is(this=value.copy(), expression=exp.null()).not_())
        .group_by(value.copy())
        .having(exp.GTE(this=count, expression=number(least)))
        .order_by(exp.Ordered(this=count.copy(), desc=True), exp.Ordered(this=value.copy()))
        .limit(_MOST_VALUES)
    )
    return tuple(text for (text,) in engine.run_tree(query))
