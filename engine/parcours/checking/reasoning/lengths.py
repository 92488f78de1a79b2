"""How two lengths of time compare when months and years have no exact length."""

from datetime import timedelta

from parcours.clock.span import Span

_MONTHS = 12
_SHIFTED_CLOCK = timedelta(days=1)  # summer time, and zones that have skipped a day


def shortest(span: Span) -> timedelta:
    """The least that the span can last, wherever it is counted from."""
    if not span.is_calendar:
        return span.exact
    years, months = divmod(span.months, _MONTHS)
    return timedelta(days=365 * years + 28 * months) - _SHIFTED_CLOCK


def longest(span: Span) -> timedelta:
    """The most that the span can last."""
    if not span.is_calendar:
        return span.exact
    years, months = divmod(span.months, _MONTHS)
    return timedelta(days=366 * years + 31 * months) + _SHIFTED_CLOCK


def is_never_longer(one: Span, other: Span) -> bool:
    """Whether `one`, counted back from any instant, never goes further than `other`."""
    if one.is_calendar and other.is_calendar:
        return one.months <= other.months
    return longest(one) <= shortest(other)
