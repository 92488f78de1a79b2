"""What the groups are like: their sizes, and for each feature the group against everybody who was grouped."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp

from parcours.analytics.clusters.model import Axis, Cluster, ClusterModel
from parcours.analytics.features import Feature
from parcours.compiler.expressions import case, column, own, table, text
from parcours.engines.duckdb.engine import DuckDBEngine

_EXACT = "DECIMAL(30, 9)"  # a sum of floating point numbers depends on the order of threads


def profiles(
    engine: DuckDBEngine, model: ClusterModel, features: Sequence[Feature], source: str, grouped: str
) -> list[dict[str, Any]]:
    """For each group, the largest first: `name`, `contacts`, `share`, `distance` (the average), `ideal` (feature ─► value
    of the centre) and `features`: a row for each with the average of the group and of everybody, of those of whom it is
    known. Of a text a row for each value, with shares of all."""
    columns = _columns(model, features)
    counts = exp.Count(this=exp.Star())
    measured = [exp.alias_(_average(value), f"m{place}") for place, (_, _, value) in enumerate(columns)]
    away = exp.alias_(_average(own("distance", "g")), "away")
    same = exp.EQ(this=own("contact", "g"), expression=own("contact", "s"))
    group = column("group", "g")
    query = (
        exp.select(group, exp.alias_(counts, "contacts"), away, *measured)
        .from_(table(source, "s"))
        .join(table(grouped, "g"), on=same)
        .group_by(
            exp.GroupingSets(expressions=[exp.Tuple(expressions=[group.copy()]), exp.Tuple(expressions=[])])
        )
    )
    found: Mapping[str | None, Sequence[Any]] = {row[0]: row[1:] for row in engine.run_tree(query)}
    everybody = found[None]
    made = [
        _profile(cluster, model.axes, columns, found[cluster.name], everybody)
        for cluster in model.clusters
        if cluster.name in found
    ]
    return sorted(made, key=lambda one: (-one["contacts"], one["name"]))


_Measured = tuple[str, str | None, exp.Expr]


def _columns(model: ClusterModel, features: Sequence[Feature]) -> list[_Measured]:
    """Of each feature its name, the value of a text, and what is averaged."""
    found: list[_Measured] = []
    for feature in features:
        value = column(feature.column, "s")
        if feature.kind != "text":
            found.append((feature.name, None, value))
            continue
        for axis in model.axes:
            if axis.column == feature.column and axis.value is not None:
                is_it = exp.EQ(this=value.copy(), expression=text(axis.value))
                one = case([(is_it, exp.cast(exp.Literal.number(1), _EXACT))], exp.Literal.number(0))
                found.append((feature.name, axis.value, one))
    return found


def _average(value: exp.Expr) -> exp.Expr:
    """Exact up to a billionth; NULL where nothing is known, or where no sum could hold it."""
    exact = exp.TryCast(this=value, to=exp.DataType.build(_EXACT, dialect="duckdb"))
    total = exp.cast(exp.Sum(this=exact), "DOUBLE")
    return exp.Div(
        this=total,
        expression=exp.Nullif(this=exp.Count(this=exact.copy()), expression=exp.Literal.number(0)),
        typed=False,
        safe=False,
    )


def _profile(
    cluster: Cluster,
    axes: Sequence[Axis],
    columns: Sequence[_Measured],
    group: Sequence[Any],
    everybody: Sequence[Any],
) -> dict[str, Any]:
    contacts, away, *averages = group
    return {
        "name": cluster.name,
        "contacts": contacts,
        "share": contacts / everybody[0],
        "distance": away,
        "ideal": ideal(axes, cluster.centre),
        "features": [
            {"feature": name, "value": value, "group": average, "everybody": of_all}
            for (name, value, _), average, of_all in zip(columns, averages, everybody[2:], strict=True)
        ],
    }


def ideal(axes: Sequence[Axis], centre: Sequence[float]) -> dict[str, float | str | None]:
    """The customer who stands in the centre: numbers in their own units, of yes and no the share of yes, of a text the
    value most frequent there (None: another than those that are told apart)."""
    found: dict[str, float | str | None] = {}
    shares: dict[str, dict[str, float]] = {}
    for axis, coordinate in zip(axes, centre, strict=True):
        if axis.value is None:
            found[axis.name] = axis.original(coordinate)
        else:
            found.setdefault(axis.name, None)
            shares.setdefault(axis.name, {})[axis.value] = axis.original(coordinate)
    for name, values in shares.items():
        other = 1 - sum(values.values())
        best = max(values, key=lambda value: (values[value], value))
        found[name] = best if values[best] >= other else None
    return found
