"""Packs of generated cases: everything follows from the number of the pack."""

from functools import lru_cache

from dice import Dice

from differential.cases import POLICY, Case, Pack
from differential.checking import judged
from differential.declarations import declarations
from differential.instants import BEGINS, PROJECT_ZONES, ticks
from differential.journeys import journey
from differential.mart import LONE, PACK
from differential.plan import make_plan
from differential.policy import policy
from differential.population import contacts, events
from differential.shop import ALONE, LANES, PACKED, Lane

_MOST_TRIES = 20
"""How many projects are made for one place in a pack. A generator that fails so often is broken."""


@lru_cache(maxsize=4)
def pack(number: int) -> Pack:
    dice = Dice(f"pack {number}")
    begin, zone = dice.one(BEGINS), dice.one(PROJECT_ZONES)
    instants = ticks(dice, begin)
    refused = 0
    while True:
        rules = policy(dice, begin)
        if judged({POLICY: rules}, zone, LONE).project is not None:
            break
        refused += 1
    cases = []
    for place, lane in enumerate(PACKED):
        for trial in range(_MOST_TRIES):
            made = case(number, place, trial, lane)
            if judged({POLICY: rules, made.file: made.text}, zone, PACK).project is not None:
                cases.append(made)
                break
            refused += 1
    return Pack(number, zone, rules, instants, tuple(cases), refused)


def case(pack_number: int, place: int, trial: int, lane: Lane) -> Case:
    """One project with its population. In another lane it is the same but for the names."""
    dice = Dice(f"pack {pack_number}")
    begin, _ = dice.one(BEGINS), dice.one(PROJECT_ZONES)
    instants = ticks(dice, begin)
    number = pack_number * LANES + place
    dice = Dice(f"case {number} {trial}")
    plan = make_plan(dice, lane, f"k{number}", begin)
    text = "\n".join([*(journey(dice, plan, name) for name in plan.journeys), declarations(dice, plan)])
    people = contacts(dice, plan, dice.one((2, 3, 4, 5, 6, 8, 10)), instants)
    return Case(number, lane.suffix, text, people, events(dice, plan, people, instants))


def alone(made: Case, trial: int) -> Case:
    return case(made.number // LANES, made.number % LANES, trial, ALONE)
