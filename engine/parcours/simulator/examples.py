"""`example` blocks, run through the real executor on an empty datamart with the clock in our hands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from parcours.checking import checked
from parcours.clock.zones import to_local, to_utc
from parcours.diagnostics import Place
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.tick import Executor
from parcours.model.example import Example, Expectation, ExpectExit, ExpectMessage
from parcours.simulator.agenda import Agenda
from parcours.simulator.example_world import World, build_world, instant_of
from parcours.simulator.expectations import Difference, differences
from parcours.simulator.run import only
from parcours.simulator.story import Story, read_story
from parcours.workspace.load import Loaded

_SOME_DAY = datetime(2026, 1, 1)
"""When an example plays that names no instant."""


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """`lines` tell what happened in local time of `zone`; `differences` are empty when the example holds."""

    title: str
    journey: str
    place: Place
    zone: str
    differences: tuple[Difference, ...]
    lines: tuple[tuple[datetime, str], ...]

    @property
    def holds(self) -> bool:
        return not self.differences


def run_examples(loaded: Loaded, journeys: tuple[str, ...] = ()) -> Iterator[ExampleResult]:
    """Runs the examples of the named journeys, of all for (), in the order of their places, one by one as they are
    asked for. `Problem` for a name that is no journey."""
    assert loaded.checked is not None
    only(loaded.checked, journeys)
    return (run_example(loaded, example) for example in examples_of(loaded, journeys))


def examples_of(loaded: Loaded, journeys: tuple[str, ...] = ()) -> tuple[Example, ...]:
    """The examples of the named journeys, of all for (), in the order of their places."""
    assert loaded.project is not None
    found = [
        declared
        for declared in loaded.project.declarations
        if isinstance(declared, Example)
        and (not journeys or (declared.journey is not None and declared.journey.text in journeys))
    ]
    return tuple(sorted(found, key=lambda example: example.place))


def run_example(loaded: Loaded, example: Example) -> ExampleResult:
    """Runs one example of a checked project. Only its journey runs; the project's policy applies."""
    assert loaded.project is not None and loaded.catalog is not None and loaded.checked is not None
    assert example.journey is not None  # the checker refuses it otherwise
    world = build_world(loaded.project, loaded.catalog, example)
    engine = world.engine
    try:
        engine.attach_state(None)
        project = _with_fresh_data(only(loaded.checked, (example.journey.text,)), world)
        _tick_through(
            Executor(engine, project, loaded.catalog.contact_type, "memory"), engine, project, world, example
        )
        story = read_story(engine, world.happenings)
    finally:
        engine.close()
    return _result(example, world, story)


def _with_fresh_data(project: checked.CheckedProject, world: World) -> checked.CheckedProject:
    """P1 asks what came in of all contacts, and an example tells of one: what it does not name at all is fresh."""
    named = {happening.event for happening in world.happenings}
    journeys = (
        replace(journey, needs=tuple(need for need in journey.needs if need.event in named))
        for journey in project.journeys
    )
    return replace(project, journeys=tuple(journeys))


def _tick_through(
    executor: Executor,
    engine: DuckDBEngine,
    project: checked.CheckedProject,
    world: World,
    example: Example,
) -> None:
    (journey,) = project.journeys
    agenda = Agenda(journey, project.time_zone, world, _named(example, world))
    at: datetime | None = agenda.start
    while at is not None:
        executor.tick(at)
        ((running,),) = engine.run_text("SELECT count(*) FROM state.instance")
        at = agenda.following(executor, at, running=running > 0)


def _named(example: Example, world: World) -> list[datetime]:
    """The instants that the example names, in its events and in what it expects."""
    named = [instant for happening in world.happenings for instant in (happening.at, happening.visible_at)]
    named += [instant for expected in example.expects if (instant := _expected_at(expected, world.zone))]
    return named or [to_utc(world.zone, _SOME_DAY)]


def _expected_at(expected: Expectation, zone: str) -> datetime | None:
    if isinstance(expected, ExpectMessage | ExpectExit) and expected.at is not None:
        return instant_of(expected.at, zone)
    return None


def _result(example: Example, world: World, story: Story) -> ExampleResult:
    assert example.journey is not None
    return ExampleResult(
        example.title,
        example.journey.text,
        example.place,
        world.zone,
        tuple(differences(example.expects, story, world.zone)),
        _local(story.lines, world.zone),
    )


def _local(lines: Sequence[tuple[datetime, str]], zone: str) -> tuple[tuple[datetime, str], ...]:
    return tuple((to_local(zone, at), text) for at, text in lines)
