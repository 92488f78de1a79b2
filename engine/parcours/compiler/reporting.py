"""What a report on marketing pressure asks: who is in which group at an instant, and who has used up which cap."""

from collections.abc import Iterable

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.expressions import NOW, column, create_temporary, number, own, table, text
from parcours.compiler.limits import Limit
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject


def in_groups(groups: Iterable[checked.Group], zone: str) -> Statement:
    """`_in_group(name, place, value, contact)`: who of `_member` is in which segment, or in which stage of a lifecycle; `place`
    is that of the stage among the others."""
    parts: list[exp.Query] = [
        exp.select(
            exp.alias_(text(""), "name"),
            exp.alias_(number(0), "place"),
            exp.alias_(text(""), "value"),
            own("contact", "m"),
        )
        .from_(table("_member", "m"))
        .where(exp.false())
    ]
    for group in groups:
        subject = Subject("_member", zone)
        stages = [(subject.sql(term), number(place)) for place, (_, term) in enumerate(group.stages)]
        place = exp.Case(ifs=[exp.If(this=condition, true=value) for condition, value in stages])
        found = subject.select(own("contact", "s"), exp.alias_(place, "place"))
        names = exp.Case(
            this=own("place", "g"),
            ifs=[
                exp.If(this=number(n), true=text("" if group.is_segment else stage))
                for n, (stage, _) in enumerate(group.stages)
            ],
        )
        parts.append(
            exp.select(
                exp.alias_(text(group.name), "name"),
                own("place", "g"),
                exp.alias_(names, "value"),
                own("contact", "g"),
            )
            .from_(found.subquery("g"))
            .where(own("place", "g").is_(exp.null()).not_())
        )
    listed = exp.union(*parts, distinct=False) if len(parts) > 1 else parts[0]
    return Statement("in_groups", "who is in which segment and stage", create_temporary("_in_group", listed))


def near_cap(limit: Limit, zone: str) -> Statement:
    """One row: how many contacts of `_member` (or groups that share it) have used up a cap, and how many all of it but one."""
    subject = Subject("_member", zone)
    for_them = None if limit.condition is None else subject.sql(limit.condition)
    sharing: exp.Expr = exp.cast(own("contact", "s"), "VARCHAR")
    if limit.per is not None:
        known = exp.cast(column(limit.per.name, "c"), "VARCHAR")
        sharing = exp.Coalesce(
            this=exp.DPipe(this=text("shared "), expression=known),
            expressions=[exp.DPipe(this=text("alone "), expression=sharing)],
        )
    people = subject.select(
        own("contact", "s"),
        exp.alias_(sharing, "sharing"),
        exp.alias_(subject.terms.zone(), "zone"),
        *([] if for_them is None else [exp.alias_(for_them, "is_meant")]),
    )
    sent_at = own("sent_at", "b")
    conditions = [
        limit.begins_before(sent_at, "k"),
        exp.LTE(this=sent_at.copy(), expression=NOW.copy()),
    ]
    counts = limit.counts("b")
    conditions += [] if counts is None else [counts]
    conditions += [] if for_them is None else [own("is_meant", "h")]
    same = exp.EQ(this=own("contact", "b"), expression=own("contact", "h"))
    used = (
        exp.select(own("sharing", "h"), exp.alias_(exp.Count(this=exp.Star()), "used"))
        .from_(people.subquery("h"))
        .join(table("state.outbox", "b"), on=same)
    )
    if limit.unit is not None:
        used = used.join(
            table("_calendar", "k"), on=exp.EQ(this=own("zone", "k"), expression=own("zone", "h"))
        )
    used = used.where(*conditions).group_by(own("sharing", "h"))

    def count(condition: exp.Expr) -> exp.Expr:
        return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition))

    of = own("used", "u")
    found = exp.select(
        count(exp.GTE(this=of, expression=number(limit.count))),
        count(exp.EQ(this=of.copy(), expression=number(limit.count - 1))),
    ).from_(used.subquery("u"))
    return Statement("near_cap", "who has used up a cap", found)
