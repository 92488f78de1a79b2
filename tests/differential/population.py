"""Contacts and what happens to them, by chance: in awkward zones, known late, with ids that come twice, loaded late or
ahead of their time, and at the very instants at which ticks are and waits end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dice import Dice

from differential.instants import ZONES
from differential.plan import Plan
from differential.shop import FIELDS, OWN_DAY, SENDS, SHARED_FIELDS
from differential.values import TEXTS


@dataclass(frozen=True)
class Contact:
    """`zone` and `known_since` as in their columns; `values` by attribute. What is not given is unknown."""

    name: str
    zone: str | None
    known_since: datetime | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """A row of an event's table: `loaded` None: as soon as it happened; `id` None: it has none."""

    kind: str
    contact: str
    at: datetime
    loaded: datetime | None
    id: str | None
    values: Mapping[str, Any]


_STEPS = (
    *((timedelta(0), timedelta(0), timedelta(0), timedelta(microseconds=1), timedelta(seconds=-1))),
    *((timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=1))),
    *(
        (
            timedelta(minutes=90),
            timedelta(hours=2),
            timedelta(hours=6),
            timedelta(hours=12),
            timedelta(days=1),
        )
    ),
    *(
        (
            timedelta(days=2),
            timedelta(days=7),
            timedelta(minutes=-30),
            timedelta(hours=-6),
            timedelta(days=-1),
        )
    ),
)
_LATE = (
    *((timedelta(minutes=1), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=6))),
    *((timedelta(days=1), timedelta(days=2), timedelta(days=-1))),
)


def contacts(
    dice: Dice, plan: Plan, crowd: str, count: int, ticks: Sequence[datetime]
) -> tuple[Contact, ...]:
    """A population called `crowd`."""
    return tuple(_contact(dice, plan, crowd, f"{crowd}.{n}", ticks) for n in range(1, count + 1))


def _contact(dice: Dice, plan: Plan, crowd: str, name: str, ticks: Sequence[datetime]) -> Contact:
    known = lambda chance, value: value if dice.percent(chance) else None  # noqa: E731
    day = plan.begin.date() + timedelta(days=dice.one((-1, 0, 0, 1, 2, 3, 8, 30)))
    own_day = _in_year(day, day.year - dice.one((0, 0, 1, 10, 26)))
    if dice.percent(10):
        own_day = date(1992, 2, 29)
    values = {
        "team": plan.team,
        "email": known(
            88, dice.one((f"{name}@example.org", "")) if dice.percent(15) else f"{name}@example.org"
        ),
        "phone": known(70, f"+1{name}"),
        "push_token": known(60, f"token {name}"),
        "email_opt_in": known(92, dice.percent(85)),
        "sms_opt_in": known(85, dice.percent(75)),
        "push_opt_in": known(80, dice.percent(75)),
        "country": known(80, dice.one(TEXTS["country"])),
        "first_name": known(80, dice.one(TEXTS["first_name"])),
        "age": known(80, dice.one((0, 5, 17, 18, 19, 30, 50, 51, 80))),
        "points": known(75, dice.one((0.0, 0.5, 10.0, 25.5, 50.0, 75.25, 100.0, -3.25))),
        "balance": known(70, Decimal(dice.one(("0.00", "1.25", "30.00", "75.25", "100.50", "-2.00")))),
        "vip": known(75, dice.percent(50)),
        "birth_date": known(75, date(dice.between(1950, 2008), dice.between(1, 12), dice.between(1, 28))),
        "signed_up_at": known(
            75, dice.one(ticks) + dice.one(_STEPS) - timedelta(days=dice.one((0, 0, 1, 40)))
        ),
        plan.lane(OWN_DAY): known(80, own_day),
    }
    aside = dice.aside()
    values["household"] = f"{crowd} {aside.between(1, 4)}" if aside.percent(80) else None
    zone = dice.one((*ZONES, None, "Mars/Olympus"))
    known_since = dice.one(ticks) + dice.one(_STEPS) if dice.percent(12) else None
    return Contact(name, zone, known_since, {k: v for k, v in values.items() if v is not None})


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, 28 if day.month == 2 else day.day))


# ---- events


def events(
    dice: Dice, plan: Plan, crowd: str, people: Sequence[Contact], ticks: Sequence[datetime]
) -> tuple[Event, ...]:
    """What happens to a population: events of the lane's kinds, and some that close channels. An id that comes twice is loaded at two different
    times, and no two events of one kind and contact have the same instant unless both have an id."""
    made: list[Event] = []
    names = [person.name for person in people] + ["nobody"] * dice.percent(30)
    for name in names:
        for _ in range(dice.one((0, 1, 2, 3, 4, 6, 8, 10))):
            made.append(_event(dice, plan, name, ticks, f"{crowd}-{len(made):03}"))
            if dice.percent(10):
                made.append(_again(dice, made[-1], ticks, names))
    return tuple(_with_clear_order(made))


def _event(dice: Dice, plan: Plan, name: str, ticks: Sequence[datetime], named: str) -> Event:
    kind, fields = (
        dice.one(tuple(FIELDS.items())) if dice.percent(86) else dice.one(tuple(SHARED_FIELDS.items()))
    )
    # most happen at about a tick; some long before the first
    at = dice.one(ticks) + dice.one(_STEPS)
    if dice.percent(10):
        at -= timedelta(days=dice.one((1, 30, 100, 366)))
    loaded = at + dice.one(_LATE) if dice.percent(15) else None
    if dice.percent(6):
        loaded = max(at, dice.one(ticks))
    values = {field: _value(dice, field, sql_type, at) for field, sql_type in fields.items()}
    if "season" in fields:
        # most wishes are about all that is sent
        values["topic"] = values["topic"] if dice.percent(40) else None
        values["season"] = dice.one((*plan.seasons, "feast", None))
    if kind in SENDS:
        values[SENDS[kind]] = _cause(dice, plan)
    own_kind = plan.lane(kind) if kind in FIELDS else kind
    event_id = named if dice.percent(95) else None
    return Event(own_kind, name, at, loaded, event_id, {k: v for k, v in values.items() if v is not None})


def _value(dice: Dice, field: str, sql_type: str, at: datetime) -> Any:
    if dice.percent(18):
        return None
    match sql_type:
        case "VARCHAR":
            return dice.one(TEXTS.get(field, ("a", "b")))
        case "BOOLEAN":
            return dice.percent(50)
        case "INTEGER":
            return dice.one((0, 1, 2, 3, 5, 10))
        case "DOUBLE":
            return dice.one((0.0, 0.25, 0.5, 3.0, 25.5, 100.0))
        case "DATE":
            return at.date() + timedelta(days=dice.one((-1, 0, 1, 2, 7)))
        case "TIMESTAMP":
            return at + dice.one(_STEPS)
        case _:
            return Decimal(dice.one(("0.00", "0.50", "10.00", "25.50", "30.00", "75.25", "100.00", "-2.00")))


def _cause(dice: Dice, plan: Plan) -> str | None:
    """Which message caused an event: its name, the id of one that was sent, or something else."""
    message = dice.one(plan.messages)
    return dice.one(
        (message, message, f"{plan.journeys[0]}:c1:1774778400000000:{message}:email", "a:b", "hello", None)
    )


def _again(dice: Dice, first: Event, ticks: Sequence[datetime], names: Sequence[str]) -> Event:
    """A second row with the same id: of another instant, loaded later or sooner, now and then of another contact."""
    visible = max(first.at, first.loaded or first.at)
    loaded = visible + dice.one(
        (timedelta(hours=1), timedelta(minutes=1), timedelta(days=1), timedelta(hours=-1))
    )
    at = first.at + dice.one((timedelta(0), timedelta(0), timedelta(minutes=-90)))
    if max(at, loaded) == visible:
        loaded += timedelta(seconds=1)
        at = min(at, loaded)
    contact = dice.one(names) if dice.percent(20) else first.contact
    return Event(first.kind, contact, at, loaded, first.id, first.values)


def _with_clear_order(made: Sequence[Event]) -> list[Event]:
    """Rows without an id are told apart by all that is in them: here none of them shares its instant with another row."""
    named: set[tuple[str, str, datetime]] = set()
    unnamed: set[tuple[str, str, datetime]] = set()
    found: list[Event] = []
    for event in made:
        place = (event.kind, event.contact, event.at)
        if place in unnamed or (event.id is None and place in named):
            continue
        (unnamed if event.id is None else named).add(place)
        found.append(event)
    return found
