"""What a term says at an instant (E1, E2). Unknown is None; numbers are exact fractions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor, isfinite
from operator import add, eq, ge, gt, le, lt, mul, ne, sub
from typing import TYPE_CHECKING, Any

from parcours.checking import terms as t
from parcours.checking.checked import AtLocal, AtTime, InWindow, Moment, Offset
from parcours.clock import to_local, to_utc
from parcours.oracle.data import Contact, EventRow, World
from parcours.oracle.moments import inside, midnight, moved, next_time, on_wall, shifted

if TYPE_CHECKING:
    from parcours.oracle.run import Run

_SIGNS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge, "+": add, "-": sub, "*": mul}


@dataclass(frozen=True)
class Scene:
    """Who asks, and when. `row` is the event in whose brackets the term stands."""

    world: World
    at: datetime
    contact: Contact
    run: "Run | None" = None
    row: EventRow | None = None

    @property
    def zone(self) -> str:
        return self.world.zone_of(self.contact)


def value(term: t.Term, scene: Scene) -> Any:
    match term:
        case t.Constant():
            return plain(term.value)
        case t.Attribute(name=name):
            if scene.run is not None and name in scene.run.sets:  # T7
                return scene.run.sets[name]
            return plain(scene.world.attribute(scene.contact, name))
        case t.Field(name=name):
            assert scene.row is not None
            return plain(scene.row[name])
        case t.Captured(origin="entry", name="at"):
            return scene.run and scene.run.entry_at
        case t.Captured(origin=origin, name=name):
            return (
                plain((scene.run.entry if origin == "entry" else scene.run.event).get(name))
                if scene.run
                else None
            )
        case t.Learned():
            return None  # nothing is learned yet
        case t.And() | t.Or():
            found = [value(item, scene) for item in term.items]
            decides = isinstance(term, t.Or)  # E1: Kleene's
            return decides if decides in found else None if None in found else not decides
        case t.Not(item=item):
            return None if (said := value(item, scene)) is None else not said
        case t.Holds(item=item):
            return value(item, scene) is True
        case t.Known(item=item):
            return value(item, scene) is not None
        case t.Compare() | t.Arithmetic():
            left, right = value(term.left, scene), value(term.right, scene)
            if left is None or right is None or (term.operator == "/" and right == 0):
                return None  # E1
            return left / right if term.operator == "/" else _SIGNS[term.operator](left, right)
        case t.Among(item=item, values=values):
            said = value(item, scene)
            return None if said is None else said in [plain(constant.value) for constant in values]
        case t.InSeason(start=start, end=end):
            today = to_local(scene.zone, scene.at)
            day = (today.month, today.day)
            return start <= day <= end if start <= end else day >= start or day <= end
        case t.Count() | t.Aggregate() | t.Nth() | t.DaysSince():
            return _of_events(term, scene)
        case t.Shift() | t.PartOf() | t.InLast():
            item = value(term.item, scene)
            return None if item is None else _of_time(term, item, scene)
    raise NotImplementedError(f"the oracle does not know {term}")


def _of_time(term: t.Shift | t.PartOf | t.InLast, item: Any, scene: Scene) -> Any:
    match term:
        case t.Shift(kind="date"):
            return moved(midnight(item), term.span, term.sign).date()
        case t.Shift():
            return shifted(item, term.span, term.sign, scene.world.zone)
        case t.InLast():
            moment = item if isinstance(item, datetime) else midnight(item)
            return shifted(scene.at, term.span, -1, scene.world.zone) < moment <= scene.at
        case t.PartOf():
            local = to_local(scene.zone, item) if isinstance(item, datetime) else item
            return Fraction(local.isoweekday() if term.part == "weekday" else getattr(local, term.part))


def _of_events(term: t.EventTerm, scene: Scene) -> Any:
    rows = chosen(term.events, scene)
    match term:
        case t.Count():
            return Fraction(len(rows))
        case _ if not rows:
            return None  # E1
        case t.DaysSince():
            return Fraction((scene.at - rows[-1].at) // timedelta(days=1))
        case t.Nth():
            return plain(rows[0 if term.which == "first" else -1][term.field.name])
    known = [said for row in rows if (said := plain(row[term.field.name])) is not None]
    match term.function:
        case _ if not known:
            return None  # E1
        case "smallest" | "largest":
            return min(known) if term.function == "smallest" else max(known)
        case "distinct":
            return Fraction(len(set(known)))
        case "sum" | "average":
            total = sum(to_millionth(number) for number in known)
            return total if term.function == "sum" else total / len(known)


def chosen(events: t.Events, scene: Scene) -> Sequence[EventRow]:
    """E2: of the contact, visible at T, in the window, and the filter is yes; by (at, id)."""
    rows = scene.world.events(events.event, scene.contact, scene.at)
    window, run = events.window, scene.run
    match window.kind:
        case "in_last" if window.span:
            begin = shifted(scene.at, window.span, -1, scene.world.zone)
            rows = [row for row in rows if begin < row.at]
        case "since_entry" if run:
            rows = [row for row in rows if run.entry_at <= row.at]
        case "within_entry" if run:
            end = shifted(run.entry_at, window.span, 1, scene.world.zone) if window.span else datetime.max
            rows = [row for row in rows if run.entry_at < row.at <= end]
        case "arrived" if run and run.due:  # T15
            rows = [row for row in rows if run.arrived < row.at <= run.due]
        case "arrived_since_entry" if run and run.due:
            rows = [row for row in rows if run.entry_at <= row.at <= run.due]
        case kind:
            assert kind == "ever"
    return [row for row in rows if picks(events, row, scene)]


def picks(events: t.Events, row: EventRow, scene: Scene) -> bool:
    """Whether the filter is yes, and it is the message that is asked for that caused the event."""
    return events.of in (None, row.of) and holds(events.filter, replace(scene, row=row))


def holds(term: t.Term | None, scene: Scene) -> bool:
    """E1: a decision takes unknown as no. No term says nothing against it."""
    return term is None or value(term, scene) is True


def plain(raw: Any) -> Any:
    """A value of the datamart: numbers exactly as they read; what is no finite number is unknown."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return raw
    return Fraction(str(raw)) if isfinite(raw) else None


def to_millionth(number: Fraction) -> Fraction:
    """E1: to six digits after the point, a half away from zero."""
    size = Fraction(floor(abs(number) * 10**6 + Fraction(1, 2)), 10**6)
    return size if number >= 0 else -size


def kept(raw: Any) -> Any:
    """As what is set and recorded is kept."""
    return to_millionth(raw) if isinstance(raw, Fraction) else raw


def text(raw: Any) -> str | None:
    """How the state writes a value."""
    match raw:
        case None:
            return None
        case bool():
            return str(raw).lower()
        case Fraction():
            return f"{Decimal(raw.numerator) / raw.denominator:.6f}"
    return str(raw)


def end_of(moment: Moment, scene: Scene) -> datetime | None:
    """T13, T14: when a moment comes; it has passed when that is not later than T. None: never."""
    match moment:
        case AtTime():
            return next_time(moment.minutes, moment.days, scene.at, scene.zone)
        case InWindow():
            if inside(moment.start, moment.end, moment.days, scene.at, scene.zone):
                return scene.at
            return next_time(moment.start, moment.days, scene.at, scene.zone)
        case AtLocal():
            return to_utc(scene.zone, moment.local)
        case Offset():
            item = value(moment.item, scene)
            if item is None or isinstance(item, datetime):
                return item and on_wall(item, moment.span, moment.sign, scene.zone)
            if moment.span.is_clock:
                return to_utc(scene.zone, midnight(item)) + moment.sign * moment.span.exact
            return to_utc(scene.zone, moved(midnight(item), moment.span, moment.sign))
