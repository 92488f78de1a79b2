"""What the parameters that hold instants hold at T, all reckoned in the project's zone. Their names: `compiler.instants`."""

from collections.abc import Iterable
from datetime import datetime

from parcours.clock.calendar import period_end, period_start
from parcours.clock.span import Span, add_months
from parcours.clock.zones import to_local, to_utc
from parcours.compiler.instants import span_of_parameter, unit_of_parameter


def instants_at(zone: str, names: Iterable[str], at: datetime) -> dict[str, datetime]:
    """The values of those of the parameters that hold instants; the others are left out."""
    found = {}
    for name in names:
        if name == "now":
            found[name] = at
        elif (span := span_of_parameter(name)) is not None:
            found[name] = ago(zone, span, at)
        elif (unit := unit_of_parameter(name, "since")) is not None:
            found[name] = period_start(zone, unit, at)
        elif (unit := unit_of_parameter(name, "until")) is not None:
            found[name] = period_end(zone, unit, at)
    return found


def ago(zone: str, span: Span, at: datetime) -> datetime:
    """T - span. E2: months and years are calendar steps in the project's zone."""
    if not span.is_calendar:
        return at - span.exact
    return to_utc(zone, add_months(to_local(zone, at), -span.months))
