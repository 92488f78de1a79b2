"""Small journeys by chance, of steps whose times lie on the grid of `every_path`."""

from dice import Dice

MESSAGES = ("hello", "offer", "news")
CAPS = (
    "at most {} messages per 1 day",
    "at most {} messages per 12 hours",
    "at most {} messages per 3 days",
    "at most {} message per 7 days",
    "at most {} sms per 2 days",
    "at most {} message hello per 3 days",
    "at most {} topic promotion per 36 hours",
)
POLICY = """\
channel email
    address email
    consent email_opt_in

channel sms
    address phone
    consent sms_opt_in

message hello
    topic news
    email "Hello"
    sms "Hello"

message offer
    topic promotion
    email "Offer"
    sms "Offer"

message news
    topic news
    email "News"
    sms "News"
"""


def project_text(dice: Dice) -> str:
    """A journey `j`, and a pressure policy with every cap, in which messages are held for up to 12 hours."""
    held = dice.one((0, 6, 12))
    rules = "".join(f"    {cap.format(dice.between(1, 3))}\n" for cap in CAPS)
    pressure = f"pressure\n{rules}    keep held messages for {held} hours\n"
    body = _block(dice, depth=1, room=dice.between(2, 4))
    return f"{POLICY}\n{pressure}\njourney j\n    enter on order\n        again\n{body}"


def held_hours(text: str) -> int:
    return int(text.split("keep held messages for ")[1].split()[0])


def _block(dice: Dice, depth: int, room: int) -> str:
    return "".join(_step(dice, depth, room) for _ in range(dice.between(1, max(1, room))))


def _step(dice: Dice, depth: int, room: int) -> str:
    pad = "    " * depth
    channel = dice.one(("email", "sms", "email else sms"))
    simple = (
        f"{pad}send {dice.one(MESSAGES)} by {channel}\n",
        f"{pad}send {dice.one(MESSAGES)} by {channel}\n",
        f"{pad}send {dice.one(MESSAGES)} by {channel}\n{pad}    unless {_condition(dice)}\n",
        f"{pad}wait {dice.one(('6 hours', '12 hours', '1 day', '2 days', '18 hours'))}\n",
        f"{pad}wait until {dice.one(('06:00', '12:00', '18:00'))}\n",
    )
    if depth > 2 or room < 2 or dice.percent(60):
        return dice.one(simple)
    inner = lambda: _block(dice, depth + 1, room - 2)  # noqa: E731
    deeper = lambda: _block(dice, depth + 2, room - 2)  # noqa: E731
    match dice.below(4):
        case 0:
            return f"{pad}if {_condition(dice)}\n{inner()}{pad}else\n{inner()}"
        case 1:
            return f"{pad}repeat up to {dice.between(1, 2)} times\n{inner()}"
        case 2:
            up_to = dice.one(("6 hours", "12 hours", "1 day"))
            return (
                f"{pad}wait for click up to {up_to}\n{pad}    then\n{deeper()}{pad}    otherwise\n{deeper()}"
            )
        case _:
            return f"{pad}split s{dice.below(1000)}\n{pad}    50% a\n{deeper()}{pad}    50% b\n"


def _condition(dice: Dice) -> str:
    """One that no other has anything to do with."""
    return f'has click[link = "/{dice.below(1_000_000)}"] ever'
