"""What is generated is not only written down: all of it happens in the ticks of the first packs of the default run."""

import os

import pytest

from differential.checking import judged
from differential.coverage import EXPECTED, happened
from differential.executed import executed
from differential.mart import PACK
from differential.packs import pack
from differential.trials import uncollected

pytestmark = pytest.mark.skipif(
    "PARCOURS_DIFFERENTIAL" not in os.environ, reason="takes minutes: set PARCOURS_DIFFERENTIAL to run it"
)
PACKS = 20


def test_every_step_entry_clause_reason_and_outcome_really_happens() -> None:
    missing = set(EXPECTED)
    for number in range(PACKS):
        script = pack(number).script()
        project = judged(script.texts, script.zone, PACK).project
        assert project is not None
        with uncollected():
            missing -= happened(project, executed(script, project, PACK))
        if not missing:
            return
    assert not missing
