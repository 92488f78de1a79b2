"""The contacts who move in a tick, with those of their attributes that its statements read.

The datamart's contacts are read once, for those who move; every statement after that joins this table."""

from collections.abc import Iterable

from sqlglot import exp

from parcours.compiler.expressions import column, create_temporary, left, nodes, own, table, text
from parcours.compiler.statement import Statement

MOVING = "_moving"


CLOCK = ("zone", "utc_from", "utc_offset", "local_from", "local_to", "wall")
"""What is known of the clock of a contact: the columns of `_zone_now`, as `_clock_…`: no attribute is called so."""


def clock(name: str, alias: str) -> exp.Expr:
    """A column of the contact's clock."""
    return own(f"_clock_{name}", alias)


def moving(statements: Iterable[Statement], project_zone: str) -> Statement:
    """`_moving(_contact, _zone, _clock_…, …)`: everybody awake, once, with his clock at T and the attributes that the statements
    read of it as `c`. Of a contact who is gone from the datamart all is unknown but the clock, which is the project's."""
    clocks = {f"_clock_{name}" for name in CLOCK}
    read = {
        found.name
        for statement in statements
        if any(made.name == MOVING for made in nodes(statement.tree, exp.Table))
        for found in nodes(statement.tree, exp.Column)
        if found.table == "c"
    }
    known = sorted({"_zone", *read} - {"_contact", *clocks})
    awake = exp.select("contact").distinct().from_(table("_awake"))
    query = (
        exp.select(
            exp.alias_(own("contact", "w"), "_contact"),
            *(column(name, "c") for name in known),
            *(exp.alias_(own(name, "z"), f"_clock_{name}") for name in CLOCK),
        )
        .from_(awake.subquery("w"), copy=False)
        .join(
            left(table("contact", "c"), on=exp.EQ(this=own("_contact", "c"), expression=own("contact", "w"))),
            copy=False,
        )
        .join(
            left(
                table("_zone_now", "z"),
                on=exp.EQ(this=own("zone", "z"), expression=zone_of("c", project_zone)),
            ),
            copy=False,
        )
    )
    return Statement("moving", "the contacts who move in this tick", create_temporary(MOVING, query))


def zone_of(alias: str, project_zone: str) -> exp.Expr:
    """T1: the zone of a contact, the project's when it is gone from the datamart."""
    return exp.Coalesce(this=own("_zone", alias), expressions=[text(project_zone)])
