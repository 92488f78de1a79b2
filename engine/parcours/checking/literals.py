"""Plain values as written ─► constants, dates, minutes and spans."""

from datetime import date, datetime
from decimal import Decimal

from parcours.checking import checked
from parcours.checking.findings import Findings
from parcours.checking.terms import Constant
from parcours.clock.span import Span
from parcours.clock.zones import to_utc
from parcours.model import values as written
from parcours.model.moments import Period

Literal = (
    written.Text
    | written.Number
    | written.Percent
    | written.Money
    | written.YesNo
    | written.DateLiteral
    | written.InstantLiteral
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_LONGEST_YEARS = 100
_MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080, "month": 43_830, "year": 525_960}


class Literals:
    """Every method that meets an error adds a finding; those that can give None do so then."""

    def __init__(self, findings: Findings, time_zone: str, currency: str) -> None:
        self._findings = findings
        self.time_zone = time_zone
        self._currency = currency

    def constant(self, node: Literal) -> Constant | None:
        match node:
            case written.Text():
                return Constant(node.value, "text")
            case written.Number():
                return Constant(node.value, "number")
            case written.Percent():
                return Constant(node.value / 100, "number")
            case written.Money():
                amount = self.money(node)
                return None if amount is None else Constant(amount, "number")
            case written.YesNo():
                return Constant(node.value, "yes_no")
            case written.DateLiteral():
                day = self.date(node)
                return None if day is None else Constant(day, "date")
            case written.InstantLiteral():
                local = self.local_time(node)
                return None if local is None else Constant(to_utc(self.time_zone, local), "instant")

    def plain(self, node: written.Value) -> Constant | None:
        """The constant of an example; what would have to be looked up is an error."""
        if isinstance(node, Literal):
            return self.constant(node)
        self._findings.add(
            "bad-example",
            f"`{self._findings.text(node.place)}` is no plain value",
            node.place,
            advice="write a text in quotes, a number, yes, no, a date or a date and time",
        )
        return None

    def midnight(self, day: date) -> Constant:
        """The instant at which a day begins in the project's zone."""
        return Constant(to_utc(self.time_zone, datetime(day.year, day.month, day.day)), "instant")

    def money(self, node: written.Money) -> Decimal | None:
        if node.currency != self._currency:
            message = f"the project counts in {self._currency}, not in `{node.currency}`"
            advice = f"say it in {self._currency}, or change `currency` in parcours.yaml"
            self._findings.add("wrong-type", message, node.place, advice=advice)
            return None
        return node.amount

    def date(self, node: written.DateLiteral) -> date | None:
        year, month, day = (int(part) for part in node.text.split("-"))
        try:
            found = date(year, month, day)
        except ValueError:
            self._findings.add("impossible-date", f"`{node.text}` is no date", node.place)
            return None
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            self._findings.add(
                "impossible-date",
                f"`{node.text}` is too far away",
                node.place,
                advice=f"write a date from {_FIRST_YEAR} to {_LAST_YEAR}",
            )
            return None
        return found

    def minutes(self, node: written.TimeOfDay) -> int | None:
        """Minutes since midnight."""
        if node.hour > 23 or node.minute > 59:
            self._findings.add("impossible-time", f"`{node}` is no time of day", node.place)
            return None
        return node.minutes

    def hours(self, start: written.TimeOfDay, end: written.TimeOfDay) -> tuple[int, int] | None:
        """From when to when, in minutes since midnight; never an empty stretch."""
        first, last = self.minutes(start), self.minutes(end)
        if first is None or last is None:
            return None
        if first == last:
            self._findings.add(
                "bad-number",
                f"nothing lies between `{start}` and `{end}`",
                end.place,
                advice="write two different times",
            )
            return None
        return first, last

    def local_time(self, node: written.InstantLiteral) -> datetime | None:
        day, minutes = self.date(node.date), self.minutes(node.time)
        if day is None or minutes is None:
            return None
        return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60)

    def span(self, node: written.Duration, *, may_be_nothing: bool = False) -> Span:
        """Always a span; one that makes no sense is among the findings."""
        if node.count == 0 and not may_be_nothing:
            self._findings.add(
                "bad-number", f"`{node}` is no time at all", node.place, advice="write at least 1"
            )
        elif node.count * _MINUTES[node.unit] > _LONGEST_YEARS * _MINUTES["year"]:
            self._findings.add(
                "bad-number", f"`{node}` is more than {_LONGEST_YEARS} years", node.place, advice="write less"
            )
        return Span(node.count, node.unit)

    def period(self, node: Period) -> checked.Period:
        """What a limit counts over."""
        return checked.Period(node.kind, self.span(node.duration))
