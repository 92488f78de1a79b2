"""Parameters that hold instants reckoned from T: the executor finds out from their names what to put into them."""

from typing import Literal, cast

from sqlglot import exp

from parcours.checking.checked import Period
from parcours.clock.span import Span, SpanUnit
from parcours.compiler.expressions import parameter


def ago(span: Span) -> exp.Expr:
    """The parameter that holds T - span: exact, or a calendar step in the project's zone (E2)."""
    return parameter(f"ago_{span.count}_{span.unit}")


def start_of(period: Period) -> exp.Expr:
    """The parameter that holds the instant at which a period over all contacts began: T - span, or the start of the
    calendar period in the project's zone."""
    return ago(period.span) if period.kind == "rolling" else parameter(f"since_{period.span.unit}")


def end_of(period: Period) -> exp.Expr:
    """The parameter that holds the instant at which the next calendar period begins in the project's zone."""
    return parameter(f"until_{period.span.unit}")


def span_of_parameter(name: str) -> Span | None:
    """The span of a parameter made by `ago`; None for the name of another."""
    words = name.split("_")
    if len(words) != 3 or words[0] != "ago":
        return None
    return Span(int(words[1]), cast(SpanUnit, words[2]))


def unit_of_parameter(name: str, side: Literal["since", "until"]) -> SpanUnit | None:
    """The unit of a calendar period whose start or end a parameter holds; None for the name of another."""
    begun, _, unit = name.partition("_")
    return cast(SpanUnit, unit) if begun == side and unit in ("day", "week", "month", "year") else None
