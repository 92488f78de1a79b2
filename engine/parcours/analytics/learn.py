"""Learning: what is due as of an instant, in the order of what is learned from what, each written as a run of its own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parcours.analytics.clusters.learner import learn_clusters
from parcours.analytics.due import Learnable, is_due, learnables, with_what_they_read
from parcours.analytics.learner import Learner, Run
from parcours.analytics.prediction.learner import learn_score
from parcours.analytics.response.learning import learn_answers
from parcours.analytics.rfm import learn_rfm
from parcours.analytics.rules.learning import learn_rules
from parcours.analytics.snapshot import Snapshot
from parcours.analytics.store import AnalyticStore
from parcours.checking.checked import CheckedProject
from parcours.clock.span import Span
from parcours.compiler.bindings import ago
from parcours.diagnostics import Diagnostic, Problem
from parcours.diagnostics.nearest import no_such
from parcours.engines.duckdb.engine import DuckDBEngine

LEARNERS: Mapping[str, Learner] = {
    "rfm": learn_rfm,
    "rules": learn_rules,
    "clusters": learn_clusters,
    "score": learn_score,
    "response": learn_answers,
}
"""Who learns the declarations of a kind."""

Progress = Callable[[Learnable], None]
"""Called before something is learned."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a declaration: `learned` now, still `fresh`, or `failed`, and then why. `run` is the one that is read
    as of the instant: the new one, or the newest before; None: there is none."""

    learnable: Learnable
    became: Literal["learned", "fresh", "failed"]
    run: Run | None
    why: tuple[Diagnostic, ...] = ()


def learn(
    engine: DuckDBEngine,
    project: CheckedProject,
    store: AnalyticStore,
    as_of: datetime,
    names: tuple[str, ...] = (),
    progress: Progress | None = None,
    keep: Span | None = None,
) -> tuple[Outcome, ...]:
    """Learns what is due as of an instant, from what was visible then. With `names`: these, due or not, and what is due of
    what they are learned from. Of what is learned, runs are kept that are read at an instant no further back than `keep`;
    None: all of them. `Problem` for a name that is none; what cannot be learned is an outcome."""
    known = learnables(project)
    declared = [one.declared.name for one in known]
    for name in names:
        if name not in declared:
            raise no_such(
                "unknown-name",
                f"nothing is learned that is called `{name}`",
                "NAME",
                name,
                declared,
                "what is learned",
            )
    outcomes = []
    for one in with_what_they_read(known, names):
        earlier = store.earlier(one.declared.kind, one.declared.name, one.hash, as_of)
        newest = earlier[-1] if earlier else None
        last = newest.as_of if newest else None
        if one.declared.name not in names and not is_due(one, last, as_of, project.time_zone):
            outcomes.append(Outcome(one, "fresh", newest))
        else:
            outcomes += learn_these(engine, project, store, as_of, (one,), progress, keep)
    return tuple(outcomes)


def learn_these(
    engine: DuckDBEngine,
    project: CheckedProject,
    store: AnalyticStore,
    as_of: datetime,
    these: Iterable[Learnable],
    progress: Progress | None = None,
    keep: Span | None = None,
) -> list[Outcome]:
    """Learns some declarations, due or not; each comes after what it is learned from."""
    outcomes = []
    since = None if keep is None else ago(project.time_zone, keep, as_of)
    for one in these:
        if progress is not None:
            progress(one)
        earlier = store.earlier(one.declared.kind, one.declared.name, one.hash, as_of)
        outcomes.append(_learned(one, Snapshot(engine, project, as_of), store, earlier, since))
    return outcomes


def _learned(
    one: Learnable,
    snapshot: Snapshot,
    store: AnalyticStore,
    earlier: tuple[Run, ...],
    since: datetime | None,
) -> Outcome:
    declared = one.declared
    learner = LEARNERS[declared.kind]
    newest = earlier[-1] if earlier else None
    before = tuple(run for run in earlier if run.as_of < snapshot.as_of)
    try:
        result = learner(declared, snapshot, before)
    except Problem as found:
        if any(d.code != "cannot-learn" for d in found.diagnostics):
            raise  # the data cannot be read, or the disk is full: the next one fares no better
        return Outcome(one, "failed", newest, found.diagnostics)
    run = store.write(declared.kind, declared.name, one.hash, snapshot.as_of, result, since)
    return Outcome(one, "learned", run)
