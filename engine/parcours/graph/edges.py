"""The ways from step to step of a checked journey, as plain data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parcours.checking import checked

ENTER = "enter"
END = "end"


@dataclass(frozen=True, slots=True)
class Edge:
    """A way out of a step, named by `label`, which is unique for its source."""

    source: str
    label: str
    target: str


def edges(journey: checked.Journey) -> tuple[Edge, ...]:
    """Every way from step to step, from `ENTER` on; `END` is where the steps come to their end."""
    return tuple(_block(ENTER, "next", journey.steps, END))


def all_steps(steps: Iterable[checked.Step]) -> Iterator[checked.Step]:
    """Every step of a block and of the blocks in it, in reading order."""
    for step in steps:
        yield step
        for _, block in blocks(step):
            yield from all_steps(block)


def blocks(step: checked.Step) -> list[tuple[str, tuple[checked.Step, ...]]]:
    """(edge label, steps) of the blocks in a step; an empty block goes straight on."""
    match step:
        case checked.WaitEvent() | checked.WaitCondition():
            return [("then", step.then), ("otherwise", step.otherwise)]
        case checked.Send():
            return [("sent", ()), ("not sent", step.if_not_sent)]
        case checked.If():
            labels = ["yes", *(f"else if {n}" for n in range(2, len(step.branches) + 1))]
            taken = [(label, block) for label, (_, block) in zip(labels, step.branches, strict=True)]
            return [*taken, ("no", step.otherwise)]
        case checked.Split() | checked.Experiment():
            return [(name, block) for _, name, block in step.arms]
        case checked.Repeat():
            return [("again", step.steps), ("done", ())]
        case _:
            return []


def _block(source: str, label: str, steps: tuple[checked.Step, ...], after: str) -> Iterator[Edge]:
    """The edge from `source` into a block and all edges in it; `after` is where the block comes out."""
    yield Edge(source, label, steps[0].name if steps else after)
    for number, step in enumerate(steps):
        following = after if number == len(steps) - 1 else steps[number + 1].name
        inner = blocks(step)
        match step:
            case checked.Exit():
                continue
            case checked.GoTo():
                yield Edge(step.name, "next", step.target)
            case _ if not inner:
                yield Edge(step.name, "next", following)
        for inner_label, block in inner:
            # what is repeated comes back to the step that repeats it
            back = isinstance(step, checked.Repeat) and inner_label == "again"
            yield from _block(step.name, inner_label, block, step.name if back else following)
