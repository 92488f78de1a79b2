"""Terms looked at directly, as E1 and E2 say it, for one contact with its events: what reasoning is held against."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from parcours.checking.terms import (
    Aggregate,
    Among,
    And,
    Attribute,
    Compare,
    Constant,
    Count,
    DaysSince,
    Events,
    Field,
    Holds,
    InLast,
    InSeason,
    Known,
    Not,
    Nth,
    Or,
    PartOf,
    Term,
)
from parcours.clock.span import Span, add_months

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Contact:
    """At the instant `now` (UTC is the wall clock): attributes, and events in order, each with its `at`."""

    now: datetime
    attributes: Row
    events: Sequence[Row] = field(default=())


def truth(term: Term, contact: Contact, row: Row | None = None) -> Any:
    """The value of a term, None when it is unknown. `row` is the event in whose brackets it stands."""

    def of(item: Term) -> Any:
        return truth(item, contact, row)

    match term:
        case Constant():
            return term.value
        case Attribute():
            return contact.attributes[term.name]
        case Field():
            assert row is not None
            return row[term.name]
        case And():
            values = [of(item) for item in term.items]
            return False if False in values else None if None in values else True
        case Or():
            values = [of(item) for item in term.items]
            return True if True in values else None if None in values else False
        case Not():
            value = of(term.item)
            return None if value is None else not value
        case Holds():
            return of(term.item) is True
        case Known():
            return of(term.item) is not None
        case Compare():
            left, right = of(term.left), of(term.right)
            return None if left is None or right is None else _OPERATORS[term.operator](left, right)
        case Among():
            value = of(term.item)
            return None if value is None else value in [v.value for v in term.values]
        case PartOf():
            return _part(term.part, of(term.item))
        case InLast():
            value = of(term.item)
            return None if value is None else ago(contact.now, term.span) < value <= contact.now
        case InSeason():
            today = (contact.now.month, contact.now.day)
            if term.start <= term.end:
                return term.start <= today <= term.end
            return today >= term.start or today <= term.end
        case Count():
            return Decimal(len(_chosen(term.events, contact)))
        case DaysSince():
            chosen = _chosen(term.events, contact)
            return Decimal((contact.now - chosen[-1]["at"]) // timedelta(days=1)) if chosen else None
        case Nth():
            chosen = _chosen(term.events, contact)
            return chosen[-1 if term.which == "last" else 0][term.field.name] if chosen else None
        case Aggregate():
            values = [row[term.field.name] for row in _chosen(term.events, contact)]
            return _aggregated(term.function, [value for value in values if value is not None])
    raise NotImplementedError(term)


def ago(now: datetime, span: Span) -> datetime:
    return add_months(now, -span.months) if span.is_calendar else now - span.exact


def _part(part: str, value: date | datetime | None) -> Decimal | None:
    if value is None:
        return None
    return Decimal(value.isoweekday() if part == "weekday" else getattr(value, part))


def _chosen(events: Events, contact: Contact) -> list[Row]:
    window = events.window
    since = ago(contact.now, window.span) if window.span else datetime.min
    assert window.kind in ("ever", "in_last")
    return [
        row
        for row in contact.events
        if since < row["at"] <= contact.now
        and (events.filter is None or truth(events.filter, contact, row) is True)
    ]


def _aggregated(function: str, values: list[Any]) -> Any:
    if not values:
        return None
    match function:
        case "sum":
            return sum(values)
        case "average":
            return sum(values) / len(values)
        case "smallest":
            return min(values)
        case "largest":
            return max(values)
    return Decimal(len(set(values)))
