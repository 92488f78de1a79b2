"""A checked journey ─► its state graph.

Nodes are named by the step's stable name, in reading order; each has `kind`, `title`, `note`, `place` and
`step` (the checked step, None for `enter`). Edges carry `label`, which is also their key, and `title`, the
label as people read it. Exits by a goal or by `leave when` can be taken from anywhere: they are nodes without
edges, marked `anywhere`."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from parcours.checking import checked
from parcours.diagnostics import Place
from parcours.graph.versions import content_hash

if TYPE_CHECKING:
    import networkx

ENTER = "enter"
END = "end"


def build(journey: checked.Journey) -> "networkx.MultiDiGraph[str]":
    """The state graph of one journey."""
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(
        journey=journey.name, doc=journey.doc, version=content_hash(journey)
    )
    graph.add_node(
        ENTER, kind="enter", title=f"enter {journey.enter_text}", note="", place=journey.place, step=None
    )
    for step in all_steps(journey.steps):
        kind, title, note = _words(step)
        graph.add_node(step.name, kind=kind, title=title, note=note, place=step.place, step=step)
    if _connect(graph, ENTER, "next", journey.steps, END):
        _add_exit(graph, END, "exit finished", "finished", journey.place)
    for goal in journey.goals:
        name = f"goal {goal.name}"
        _add_exit(graph, name, name, goal.name, goal.place, anywhere=True)
    for leave in journey.leaves:
        name = f"leave {leave.outcome}"
        if name not in graph:  # several conditions may lead to one outcome
            _add_exit(graph, name, f"leave as {leave.outcome}", leave.outcome, leave.place, anywhere=True)
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


def _connect(
    graph: "networkx.MultiDiGraph[str]", source: str, label: str, steps: tuple[checked.Step, ...], after: str
) -> bool:
    """Draws the edge from `source` into a block and all edges in it; `after` is where the block comes out.
    Gives whether it does come out."""
    if not steps:
        _add_edge(graph, source, after, label)
        return True
    _add_edge(graph, source, steps[0].name, label)
    comes_out = False
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        following = after if last else steps[number + 1].name
        inner = blocks(step)
        if isinstance(step, checked.Exit):
            continue
        if isinstance(step, checked.GoTo):
            _add_edge(graph, step.name, step.target, "next")
            continue
        if not inner:
            _add_edge(graph, step.name, following, "next")
            comes_out = comes_out or last
        for inner_label, block in inner:
            # what is repeated comes back to the step that repeats it
            back = isinstance(step, checked.Repeat) and inner_label == "again"
            out = _connect(graph, step.name, inner_label, block, step.name if back else following)
            comes_out = comes_out or (out and last and not back)
    return comes_out


def _add_edge(graph: "networkx.MultiDiGraph[str]", source: str, target: str, label: str) -> None:
    title = _edge_titles(graph.nodes[source]["step"]).get(label, label)
    graph.add_edge(source, target, key=label, label=label, title=title)


def _edge_titles(step: checked.Step | None) -> dict[str, str]:
    """What the labels of the ways out of a step do not say by themselves."""
    match step:
        case checked.If() if len(step.branches) > 1:
            others = {f"else if {n}": f"else if {text}" for n, text in enumerate(step.texts[1:], 2)}
            return {**others, "no": "else"}
        case checked.Split() | checked.Experiment():
            return {name: f"{percent.normalize():f}% {name}" for percent, name, _ in step.arms}
        case _:
            return {}


def _add_exit(
    graph: "networkx.MultiDiGraph[str]",
    name: str,
    title: str,
    outcome: str,
    place: Place,
    *,
    anywhere: bool = False,
) -> None:
    step = checked.Exit(name, outcome, place)
    graph.add_node(name, kind="exit", title=title, note="", place=place, step=step, anywhere=anywhere)


def _words(step: checked.Step) -> tuple[str, str, str]:
    """The kind of node, its title, and a second line."""
    match step:
        case checked.Wait():
            return "wait", f"wait {step.span}", ""
        case checked.WaitUntil():
            return "wait", f"wait until {step.text}", ""
        case checked.WaitEvent():
            return "wait_event", f"wait for {step.events.event}", f"up to {step.up_to}"
        case checked.WaitCondition():
            return "wait_event", f"wait until {step.text}", f"up to {step.up_to}"
        case checked.Send():
            return "send", f"send {step.message}", f"by {_channels(step)}"
        case checked.If():
            return "if", f"if {step.texts[0]}" if step.texts else "if", ""
        case checked.Split():
            return "split", step.name, ""
        case checked.Experiment():
            return "split", step.name, f"measured by {step.goal}"
        case checked.Repeat():
            until = f"until {step.text}" if step.text else ""
            return "if", f"repeat up to {step.times} times", until
        case checked.SetAttribute():
            return "act", f"set {step.attribute.name}", ""
        case checked.Record():
            return "act", f"record {step.event}", ""
        case checked.Start():
            return "act", f"start {step.journey}", ""
        case checked.GoTo():
            return "act", f"go to {step.target}", ""
        case checked.Exit():
            return "exit", f"exit {step.outcome}", ""


def _channels(send: checked.Send) -> str:
    match send.choice:
        case "best_of":
            return f"best of {', '.join(send.channels)}"
        case "all_of":
            return " and ".join(send.channels)
    return " else ".join(send.channels)
