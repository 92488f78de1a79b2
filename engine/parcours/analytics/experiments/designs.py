"""What is tried: the tests and hold-outs of the versions that a state knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from parcours.checking import checked
from parcours.checking.parts import parts
from parcours.checking.terms import Captured
from parcours.graph.edges import all_steps

Versions = Sequence[tuple[int, checked.Journey]]

HELD_OUT, TREATED = "held_out", "treated"
CONTROLS = ("control", "holdout", "hold_out", "held_out", "nothing")
"""Names of an arm against which the others are told; where no arm is called so, it is the first."""


@dataclass(frozen=True, slots=True)
class Design:
    """A test, or a hold-out, with one goal. `key` is what T17 hashes before the contact's key; `arms` are names and
    percents, in the order in which shares are dealt out. `versions` have this very design; `all_versions` also those
    that had the same test in another form. `passes` are the decisions by which the journal knows who came to the test.

    `journey` is the newest version that has it; `running`: the files still do."""

    kind: Literal["test", "hold out"]
    name: str
    key: str
    arms: tuple[tuple[str, Decimal], ...]
    goal: checked.Goal
    journey: checked.Journey
    versions: tuple[int, ...]
    all_versions: tuple[int, ...]
    passes: tuple[str, ...]
    running: bool

    @property
    def control(self) -> str:
        """The arm against which the others are told."""
        names = [name for name, _ in self.arms]
        return next((name for name in names if name in CONTROLS), names[0])

    @property
    def sends(self) -> tuple[checked.Send, ...]:
        """What the arms send; where they send nothing, or nobody is tested but held out, all that the journey sends."""
        steps = [step for step in all_steps(self.journey.steps) if isinstance(step, checked.Experiment)]
        inside = [
            send
            for step in steps
            if step.key == self.key
            for _, _, block in step.arms
            for send in all_steps(block)
            if isinstance(send, checked.Send)
        ]
        everything = [step for step in all_steps(self.journey.steps) if isinstance(step, checked.Send)]
        return tuple(inside or everything)


def designs(versions: Versions, current: Mapping[str, checked.Journey]) -> tuple[Design, ...]:
    """All that was tried, by journey: tests in the order of the steps, then hold-outs. `versions` are those of a state in
    the order in which they were applied; `current` the journeys of the files, by name. A test that was changed is told
    in its newest form: what the files say, else the last that was applied."""
    found: list[Design] = []
    for name in sorted({journey.name for _, journey in versions}):
        known = [(number, journey) for number, journey in versions if journey.name == name]
        newest = current.get(name)
        # what the files say is the newest, even when the state has known it before other versions
        ordered = [*known, *([(0, newest)] if newest is not None else [])]
        found += _tests(ordered, newest)
        found += _hold_outs(ordered, newest)
    return tuple(design for design in found if design.versions)


def _tests(known: Versions, current: checked.Journey | None) -> list[Design]:
    newest: dict[str, tuple[checked.Journey, checked.Experiment]] = {}
    for _, journey in known:
        for step in _experiments(journey):
            newest[step.key] = (journey, step)
    return [
        _test(key, journey, step, known, running=journey is current)
        for key, (journey, step) in newest.items()
    ]


def _test(
    key: str, journey: checked.Journey, step: checked.Experiment, known: Versions, *, running: bool
) -> Design:
    goal = _goal(journey, step.goal)
    same, every = [], []
    passes: list[str] = []
    for number, other in known:
        for experiment in _experiments(other):
            if number and experiment.key == key:
                every.append(number)
                passes += [f"{experiment.name}: {arm}" for _, arm, _ in experiment.arms]
                if (
                    experiment == step
                    and _goal(other, experiment.goal) == goal
                    and _alike(other, journey, goal)
                ):
                    same.append(number)
    return Design(
        kind="test",
        name=key.partition("/")[2],
        key=key,
        arms=tuple((arm, percent) for percent, arm, _ in step.arms),
        goal=goal,
        journey=journey,
        versions=tuple(same),
        all_versions=tuple(every),
        passes=tuple(dict.fromkeys(passes)),
        running=running,
    )


def reads_entry(goal: checked.Goal) -> bool:
    """Whether a goal reads fields of the event that entered."""
    captured = (part for part in parts(goal.events.filter) if isinstance(part, Captured))
    return any(part.origin == "entry" and part.name != "at" for part in captured)


def _alike(one: checked.Journey, other: checked.Journey, goal: checked.Goal) -> bool:
    """Whether the goal means the same in both: what it reads of the event that entered is of the same event."""
    entries = [(journey.enter.trigger, journey.enter.key) for journey in (one, other)]
    return not reads_entry(goal) or entries[0] == entries[1]


def _hold_outs(known: Versions, current: checked.Journey | None) -> list[Design]:
    holding = [(number, journey) for number, journey in known if journey.enter.hold_out is not None]
    if not holding:
        return []
    _, journey = holding[-1]
    percent = journey.enter.hold_out
    assert percent is not None
    return [
        Design(
            kind="hold out",
            name="hold out",
            key=f"{journey.name}/hold out",
            arms=((HELD_OUT, percent), (TREATED, 100 - percent)),
            goal=goal,
            journey=journey,
            versions=tuple(n for n, j in holding if n and j.enter.hold_out == percent and goal in j.goals),
            all_versions=tuple(number for number, _ in holding if number),
            passes=(),
            running=journey is current,
        )
        for goal in journey.goals
    ]


def _experiments(journey: checked.Journey) -> list[checked.Experiment]:
    return [step for step in all_steps(journey.steps) if isinstance(step, checked.Experiment)]


def _goal(journey: checked.Journey, name: str) -> checked.Goal:
    return next(goal for goal in journey.goals if goal.name == name)
