"""Every planted fault is caught by the cases that the default run tries: a net that catches nothing proves nothing."""

from functools import lru_cache

import pytest

from differential.cases import Script
from differential.checking import judged
from differential.executed import executed
from differential.faults import FAULTS, Plant
from differential.foretold import foretold
from differential.mart import PACK
from differential.packs import pack
from differential.rows import Outcome, differences
from differential.sizes import PACKS
from differential.trials import uncollected
from parcours.checking.checked import CheckedProject

LIKELY = {
    "window_closed_at_its_start": 1,
    "leave_when_is_forgotten": 1,
    "no_quiet_hours_over_midnight": 1,
    "event_at_the_arrival": 3,
    "event_after_the_time_out": 6,
    "ranked_by_step": 6,
}
"""Which pack caught a fault when this was written: it is tried first, to save time. The others were caught by pack 0."""


@lru_cache(maxsize=len(PACKS))
def right(number: int) -> tuple[Script, CheckedProject, Outcome]:
    """A pack, and what the oracle says of it."""
    script = pack(number).script()
    project = judged(script.texts, script.zone, PACK).project
    assert project is not None
    return script, project, foretold(script, project)


@pytest.mark.parametrize("plant", FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_caught(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    likely = LIKELY.get(plant.__name__.strip("_"), 0)
    assert any(is_caught(number) for number in (likely, *PACKS))


def is_caught(number: int) -> bool:
    script, project, truth = right(number)
    with uncollected():
        return bool(differences(executed(script, project, PACK), truth))
