"""The same script run otherwise comes to the same (T2, T3), and nobody is left out by excluded middle (E1).

PARCOURS_DIFFERENTIAL_REPEATED says of how many scripts, at most eleven."""

import os
from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest

from differential.asking import left_out
from differential.cases import Script
from differential.checking import judged
from differential.executed import Running, executed
from differential.mart import LONE
from differential.packs import alone, pack
from differential.repeating import after_crashes, turned_round, with_idle_ticks, without
from differential.rows import Outcome
from differential.shop import LANES
from parcours.checking.checked import CheckedProject

ALL = (
    164,
    3,
    49,
    26,
    118,
    72,
    210,
    95,
    141,
    187,
    233,
)  # of the conditions of every other one somebody is asked
CASES = ALL[: int(os.environ.get("PARCOURS_DIFFERENTIAL_REPEATED", "1"))]


@cache
def _case(number: int) -> tuple[Script, CheckedProject, Outcome]:
    """A case that stands alone, and what comes of it."""
    made = pack(number // LANES)
    script = alone(made, made.cases[number % LANES])
    project = judged(script.texts, script.zone, LONE).project
    assert project is not None
    return script, project, executed(script, project, LONE)


@pytest.mark.parametrize("number", CASES)
def test_t3_a_tick_that_was_cut_off_before_its_commit_is_repeated_without_a_second_effect(
    number: int,
) -> None:
    script, project, whole = _case(number)
    assert after_crashes(script, project, LONE, lambda tick: tick % 3 == number % 3) == whole


def test_t2_ticks_at_which_nothing_happens_change_nothing() -> None:
    idle = 0
    for number in CASES:
        script, project, whole = _case(number)
        more = with_idle_ticks(script, whole)
        idle += len(more) - len(script.ticks)
        busier = executed(replace(script, ticks=more), project, LONE)
        assert without(busier, set(more) - set(script.ticks)) == whole
    assert idle > 0


@pytest.mark.parametrize("number", CASES)
def test_t3_neither_the_order_of_rows_nor_the_number_of_threads_matters(number: int) -> None:
    script, project, whole = _case(number)
    assert turned_round(script, project, LONE) == whole


def test_e1_everybody_is_in_a_condition_or_in_its_opposite_or_unknown_to_it() -> None:
    asked = 0
    found: list[str] = []

    def ask(run: Running, at: datetime) -> None:
        nonlocal asked
        more, wrong = left_out(run, at)
        asked += more
        found.extend(wrong)

    for number in CASES:
        script, project, _ = _case(number)
        executed(script, project, LONE, after=ask)
    assert asked > 100
    assert found == []
