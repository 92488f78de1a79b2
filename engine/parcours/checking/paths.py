"""Where a step stands in its journey, as a path: `2`, `2.then.1`, `2.then.1.else.3`."""

from collections.abc import Iterable, Iterator

from parcours.model import journey as written

Steps = tuple[written.AnyStep, ...]


def inner_blocks(step: written.AnyStep, path: str) -> list[tuple[str, Steps]]:
    """(path of the block, its steps) of the blocks in a step, in the order written. The path of a step is that of its
    block and its number."""
    match step:
        case written.WaitEvent() | written.WaitCondition():
            return [(f"{path}.then.", step.then), (f"{path}.otherwise.", step.otherwise)]
        case written.Send():
            return [(f"{path}.if not sent.", step.if_not_sent)]
        case written.If():
            words = ["if", *(f"else if {number}" for number in range(2, len(step.branches) + 1))]
            taken = [(f"{path}.{w}.", branch.steps) for w, branch in zip(words, step.branches, strict=True)]
            return [*taken, (f"{path}.else.", step.otherwise)]
        case written.Split() | written.Experiment():
            return [(f"{path}.{arm.name}.", arm.steps) for arm in step.arms]
        case written.Repeat():
            return [(f"{path}.", step.steps)]
        case _:
            return []


def numbered(steps: Iterable[written.AnyStep], path: str) -> Iterator[tuple[str, written.AnyStep]]:
    """(path, step) of the steps of a block."""
    for number, step in enumerate(steps, 1):
        yield f"{path}{number}", step


def all_steps(steps: Iterable[written.AnyStep], path: str = "") -> Iterator[tuple[str, written.AnyStep]]:
    """(path, step) of every step of a block and of the blocks in it, in reading order."""
    for here, step in numbered(steps, path):
        yield here, step
        for inner, block in inner_blocks(step, here):
            yield from all_steps(block, inner)
