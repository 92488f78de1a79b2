"""What terms say at an instant (E1–E3), and lengths of time (E2, T12). Unknown is None, a number an exact fraction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import Any

from parcours.checking import terms as t
from parcours.clock import to_local, to_utc
from parcours.clock.span import Span, add_months
from parcours.oracle.data import EventRow, World

DAY = timedelta(days=1)
_COMPARED = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_RECKONED = {"+": add, "-": sub, "*": mul, "/": truediv}


@dataclass(frozen=True)
class Scene:
    """Who asks, and when. `row` is the event in whose brackets the term stands, `product` the one that may be offered."""

    world: World
    at: datetime
    contact: Any
    run: Any = None
    row: Any = None
    product: Any = None

    @property
    def zone(self) -> str:
        return self.world.zone_of(self.contact)

    def shifted(self, at: datetime, span: Span, sign: int) -> datetime:
        """E2: exact; months and years are steps in the project's zone."""
        return on_wall(at, span, sign, self.world.zone) if span.is_calendar else at + sign * span.exact


def holds(term: t.Term | None, scene: Scene) -> bool:
    return term is None or value(term, scene) is True  # E1: a decision takes unknown as no


def value(term: t.Term, scene: Scene) -> Any:
    match term:
        case t.Constant(said):
            return plain(said)
        case t.Attribute(name):
            own = scene.run.sets if scene.run else {}  # T7: a run sees at once what it has set itself
            return plain(own[name] if name in own else scene.world.attribute(scene.contact, name))
        case t.Field(name):
            return plain(scene.row[name])
        case t.ProductField(name):
            return plain(scene.product[name])
        case t.Captured("entry", "at"):
            return scene.run.entry_at
        case t.Captured(origin, name):
            return plain(getattr(scene.run, origin).get(name))
        case t.Learned(_, _, part, hash=digest):
            run = scene.world.learned(digest, scene.at)
            return plain(run.parts.get(scene.contact, {}).get(part)) if run else None
        case t.And(items) | t.Or(items):
            decides = isinstance(term, t.Or)
            found: bool | None = not decides
            for item in items:  # E1
                if (said := value(item, scene)) is decides:
                    return decides
                found = None if said is None else found
            return found
        case t.Holds(item):
            return value(item, scene) is True
        case t.Known(item):
            return value(item, scene) is not None
        case t.Compare(sign, left, right) | t.Arithmetic(sign, left, right):
            a, b = value(left, scene), value(right, scene)
            unknown = a is None or b is None or (sign == "/" and b == 0)  # E1
            return None if unknown else (_COMPARED | _RECKONED)[sign](a, b)
        case t.InSeason(start, end):
            local = to_local(scene.zone, scene.at)
            after, until = start <= (local.month, local.day), (local.month, local.day) <= end
            return (after and until) if start <= end else (after or until)
        case t.Count(events):
            return Fraction(len(chosen(events, scene)))
        case t.Nth(which, events, field):
            rows = chosen(events, scene)
            return plain(rows[0 if which == "first" else -1][field.name]) if rows else None
        case t.DaysSince(events):
            rows = chosen(events, scene)
            return Fraction((scene.at - rows[-1].at) // DAY) if rows else None
        case t.Aggregate(function, events, field):
            known = [said for row in chosen(events, scene) if (said := plain(row[field.name])) is not None]
            return _aggregate(function, known) if known else None  # E1
    said = value(term.item, scene)
    match term:
        case _ if said is None:
            return None  # E1
        case t.Not():
            return not said
        case t.Among(_, values):
            return said in [plain(constant.value) for constant in values]
        case t.Shift(_, span, way, "date"):
            return moved(midnight(said), span, way).date()
        case t.Shift(_, span, way):
            return scene.shifted(said, span, way)
        case t.InLast(_, span):
            return scene.shifted(scene.at, span, -1) < said <= scene.at
        case t.PartOf(part):
            local = to_local(scene.zone, said) if isinstance(said, datetime) else said
            return Fraction(local.isoweekday() if part == "weekday" else getattr(local, part))


def _aggregate(function: t.AggregateFunction, known: list[Any]) -> Any:
    match function:
        case "smallest" | "largest":
            return min(known) if function == "smallest" else max(known)
        case "distinct":
            return Fraction(len(set(known)))
    total = sum(round(number, 6) for number in known)  # E1: exact to a millionth
    return total if function == "sum" else total / len(known)


def chosen(events: t.Events, scene: Scene) -> list[EventRow]:
    """E2: of the contact, visible at T, in the window, and the filter is yes; by (at, id)."""
    run, shifted = scene.run, scene.shifted
    span: Any = events.window.span
    is_in: Callable[[datetime], bool] = {
        "ever": lambda _: True,
        "in_last": lambda at: shifted(scene.at, span, -1) < at,
        "since_entry": lambda at: run.entry_at <= at,
        "within_entry": lambda at: run.entry_at < at <= (shifted(run.entry_at, span, 1) if span else at),
        "arrived": lambda at: run.arrived < at <= run.due,  # T15
        "arrived_since_entry": lambda at: run.entry_at <= at <= run.due,
    }[events.window.kind]
    rows = scene.world.events(events.event, scene.contact, scene.at)
    return [row for row in rows if is_in(row.at) and picks(events, row, scene)]


def picks(events: t.Events, row: EventRow, scene: Scene) -> bool:
    return (events.of is None or row.names(events.of)) and holds(events.filter, replace(scene, row=row))


def plain(raw: Any) -> Any:
    """A number is exactly what it reads; what is no finite number is unknown."""
    return _exact(raw) if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool) else raw


@lru_cache(typed=True)
def _exact(raw: float | Decimal) -> Fraction | None:
    return Fraction(str(raw)) if isfinite(raw) else None


def rounded(said: Any) -> Any:
    """As it is set or recorded: a number to a millionth."""
    return round(said, 6) if isinstance(said, Fraction) else said


def text(said: Any) -> str | None:
    """How the state writes it."""
    if isinstance(said, Fraction):
        return f"{Decimal(said.numerator) / said.denominator:.6f}"
    return None if said is None else str(said).lower() if isinstance(said, bool) else str(said)


def on_wall(at: datetime, span: Span, sign: int, zone: str) -> datetime:
    """T12: minutes and hours are exact; all else keeps the contact's wall clock."""
    return at + sign * span.exact if span.is_clock else to_utc(zone, moved(to_local(zone, at), span, sign))


def moved(local: datetime, span: Span, sign: int) -> datetime:
    return add_months(local, sign * span.months) if span.is_calendar else local + sign * span.exact


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())
