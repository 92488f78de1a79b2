"""What is told of a contact of a small world, as sentences."""

from world import CATALOG, World, instant

from parcours.executor.store import Store
from parcours.explaining.explain import Question, explain
from parcours.explaining.story import Absence, Check, Line, Story
from parcours.explaining.text import inline


def story_of(
    world: World,
    contact: str = "ann",
    journey: str | None = None,
    first: str | None = None,
    last: str | None = None,
) -> Story:
    store = Store(world.engine, world.project.name, CATALOG.contact_type, "memory", trusting=True)
    span = (None if text is None else instant(text) for text in (first, last))
    question = Question(contact, journey, *span)
    return explain(world.engine, world.project, store, CATALOG.contact_type, question, "memory")


def sentences(line: Line | Check) -> list[str]:
    """The sentence with its place, its facts, and behind an arrow what would have to be otherwise."""
    place = f" ({line.place})" if line.place else ""
    change = [f"-> {line.change}"] if line.change else []
    return [f"{line.text}{place}", *(inline(fact) for fact in line.facts), *change]


def told(world: World, kind: str = "", contact: str = "ann") -> list[list[str]]:
    """The sentences of every line of a kind, or of every line, in order."""
    return [sentences(line) for line in story_of(world, contact).lines if kind in ("", line.kind)]


def times(world: World, contact: str = "ann") -> list[str]:
    """What happened when, without its reasons."""
    return [f"{line.at:%d %H:%M} {line.text}" for line in story_of(world, contact).lines]


def absence_of(world: World, journey: str = "j", contact: str = "ann") -> Absence:
    found = story_of(world, contact, journey).absence
    assert found is not None
    return found


def stopped_by(world: World, journey: str = "j", contact: str = "ann") -> list[str]:
    """The check that keeps a contact out."""
    (stop,) = (check for check in absence_of(world, journey, contact).checks if check.passes is False)
    return sentences(stop)
