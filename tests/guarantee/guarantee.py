"""A guarantee, checked from the outbox alone: plain Python that shares nothing with what decides.

It goes over what was sent, one message after the other, and recomputes what the policy promises of each: no cap exceeded,
no spacing broken, nothing in quiet or outside of opening hours or on a holiday, nothing without consent or after a suppressing
event, nothing that its contact had asked not to get, no channel above what it can take. Caps for some contacts only are
looked at where attributes alone say who they are."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from conditions import BeyondAttributesError, says
from wishes import Wish, against

from parcours.checking import checked
from parcours.checking.terms import Attribute

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sent:
    at: datetime
    contact: Any
    channel: str
    purpose: str
    topic: str
    journey: str
    message: str
    exempt: bool


@dataclass(frozen=True)
class Person:
    zone: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Suppressing:
    """An event that closes a channel, or all of them, from when it was known on."""

    contact: Any
    known: datetime
    channel: str | None


def broken(
    policy: checked.Policy,
    zone: str,
    sent: Sequence[Sent],
    people: Mapping[Any, Person],
    suppressing: Sequence[Suppressing],
    changing: Collection[str] = (),
    wishes: Sequence[Wish] = (),
    holidays: Collection[date] = (),
) -> list[str]:
    """What was promised and not kept, in words; nothing when all was. `changing` are attributes that journeys set: of them
    nobody can say afterwards what they were. `wishes` are asked when the policy honours preferences."""
    found: list[str] = []
    channels = {channel.name: channel for channel in policy.channels}
    closed: dict[Any, list[Suppressing]] = defaultdict(list)
    for one in suppressing:
        closed[one.contact].append(one)
    in_order = sorted(sent, key=lambda one: one.at)
    for one in in_order:
        person, channel = people.get(one.contact), channels[one.channel]
        if person is None:
            found.append(f"{one}: to nobody who is known")
            continue
        found += [f"{one}: {why}" for why in _about_the_channel(channel, one, person, changing)]
        if any(e.known <= one.at and e.channel in (None, one.channel) for e in closed[one.contact]):
            found.append(f"{one}: the channel was closed by an event")
        if channel.quiet_holidays and _wall(one.at, person.zone).date() in holidays:
            found.append(f"{one}: it was a holiday")
    if policy.wishes:
        found += _unwanted(in_order, people, wishes)
    for cap in policy.caps:
        with suppress(BeyondAttributesError):
            bound = _bound(cap, people, changing)
            if cap.per is None or cap.per.name not in changing:
                found += _over(cap, in_order, people, zone, bound)
    for rule in policy.spacing:
        found += _too_close(rule, in_order, zone)
    for channel in policy.channels:
        for capacity in channel.capacity:
            found += _too_many(channel.name, capacity, in_order, zone)
    return found


def _bound(cap: checked.Cap, people: Mapping[Any, Person], changing: Collection[str]) -> Collection[Any]:
    """The contacts for whom a cap is."""
    if cap.condition is None:
        return people.keys()
    return {name for name, one in people.items() if says(cap.condition, one.values, changing) is True}


def _unwanted(sent: Sequence[Sent], people: Mapping[Any, Person], wishes: Sequence[Wish]) -> Iterator[str]:
    for contact in {wish.contact for wish in wishes if wish.contact in people}:
        own = [wish for wish in wishes if wish.contact == contact]
        got = [one for one in sent if one.contact == contact and not one.exempt]
        for place, one in enumerate(got):
            before = [other.at for other in got[:place]]
            for why in against(own, one.topic, one.at, before, _clock(people[contact].zone)):
                yield f"{one}: {why}"


@cache
def _clock(zone: str) -> ZoneInfo:
    """As the project's tz database has it, whatever the machine's says."""
    with resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, zone)


def _wall(at: datetime, zone: str) -> datetime:
    return at.replace(tzinfo=UTC).astimezone(_clock(zone)).replace(tzinfo=None)


def _zone_of(person: Person | None, zone: str) -> str:
    return person.zone if person is not None else zone


# ---- the channel


def _about_the_channel(
    channel: checked.Channel, one: Sent, person: Person, changing: Collection[str]
) -> Iterator[str]:
    consent = channel.consent
    if channel.address.name not in changing and not person.values.get(channel.address.name):
        yield "there is no address"
    if (
        isinstance(consent, Attribute)
        and consent.name not in changing
        and person.values.get(consent.name) is not True
    ):
        yield "there is no consent"
    wall = _wall(one.at, person.zone)
    for quiet in channel.quiet:
        days, start, end = (quiet.days, 0, 24 * 60) if quiet.days else ((), quiet.start, quiet.end)
        if _is_in(wall, start, end, days):
            yield f"it was quiet: {quiet.text}"
    if channel.opening and not any(_is_in(wall, o.start, o.end, o.days) for o in channel.opening):
        yield "it was not open"


def _is_in(wall: datetime, start: int, end: int, days: Sequence[int]) -> bool:
    """Half-open; a stretch over midnight belongs to the day on which it begins; no days: every day."""
    minutes = wall.hour * 60 + wall.minute
    today, yesterday = wall.isoweekday(), (wall - _DAY).isoweekday()
    on = lambda day: not days or day in days  # noqa: E731
    if start < end:
        return start <= minutes < end and on(today)
    return (minutes >= start and on(today)) or (minutes < end and on(yesterday))


# ---- caps, spacing and capacity: windows


def _selects(selector: checked.Selector, one: Sent) -> bool:
    return selector.kind == "all" or getattr(one, selector.kind) == selector.name


def _begin_of(period: checked.Period, at: datetime, zone: str) -> tuple[str, Any]:
    """What two messages have in common that count together: the period of the calendar; of a rolling one nothing."""
    wall = _wall(at, zone)
    match period.span.unit:
        case "day":
            return "day", wall.date()
        case "week":
            return "week", wall.date() - (wall.isoweekday() - 1) * _DAY
        case "month":
            return "month", (wall.year, wall.month)
        case _:
            return "year", wall.year


def _back(at: datetime, period: checked.Period, zone: str) -> datetime:
    """T - span: exact, or a step back in the calendar, clipped to the end of a shorter month."""
    span = period.span
    if not span.is_calendar:
        return at - span.exact
    wall = _wall(at, zone)
    month = wall.year * 12 + wall.month - 1 - span.months
    year, month = divmod(month, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - _DAY).day
    local = wall.replace(year=year, month=month + 1, day=min(wall.day, last))
    return local.replace(tzinfo=_clock(zone)).astimezone(UTC).replace(tzinfo=None)


def _within(earlier: Sent, one: Sent, period: checked.Period, zone: str, contact_zone: str) -> bool:
    if period.kind == "calendar":
        return _begin_of(period, earlier.at, contact_zone) == _begin_of(period, one.at, contact_zone)
    return earlier.at > _back(one.at, period, zone)


def _over(
    cap: checked.Cap,
    sent: Sequence[Sent],
    people: Mapping[Any, Person],
    zone: str,
    bound: Collection[Any],
) -> Iterator[str]:
    """A message that is not exempt is the last of those that count; those of its own instant count with it. The cap is for
    those who are `bound`, and counts what all were sent."""
    groups: dict[Any, list[Sent]] = defaultdict(list)
    for one in sent:
        if _selects(cap.selector, one) and (cap.counting_exempt or not one.exempt):
            shared = None
            if cap.per is not None and one.contact in people:
                shared = people[one.contact].values.get(cap.per.name)
            groups[("alone", one.contact) if shared is None else ("shared", shared)].append(one)
    for group in groups.values():
        for place, one in enumerate(group):
            if one.exempt or one.contact not in bound:
                continue
            until = [other for other in group[: place + 1] if not other.exempt or other.at < one.at]
            own = _zone_of(people.get(one.contact), zone)
            counted = sum(_within(other, one, cap.period, zone, own) for other in until)
            if counted > cap.count:
                yield f"{one}: {counted} where {cap.text} ({cap.place})"


def _too_close(rule: checked.Spacing, sent: Sequence[Sent], zone: str) -> Iterator[str]:
    period = checked.Period("rolling", rule.span)
    by_contact: dict[Any, list[Sent]] = defaultdict(list)
    for one in sent:
        if not one.exempt:
            by_contact[one.contact].append(one)
    for group in by_contact.values():
        for place, one in enumerate(group):
            for other in group[:place]:
                after = _selects(rule.first, other) and _selects(rule.second, one)
                before = not rule.one_way and _selects(rule.second, other) and _selects(rule.first, one)
                # in one instant nothing says which came first: one way may be the other way round
                same = other.at == one.at and rule.one_way
                if (after or before) and not same and _within(other, one, period, zone, zone):
                    yield f"{one}: after {other} against {rule.text}"


def _too_many(name: str, rule: checked.Capacity, sent: Sequence[Sent], zone: str) -> Iterator[str]:
    mine = [one for one in sent if one.channel == name]
    for place, one in enumerate(mine):
        allowed = rule.count
        if rule.doubling is not None:
            every, most = rule.doubling
            allowed = min(most, rule.count * 2 ** ((one.at - mine[0].at) // every.exact))
        taken = sum(_within(other, one, rule.period, zone, zone) for other in mine[: place + 1])
        if taken > allowed:
            yield f"{one}: the {taken}th where {rule.text} ({rule.place})"
