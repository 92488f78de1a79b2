"""The same script run otherwise comes to the same (T2, T3), and nobody is left out by excluded middle (E1)."""

import pytest

from differential.asking import left_out
from differential.cases import Script
from differential.checking import judged
from differential.executed import executed
from differential.mart import PACK
from differential.packs import pack
from differential.repeating import after_crashes, turned_round, with_idle_ticks, without
from differential.rows import Outcome, differences
from differential.trials import uncollected
from parcours.checking.checked import CheckedProject

PACKS = (0, 7, 11)


def _script(number: int) -> tuple[Script, CheckedProject]:
    script = pack(number).script()
    project = judged(script.texts, script.zone, PACK).project
    assert project is not None
    return script, project


def _same(one: Outcome, other: Outcome) -> None:
    assert [str(difference) for difference in differences(one, other)] == []


@pytest.mark.parametrize("number", PACKS)
def test_t3_a_tick_that_was_cut_off_before_its_commit_is_repeated_without_a_second_effect(
    number: int,
) -> None:
    script, project = _script(number)
    with uncollected():
        whole = executed(script, project, PACK)
        _same(after_crashes(script, project, PACK, lambda tick: tick % 4 == number % 4), whole)


@pytest.mark.parametrize("number", PACKS)
def test_t2_ticks_at_which_nothing_happens_change_nothing(number: int) -> None:
    script, project = _script(number)
    with uncollected():
        whole = executed(script, project, PACK)
        more = with_idle_ticks(script, whole)
        assert len(more) > len(script.ticks)
        busier = Script(script.name, script.zone, script.texts, script.contacts, script.events, more)
        found = executed(busier, project, PACK)
    _same(without(found, set(more) - set(script.ticks)), whole)


@pytest.mark.parametrize("number", PACKS)
def test_t3_neither_the_order_of_rows_nor_the_number_of_threads_matters(number: int) -> None:
    script, project = _script(number)
    with uncollected():
        _same(turned_round(script, project, PACK), executed(script, project, PACK))


@pytest.mark.parametrize("number", PACKS)
def test_e1_everybody_is_in_a_condition_or_in_its_opposite_or_unknown_to_it(number: int) -> None:
    script, project = _script(number)
    found: list[str] = []
    asked: list[int] = []
    with uncollected():
        executed(
            script,
            project,
            PACK,
            after=lambda run, at: (
                (asked.append(1), found.extend(left_out(run, at))) if at == script.ticks[-1] else None
            ),
        )
    assert asked
    assert found == []
