"""What a score predicts: a condition as written ─► the same over the time that follows."""

from dataclasses import replace

from parcours.checking.terms import (
    Aggregate,
    Among,
    And,
    Arithmetic,
    Compare,
    Count,
    DaysSince,
    Events,
    InLast,
    Known,
    Not,
    Nth,
    Or,
    PartOf,
    Shift,
    Term,
    Window,
)
from parcours.clock.span import Span


def following(term: Term, within: Span) -> Term:
    """Events for which the condition says no window are those of so long after t, as a goal counts those after the entry.

    Segments and stages mean what they mean everywhere: they are looked at when that time is over."""
    match term:
        case Count() | Aggregate() | Nth() | DaysSince():
            return replace(term, events=_following(term.events, within))
        case And() | Or():
            return replace(term, items=tuple(following(item, within) for item in term.items))
        case Not() | Known() | PartOf() | InLast() | Shift() | Among():
            return replace(term, item=following(term.item, within))
        case Compare() | Arithmetic():
            return replace(term, left=following(term.left, within), right=following(term.right, within))
        case _:
            return term


def _following(events: Events, within: Span) -> Events:
    return replace(events, window=Window("within_entry", within)) if events.window.kind == "ever" else events
