"""What terms say at an instant (E1–E3), and lengths of time (E2, T12). Unknown is None, a number an exact fraction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from operator import add, eq, ge, gt, le, lt, mul, ne, not_, sub
from typing import Any

from parcours.checking import terms as t
from parcours.clock import to_local, to_utc
from parcours.clock.span import Span, add_months
from parcours.oracle.data import EventRow, World

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scene:
    """Who asks, and when. `row` is the event in whose brackets the term stands."""

    world: World
    at: datetime
    contact: Any
    run: Any = None
    row: EventRow | None = None

    @property
    def zone(self) -> str:
        return self.world.zone_of(self.contact)

    def attribute(self, name: str) -> Any:
        sets = self.run.sets if self.run else {}  # T7: a run sees at once what it has set itself
        return sets[name] if name in sets else self.world.attribute(self.contact, name)

    def captured(self, origin: str, name: str) -> Any:
        return self.run.entry_at if (origin, name) == ("entry", "at") else getattr(self.run, origin).get(name)

    def shifted(self, at: datetime, span: Span, sign: int) -> datetime:
        return shifted(at, span, sign, self.world.zone)


def value(term: t.Term, scene: Scene) -> Any:
    return _SAYS[type(term)](term, scene)


def holds(term: t.Term | None, scene: Scene) -> bool:
    return term is None or value(term, scene) is True  # E1: a decision takes unknown as no


def chosen(events: t.Events, scene: Scene) -> list[EventRow]:
    """E2: of the contact, visible at T, in the window, and the filter is yes; by (at, id)."""
    rows = scene.world.events(events.event, scene.contact, scene.at)
    return [
        r
        for r in rows
        if _WINDOWS[events.window.kind](r.at, events.window.span, scene) and picks(events, r, scene)
    ]


def picks(events: t.Events, row: EventRow, scene: Scene) -> bool:
    return events.of in (None, row.of) and holds(events.filter, replace(scene, row=row))


def plain(raw: Any) -> Any:
    """A number is exactly what it reads; what is no finite number is unknown."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return raw
    return Fraction(str(raw)) if isfinite(raw) else None


def kept(said: Any) -> Any:
    """A number that is set or recorded is kept to a millionth."""
    return round(said, 6) if isinstance(said, Fraction) else said


def text(raw: Any) -> str | None:
    """How the state writes a value."""
    if isinstance(raw, Fraction):
        return f"{Decimal(raw.numerator) / raw.denominator:.6f}"
    return None if raw is None else str(raw).lower() if isinstance(raw, bool) else str(raw)


def shifted(at: datetime, span: Span, sign: int, zone: str) -> datetime:
    """E2: exact; months and years are steps in the project's zone."""
    return on_wall(at, span, sign, zone) if span.is_calendar else at + sign * span.exact


def on_wall(at: datetime, span: Span, sign: int, zone: str) -> datetime:
    """T12: minutes and hours are exact; all else keeps the contact's wall clock."""
    return at + sign * span.exact if span.is_clock else to_utc(zone, moved(to_local(zone, at), span, sign))


def moved(local: datetime, span: Span, sign: int) -> datetime:
    return add_months(local, sign * span.months) if span.is_calendar else local + sign * span.exact


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _known(function: Callable[..., Any], scene: Scene, *items: t.Term) -> Any:
    """E1: unknown when one of the items is."""
    found = [value(item, scene) for item in items]
    return None if None in found else function(*found)


def _kleene(term: t.And | t.Or, scene: Scene, decides: bool) -> bool | None:
    found = [value(item, scene) for item in term.items]
    return decides if decides in found else None if None in found else not decides


def _shift(term: t.Shift, scene: Scene, item: Any) -> Any:
    if term.kind == "date":
        return moved(midnight(item), term.span, term.sign).date()
    return scene.shifted(item, term.span, term.sign)


def _in_season(term: t.InSeason, scene: Scene) -> bool:
    local = to_local(scene.zone, scene.at)
    after, until = (local.month, local.day) >= term.start, (local.month, local.day) <= term.end
    return (after and until) if term.start <= term.end else (after or until)


def _part_of(term: t.PartOf, scene: Scene, item: Any) -> Fraction:
    local = to_local(scene.zone, item) if isinstance(item, datetime) else item
    return Fraction(local.isoweekday() if term.part == "weekday" else getattr(local, term.part))


def _aggregate(term: t.Aggregate, scene: Scene) -> Any:
    known = [said for row in chosen(term.events, scene) if (said := plain(row[term.field.name])) is not None]
    return _AGGREGATES[term.function](known) if known else None  # E1


def _last(rows: list[EventRow], tell: Callable[[EventRow], Any], n: int = -1) -> Any:
    return tell(rows[n]) if rows else None  # E1


_SIGNS: dict[str, Callable[[Any, Any], Any]]
_SIGNS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge, "+": add, "-": sub, "*": mul}
_SIGNS["/"] = lambda a, b: a / b if b else None  # E1
_AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "smallest": min,
    "largest": max,
    "distinct": lambda known: Fraction(len(set(known))),
    "sum": lambda known: sum(round(number, 6) for number in known),  # exact to a millionth
    "average": lambda known: sum(round(number, 6) for number in known) / len(known),
}
_WINDOWS: dict[str, Callable[[datetime, Any, Scene], bool]] = {
    "ever": lambda *_: True,
    "in_last": lambda at, span, s: s.shifted(s.at, span, -1) < at,  # E2
    "since_entry": lambda at, _, s: s.run.entry_at <= at,
    "within_entry": lambda at, span, s: (
        s.run.entry_at < at <= (s.shifted(s.run.entry_at, span, 1) if span else at)
    ),
    "arrived": lambda at, _, s: s.run.arrived < at <= s.run.due,  # T15
    "arrived_since_entry": lambda at, _, s: s.run.entry_at <= at <= s.run.due,
}
_SAYS: dict[type, Callable[[Any, Scene], Any]] = {
    t.Constant: lambda term, _: plain(term.value),
    t.Attribute: lambda term, s: plain(s.attribute(term.name)),
    t.Field: lambda term, s: plain(s.row and s.row[term.name]),
    t.Captured: lambda term, s: plain(s.captured(term.origin, term.name)),
    t.Learned: lambda *_: None,  # nothing is learned yet
    t.And: lambda term, s: _kleene(term, s, decides=False),
    t.Or: lambda term, s: _kleene(term, s, decides=True),
    t.Not: lambda term, s: _known(not_, s, term.item),
    t.Holds: lambda term, s: value(term.item, s) is True,
    t.Known: lambda term, s: value(term.item, s) is not None,
    t.Compare: lambda term, s: _known(_SIGNS[term.operator], s, term.left, term.right),
    t.Arithmetic: lambda term, s: _known(_SIGNS[term.operator], s, term.left, term.right),
    t.Among: lambda term, s: _known(lambda said: said in [plain(v.value) for v in term.values], s, term.item),
    t.Shift: lambda term, s: _known(lambda item: _shift(term, s, item), s, term.item),
    t.PartOf: lambda term, s: _known(lambda item: _part_of(term, s, item), s, term.item),
    t.InLast: lambda term, s: _known(lambda at: s.shifted(s.at, term.span, -1) < at <= s.at, s, term.item),
    t.InSeason: _in_season,
    t.Count: lambda term, s: Fraction(len(chosen(term.events, s))),
    t.Aggregate: _aggregate,
    t.Nth: lambda term, s: _last(
        chosen(term.events, s), lambda row: plain(row[term.field.name]), 0 if term.which == "first" else -1
    ),
    t.DaysSince: lambda term, s: _last(chosen(term.events, s), lambda row: Fraction((s.at - row.at) // DAY)),
}
