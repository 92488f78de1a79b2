"""A checked journey ─► its state graph.

Nodes are named by the step's stable name, in reading order; each has `kind`, `title`, `note`, `place` and
`step` (the checked step, None for `enter` and for exits that no step wrote). Edges carry `label`, which is
also their key. Exits by a goal or by `leave when` can be taken from anywhere: they are nodes without edges,
marked `anywhere`."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from parcours.checking import checked

if TYPE_CHECKING:
    import networkx

ENTER = "enter"
END = "end"


def build(journey: checked.Journey) -> "networkx.MultiDiGraph[str]":
    """The state graph of one journey."""
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(journey=journey.name, doc=journey.doc)
    graph.add_node(
        ENTER, kind="enter", title=f"enter {journey.enter_text}", note="", place=journey.place, step=None
    )
    for step in all_steps(journey.steps):
        kind, title, note = _words(step)
        graph.add_node(step.name, kind=kind, title=title, note=note, place=step.place, step=step)
    if _connect(graph, ENTER, "next", journey.steps, END):
        _add_exit(graph, END, "exit finished", "finished", journey, anywhere=False)
    for goal in journey.goals:
        _add_exit(graph, f"goal {goal.name}", f"goal {goal.name}", goal.name, journey, anywhere=True)
    for leave in journey.leaves:
        name = f"leave {leave.outcome}"
        _add_exit(graph, name, f"leave as {leave.outcome}", leave.outcome, journey, anywhere=True)
    return graph


def all_steps(steps: Iterable[checked.Step]) -> Iterator[checked.Step]:
    """Every step of a block and of the blocks in it, in reading order."""
    for step in steps:
        yield step
        for _, block in blocks(step):
            yield from all_steps(block)


def blocks(step: checked.Step) -> list[tuple[str, tuple[checked.Step, ...]]]:
    """(edge label, steps) of the blocks in a step; an empty block goes straight on."""
    match step:
        case checked.WaitEvent():
            return [("then", step.then), ("otherwise", step.otherwise)]
        case checked.Send():
            return [("sent", ()), ("not sent", step.if_not_sent)]
        case checked.If():
            labels = ["yes", *(f"else if {n}" for n in range(2, len(step.branches) + 1))]
            taken = [(label, block) for label, (_, block) in zip(labels, step.branches, strict=True)]
            return [*taken, ("no", step.otherwise)]
        case checked.Split():
            return [(name, block) for _, name, block in step.arms]
        case _:
            return []


def _connect(
    graph: "networkx.MultiDiGraph[str]", source: str, label: str, steps: tuple[checked.Step, ...], after: str
) -> bool:
    """Draws the edge from `source` into a block and all edges in it; `after` is where the block comes out.
    Gives whether it does come out."""
    if not steps:
        graph.add_edge(source, after, key=label, label=label)
        return True
    graph.add_edge(source, steps[0].name, key=label, label=label)
    comes_out = False
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        following = after if last else steps[number + 1].name
        inner = blocks(step)
        if isinstance(step, checked.Exit):
            continue
        if not inner:
            graph.add_edge(step.name, following, key="next", label="next")
            comes_out = comes_out or last
        for inner_label, block in inner:
            out = _connect(graph, step.name, inner_label, block, following)
            comes_out = comes_out or (out and last)
    return comes_out


def _add_exit(
    graph: "networkx.MultiDiGraph[str]",
    name: str,
    title: str,
    outcome: str,
    journey: checked.Journey,
    *,
    anywhere: bool,
) -> None:
    graph.add_node(
        name,
        kind="exit",
        title=title,
        note="",
        place=journey.place,
        step=checked.Exit(name, outcome, journey.place),
        anywhere=anywhere,
    )


def _words(step: checked.Step) -> tuple[str, str, str]:
    """The kind of node, its title, and a second line."""
    match step:
        case checked.Wait():
            return "wait", f"wait {step.span}", ""
        case checked.WaitUntil():
            return "wait", f"wait until {step.text}", ""
        case checked.WaitEvent():
            return "wait_event", f"wait for {step.events.event}", f"up to {step.up_to}"
        case checked.Send():
            return "send", f"send {step.message}", f"by {' else '.join(step.channels)}"
        case checked.If():
            return "if", f"if {step.texts[0]}" if step.texts else "if", ""
        case checked.Split():
            return "split", step.name, ""
        case checked.Exit():
            return "exit", f"exit {step.outcome}", ""
