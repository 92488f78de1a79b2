"""Who stands where in older versions, and where each would go if moved (T18)."""

from collections.abc import Mapping
from dataclasses import dataclass

from parcours.checking import checked
from parcours.compiler.flights import Flight
from parcours.compiler.layout import GRANTED
from parcours.compiler.routes import Routes
from parcours.compiler.transfers import RESTS, is_same_message
from parcours.diagnostics import Diagnostic, Problem, problem
from parcours.diagnostics.nearest import no_such
from parcours.executor.store import Store
from parcours.graph.pairing import pair


@dataclass(frozen=True)
class Standing:
    """`contacts` instances rest at a step of an older version; `target` is the step of the newest to which they would be
    moved, None when there is none. `settled` of them are held at a send of which nothing would be left to send at `target`:
    they have its message already."""

    node: int
    step: str
    title: str
    contacts: int
    target: str | None
    settled: int = 0


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
        if target not in places:
            target = None
        before, after = old.graph.nodes[name]["step"], places.get(target or "")
        settled = 0
        if is_same_message(after, before):
            settled = sum(
                runs for decided, runs in store.tried_at(version, node) if not _is_left(after, decided)
            )
        found.append(Standing(node, name, title, contacts, target, settled))
    return tuple(found)


def _is_left(send: checked.Send, decided: Mapping[str, str]) -> bool:
    """Whether a send has something to do still for a run of which this is decided, by channel."""
    if send.choice == "all_of":
        return bool(set(send.channels) - set(decided))
    return GRANTED not in decided.values()


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
    settled = [place for place in standing if place.settled]
    if lost or settled:
        raise Problem(
            (
                *(_lost(place, name, flight.number, where) for place in lost),
                *(_settled(place, name, flight.number, where) for place in settled),
            )
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


def _settled(place: Standing, journey: str, version: int, where: str) -> Diagnostic:
    found = problem(
        "no-counterpart",
        f"{place.settled} of `{journey}` (version {version}) stand at `{place.step}` (`{place.title}`) and have been sent "
        f"all that `{place.target}` of the new version would send",
        where,
        help=f"let them finish, or say where they go: `--map '{place.step}=NEW STEP'`",
    )
    return found.diagnostics[0]
