"""The policy that the cases of one datamart share: channels and rules of pressure."""

from collections.abc import Sequence
from datetime import datetime

from dice import Dice

from differential.around import Around, shared_kinds
from differential.journeys import PURPOSES
from differential.lengths import DAYS, KEEPS, hours
from differential.plan import TOPICS
from differential.predicates import Predicates
from differential.shop import ALONE
from differential.steps import indented

_ADDRESSES = {"email": "email", "sms": "phone", "push": "push_token"}


def policy(dice: Dice, begin: datetime, shared: Sequence[str]) -> str:
    """It speaks of contacts, of events that all lanes share, and of no lane's own. Limits are for one contact, or for all
    of whom an attribute of `shared` is the same."""
    # a lane's own date column is not there for everybody: the predicates are made until none speaks of it
    around = Around(ALONE, begin, shared_kinds(), words={"topic": TOPICS})
    blocks = [_channel(dice, name, around) for name in _ADDRESSES]
    blocks += [_pressure(dice, around, shared) for _ in range(dice.one((1, 1, 1, 2)))]
    blocks += [_said_once(dice)] if dice.percent(60) else []
    return "\n".join("\n".join([*block, ""]) for block in blocks)


def _said(dice: Dice, around: Around, depth: int) -> str:
    while True:
        made = Predicates(dice).predicate(around, depth)
        if "own_day" not in made:
            return made


def _channel(dice: Dice, name: str, around: Around) -> list[str]:
    consent = f"{name}_opt_in"
    if dice.percent(25):
        consent += f" {dice.one(('and', 'or'))} ({_said(dice, around, 0)})"
    lines = [f"address {_ADDRESSES[name]}", f"consent {consent}"]
    if dice.percent(40):
        lines.append("quiet from {} to {}".format(*hours(dice)))
    if dice.percent(15):
        lines.append("quiet from {} to {}".format(*hours(dice)))
    if dice.percent(20):
        lines.append(f"quiet on {dice.one(('sunday', 'saturday, sunday', 'weekends', 'friday, monday'))}")
    if dice.percent(20):
        lines.append("quiet on holidays")
    if dice.percent(20):
        lines += [
            "open {} from {} to {}".format(dice.one(DAYS), *hours(dice)) for _ in range(dice.one((1, 2)))
        ]
    if dice.percent(25):
        lines.append(_capacity(dice))
    if dice.percent(50):
        lines.append(f"cost {dice.one(('0.25', '0.5', '1'))} EUR")
    return [f"channel {name}", *indented(lines)]


def _capacity(dice: Dice) -> str:
    period = dice.one(
        ("30 minutes", "hour", "day", "2 days", "calendar day", "calendar week", "calendar month")
    )
    grows = f", doubling every {dice.one(('1 hour', '1 day', '3 days'))} up to {dice.one((30, 50))}"
    return f"at most {dice.one((1, 2, 3, 8))} per {period}{grows if dice.percent(40) else ''}"


def _selector(dice: Dice) -> str:
    return dice.one(
        (
            *("messages", "messages", "messages", "email", "emails", "sms", "push"),
            f"purpose {dice.one(PURPOSES)}",
            f"topic {dice.one(TOPICS)}",
        )
    )


def cap(dice: Dice, what: str, condition: str, shared: Sequence[str]) -> str:
    """A cap; of one that keeps some there are some to keep."""
    period = dice.one(
        (
            *("30 minutes", "1 hour", "day", "2 days", "week", "week", "1 month", "1 month", "1 year"),
            *("calendar day", "calendar week", "calendar month", "calendar year"),
        )
    )
    per = f" per {dice.one(shared)}" if dice.percent(25) else ""
    count, keep = dice.one((0, 1, 1, 1, 1, 2)), ""
    if dice.percent(30):
        count, keep = dice.one((2, 2, 2, 3)), f", keep 1 for priority from {dice.one((50, 51, 80, 80))}"
        what, period = (
            dice.one((what, "messages", "messages")),
            dice.one((period, "1 month", "calendar year")),
        )
    exempt = " counting exempt" if dice.percent(15) else ""
    return f"at most {count} {what} per {period}{condition}{per}{keep}{exempt}"


def spacing(dice: Dice, one: str, other: str) -> str:
    length = dice.one(("30 minutes", "1 hour", "1 day", "2 days", "1 week", "1 month"))
    if dice.percent(50):
        return f"at least {length} between {one} and {other}"
    return f"no {one} within {length} after {other}"


def _pressure(dice: Dice, around: Around, shared: Sequence[str]) -> list[str]:
    lines = []
    if dice.percent(35):
        lines.append(
            f"exempt {dice.one((f'purpose {dice.one(PURPOSES)}', f'topic {dice.one(TOPICS)}', 'sms'))}"
        )
    for _ in range(dice.one((1, 2, 3))):
        condition = f" for {_said(dice, around, 1)}" if dice.percent(30) else ""
        lines.append(cap(dice, _selector(dice), condition, shared))
    if dice.percent(50):
        lines.append(spacing(dice, _selector(dice), _selector(dice)))
    if dice.percent(35):
        lines.append(f"never {_selector(dice)} for {_said(dice, around, dice.one((0, 1)))}")
    return ["pressure", *indented(lines or ["at most 5 messages per day"])]


def _said_once(dice: Dice) -> list[str]:
    """Rules of which there is one in a project."""
    lines = [f"keep held messages for {dice.one(KEEPS)}"]
    if dice.percent(40):
        lines.append(f"arbitrate by {dice.one(('priority, then value', 'value', 'value, then priority'))}")
    if dice.percent(60):
        lines.append("honour preferences")
    if dice.percent(20):
        lines.append("a lost contact costs 40 EUR")
    return ["pressure", *indented(lines)]
