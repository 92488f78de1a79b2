"""Where the steps and arrows of a drawing stand: a layered layout that needs no outside program.

The way of Sugiyama: turn loops round, put each step on the layer of its longest path, cut long arrows into
pieces of one layer, order the layers so that few arrows cross, then find coordinates. Between every two layers
of steps lies a layer of labels, so that a label has a place of its own like a step. Nothing depends on chance:
the same figure gives the same picture, byte for byte. Lengths are pixels, x to the right, y down.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parcours.graph.drawing.figure import Arrow, Figure, Step
from parcours.graph.drawing.lettering import clean, measure, shorten, wrap
from parcours.graph.drawing.ordering import ordered_layers
from parcours.graph.drawing.placing import GAP, Link, Slot, place_across

TITLE_SIZE, NOTE_SIZE, LABEL_SIZE = 13.0, 11.5, 11.5
TITLE_LINE, NOTE_LINE, LABEL_LINE = 17.0, 15.0, 18.0
ICON = 26.0  # the strip at the left of a box that holds its icon
WIDEST_TEXT = 235.0
WIDEST_LABEL = 240.0
NARROWEST_BOX = 120.0
SIDE, TOP = 14.0, 9.0  # air between a box's edge and its text
SLANT = 14.0  # what a hexagon or trapezium loses at each side
STRAIGHT = 8.0  # how much a long arrow wants to run straight
BOLD = 1.1  # how much wider the letters of a title are
STUB = 14.0  # between two lines of loops beside a box
MOST_TITLE_LINES, MOST_NOTE_LINES = 3, 3


@dataclass(frozen=True, slots=True)
class Box:
    """A step. `x`, `y` is the centre."""

    step: Step
    title: tuple[str, ...]
    note: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    full: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Route:
    """The line of an arrow in the order in which it is walked. Between the points 2n and 2n+1 it runs straight
    up or down, between 2n+1 and 2n+2 it bends. The line of a loop leaves and reaches its boxes at their right
    side; `first` and `last` are those points, None for an arrow from bottom to top."""

    arrow: Arrow
    points: tuple[tuple[float, float], ...]
    label: Label | None
    first: tuple[float, float] | None = None
    last: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]


@dataclass(slots=True)
class _Chain:
    """The pieces of an arrow from the upper box to the lower one, whichever way it points."""

    arrow: Arrow
    upper: int
    lower: int
    slots: list[int]
    label_at: int
    upper_port: int = 0  # number of the stub, for loops
    lower_port: int = 0


@dataclass(slots=True)
class _Plan:
    """The layout as it grows: slots are steps, labels and the places where a long arrow passes a layer."""

    slots: list[Slot] = field(default_factory=list)
    steps: dict[str, int] = field(default_factory=dict)
    texts: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    chains: list[_Chain] = field(default_factory=list)
    rings: list[tuple[Arrow, float]] = field(default_factory=list)  # with the distance from the box's middle


def lay_out(figure: Figure) -> Layout:
    """The picture of a figure, its upper left corner at (0, 0). An empty figure gives an empty picture."""
    if not figure.steps:
        return Layout(0.0, 0.0, (), ())
    plan = _Plan()
    _make_boxes(plan, figure)
    _make_chains(plan, figure)
    _make_room_for_loops(plan)
    links = _links(plan)
    layers = ordered_layers(plan.slots, links)
    aside = [plan.steps[step.name] for step in figure.steps if step.anywhere]
    layers[-1] = [*(slot for slot in layers[-1] if slot not in aside), *aside]
    place_across(plan.slots, layers, links, _trunks(plan), [chain.slots for chain in plan.chains])
    _stand_beside(plan.slots, layers[-1], aside)
    tops = _place_down(plan.slots, layers, links)
    boxes = tuple(_box(plan, step) for step in figure.steps)
    by_arrow = {id(chain.arrow): _route(plan, chain, tops) for chain in plan.chains}
    by_arrow |= {id(arrow): _ring(plan, arrow, aside) for arrow, aside in plan.rings}
    width = max(slot.x + slot.right for slot in plan.slots)
    height = max(tops[slot.layer][1] for slot in plan.slots)
    return Layout(width, height, boxes, tuple(by_arrow[id(arrow)] for arrow in figure.arrows))


# ---- layers


def _layers(figure: Figure) -> dict[str, int]:
    """The longest path to each step, loops left out."""
    forward = [a for a in figure.arrows if not a.back]
    waiting = {step.name: 0 for step in figure.steps}
    onward: dict[str, list[str]] = {step.name: [] for step in figure.steps}
    for arrow in forward:
        waiting[arrow.target] += 1
        onward[arrow.source].append(arrow.target)
    layers = dict.fromkeys(waiting, 0)
    ready = [name for name, number in waiting.items() if not number]
    for name in ready:  # grows while it is walked
        for target in onward[name]:
            layers[target] = max(layers[target], layers[name] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    last = max(layers.values())
    return layers | {step.name: last for step in figure.steps if step.anywhere}


def _make_boxes(plan: _Plan, figure: Figure) -> None:
    layers = _layers(figure)
    for step in figure.steps:
        title = wrap(clean(step.heading), TITLE_SIZE * BOLD, WIDEST_TEXT, MOST_TITLE_LINES)
        note = wrap(clean(step.details), NOTE_SIZE, WIDEST_TEXT, MOST_NOTE_LINES)
        plan.texts[step.name] = (title, note)
        text = max(
            [measure(line, TITLE_SIZE * BOLD) for line in title] + [measure(line, NOTE_SIZE) for line in note]
        )
        slant = SLANT if step.kind in {"if", "split"} else 0.0
        badge = badge_width(step.contacts) if step.contacts is not None else 0.0
        # the badge sits on the right half of the upper edge, arrows come in at the middle
        width = max(ICON + text + 2 * (SIDE + slant), NARROWEST_BOX, 2 * (badge + 2 * SIDE))
        height = len(title) * TITLE_LINE + len(note) * NOTE_LINE + 2 * TOP
        plan.steps[step.name] = len(plan.slots)
        plan.slots.append(Slot(2 * layers[step.name], width / 2, width / 2, height, 1.0))


def badge_width(contacts: int) -> float:
    return measure(f"{contacts:,}", LABEL_SIZE) + 14


# ---- arrows


def _make_chains(plan: _Plan, figure: Figure) -> None:
    for arrow in figure.arrows:
        if arrow.source == arrow.target:
            plan.rings.append((arrow, 0.0))
            continue
        source, target = plan.steps[arrow.source], plan.steps[arrow.target]
        upper, lower = (target, source) if arrow.back else (source, target)
        between = range(plan.slots[upper].layer + 1, plan.slots[lower].layer)
        label_layer = between[-1] if arrow.back else between[0]
        chain = _Chain(arrow, upper, lower, [], label_layer)
        for layer in between:
            labelled = bool(arrow.label) and layer == label_layer
            half = _label_width(arrow) / 2 if labelled else 1.0
            chain.slots.append(len(plan.slots))
            plan.slots.append(
                Slot(layer, half, half, LABEL_LINE if labelled else 0.0, 0.5, passing=not labelled)
            )
        plan.chains.append(chain)


def _label_width(arrow: Arrow) -> float:
    return (
        measure(shorten(clean(arrow.label), LABEL_SIZE, WIDEST_LABEL), LABEL_SIZE) + 12
        if arrow.label
        else 0.0
    )


def _make_room_for_loops(plan: _Plan) -> None:
    """Number the stubs at each box and widen its right side by them. Those that go up from a box leave above
    those that come from below, so that the two do not cross."""
    loops = [chain for chain in plan.chains if chain.arrow.back]
    for box in range(len(plan.steps)):
        rising = [chain for chain in loops if chain.lower == box]
        sinking = [chain for chain in loops if chain.upper == box]
        for number, chain in enumerate(rising):
            chain.lower_port = number + 1
        for number, chain in enumerate(sinking):
            chain.upper_port = len(sinking) - number
        plan.slots[box].right += STUB * max(len(rising), len(sinking))
    for number, (arrow, _) in enumerate(plan.rings):
        slot = plan.slots[plan.steps[arrow.source]]
        plan.rings[number] = (arrow, slot.right + STUB)
        slot.right += 2 * STUB + _label_width(arrow)


def _links(plan: _Plan) -> list[Link]:
    forward = [chain for chain in plan.chains if not chain.arrow.back]
    ways_out = Counter(chain.upper for chain in forward)
    ways_in = Counter(chain.lower for chain in forward)
    links: list[Link] = []
    for chain in plan.chains:
        if chain.arrow.back:
            # a loop does not pull its boxes about
            first = last = 0.1
        else:
            # where arrows fan out, the label stands over its target; where they meet, under its source
            first, last = 4.0 / ways_out[chain.upper] ** 2, 4.0 / ways_in[chain.lower] ** 2
        walk = [chain.upper, *chain.slots, chain.lower]
        for upper, lower in pairwise(walk):
            weight = first if upper == chain.upper else last if lower == chain.lower else STRAIGHT
            upper_at = _stub_x(plan, chain.upper, chain.upper_port) if upper == chain.upper else 0.0
            lower_at = _stub_x(plan, chain.lower, chain.lower_port) if lower == chain.lower else 0.0
            links.append(Link(upper, lower, upper_at, lower_at, weight))
    return links


def _trunks(plan: _Plan) -> list[list[int]]:
    """Steps that simply follow one another, with what lies between them: they shall stand in one column."""
    forward = [chain for chain in plan.chains if not chain.arrow.back]
    ways_out = Counter(chain.upper for chain in forward)
    ways_in = Counter(chain.lower for chain in forward)
    only = {c.upper: c for c in forward if ways_out[c.upper] == 1 and ways_in[c.lower] == 1}
    followers = {chain.lower for chain in only.values()}
    trunks = []
    for first in only:
        if first in followers:
            continue
        trunk = [first]
        while chain := only.get(trunk[-1]):
            trunk += [*chain.slots, chain.lower]
        trunks.append(trunk)
    return trunks


def _stub_x(plan: _Plan, box: int, port: int) -> float:
    """How far right of the middle of a box the line of a loop runs; forward arrows run in the middle."""
    return plan.slots[box].left + STUB * port if port else 0.0


def _stand_beside(slots: list[Slot], layer: Sequence[int], aside: Sequence[int]) -> None:
    """Exits from anywhere hang on nothing that would hold them: they follow the last box of their layer."""
    edge = max((slots[n].x + slots[n].right for n in layer if n not in aside), default=-GAP)
    for number in aside:
        slots[number].x = edge + GAP + slots[number].left
        edge = slots[number].x + slots[number].right


# ---- down the page


def _place_down(
    slots: list[Slot], layers: list[list[int]], links: Sequence[Link]
) -> list[tuple[float, float]]:
    """The upper and lower edge of every layer. Where lines run far aside, there is more room for their bends."""
    reach = [0.0] * len(layers)
    for link in links:
        aside = abs(slots[link.upper].x + link.upper_at - slots[link.lower].x - link.lower_at)
        reach[slots[link.lower].layer] = max(reach[slots[link.lower].layer], aside)
    edges: list[tuple[float, float]] = []
    y = 0.0
    for number, layer in enumerate(layers):
        if number:
            # into a layer of boxes there is an arrow head
            y += (12.0 if number % 2 else 22.0) + round(min(reach[number] * 0.07, 30.0))
        height = max((slots[slot].height for slot in layer), default=0.0)
        edges.append((y, y + height))
        y += height
    for slot in slots:
        slot.y = sum(edges[slot.layer]) / 2
    return edges


# ---- results


def _box(plan: _Plan, step: Step) -> Box:
    slot = plan.slots[plan.steps[step.name]]
    title, note = plan.texts[step.name]
    return Box(step, tuple(title), tuple(note), slot.x, slot.y, 2 * slot.left, slot.height)


def _route(plan: _Plan, chain: _Chain, edges: Sequence[tuple[float, float]]) -> Route:
    upper, lower = plan.slots[chain.upper], plan.slots[chain.lower]
    passed = [plan.slots[number] for number in chain.slots]
    labelled = next(slot for slot in passed if slot.layer == chain.label_at)
    label = _label(chain.arrow, labelled.x, labelled.y)
    through = [(slot.x, y) for slot in passed for y in edges[slot.layer]]
    if not chain.arrow.back:
        start = [(upper.x, upper.y + upper.height / 2), (upper.x, edges[upper.layer][1])]
        end = [(lower.x, edges[lower.layer][0]), (lower.x, lower.y - lower.height / 2)]
        return Route(chain.arrow, tuple(start + through + end), label)
    first, last = _port(plan, chain, chain.lower), _port(plan, chain, chain.upper)
    x_first, x_last = (
        lower.x + _stub_x(plan, chain.lower, chain.lower_port),
        upper.x + _stub_x(plan, chain.upper, chain.upper_port),
    )
    points = [
        (x_first, first[1]),
        (x_first, edges[lower.layer][0]),
        *reversed(through),
        (x_last, edges[upper.layer][1]),
        (x_last, last[1]),
    ]
    return Route(chain.arrow, tuple(points), label, first, last)


def _port(plan: _Plan, chain: _Chain, box: int) -> tuple[float, float]:
    """Where the line of a loop touches the right side of a box: the upper half has a place for each that goes
    up, the lower half one for all that come in."""
    slot = plan.slots[box]
    x, half = slot.x + slot.left, slot.height / 2
    if box == chain.upper:
        return x, slot.y + half * 0.4
    of = sum(other.arrow.back and other.lower == box for other in plan.chains)
    return x, slot.y - half * (of + 1 - chain.lower_port) / (of + 1)


def _ring(plan: _Plan, arrow: Arrow, aside: float) -> Route:
    """The line of a step that leads to itself: out of the right side and in again below."""
    slot = plan.slots[plan.steps[arrow.source]]
    edge, x = slot.x + slot.left, slot.x + aside
    first, last = (edge, slot.y - slot.height / 4), (edge, slot.y + slot.height / 4)
    label = _label(arrow, x + 4 + _label_width(arrow) / 2, slot.y)
    return Route(arrow, ((x, first[1]), (x, last[1])), label, first, last)


def _label(arrow: Arrow, x: float, y: float) -> Label | None:
    if not arrow.label:
        return None
    full = clean(arrow.label)
    return Label(shorten(full, LABEL_SIZE, WIDEST_LABEL), full, x, y, _label_width(arrow))
