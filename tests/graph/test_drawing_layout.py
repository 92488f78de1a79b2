"""The laws of the layout, on any graph."""

from itertools import combinations, pairwise

from drawing_graphs import Graph, any_graph, graph, loop, welcome
from hypothesis import given, settings

from parcours.graph.drawing.figure import read
from parcours.graph.drawing.layout import LABEL_LINE, Layout, lay_out
from parcours.graph.drawing.placing import GAP

few = settings(max_examples=60, deadline=None, derandomize=True)

Rectangle = tuple[float, float, float, float]


def laid_out(drawn: Graph) -> Layout:
    return lay_out(read(drawn))


def rectangles(layout: Layout) -> list[Rectangle]:
    """Left, top, right and bottom of every box and label."""
    boxes = [
        (b.x - b.width / 2, b.y - b.height / 2, b.x + b.width / 2, b.y + b.height / 2) for b in layout.boxes
    ]
    labels = [route.label for route in layout.routes if route.label]
    half = LABEL_LINE / 2
    return boxes + [(la.x - la.width / 2, la.y - half, la.x + la.width / 2, la.y + half) for la in labels]


def overlap(one: Rectangle, other: Rectangle) -> bool:
    near = 0.01
    return (
        one[0] < other[2] - near
        and other[0] < one[2] - near
        and one[1] < other[3] - near
        and other[1] < one[3] - near
    )


@few
@given(any_graph())
def test_no_box_or_label_covers_another(drawn: Graph) -> None:
    for one, other in combinations(rectangles(laid_out(drawn)), 2):
        assert not overlap(one, other)


@few
@given(any_graph())
def test_arrows_point_down_unless_they_close_a_loop(drawn: Graph) -> None:
    layout = laid_out(drawn)
    at = {box.step.name: box for box in layout.boxes}
    for route in layout.routes:
        upper, lower = at[route.arrow.source], at[route.arrow.target]
        if route.arrow.back:
            upper, lower = lower, upper
        if upper is not lower:
            assert upper.y + upper.height / 2 < lower.y - lower.height / 2


@few
@given(any_graph())
def test_a_line_never_turns_round_on_its_way(drawn: Graph) -> None:
    for route in laid_out(drawn).routes:
        heights = [y for _, y in route.points]
        rising = route.arrow.back and route.arrow.source != route.arrow.target
        assert heights == sorted(heights, reverse=rising)


@few
@given(any_graph())
def test_a_line_passes_no_box_but_those_that_it_joins(drawn: Graph) -> None:
    layout = laid_out(drawn)
    for route in layout.routes:
        others = [b for b in layout.boxes if b.step.name not in {route.arrow.source, route.arrow.target}]
        for (x, top), (_, bottom) in zip(route.points[::2], route.points[1::2], strict=True):
            line = (x - 0.5, min(top, bottom), x + 0.5, max(top, bottom))
            for box in others:
                left, upper = box.x - box.width / 2, box.y - box.height / 2
                assert not overlap(line, (left, upper, left + box.width, upper + box.height))


@few
@given(any_graph())
def test_everything_lies_inside_the_picture(drawn: Graph) -> None:
    layout = laid_out(drawn)
    for left, top, right, bottom in rectangles(layout):
        assert left >= -0.1
        assert top >= -0.1
        assert right <= layout.width + 0.1
        assert bottom <= layout.height + 0.1


@few
@given(any_graph())
def test_every_step_has_a_box_and_every_arrow_a_route(drawn: Graph) -> None:
    figure = read(drawn)
    layout = lay_out(figure)
    assert [box.step.name for box in layout.boxes] == list(drawn)
    assert [route.arrow for route in layout.routes] == list(figure.arrows)


def test_a_straight_journey_stands_in_one_column() -> None:
    layout = laid_out(
        graph(
            [
                ("enter", "enter", "enter"),
                ("a", "wait", "wait 3 days"),
                ("b", "send", "send " + "x" * 20),
                ("c", "exit", "x"),
            ],
            [("enter", "a", "next"), ("a", "b", "next"), ("b", "c", "sent")],
        )
    )
    assert len({box.x for box in layout.boxes}) == 1


def test_branches_stand_in_the_order_in_which_they_are_written() -> None:
    at = {box.step.name: box.x for box in laid_out(welcome()).boxes}
    assert at["send offer"] < at["exit held"]


def test_a_step_stands_below_its_longest_path() -> None:
    at = {box.step.name: box.y for box in laid_out(welcome()).boxes}
    assert at["end"] > at["send offer"] > at["split a"] > at["wait 1"] > at["if 1"]


def test_the_arrows_that_close_a_loop_are_found_from_the_first_step() -> None:
    back = {(arrow.source, arrow.target) for arrow in read(loop()).arrows if arrow.back}
    assert back == {("b", "a"), ("d", "a"), ("d", "d")}


def test_an_exit_from_anywhere_stands_in_the_last_layer() -> None:
    drawn = welcome()
    drawn.add_node("goal won", kind="exit", title="goal won", note="", place=None, anywhere=True)
    at = {box.step.name: box for box in laid_out(drawn).boxes}
    assert at["goal won"].y == at["end"].y
    assert at["goal won"].note == ("from any step",)


def test_nothing_to_draw_is_an_empty_picture() -> None:
    assert laid_out(graph([], [])) == Layout(0.0, 0.0, (), ())


def test_exits_from_anywhere_stand_beside_the_last_box_and_not_far_off() -> None:
    drawn = welcome()
    for name in ("goal won", "leave lost", "leave left"):
        drawn.add_node(name, kind="exit", title=name, note="", place=None, anywhere=True)
    at = {box.step.name: box for box in laid_out(drawn).boxes}
    row = [at[name] for name in ("end", "goal won", "leave lost", "leave left")]
    for one, other in pairwise(row):
        assert other.x - other.width / 2 - (one.x + one.width / 2) == GAP
