"""Every planted fault is caught by the cases that the default run tries: a net that catches nothing proves nothing."""

from functools import cache

import pytest

from differential.cases import Script
from differential.checking import judged
from differential.executed import executed
from differential.faults import FAULTS, Plant
from differential.foretold import foretold
from differential.mart import LONE, PACK, Where
from differential.packs import alone, pack
from differential.rows import Outcome, differences
from differential.shop import LANES
from differential.sizes import PACKS, POPULATIONS
from differential.trials import uncollected
from parcours.checking.checked import CheckedProject

LIKELY = {
    "window_closed_at_its_start": 12,
    "event_after_the_time_out": 81,
    "event_at_the_arrival": 43,
    "unknown_is_yes": 0,
    "consent_is_not_looked_at": 0,
    "step_before_goal": 15,
    "cap_over_everything": 27,
    "once_is_always": 7,
    "late_events_are_missed": 9,
    "leave_when_is_forgotten": 20,
    "held_for_ever": 15,
    "no_quiet_hours_over_midnight": 2,
    "this_tick_is_forgotten": 56,
    "all_is_kept_for_everybody": 59,
    "always_open": 109,
    "one_too_many_on_a_channel": 81,
    "the_first_subject_again": 50,
    "a_channel_too_few_is_told_of": 48,
    "later_runs_are_seen": 30,
    "groups_do_not_wait": 34,
    "one_clock_for_all": 12,
    "an_hour_that_comes_too_late": 24,
    "a_day_is_24_hours": 44,
    "answers_are_not_learned": 49,
}
"""Which case caught a fault when this was written: it is tried first, alone, to save time."""
LIKELY_PACK = {
    "ranked_backwards": (6, 1),
    "anything_is_an_answer": (18, 1),
    "nothing_costs_anything": (18, 1),
    "a_wish_about_everything_is_ignored": (3, POPULATIONS),
}
"""Which pack did, with how many populations, of those that no case alone shows."""


@cache
def right(number: int, where: Where, populations: int) -> tuple[Script, CheckedProject, Outcome]:
    """A pack (`PACK`), or a case alone (`LONE`), and what the oracle says of it."""
    script = pack(number, populations).script() if where == PACK else _alone(number)
    project = judged(script.texts, script.zone, where).project
    assert project is not None
    return script, project, foretold(script, project)


def _alone(number: int) -> Script:
    made = pack(number // LANES)
    return alone(made, next(case for case in made.cases if case.number == number))


@pytest.mark.parametrize("plant", FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_caught(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    name = plant.__name__.strip("_")
    likely = LIKELY.get(name)
    if likely is not None and likely // LANES in PACKS and is_caught(likely, LONE):
        return
    packs = dict.fromkeys((LIKELY_PACK.get(name, (PACKS[0], 1)), *((number, 1) for number in PACKS)))
    assert any(is_caught(number, PACK, populations) for number, populations in packs)


def is_caught(number: int, where: Where, populations: int = 1) -> bool:
    script, project, truth = right(number, where, populations)
    with uncollected():
        return bool(differences(executed(script, project, where), truth))
