"""Questions about one contact, for those who explain: its rows in a view, and with whom it shares a limit."""

from sqlglot import exp

from parcours.compiler.expressions import column, own, parameter, table
from parcours.compiler.learned import Source, relation_of
from parcours.compiler.statement import Statement

CONTACT = "contact"
"""The parameter of all of them: the key."""


def contact_row() -> Statement:
    """The row of the contact as one record, if there is one."""
    return Statement("contact_row", "the contact", _rows("contact", "_contact"))


def event_rows(view: str) -> Statement:
    """Every event of the contact in an event view, each as one record."""
    return Statement(f"rows_of_{view}", "the events of one contact", _rows(view, "_contact"))


def learned_rows(kind: Source, name: str) -> Statement:
    """What was learned of the contact in every run, each as one record; and what was learned of everybody, whose `contact` is
    NULL (A14)."""
    relation = relation_of(kind, name)
    query = exp.select(exp.to_identifier("r")).from_(_relation(relation, "r"), copy=False)
    contact = own("contact", "r")
    whose = exp.or_(exp.EQ(this=contact, expression=parameter(CONTACT)), contact.copy().is_(exp.null()))
    query = query.where(whose, copy=False)
    return Statement(f"rows_of_{relation}", "what was learned of one contact", query)


def sharing(attribute: str) -> Statement:
    """(key) of all who have the same value of an attribute as the contact, itself too; of an unknown one nobody (P6)."""
    its = exp.select(column(attribute, "o")).from_(table("contact", "o"), copy=False)
    its = its.where(exp.EQ(this=own("_contact", "o"), expression=parameter(CONTACT)), copy=False)
    query = exp.select(own("_contact", "c")).from_(table("contact", "c"), copy=False)
    query = query.where(exp.EQ(this=column(attribute, "c"), expression=its.subquery()), copy=False)
    return Statement(f"sharing_{attribute}", "who shares a limit with the contact", query)


def newest_event(view: str) -> Statement:
    """When an event of anybody became known last, at the instant `now` (P1, `needs … fresh`)."""
    visible = own("_visible_at", "e")
    query = exp.select(exp.Max(this=visible)).from_(_relation(view, "e"), copy=False)
    query = query.where(exp.LTE(this=visible.copy(), expression=parameter("now")), copy=False)
    return Statement(f"newest_{view}", "the newest event that is known", query)


def _rows(relation: str, key: str) -> exp.Select:
    query = exp.select(exp.to_identifier("r")).from_(_relation(relation, "r"), copy=False)
    return query.where(exp.EQ(this=own(key, "r"), expression=parameter(CONTACT)), copy=False)


def _relation(name: str, alias: str) -> exp.Table:
    relation = exp.Table(this=exp.to_identifier(name, quoted=True))
    relation.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return relation
