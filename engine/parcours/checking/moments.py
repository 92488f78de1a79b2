"""Moments and schedules as written ─► checked (T11, T13, T14)."""

from datetime import datetime, timedelta

from parcours.checking import checked
from parcours.checking.scope import Scope
from parcours.checking.values import Values, span_of
from parcours.clock.calendar import Recurrence
from parcours.model import moments as written

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


class Moments:
    def __init__(self, values: Values) -> None:
        self._values = values

    def moment(self, node: written.Moment, scope: Scope) -> checked.Moment | None:
        match node:
            case written.TimeMoment():
                minutes = self._values.minutes(node.time)
                return None if minutes is None else checked.AtTime(minutes, _days(node.days))
            case written.WindowMoment():
                start, end = self._values.minutes(node.start), self._values.minutes(node.end)
                if start is None or end is None:
                    return None
                return checked.InWindow(start, end, _days(node.days))
            case written.DateMoment():
                day = self._values.date(node.date)
                minutes = self._values.minutes(node.time) if node.time else 0
                if day is None or minutes is None:
                    return None
                return checked.AtLocal(datetime(day.year, day.month, day.day) + timedelta(minutes=minutes))
            case written.OffsetMoment():
                item = self._values.value(node.value, scope)
                if item is None:
                    return None
                if item.kind not in ("instant", "date"):
                    self._values.findings.add(
                        "wrong-type", "a moment is counted from an instant or a date", node.value.place
                    )
                    return None
                return checked.Offset(span_of(node.duration), -1 if node.direction == "before" else 1, item)

    def recurrence(self, node: written.Schedule) -> Recurrence | None:
        minutes = self._values.minutes(node.time) if node.time else 0
        if minutes is None:
            return None
        if node.unit == "hour" and minutes:
            self._values.findings.add("bad-number", "`every hour` has no time of day", node.place)
            return None
        if node.day_of_month is not None and not 1 <= node.day_of_month <= 31:
            self._values.findings.add("bad-number", f"`{node.day_of_month}` is no day of a month", node.place)
            return None
        weekdays = node.days.numbers if node.days else ()
        return Recurrence(node.unit, weekdays, node.day_of_month, minutes)


def _days(days: written.Days | None) -> tuple[int, ...]:
    return days.numbers if days else EVERY_DAY
