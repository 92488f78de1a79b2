"""One script on both sides: what differs, what breaks a rule and what its policy guarantees; and what becomes of it when
something does."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from guarantee import Sent
from recomputed import OUTBOX, broken_by

from differential.cases import Pack, Script
from differential.checking import judged
from differential.corpus import FOLDER, written
from differential.executed import Running, executed
from differential.foretold import foretold
from differential.invariants import violations
from differential.mart import LIVE, LONE, PACK, Where
from differential.packs import alone
from differential.rows import differences
from differential.shrinking import shrunk


def wrong(script: Script, where: Where) -> tuple[str, ...]:
    """What the SQL and the oracle say differently of a script, what no run may do, and what the policy guarantees and does
    not keep."""
    project = judged(script.texts, script.zone, where).project
    assert project is not None, f"the check refuses {script.name}"
    sent: list[Sent] = []

    def look(run: Running, at: datetime) -> None:
        if at == script.ticks[-1]:
            sent.extend(Sent(*row) for row in run.rows(OUTBOX))

    outcome = executed(script, project, where, after=look)
    found = [str(difference) for difference in differences(outcome, foretold(script, project))]
    return (*found, *violations(script, project, outcome), *broken_by(script, project, sent))


def wrong_or_broken(script: Script, where: Where) -> tuple[str, ...]:
    """The same, and what breaks down is wrong too."""
    try:
        return wrong(script, where)
    except Exception as error:  # noqa: BLE001 - whatever breaks down is what we look for
        return (f"{type(error).__name__}: {error}",)


def is_wrong(script: Script, where: Where = LONE) -> bool:
    """Whether a script goes wrong; one that the check refuses does not."""
    accepted = judged(script.texts, script.zone, where).project is not None
    return accepted and bool(wrong_or_broken(script, where))


def failing_alone(pack: Pack) -> Iterator[Script]:
    """The cases of a pack that go wrong on a datamart of their own."""
    for case in pack.cases:
        script = alone(pack, case)
        if is_wrong(script):
            yield script


def smallest(script: Script, where: Where = LONE) -> Path:
    """Shrinks a script that goes wrong and keeps it in the corpus; where."""
    small = shrunk(script, lambda candidate: is_wrong(candidate, where))
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{script.name.replace(' ', '_')}.yaml"
    said = "\n".join(wrong_or_broken(small, where)[:4])
    kept = LIVE if where == LONE else where
    path.write_text(written(replace(small, name=path.stem), said, kept), encoding="utf-8")
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


def wrong_in(pack: Pack) -> tuple[str, ...]:
    """What goes wrong in a pack."""
    with uncollected():
        return wrong_or_broken(pack.script(), PACK)
