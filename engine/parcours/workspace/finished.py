"""Tests of journeys that are over: what they taught stands in `learnings/`, and the journey tests it still."""

from collections.abc import Iterable
from pathlib import Path

from parcours.diagnostics import Diagnostic, Place
from parcours.language.learnings import read_learnings


def finished_tests(folder: Path, tests: Iterable[tuple[str, Place]]) -> tuple[Diagnostic, ...]:
    """A warning for each test, given by its key, that a learning of the project is about; and for each learning that
    cannot be read."""
    learnings, wrong = read_learnings(folder)
    of_test = {learning.test: learning for learning in learnings}
    found = []
    for key, place in tests:
        learning = of_test.get(key)
        if learning is None:
            continue
        winner = (
            f"the winner is `{learning.winner}`" if learning.winner else f"it came to `{learning.verdict}`"
        )
        name = key.partition("/")[2]
        found.append(Diagnostic("test-finished", f"the test `{name}` is finished: {winner}", place))
    return (*found, *wrong)
