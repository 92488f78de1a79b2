"""Channels as written ─► checked: where a contact is reached, who has agreed, and when it may be disturbed."""

from collections.abc import Iterable

from parcours.checking import checked
from parcours.checking.predicates import Predicates
from parcours.checking.rule_words import rule_words
from parcours.checking.scope import OUTSIDE
from parcours.checking.terms import (
    Attribute,
    Compare,
    Constant,
    Events,
    Field,
    Known,
    Not,
    Or,
    Term,
    Window,
    happened,
)
from parcours.datamart.catalog import Catalog
from parcours.model import policy as written

SUPPRESSING_EVENTS = ("opt_out", "complaint", "bounce")
"""Events of these names close a channel for a contact: the one in the event's text field `channel`, or every
channel when there is no such field or it is unknown."""

_DAY = 24 * 60
_ALL_DAYS = tuple(range(1, 8))
_ALL_MESSAGES = ("message", "messages")


def check_channels(
    channels: Iterable[written.Channel], predicates: Predicates
) -> tuple[checked.Channel, ...]:
    """Those that are whole."""
    return tuple(found for channel in channels if (found := _channel(channel, predicates)))


def _channel(channel: written.Channel, predicates: Predicates) -> checked.Channel | None:
    findings, name = predicates.findings, channel.name
    if name.text in _ALL_MESSAGES:
        message = f"`{name}` means all messages in a pressure rule: no channel can be called so"
        findings.add("reserved-name", message, name.place)
    if channel.address is None:
        findings.add("missing-address", f"the channel `{name}` has no address", name.place)
    if channel.consent is None:
        findings.add("missing-consent", f"the channel `{name}` has no consent", name.place)
    address = predicates.names.path(channel.address, OUTSIDE) if channel.address else None
    consent = predicates.optional(channel.consent, OUTSIDE)
    cost = None if channel.cost is None else predicates.literals.money(channel.cost)
    if channel.address and address is not None and not isinstance(address, Attribute):
        findings.add("wrong-type", "an address is an attribute of the contact", channel.address.place)
    quiet = tuple(hours for q in channel.quiet if (hours := _quiet(q, predicates)) is not None)
    opening = tuple(span for o in channel.opening if (span := _opening(o, predicates)) is not None)
    _check_open_at_all(channel, quiet, opening, predicates)
    capacity = tuple(_capacity(c, predicates) for c in channel.capacity)
    holidays = next((q for q in channel.quiet if isinstance(q, written.QuietHolidays)), None)
    if not isinstance(address, Attribute) or consent is None or not channel.address or not channel.consent:
        return None
    return checked.Channel(
        name=name.text,
        address=address,
        consent=consent,
        suppressed=_suppressed(name.text, predicates.vocabulary.catalog),
        quiet=quiet,
        place=name.place,
        consent_place=channel.consent.place,
        address_place=channel.address.place,
        cost=cost or checked.NO_COST,
        quiet_holidays=None if holidays is None else holidays.place,
        opening=opening,
        capacity=capacity,
    )


def _suppressed(channel: str, catalog: Catalog) -> tuple[tuple[str, Term], ...]:
    found = []
    for event in SUPPRESSING_EVENTS:
        table = catalog.events.get(event)
        if table is None:
            continue
        closes: Term | None = None
        if "channel" in table.columns and table.columns["channel"].kind == "text":
            field = Field("channel", "text")
            closes = Or((Not(Known(field)), Compare("=", field, Constant(channel, "text"))))
        found.append((event, happened(Events(event, closes, Window("ever")))))
    return tuple(found)


def _quiet(quiet: written.Quiet, predicates: Predicates) -> checked.Quiet | None:
    """Holidays have no hours: the channel says of them where they are written."""
    text = rule_words(quiet, predicates.findings)
    match quiet:
        case written.QuietHours():
            hours = predicates.literals.hours(quiet.start, quiet.end)
            return None if hours is None else checked.Quiet(text, *hours, (), quiet.place)
        case written.QuietDays():
            return checked.Quiet(text, 0, 0, quiet.days.numbers, quiet.place)
        case written.QuietHolidays():
            _check_holidays(quiet, predicates)
            return None


def _check_holidays(quiet: written.QuietHolidays, predicates: Predicates) -> None:
    if predicates.vocabulary.settings.holiday_country is None:
        predicates.findings.add(
            "missing-mapping",
            "parcours.yaml does not say whose holidays",
            quiet.place,
            advice="name the country in parcours.yaml: `holidays: FR`",
        )


def _opening(opening: written.OpeningHours, predicates: Predicates) -> checked.Opening | None:
    hours = predicates.literals.hours(opening.start, opening.end)
    text = rule_words(opening, predicates.findings)
    return None if hours is None else checked.Opening(text, *hours, opening.days.numbers, opening.place)


def _capacity(capacity: written.Capacity, predicates: Predicates) -> checked.Capacity:
    findings, literals = predicates.findings, predicates.literals
    if capacity.count < 1:
        message = "a channel with room for nothing can send nothing"
        findings.add("bad-number", message, capacity.place, advice="leave room for at least 1")
    doubling = None
    if capacity.doubling is not None:
        doubling = (literals.span(capacity.doubling.every), capacity.doubling.up_to)
        if capacity.doubling.up_to <= capacity.count:
            message = f"from {capacity.count} nothing is doubled up to {capacity.doubling.up_to}"
            findings.add("bad-number", message, capacity.doubling.place, advice="double up to more")
        if doubling[0].is_calendar:
            message = f"from when on it doubles again cannot be said of {capacity.doubling.every}"
            advice = "write days or weeks"
            findings.add("bad-number", message, capacity.doubling.every.place, advice=advice)
    period = literals.period(capacity.period)
    if period.kind == "rolling" and period.span.is_calendar:
        message = f"`{capacity.period}` is no length: it rolls in steps of a calendar"
        advice = f"write `per calendar {period.span.unit}`, or days"
        findings.add("bad-period", message, capacity.period.place, advice=advice)
    text = rule_words(capacity, findings)
    return checked.Capacity(text, capacity.count, period, doubling, capacity.place)


def _check_open_at_all(
    channel: written.Channel,
    quiet: tuple[checked.Quiet, ...],
    opening: tuple[checked.Opening, ...],
    predicates: Predicates,
) -> None:
    """There is an hour of the week at which the channel is open and not quiet."""
    week = {day * _DAY + minute for day in range(7) for minute in range(_DAY)}
    free = week.intersection(
        *(({m for o in opening for m in _minutes(o.days, o.start, o.end)},) if opening else ())
    )
    for stretch in quiet:
        days, start, end = (
            (stretch.days, 0, _DAY) if stretch.days else (_ALL_DAYS, stretch.start, stretch.end)
        )
        free -= _minutes(days, start, end)
    if not free:
        last = max([stretch.place for stretch in quiet] + [stretch.place for stretch in opening])
        message = f"the channel `{channel.name}` is quiet at every hour of the week: it can send nothing"
        predicates.findings.add("bad-number", message, last, advice="leave some time to send in")


def _minutes(days: tuple[int, ...], start: int, end: int) -> set[int]:
    """Minutes of the week, from monday on; a stretch over midnight belongs to the day on which it begins."""
    length = (end - start) % _DAY or _DAY
    return {((day - 1) * _DAY + start + minute) % (7 * _DAY) for day in days for minute in range(length)}
