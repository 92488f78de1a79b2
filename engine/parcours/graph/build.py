"""A checked journey ─► its state graph.

Nodes are named by the step's stable name, in reading order; each has `kind`, `title`, `note`, `place` and
`step` (the checked step, None for `enter`). Edges carry `label`, which is also their key, and `title`, the
label as people read it. Exits by a goal or by `leave when` can be taken from anywhere: they are nodes without
edges, marked `anywhere`."""

from typing import TYPE_CHECKING

from parcours.checking import checked
from parcours.diagnostics import Place
from parcours.graph.edges import END, ENTER, all_steps, edges
from parcours.graph.versions import content_hash

if TYPE_CHECKING:
    import networkx


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
        kind, title, note = words_of(step)
        graph.add_node(step.name, kind=kind, title=title, note=note, place=step.place, step=step)
    ways = edges(journey)
    if any(way.target == END for way in ways):
        _add_exit(graph, END, "exit finished", "finished", journey.place)
    for way in ways:
        title = _edge_titles(graph.nodes[way.source]["step"]).get(way.label, way.label)
        graph.add_edge(way.source, way.target, key=way.label, label=way.label, title=title)
    for goal in journey.goals:
        name = f"goal {goal.name}"
        _add_exit(graph, name, name, goal.name, goal.place, anywhere=True)
    for leave in journey.leaves:
        name = f"leave {leave.outcome}"
        if name not in graph:  # several conditions may lead to one outcome
            _add_exit(graph, name, f"leave as {leave.outcome}", leave.outcome, leave.place, anywhere=True)
    return graph


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


def words_of(step: checked.Step) -> tuple[str, str, str]:
    """The kind of node of a step, its title, and a second line."""
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
