"""What applying the files would change: for each journey what is new in it, and who stands where (T18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parcours.checking import checked
from parcours.executor.flights import stored
from parcours.executor.standing import Standing, standing_in
from parcours.executor.tick import Executor
from parcours.graph.changes import Changes, changes_between


@dataclass(frozen=True)
class Older:
    """An older version in which somebody is. `changes` from it to the newest; None when the journey is gone. `stranded`
    says why it cannot run any more; None when it can."""

    version: int
    journey: checked.Journey
    changes: Changes | None
    standing: tuple[Standing, ...]
    stranded: str | None = None

    @property
    def contacts(self) -> int:
        return sum(place.contacts for place in self.standing)


@dataclass(frozen=True)
class JourneyPlan:
    """`new`: the state does not know the journey; `changed`: it knows other versions of it alone; `applied`: it knows this
    one, and somebody is in an older one; `gone`: the files have it no more; `same`: nothing to say, but that it is paused.

    `before`: the version that was the newest until now, of a changed journey; `after` the one that would be."""

    journey: str
    kind: Literal["new", "changed", "applied", "gone", "same"]
    before: checked.Journey | None
    after: checked.Journey | None
    changes: Changes | None
    inside: int  # in the newest version
    older: tuple[Older, ...]
    paused_since: datetime | None


def plan(executor: Executor, steps: Mapping[str, str]) -> tuple[JourneyPlan, ...]:
    """One for each journey of which there is something to say, by name. `steps` maps old names of steps to new ones."""
    store, fleet = executor.store, executor.fleet
    paused, standing, fresh = store.paused(), store.standing(), {f.journey.name for f in fleet.fresh}
    names = sorted({flight.journey.name for flight in fleet.flights})
    found = []
    for name in names:
        newest = executor.newest(name)
        journey = newest.journey if newest is not None else None
        before = _newest_stored(executor, name) if name in fleet.edited else None
        older = tuple(
            Older(
                flight.number,
                flight.journey,
                changes_between(flight.journey, journey) if journey is not None else None,
                standing_in(executor.routes(flight), journey, store, flight.number, steps),
                executor.stranded[flight.number].message if flight.number in executor.stranded else None,
            )
            for flight in fleet.flights
            if flight.journey.name == name and not flight.newest
        )
        plan_of = JourneyPlan(
            journey=name,
            kind=_kind(
                is_gone=newest is None,
                is_fresh=name in fresh,
                is_edited=name in fleet.edited,
                has_older=bool(older),
            ),
            before=before,
            after=journey,
            changes=changes_between(before, journey) if before is not None and journey is not None else None,
            inside=standing.get(newest.number, 0) if newest is not None else 0,
            older=older,
            paused_since=paused.get(name),
        )
        if plan_of.kind != "same" or plan_of.paused_since is not None:
            found.append(plan_of)
    return tuple(found)


def _kind(
    *, is_gone: bool, is_fresh: bool, is_edited: bool, has_older: bool
) -> Literal["new", "changed", "applied", "gone", "same"]:
    if is_gone:
        return "gone"
    if is_fresh:
        return "changed" if is_edited else "new"
    return "applied" if has_older else "same"


def _newest_stored(executor: Executor, name: str) -> checked.Journey | None:
    """The version of a journey that the state got to know last; None when it does not keep it as data."""
    version = max(version for version, journey, _ in executor.store.versions() if journey == name)
    if executor.store.text(version) is None:
        return None
    return stored(executor.store, version, name, executor.where)
