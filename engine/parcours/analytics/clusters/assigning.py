"""Every contact to the group whose centre is nearest, in SQL."""

from sqlglot import exp

from parcours.analytics.clusters.model import Cluster, ClusterModel
from parcours.compiler.expressions import call, case_of, column, double, least, own, table, text


def assigned(model: ClusterModel, source: str) -> exp.Select:
    """(contact, group, distance) of the rows of a table of features. Of equally near groups the first. `distance` is from
    the centre, in deviations: 0 for who is like the ideal profile."""
    coordinates = [exp.alias_(axis.standardised(), f"z{place}") for place, axis in enumerate(model.axes)]
    points = exp.select(own("contact"), *coordinates).from_(table(source)).subquery("points")
    squares = [exp.alias_(_square(one), f"d{place}") for place, one in enumerate(model.clusters)]
    distances = exp.select(own("contact"), *squares).from_(points).subquery("distances")
    columns = [own(f"d{place}") for place in range(len(model.clusters))]
    nearest = least(*columns)
    named = [(made.copy(), text(one.name)) for made, one in zip(columns, model.clusters, strict=True)]
    return exp.select(
        own("contact"),
        exp.alias_(case_of(nearest, named), column("group").this),
        exp.alias_(call("sqrt", nearest.copy()), "distance"),
    ).from_(distances)


def _square(cluster: Cluster) -> exp.Expr:
    """The squared distance from the centre of one. Added up from left to right, so that it has the same bits always."""
    total: exp.Expr | None = None
    for place, coordinate in enumerate(cluster.centre):
        away = exp.paren(exp.Sub(this=own(f"z{place}"), expression=double(coordinate)))
        square = exp.Mul(this=away, expression=away.copy())
        total = square if total is None else exp.Add(this=total, expression=square)
    assert total is not None
    return total
