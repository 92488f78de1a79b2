"""Moments and schedules as written ─► checked (T11, T13, T14)."""

from datetime import datetime, timedelta

from parcours.checking import checked
from parcours.checking.predicates import Predicates
from parcours.checking.scope import Scope
from parcours.clock.calendar import Recurrence
from parcours.model import moments as written

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


class Moments:
    def __init__(self, predicates: Predicates) -> None:
        self._values = predicates.values
        self._literals = predicates.literals
        self._findings = predicates.findings

    def moment(self, node: written.Moment, scope: Scope) -> checked.Moment | None:
        match node:
            case written.TimeMoment():
                minutes = self._literals.minutes(node.time)
                return None if minutes is None else checked.AtTime(minutes, _days(node.days))
            case written.WindowMoment():
                hours = self._literals.hours(node.start, node.end)
                return None if hours is None else checked.InWindow(*hours, _days(node.days))
            case written.DateMoment():
                day = self._literals.date(node.date)
                minutes = self._literals.minutes(node.time) if node.time else 0
                if day is None or minutes is None:
                    return None
                return checked.AtLocal(datetime(day.year, day.month, day.day) + timedelta(minutes=minutes))
            case written.OffsetMoment():
                return self._offset(node, scope)

    def recurrence(self, node: written.Schedule) -> Recurrence | None:
        minutes = self._literals.minutes(node.time) if node.time else 0
        if minutes is None:
            return None
        if node.unit == "hour" and node.time is not None:
            self._findings.add("bad-number", "`every hour` has no time of day", node.time.place)
            return None
        weekdays = node.days.numbers if node.days else ()
        return Recurrence(node.unit, weekdays, node.day_of_month, minutes)

    def _offset(self, node: written.OffsetMoment, scope: Scope) -> checked.Offset | None:
        span = self._literals.span(node.duration, may_be_nothing=True)
        item = self._values.value(node.value, scope)
        if item is None:
            return None
        if item.kind not in ("instant", "date"):
            self._findings.add(
                "wrong-type",
                f"a moment is counted from an instant or a date: {self._values.said(node.value, item)}",
                node.value.place,
            )
            return None
        return checked.Offset(span, -1 if node.direction == "before" else 1, item)


def _days(days: written.Days | None) -> tuple[int, ...]:
    return days.numbers if days else EVERY_DAY
