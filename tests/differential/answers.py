"""What is learned of how messages are answered, by chance: of everybody's contacts, since no project declares it.

Several cases share a datamart, and then the newest run is that of one of them: the contacts of the others have the best hour of
everybody, and only one lifecycle tells contacts apart. No two cases have runs of one date."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from dice import Dice

from differential.learned import Told
from differential.plan import CHANNELS, Plan
from differential.shop import ALONE, LANES, PACKED

_RATES = (0.0, 0.01, 0.05, 0.05, 0.1, 0.25, 0.2500009, 1 / 3, 1.0)


def answers(number: int, plan: Plan, contacts: Sequence[str], ticks: Sequence[datetime]) -> tuple[Told, ...]:
    """Runs of the best hours and of the rates: of each none, or one or two, most often one before the first tick."""
    dice = Dice(f"answers {plan.team}")
    apart = timedelta(milliseconds=number % LANES)
    found: list[Told] = []
    for name in ("best_hour", "response"):
        dates = {dice.one(ticks) - apart for _ in range(dice.one((0, 0, 1, 2)))}
        if dice.percent(60):
            dates.add(ticks[0] - timedelta(days=dice.one((1, 3, 40))) - apart)
        for as_of in sorted(dates):
            says = _hours(dice, contacts) if name == "best_hour" else _rates(dice, plan)
            found.append(Told("response", name, as_of, says))
    return tuple(found)


def _hours(dice: Dice, contacts: Sequence[str]) -> dict[Any, dict[str, Any]]:
    everybody: list[Any] = [None] if dice.percent(60) else []
    learned = [contact for contact in contacts if dice.percent(60)]
    return {who: {"hour": dice.below(24)} for who in (*everybody, *learned)}


def _rates(dice: Dice, plan: Plan) -> dict[Any, dict[str, Any]]:
    return {
        (segment, channel): {"rate": dice.one(_RATES)}
        for segment in ("", *plan.segments, *_stages(plan))
        for channel in CHANNELS
        if dice.percent(70)
    }


def _stages(plan: Plan) -> Iterator[str]:
    """Of all cases that there may be beside this one: the first lifecycle by name is that of one of them."""
    for lane in dict.fromkeys((ALONE, *PACKED)):
        for stage in ("fresh", "keen", "gone"):
            yield f"{lane('buyer')} is {lane(stage)}"
