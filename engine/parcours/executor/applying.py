"""Applying an edit: the state gets to know the new versions, and those inside of older ones meet their fate (T18).

It happens between two ticks, in one transaction; the next tick looks at whoever was moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from parcours.compiler.flights import Flight
from parcours.compiler.transfers import movers, transfer
from parcours.executor.asking import must_not_precede
from parcours.executor.fates import FINISH, TAKEN_OUT, Fate
from parcours.executor.registering import register
from parcours.executor.result import ConservationError
from parcours.executor.standing import Standing, must_have_a_place, standing_in
from parcours.executor.tick import Executor


@dataclass(frozen=True)
class Applied:
    """What became of a journey's older version: how many instances `stayed`, were `moved`, `left`. `new` journeys have no
    older one: their `version` is the new one."""

    journey: str
    version: int
    new: bool
    stayed: int = 0
    moved: int = 0
    left: int = 0


def apply(executor: Executor, at: datetime, fates: Mapping[str, Fate]) -> tuple[Applied, ...]:
    """Applies the files as they are, at the instant `at`. Journeys that `fates` does not name are finished.

    `Problem`, and nothing is changed, when somebody would be moved to a step that is not there."""
    must_not_precede(executor, at)
    store, engine = executor.store, executor.engine
    older = [flight for flight in executor.fleet.flights if not flight.newest]
    plans = {flight: _plan(executor, flight, fates.get(flight.journey.name, FINISH)) for flight in older}
    done = [
        Applied(flight.journey.name, flight.number, new=True)
        for flight in executor.fleet.fresh
        if flight.journey.name not in executor.fleet.edited
    ]
    with engine.transaction():
        register(store, executor.program, executor.fleet, at)
        for flight, standing in plans.items():
            fate = fates.get(flight.journey.name, FINISH)
            contacts = sum(place.contacts for place in standing)
            name, number = flight.journey.name, flight.number
            match fate.kind:
                case "finish":
                    done.append(Applied(name, number, new=False, stayed=contacts))
                case "leave":
                    _leave(executor, flight, at, contacts)
                    done.append(Applied(name, number, new=False, left=contacts))
                case "move":
                    _move(executor, flight, standing, at, contacts)
                    done.append(Applied(name, number, new=False, moved=contacts))
        store.add_command(at, "apply", "")
    executor.load()
    return tuple(sorted(done, key=lambda applied: (applied.journey, applied.version)))


def _plan(executor: Executor, flight: Flight, fate: Fate) -> tuple[Standing, ...]:
    newest = executor.newest(flight.journey.name)
    journey = newest.journey if newest is not None else None
    standing = standing_in(executor.routes(flight), journey, executor.store, flight.number, fate.steps)
    if fate.kind == "move":
        must_have_a_place(flight, journey, standing, fate.steps, executor.where)
    return standing


_LEAVE = (
    """INSERT INTO state.ended (journey, contact, key, left_at, entry_at, outcome)
    SELECT ?, contact, key, ?, entry_at, ? FROM state.instance WHERE version = ? ORDER BY contact, key, entry_at""",
    """INSERT INTO state.transfer
    SELECT ?, contact, key, entry_at, version, node, NULL, NULL FROM state.instance WHERE version = ?
    ORDER BY contact, key, entry_at""",
)


def _leave(executor: Executor, flight: Flight, at: datetime, contacts: int) -> None:
    run = executor.engine.run_text
    run(_LEAVE[0], [flight.journey.name, at, TAKEN_OUT, flight.number])
    run(_LEAVE[1], [at, flight.number])
    _delete(executor, flight, contacts)


def _move(
    executor: Executor, flight: Flight, standing: tuple[Standing, ...], at: datetime, contacts: int
) -> None:
    engine, newest = executor.engine, executor.newest(flight.journey.name)
    assert newest is not None
    bindings = executor.bindings(0, at, at)
    engine.run_text("CREATE OR REPLACE TEMPORARY TABLE _transferred AS FROM state.instance LIMIT 0")
    for place in standing:
        assert place.target is not None
        engine.run(movers(flight.number, place.node), bindings)
        made = transfer(
            executor.routes(flight),
            place.node,
            executor.routes(newest),
            newest.number,
            place.target,
            executor.program.project.time_zone,
            executor.program.project.policy.keep_held,
        )
        engine.run(made, bindings)
    engine.run_text(
        """INSERT INTO state.transfer
        SELECT ?, i.contact, i.key, i.entry_at, i.version, i.node, t.version, t.node
        FROM state.instance AS i JOIN _transferred AS t USING (contact, key, entry_at) WHERE i.version = ?
        ORDER BY i.contact, i.key, i.entry_at""",
        [at, flight.number],
    )
    _delete(executor, flight, contacts)
    ((written,),) = engine.run_text(
        "INSERT INTO state.instance FROM _transferred ORDER BY due_at, version, contact, key, entry_at"
    )
    engine.run_text(
        """INSERT INTO state.look SELECT version, contact, key, entry_at, false FROM _transferred
        ORDER BY contact, key, entry_at"""
    )
    if written != contacts:
        raise ConservationError(f"{written} instances moved instead of {contacts}")


def _delete(executor: Executor, flight: Flight, contacts: int) -> None:
    ((gone,),) = executor.engine.run_text("DELETE FROM state.instance WHERE version = ?", [flight.number])
    if gone != contacts:
        raise ConservationError(f"{gone} instances left version {flight.number} instead of {contacts}")
