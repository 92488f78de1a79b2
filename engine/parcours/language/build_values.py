"""Literals, names of things, durations, days, schedules and moments: lark trees become model nodes."""

from decimal import Decimal
from typing import TypeVar, cast

from lark import Token

from parcours.language.building import (
    Branch,
    Building,
    branch,
    branch_or_none,
    plain_name,
    plain_text,
    word,
    word_or_none,
)
from parcours.model.moments import WEEK, Day, Days, Period, Schedule
from parcours.model.node import Node
from parcours.model.values import (
    DateLiteral,
    Duration,
    DurationUnit,
    InstantLiteral,
    Money,
    Number,
    Path,
    Percent,
    Text,
    TimeOfDay,
    Value,
    YesNo,
)

LITERALS = frozenset(
    ("text", "number", "negative", "percent", "date", "instant", "yes", "no", "duration", "money")
)

_N = TypeVar("_N", bound=Node)


def build_literal(building: Building, tree: Branch) -> Value:
    """A literal; `tree.data` is one of `LITERALS`."""
    place = building.place(tree)
    match str(tree.data):
        case "text":
            return Text(place=place, value=plain_text(word(tree, 0)))
        case "number":
            return Number(place=place, value=Decimal(word(tree, 0)))
        case "negative":
            return Number(place=place, value=-Decimal(word(tree, 1)))
        case "percent":
            return Percent(place=place, value=percent(word(tree, 0)))
        case "date":
            return DateLiteral(place=place, text=str(word(tree, 0)))
        case "instant":
            return build_instant(building, tree)
        case "yes" | "no":
            return YesNo(place=place, value=tree.data == "yes")
        case "duration":
            return build_duration(building, tree)
        case "money":
            return build_money(building, tree)
    raise AssertionError(f"the grammar has a literal that is not built: {tree.data}")


def build_path(building: Building, tree: Branch) -> Path:
    parts = tuple(plain_name(cast(Token, token)) for token in tree.children)
    return Path(place=building.place(tree), parts=parts)


def build_duration(building: Building, tree: Branch) -> Duration:
    """`3 days`, and of the rule `one_unit`: `day`, which is one."""
    count = 1 if len(tree.children) == 1 else int(word(tree, 0))
    unit = word(tree, -1).removesuffix("s")
    return Duration(place=building.place(tree), count=count, unit=cast(DurationUnit, unit))


def build_span(building: Building, tree: Branch) -> Duration:
    """The rule `span`: a duration, or a unit alone."""
    return build_duration(building, tree if tree.data == "one_unit" else branch(tree, 0))


def optional_duration(building: Building, tree: Branch | None) -> Duration | None:
    return None if tree is None else build_duration(building, tree)


def build_money(building: Building, tree: Branch) -> Money:
    amount, currency = word(tree, 0), word(tree, 1)
    return Money(place=building.place(tree), amount=Decimal(amount), currency=str(currency))


def build_time(building: Building, tree: Branch) -> TimeOfDay:
    hour, minute = word(tree, 0).split(":")
    return TimeOfDay(place=building.place(tree), hour=int(hour), minute=int(minute))


def optional_time(building: Building, tree: Branch | None) -> TimeOfDay | None:
    return None if tree is None else build_time(building, tree)


def build_date(building: Building, token: Token) -> DateLiteral:
    return DateLiteral(place=building.place(token), text=str(token))


def build_instant(building: Building, tree: Branch) -> InstantLiteral:
    date = build_date(building, word(tree, 0))
    return InstantLiteral(place=building.place(tree), date=date, time=build_time(building, branch(tree, 1)))


def optional_instant(building: Building, tree: Branch | None) -> InstantLiteral | None:
    return None if tree is None else build_instant(building, tree)


def build_days(building: Building, tree: Branch) -> Days:
    """The days in the order of the week, each once, whatever the order they are written in."""
    said: set[str] = set()
    for token in tree.children:
        day = str(token).removesuffix("s")
        said.update({"weekday": WEEK[:5], "weekend": WEEK[5:]}.get(day, (cast(Day, day),)))
    return Days(place=building.place(tree), days=tuple(day for day in WEEK if day in said))


def optional_days(building: Building, tree: Branch | None) -> Days | None:
    return None if tree is None else build_days(building, tree)


def build_period(building: Building, tree: Branch) -> Period:
    """`7 days`, `day` or `calendar week`."""
    place = building.place(tree)
    if tree.data == "rolling":
        return Period(place=place, kind="rolling", duration=build_span(building, branch(tree, 0)))
    token = word(tree, 0)
    unit = token.removesuffix("s")
    if unit in ("minute", "hour"):
        building.report(
            "bad-period", f"there is no calendar {unit}", place, help=f"write `per {unit}` for a rolling one"
        )
    duration = Duration(place=building.place(token), count=1, unit=cast(DurationUnit, unit))
    return Period(place=place, kind="calendar", duration=duration)


def build_schedule(building: Building, tree: Branch) -> Schedule:
    place = building.place(tree)
    if tree.data == "schedule_by_days":
        days, time = branch(tree, 0), branch_or_none(tree, 1)
        return Schedule(place=place, days=build_days(building, days), time=optional_time(building, time))
    token = word(tree, 0)
    unit, day_of_month = token.removesuffix("s"), word_or_none(tree, 1)
    if unit == "minute":
        raise building.refusal(
            "bad-period", "a schedule cannot be as short as a minute", building.place(token)
        )
    if day_of_month is not None and (unit != "month" or not 1 <= int(day_of_month) <= 31):
        message = (
            f"`on {day_of_month}` goes with `every month`"
            if unit != "month"
            else f"no month has a day `{day_of_month}`"
        )
        building.report("bad-number", message, building.place(day_of_month))
        day_of_month = None
    return Schedule.model_validate(
        {
            "place": place,
            "unit": unit,
            "day_of_month": None if day_of_month is None else int(day_of_month),
            "time": optional_time(building, branch_or_none(tree, 2)),
        }
    )


def percent(token: Token) -> Decimal:
    """`45%` is 45."""
    return Decimal(token.removesuffix("%"))
