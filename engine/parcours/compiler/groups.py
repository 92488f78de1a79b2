"""Segments and lifecycles that entries listen to: refreshed, and compared with what was stored (T10)."""

from collections.abc import Iterable

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.expressions import (
    NOW,
    case,
    create_temporary,
    insert,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject

CHANGE = ("name", "contact", "before_value", "after_value", "base_line")


def members() -> Statement:
    """`member(contact)`: everybody who is known at T."""
    query = (
        exp.select(exp.alias_(own("_contact", "c"), "contact"))
        .from_(table("contact", "c"), copy=False)
        .where(exp.LTE(this=own("_visible_at", "c"), expression=NOW.copy()))
    )
    return Statement("members", "every contact known by now", create_temporary("_member", query))


def refresh(group: checked.Group, project_zone: str) -> Statement:
    """`INSERT INTO change`: the contacts whose value of the group differs from the one stored. The parameter
    `base_line` says that nothing was stored before."""
    subject = Subject("_member", project_zone)
    value = case([(subject.sql(term), text(stage)) for stage, term in group.stages], exp.null())
    current = subject.select(own("contact", "s"), exp.alias_(exp.cast(value, "VARCHAR"), "value"))
    stored = (
        exp.select(own("contact"), own("value"))
        .from_(table("state.membership"), copy=False)
        .where(exp.EQ(this=own("name"), expression=text(group.name)))
    )
    differs = exp.NullSafeNEQ(this=own("value", "n"), expression=own("value", "o"))
    same = exp.EQ(this=own("contact", "n"), expression=own("contact", "o"))
    columns: dict[str, exp.Expr] = {
        "name": text(group.name),
        "contact": exp.Coalesce(this=own("contact", "n"), expressions=[own("contact", "o")]),
        "before_value": own("value", "o"),
        "after_value": own("value", "n"),
        "base_line": parameter("base_line"),
    }
    query = (
        exp.select(*(exp.alias_(columns[name], name) for name in CHANGE))
        .from_(table("now_in", "n"), copy=False)
        .join(table("was_in", "o"), on=same, join_type="full")
        .where(differs)
        .with_("now_in", as_=current, copy=False)
        .with_("was_in", as_=stored, copy=False)
    )
    return Statement(
        f"refresh_{group.name}",
        f"{group.name}: who has changed since the last refresh",
        insert("_change", CHANGE, query),
    )


def listened_to(
    journeys: Iterable[checked.Journey], project_zone: str
) -> tuple[tuple[checked.Group, Statement], ...]:
    """The segments and lifecycles that entries listen to, each once, with what refreshes it."""
    found: dict[str, checked.Group] = {}
    for journey in journeys:
        if isinstance(journey.enter.trigger, checked.GroupTrigger):
            found[journey.enter.trigger.group.name] = journey.enter.trigger.group
    return tuple((group, refresh(group, project_zone)) for _, group in sorted(found.items()))


def forget_changed() -> Statement:
    """Removes the stored values that have changed."""
    stored, changed = table("state.membership"), exp.select(own("name"), own("contact")).from_("_change")
    pair = exp.Tuple(expressions=[own("name"), own("contact")])
    tree = exp.Delete(this=stored, where=exp.Where(this=exp.In(this=pair, query=changed.subquery())))
    return Statement("forget_changed", "stored memberships that have changed go", tree)


def remember_changed() -> Statement:
    """Stores the new values."""
    query = (
        exp.select(
            own("name"),
            own("contact"),
            exp.alias_(own("after_value"), "value"),
            exp.alias_(NOW.copy(), "since"),
        )
        .from_(table("_change"), copy=False)
        .where(own("after_value").is_(exp.null()).not_())
        # stored in a fixed order, so that the same tick writes the same file (T3)
        .order_by(*(exp.Ordered(this=own(n), nulls_first=False) for n in ("name", "contact")))
    )
    return Statement(
        "remember_changed",
        "and the new ones are stored",
        insert("state.membership", ("name", "contact", "value", "since"), query),
    )
