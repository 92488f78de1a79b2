"""Packs of generated cases: everything follows from the number of the pack."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from dice import Dice

from differential.answers import answers
from differential.cases import POLICY, Case, Pack, Script
from differential.checking import judged
from differential.declarations import declarations
from differential.instants import BEGINS, PROJECT_ZONES, ticks
from differential.journeys import journey
from differential.learned import told
from differential.mart import LONE, PACK, Where
from differential.plan import Flavour, make_flavour, make_plan
from differential.policy import policy
from differential.population import Contact, Event, contacts, events
from differential.shop import ALONE, LANES, PACKED, Lane

_MOST_TRIES = 20
"""How many projects are made for one place in a pack. A generator that fails so often is broken."""


_FIRST = (3, 6, 8, 10, 12, 12, 16, 20, 50)
_FURTHER = (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 8, 10, 12, 20, 50)
"""How many contacts a project's first population has, and those after it: many small ones show more than a large one."""


@dataclass(frozen=True)
class Setting:
    """What the cases of a pack share: when it begins, the project's zone, the ticks, and what they do."""

    begin: datetime
    zone: str
    ticks: tuple[datetime, ...]
    flavour: Flavour


def setting(number: int, populations: int = 1) -> Setting:
    """Where a project has many populations, none has a limit in common with another: whoever shares one is decided in turn,
    and so many turns would take for ever."""
    dice = Dice(f"setting {number}")
    begin = dice.one(BEGINS)
    zone, made = dice.one(PROJECT_ZONES), ticks(dice, begin)
    flavour = make_flavour(dice)
    if populations > 1:
        flavour = replace(flavour, shared=("household",) * len(flavour.shared))
    return Setting(begin, zone, made, flavour)


@lru_cache(maxsize=4)
def pack(number: int, populations: int = 1) -> Pack:
    """The cases of a pack; each project with so many populations, the first of which is always the same."""
    shared = setting(number, populations)
    policies = [
        policy(Dice(f"policy {number} {trial}"), shared.begin, shared.flavour.shared)
        for trial in range(_MOST_TRIES)
    ]
    rules = next(made for made in policies if _is_right({POLICY: made}, shared, LONE))
    cases, refused = [], 0
    for place, lane in enumerate(PACKED):
        for trial in range(_MOST_TRIES):
            made = case(number * LANES + place, trial, lane, populations)
            if _is_right({POLICY: rules, made.file: made.text}, shared, PACK):
                cases.append(made)
                break
            refused += 1
    return Pack(number, shared.zone, rules, shared.ticks, tuple(cases), refused)


def _is_right(texts: Mapping[str, str], shared: Setting, where: Where) -> bool:
    return judged(texts, shared.zone, where).project is not None


def case(number: int, trial: int, lane: Lane, populations: int = 1) -> Case:
    """One project with its populations. In another lane it is the same but for the names."""
    shared = setting(number // LANES, populations)
    dice = Dice(f"case {number} {trial}")
    plan = make_plan(dice, lane, f"k{number}", shared.begin, shared.flavour)
    text = "\n".join([*(journey(dice, plan, name) for name in plan.journeys), declarations(dice, plan)])
    people: list[Contact] = []
    happening: list[Event] = []
    for crowd in [plan.team, *(f"{plan.team}~{n}" for n in range(1, populations))]:
        dice = dice if not people else Dice(f"population {number} {trial} {crowd}")
        own = contacts(dice, plan, crowd, dice.one(_FURTHER if people else _FIRST), shared.ticks)
        people += own
        happening += events(dice, plan, crowd, own, shared.ticks)
    names = [person.name for person in people]
    learned = told(plan.team, plan.learned, names, shared.ticks)
    learned += answers(number, plan, names, shared.ticks)
    return Case(number, trial, lane.suffix, text, tuple(people), tuple(happening), learned, populations)


def alone(made: Pack, one: Case) -> Script:
    """A case of a pack on a datamart of its own, where its names have no suffix."""
    again = case(one.number, one.trial, ALONE, one.populations)
    return Script(
        f"case {one.number}",
        made.zone,
        {POLICY: made.policy, again.file: again.text},
        again.contacts,
        again.events,
        made.ticks,
        again.learned,
    )
