"""Every planted fault is caught by the cases that the default run tries: a net that catches nothing proves nothing."""

import os
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
from differential.trials import uncollected
from parcours.checking.checked import CheckedProject

pytestmark = pytest.mark.skipif(
    "PARCOURS_PLANTED" not in os.environ, reason="takes long: set PARCOURS_PLANTED to run it"
)
MOST = 20
"""Packs that are tried for a fault: fewer than the default run has."""


@lru_cache(maxsize=MOST)
def right(number: int) -> tuple[Script, CheckedProject, Outcome]:
    """A pack, and what the oracle says of it."""
    script = pack(number).script()
    project = judged(script.texts, script.zone, PACK).project
    assert project is not None
    return script, project, foretold(script, project)


@pytest.mark.parametrize("plant", FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_caught(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert any(is_caught(number) for number in range(MOST))


def is_caught(number: int) -> bool:
    script, project, truth = right(number)
    with uncollected():
        return bool(differences(executed(script, project, PACK), truth))
