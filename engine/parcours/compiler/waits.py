"""When an instance that comes to a wait is due (T12–T14)."""

from dataclasses import dataclass

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.moments import EVERY_DAY
from parcours.clock.span import Span
from parcours.compiler.expressions import (
    NOW,
    among,
    any_of,
    call,
    case,
    days,
    interval,
    minutes,
    own,
    timestamp,
)
from parcours.compiler.subject import Subject
from parcours.compiler.zones import local_time, utc_time


@dataclass(frozen=True, slots=True)
class Due:
    """When a wait ends: an instant, or a local time that is still to be turned into one."""

    expression: exp.Expr
    is_local: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """The instant at which somebody comes to a wait, and what his wall clock shows then; `reached`: the furthest that it
    has shown."""

    now: exp.Expr
    wall: exp.Expr
    reached: exp.Expr


AT_T = Clock(NOW, own("wall", "z"), own("reached", "z"))


def due(step: checked.Step, subject: Subject, clock: Clock = AT_T) -> Due | None:
    """When a step that waits is due for whoever comes to it now; None for a step that does not wait."""
    match step:
        case checked.Wait():
            return after(step.span, clock)
        case checked.WaitEvent() | checked.WaitCondition():
            return after(step.up_to, clock)
        case checked.WaitUntil():
            return _moment(step.moment, subject, clock)
        case _:
            return None


def after(span: Span, clock: Clock = AT_T) -> Due:
    """T12: minutes and hours are exact; days and longer keep the wall clock."""
    if span.is_clock:
        return Due(exp.Add(this=clock.now.copy(), expression=interval(span)), False)
    return Due(exp.Add(this=clock.wall.copy(), expression=interval(span)), True)


def _moment(moment: checked.Moment, subject: Subject, clock: Clock) -> Due:
    match moment:
        case checked.AtTime():
            return Due(next_time(moment.minutes, moment.days, clock.reached), True)
        case checked.InWindow():
            return Due(_window(moment, clock), True)
        case checked.AtLocal():
            return Due(timestamp(moment.local), True)
        case checked.Offset():
            return _offset(moment, subject)


def _offset(moment: checked.Offset, subject: Subject) -> Due:
    item = subject.sql(moment.item)
    made = exp.Add if moment.sign > 0 else exp.Sub
    if moment.item.kind == "date":
        midnight = exp.cast(item, "TIMESTAMP")
        if not moment.span.is_clock:
            return Due(made(this=midnight, expression=interval(moment.span)), True)
        item = utc_time(subject.terms.zone(), midnight)
    if moment.span.is_clock:
        return Due(made(this=item, expression=interval(moment.span)), False)
    wall = local_time(subject.terms.zone(), item)
    return Due(made(this=wall, expression=interval(moment.span)), True)


def next_time(minute: int, weekdays: tuple[int, ...], reached: exp.Expr) -> exp.Expr:
    """The first local time at or after what the clock has `reached` with so many minutes since midnight, on one of
    the weekdays (T13). A time that the clock will show a second time has been reached already."""
    today = call("date_trunc", exp.Literal.string("day"), reached.copy())
    at_time = exp.Add(this=today, expression=minutes(minute))
    in_time = exp.GTE(this=at_time, expression=reached.copy())
    every_day = set(weekdays) == set(EVERY_DAY)
    if every_day:
        return case([(in_time, at_time.copy())], exp.Add(this=at_time.copy(), expression=days(1)))
    pairs: list[tuple[exp.Expr, exp.Expr]] = [
        (exp.and_(in_time, among(call("isodow", today.copy()), weekdays)), at_time.copy())
    ]
    for ahead in range(1, 8):
        day = exp.Add(this=today.copy(), expression=days(ahead))
        pairs.append(
            (among(call("isodow", day), weekdays), exp.Add(this=at_time.copy(), expression=days(ahead)))
        )
    return case(pairs[:-1], pairs[-1][1])


def _window(window: checked.InWindow, clock: Clock) -> exp.Expr:
    """Now when the clock is inside, else the next opening. A window over midnight belongs to its first day."""
    inside = inside_window(window.start, window.end, window.days, clock.wall)
    return case([(inside, clock.wall.copy())], next_time(window.start, window.days, clock.reached))


def inside_window(start: int, end: int, weekdays: tuple[int, ...], wall: exp.Expr = AT_T.wall) -> exp.Expr:
    """Whether the contact's clock is in [start, end), minutes since midnight; `end <= start` runs over midnight
    and is judged by the day on which it opened."""
    wall = wall.copy()
    today = call("date_trunc", exp.Literal.string("day"), wall)
    opens = exp.GTE(this=wall.copy(), expression=exp.Add(this=today, expression=minutes(start)))
    closes = exp.LT(this=wall.copy(), expression=exp.Add(this=today.copy(), expression=minutes(end)))
    every_day = set(weekdays) == set(EVERY_DAY)
    here = [] if every_day else [among(call("isodow", today.copy()), weekdays)]
    if start < end:
        return exp.and_(opens, closes, *here)
    yesterday = exp.Sub(this=today.copy(), expression=days(1))
    before = [] if every_day else [among(call("isodow", yesterday), weekdays)]
    return any_of([exp.and_(opens, *here), exp.and_(closes, *before)])
