"""The policy that the cases of one datamart share: channels and rules of pressure."""

from datetime import datetime

from dice import Dice

from differential.around import Around, shared_kinds
from differential.journeys import PURPOSES
from differential.lengths import KEEPS, hours
from differential.plan import TOPICS
from differential.predicates import Predicates
from differential.shop import ALONE
from differential.steps import indented

_ADDRESSES = {"email": "email", "sms": "phone", "push": "push_token"}


def policy(dice: Dice, begin: datetime) -> str:
    """It speaks of contacts, of events that all lanes share, and of no lane's own."""
    # a lane's own date column is not there for everybody: the predicates are made until none speaks of it
    around = Around(ALONE, begin, shared_kinds(), words={"topic": TOPICS})
    blocks = [_channel(dice, name, around) for name in _ADDRESSES]
    blocks += [_pressure(dice, around) for _ in range(dice.one((1, 1, 1, 2)))]
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
    if dice.percent(50):
        lines.append(f"cost {dice.one(('0.25', '0.5', '1'))} EUR")
    return [f"channel {name}", *indented(lines)]


def _selector(dice: Dice) -> str:
    return dice.one(
        (
            *("messages", "messages", "messages", "email", "emails", "sms", "push"),
            f"purpose {dice.one(PURPOSES)}",
            f"topic {dice.one(TOPICS)}",
        )
    )


def _pressure(dice: Dice, around: Around) -> list[str]:
    lines = []
    if dice.percent(35):
        lines.append(
            f"exempt {dice.one((f'purpose {dice.one(PURPOSES)}', f'topic {dice.one(TOPICS)}', 'sms'))}"
        )
    for _ in range(dice.one((1, 1, 2))):
        period = dice.one(
            ("30 minutes", "1 hour", "day", "2 days", "week", "week", "1 month", "1 month", "1 year")
        )
        condition = f" for {_said(dice, around, 1)}" if dice.percent(30) else ""
        lines.append(f"at most {dice.one((0, 1, 1, 1, 1, 2))} {_selector(dice)} per {period}{condition}")
    if dice.percent(35):
        lines.append(f"never {_selector(dice)} for {_said(dice, around, dice.one((0, 1)))}")
    return ["pressure", *indented(lines or ["at most 5 messages per day"])]


def _said_once(dice: Dice) -> list[str]:
    """Rules of which there is one in a project."""
    lines = [f"keep held messages for {dice.one(KEEPS)}"]
    if dice.percent(40):
        lines.append("arbitrate by priority, then value")
    if dice.percent(20):
        lines.append("a lost contact costs 40 EUR")
    return ["pressure", *indented(lines)]
