"""One script on both sides: what differs and what breaks a rule; and what becomes of it when something does."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from differential.cases import Pack, Script
from differential.checking import judged
from differential.corpus import FOLDER, written
from differential.executed import executed
from differential.foretold import foretold
from differential.invariants import violations
from differential.mart import LONE, PACK, Where
from differential.packs import alone
from differential.rows import Outcome, differences
from differential.shrinking import shrunk
from parcours.checking.checked import CheckedProject


@dataclass(frozen=True)
class Trial:
    """What came of a script in the SQL, and what is wrong with that."""

    project: CheckedProject
    outcome: Outcome
    wrong: tuple[str, ...]


def trial(script: Script, where: Where) -> Trial:
    project = judged(script.texts, script.zone, where).project
    assert project is not None, script.name
    outcome = executed(script, project, where)
    wrong = [str(difference) for difference in differences(outcome, foretold(script, project))]
    wrong += violations(script, project, outcome)
    return Trial(project, outcome, tuple(wrong))


def is_wrong(script: Script) -> bool:
    """Whether a script that stands alone goes wrong; what the check refuses does not, and what breaks down does."""
    if judged(script.texts, script.zone, LONE).project is None:
        return False
    try:
        return bool(trial(script, LONE).wrong)
    except Exception:  # noqa: BLE001 - whatever breaks down is what we look for
        return True


def failing_alone(pack: Pack) -> Iterator[Script]:
    """The cases of a pack that go wrong on a datamart of their own."""
    for case in pack.cases:
        script = alone(pack, case)
        if is_wrong(script):
            yield script


def smallest(script: Script) -> Path:
    """Shrinks a script that goes wrong and keeps it in the corpus; where."""
    small = shrunk(script, is_wrong)
    wrong = trial(small, LONE).wrong
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{script.name.replace(' ', '_')}.yaml"
    path.write_text(written(replace(small, name=path.stem), "\n".join(wrong[:4])))
    return path


@contextmanager
def uncollected() -> Iterator[None]:
    """Trees of SQL are many small objects that all live until the end: looking through them takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


def pack_trial(pack: Pack) -> Trial:
    with uncollected():
        return trial(pack.script(), PACK)
