"""Which instants a report is about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parcours.clock.zones import to_local
from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine

MOMENT = timedelta(microseconds=1)
_TICKS = "SELECT min(ticked_at), max(ticked_at) FROM state.tick"


@dataclass(frozen=True, slots=True)
class Span:
    """Naive UTC. What was sent and who entered counts from `first` on and before `last`; what came of it counts before
    `as_of`. `zone` is the project's, in whose days it is told."""

    first: datetime
    last: datetime
    as_of: datetime
    zone: str

    @property
    def first_day(self) -> date:
        return to_local(self.zone, self.first).date()

    @property
    def last_day(self) -> date:
        """A span that ends at midnight ends with the day before."""
        return max(self.first_day, to_local(self.zone, self.last - MOMENT).date())

    @property
    def at(self) -> datetime:
        """The last instant of which something counts."""
        return self.as_of - MOMENT

    @property
    def values(self) -> dict[str, datetime]:
        """As parameters of statements."""
        return {"first": self.first, "last": self.last, "as_of": self.as_of}


def span_of(
    engine: DuckDBEngine,
    zone: str,
    first: datetime | None = None,
    last: datetime | None = None,
    as_of: datetime | None = None,
) -> Span | None:
    """The span that is asked for; where nothing is said it reaches from the first tick of the state to its last, that one
    included, and what came of it counts up to its end. None in a state without a tick. `Problem` for an end that is not after
    its beginning."""
    ((begun, ended),) = engine.run_text(_TICKS)
    if begun is None:
        return None
    first, last = first or begun, last or ended + MOMENT
    if last <= first:
        message = "the end of the span is not after its beginning"
        raise problem("bad-option", message, "--to", help="give an end that is after the beginning")
    if as_of is not None and as_of < last:
        message = "what came of messages cannot be told before the span is over"
        raise problem(
            "bad-option", message, "--as-of", help="give an instant at or after the end of the span"
        )
    return Span(first, last, as_of or last, zone)


def stretch_unit(span: Span) -> str:
    """In which pieces the span is told: `day`, `week` or `month`, so that there are not too many."""
    days = (span.last_day - span.first_day).days + 1
    return "day" if days <= _MOST_DAYS else "week" if days <= _MOST_WEEKS * 7 else "month"


_MOST_DAYS, _MOST_WEEKS = 31, 53


def stretches(span: Span) -> list[date]:
    """The days on which the pieces of the span begin, in order: Mondays (P4) or firsts of a month, but of the first piece the
    day on which the span begins."""
    unit = stretch_unit(span)
    days = [span.first_day + timedelta(n) for n in range((span.last_day - span.first_day).days + 1)]
    return [
        day
        for day in days
        if day == span.first_day
        or unit == "day"
        or (unit == "week" and day.weekday() == 0)
        or (unit == "month" and day.day == 1)
    ]
