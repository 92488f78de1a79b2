"""Checked terms in the words of the language, for people who compare versions. What a term has lost of the text (the
names of seasons, brackets that mean nothing) is said in another way; nothing reads these words again."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal

from parcours.checking.terms import (
    Aggregate,
    Among,
    And,
    Arithmetic,
    Attribute,
    Captured,
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
    Learned,
    Not,
    Nth,
    Or,
    PartOf,
    ProductField,
    Shift,
    Term,
    Window,
    number,
)


def term_words(term: Term) -> str:
    """`age > 60 and has order in last 30 days`."""
    match term:
        case Constant():
            return _constant(term.value)
        case Attribute() | Field():
            return term.name
        case Captured():
            return f"{term.origin}.{term.name}"
        case ProductField():
            return f"product.{term.name}"
        case Learned():
            return {"zone": f"zone.{term.name}", "probability": f"score.{term.name}", "group": term.name}.get(
                term.part, f"{term.name}.{term.part}"
            )
        case Shift():
            return f"{_inner(term.item)} {'+' if term.sign == 1 else '-'} {term.span}"
        case Arithmetic():
            return f"{_inner(term.left)} {term.operator} {_inner(term.right)}"
        case Count():
            return f"count of {event_words(term.events)}"
        case Aggregate():
            return f"{term.function} of {event_words(term.events, term.field.name)}"
        case Nth():
            return f"{term.which} {event_words(term.events, term.field.name)}"
        case DaysSince():
            return f"days since {event_words(term.events)}"
        case PartOf():
            return f"{term.part} of {_inner(term.item)}"
        case InLast():
            return f"{_inner(term.item)} in last {term.span}"
        case InSeason():
            return f"season from {_month_day(term.start)} to {_month_day(term.end)}"
        case Compare(operator, Count() as count, right) if right == number(0) and operator in (">", "="):
            return f"{'has' if operator == '>' else 'no'} {event_words(count.events)}"
        case Compare():
            return f"{_inner(term.left)} {term.operator} {_inner(term.right)}"
        case Among():
            return f"{_inner(term.item)} in ({', '.join(_constant(value.value) for value in term.values)})"
        case Known():
            return f"{_inner(term.item)} is known"
        case Not(Known(item)):
            return f"{_inner(item)} is unknown"
        case Not():
            return f"not {_inner(term.item)}"
        case And():
            return " and ".join(_inner(item) for item in term.items)
        case Or():
            return " or ".join(_inner(item) for item in term.items)
        case Holds():
            return term.name or term_words(term.item)


def event_words(events: Events, field: str = "") -> str:
    """`order.amount[paid] in last 30 days`. The window of a goal or of a wait is left to whoever speaks of those."""
    filter_words = f"[{term_words(events.filter)}]" if events.filter is not None else ""
    caused = f" of {events.of}" if events.of is not None else ""
    return f"{events.event}{'.' if field else ''}{field}{filter_words}{caused}{_window(events.window)}"


def change(old: Term | None, new: Term | None) -> str:
    """What became of a condition or value: only the part that is another one, when it is one part."""
    if old is None or new is None:
        return arrow(old and term_words(old), new and term_words(new))
    old, new = _narrowed(old, new)
    before, after = term_words(old), term_words(new)
    # the words are those of a segment or stage that now stands for something else
    return arrow(before, after) if before != after else f"`{after}` means something else now"


def arrow(before: object, after: object) -> str:
    """`3 days` → `1 day`; what is not there is none."""
    return " → ".join("none" if one is None else f"`{one}`" for one in (before, after))


def named_groups(thing: object) -> Iterator[tuple[str, Term]]:
    """(name, meaning) of every segment and stage in a checked thing, with repetitions."""
    if isinstance(thing, tuple):
        for item in thing:
            yield from named_groups(item)
    elif is_dataclass(thing):
        if isinstance(thing, Holds) and thing.name:
            yield thing.name, thing.item
        for part in fields(thing):
            yield from named_groups(getattr(thing, part.name))


def _narrowed(old: Term, new: Term) -> tuple[Term, Term]:
    """Goes down as long as both say the same but for one part that is a condition of its own."""
    match old, new:
        case (Not(one), Not(other)):
            return _narrowed(one, other)
        case (Holds(one, name=name), Holds(other, name=same)) if name == same == "":
            return _narrowed(one, other)
        case (And(ones), And(others)) | (Or(ones), Or(others)) if len(ones) == len(others):
            differing = [pair for pair in zip(ones, others, strict=True) if pair[0] != pair[1]]
            if len(differing) == 1:
                return _narrowed(*differing[0])
    return old, new


def _inner(term: Term) -> str:
    """As a part of another term: what consists of several is put in brackets."""
    words = term_words(term)
    open_ended = isinstance(term, And | Or | Arithmetic | Shift | Compare | InLast | Among)
    return f"({words})" if open_ended and not words.startswith(("has ", "no ")) else words


def _constant(value: str | Decimal | bool | date | datetime) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case date():
            return value.isoformat()
        case _:
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _month_day(day: tuple[int, int]) -> str:
    return f"{day[0]:02}-{day[1]:02}"


def _window(window: Window) -> str:
    match window.kind:
        case "in_last":
            return f" in last {window.span}"
        case "since_entry" | "arrived_since_entry":
            return " since entry"
        case "within_entry" if window.span is not None:
            return f" within {window.span}"
        case _:
            return ""
