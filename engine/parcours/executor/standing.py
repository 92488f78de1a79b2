"""Who stands where in older versions, and where each would go if moved (T18)."""

from collections.abc import Mapping
from dataclasses import dataclass

from parcours.checking import checked
from parcours.compiler.flights import Flight
from parcours.compiler.routes import Routes
from parcours.compiler.transfers import RESTS
from parcours.diagnostics import Diagnostic, Problem, problem
from parcours.diagnostics.nearest import no_such
from parcours.executor.store import Store
from parcours.graph.pairing import pair


@dataclass(frozen=True)
class Standing:
    """`contacts` instances rest at a step of an older version; `target` is the step of the newest to which they would be
    moved, None when there is none."""

    node: int
    step: str
    title: str
    contacts: int
    target: str | None


def standing_in(
    old: Routes, newest: checked.Journey | None, store: Store, version: int, steps: Mapping[str, str]
) -> tuple[Standing, ...]:
    """Where the instances of a version stand, in reading order. `steps` maps old names to new ones; where it says nothing
    the step of the same name, or the one that only changed its name, is meant."""
    names = {number: name for name, number in old.numbers.items()}
    places = resting(newest) if newest is not None else {}
    known = dict(pair(old.journey, newest).names) if newest is not None else {}
    found = []
    for node, contacts in store.standing_at(version).items():
        name = names[node]
        target = steps.get(name, known.get(name))
        title = old.graph.nodes[name]["title"]
        found.append(Standing(node, name, title, contacts, target if target in places else None))
    return tuple(found)


def resting(journey: checked.Journey) -> dict[str, checked.Step]:
    """The steps at which one can rest, by name."""
    nodes = Routes(journey).graph.nodes(data=True)
    return {name: data["step"] for name, data in nodes if isinstance(data["step"], RESTS)}


def must_have_a_place(
    flight: Flight,
    newest: checked.Journey | None,
    standing: tuple[Standing, ...],
    steps: Mapping[str, str],
    where: str,
) -> None:
    """`Problem` when somebody would have nowhere to go, or when the mapping says what makes no sense."""
    name = flight.journey.name
    if newest is None:
        raise problem(
            "no-counterpart",
            f"`{name}` is not in the files any more: nobody can be moved to it",
            where,
            help="let them finish, or take them out with `--leave`",
        )
    places = resting(newest)
    for new in steps.values():
        if new not in places:
            message = f"`{new}` is no step of `{name}` at which somebody can rest"
            raise no_such("bad-mapping", message, where, new, places, "the steps")
    lost = [place for place in standing if place.target is None]
    if lost:
        raise Problem(
            tuple(_lost(place, name, flight.number, where) for place in lost),
        )


def _lost(place: Standing, journey: str, version: int, where: str) -> Diagnostic:
    found = problem(
        "no-counterpart",
        f"{place.contacts} of `{journey}` (version {version}) stand at `{place.step}` (`{place.title}`), which the new "
        "version does not have",
        where,
        help=f"say where they go: `--map '{place.step}=NEW STEP'`",
    )
    return found.diagnostics[0]
