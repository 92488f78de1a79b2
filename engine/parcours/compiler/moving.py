"""The contacts who move in a tick, with those of their attributes that its statements read.

The datamart's contacts are read once, for those who move; every statement after that joins this table."""

from collections.abc import Iterable

from sqlglot import exp

from parcours.compiler.expressions import column, create_temporary, left, nodes, own, table, text
from parcours.compiler.statement import Statement

MOVING = "_moving"


def moving(statements: Iterable[Statement]) -> Statement:
    """`_moving(_contact, _zone, …)`: everybody awake, once, with the attributes that the statements read of it as `c`. Of
    a contact who is gone from the datamart all is unknown."""
    read = {
        found.name
        for statement in statements
        if any(made.name == MOVING for made in nodes(statement.tree, exp.Table))
        for found in nodes(statement.tree, exp.Column)
        if found.table == "c"
    }
    known = sorted({"_zone", *read} - {"_contact"})
    awake = exp.select("contact").distinct().from_(table("_awake"))
    query = (
        exp.select(exp.alias_(own("contact", "w"), "_contact"), *(column(name, "c") for name in known))
        .from_(awake.subquery("w"), copy=False)
        .join(
            left(table("contact", "c"), on=exp.EQ(this=own("_contact", "c"), expression=own("contact", "w"))),
            copy=False,
        )
    )
    return Statement("moving", "the contacts who move in this tick", create_temporary(MOVING, query))


def zone_of(alias: str, project_zone: str) -> exp.Expr:
    """T1: the zone of a contact, the project's when it is gone from the datamart."""
    return exp.Coalesce(this=own("_zone", alias), expressions=[text(project_zone)])
