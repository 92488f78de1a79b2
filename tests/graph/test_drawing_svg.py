"""The SVG drawing: complete, harmless, the same every time."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest
from drawing_graphs import EVIL, KINDS, Graph, any_graph, graph, loop, welcome
from hypothesis import given, settings

from parcours.graph.drawing import to_svg

SVG = "{http://www.w3.org/2000/svg}"
few = settings(max_examples=25, deadline=None, derandomize=True)


def parsed(drawn: Graph, counts: dict[str, int] | None = None) -> ElementTree.Element:
    return ElementTree.fromstring(to_svg(drawn, counts))


def words(drawing: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in drawing.iter(f"{SVG}text")]


def evil() -> Graph:
    drawn = graph(
        [("enter", "enter", EVIL), (EVIL, "exit", EVIL)],
        [("enter", EVIL, EVIL)],
        journey=EVIL,
        doc=EVIL,
        version=EVIL,
    )
    drawn.nodes["enter"]["note"] = EVIL
    return drawn


def test_every_title_and_every_label_can_be_read() -> None:
    shown = words(parsed(welcome()))
    titles = [title for _, title in welcome().nodes(data="title")]
    assert set(titles) | {"yes", "no", "90% offer", "10% holdout"} <= set(shown)


def test_next_and_sent_are_not_printed_where_they_are_the_only_way_on() -> None:
    assert not {"next", "sent", "not sent"} & set(words(parsed(welcome())))


def test_sent_is_printed_where_there_is_another_way() -> None:
    drawn = graph(
        [("s", "send", "send news"), ("a", "exit", "exit a"), ("b", "exit", "exit b")],
        [("s", "a", "sent"), ("s", "b", "not sent")],
    )
    assert {"sent", "not sent"} <= set(words(parsed(drawn)))


@few
@given(any_graph())
def test_any_graph_gives_well_formed_xml_sized_to_its_content(drawn: Graph) -> None:
    drawing = parsed(drawn)
    _, _, width, height = map(float, drawing.attrib["viewBox"].split())
    assert (drawing.attrib["width"], drawing.attrib["height"]) == (f"{width:.0f}", f"{height:.0f}")


def test_hostile_text_stays_text() -> None:
    svg = to_svg(evil(), {EVIL: 5})
    drawing = ElementTree.fromstring(svg)
    allowed = {"svg", "title", "desc", "style", "rect", "g", "path", "polygon", "text", "tspan"}
    assert {element.tag.removeprefix(SVG) for element in drawing.iter()} <= allowed
    assert not set(svg) & set("\x1b\u202e\ud800\ufffe")
    svg.encode("utf-8")


def test_the_drawing_needs_nothing_from_outside() -> None:
    for element in parsed(evil()).iter():
        assert not [name for name in element.attrib if name.startswith("on") or name.endswith("href")]
    assert "url(" not in to_svg(welcome())
    assert "@import" not in to_svg(welcome())


def test_a_drawing_has_a_title_for_those_who_cannot_see_it() -> None:
    drawing = parsed(welcome())
    assert drawing.attrib["role"] == "img"
    assert drawing[0].tag == f"{SVG}title"
    assert drawing[0].text == "Journey welcome: 8 steps"
    assert drawing[1].tag == f"{SVG}desc"
    assert drawing[1].text == "Greets."


def test_a_title_that_is_cut_can_be_read_in_full_in_the_tooltip() -> None:
    drawn = graph([("enter", "enter", "enter on " + "very_long_name " * 20)], [])
    told = [title.text or "" for title in parsed(drawn).iter(f"{SVG}title")]
    assert any(text.count("very_long_name") == 20 for text in told)
    assert any(word.endswith("…") for word in words(parsed(drawn)))


def test_badges_show_how_many_contacts_stand_at_a_step() -> None:
    shown = words(parsed(welcome(), {"wait 1": 12345, "end": 0, "gone": 77}))
    assert "12,345" in shown
    assert "0" in shown
    assert "77" not in shown
    assert "0" not in words(parsed(welcome()))


@pytest.mark.parametrize("kind", ["enter", *KINDS])
def test_every_kind_of_step_can_be_drawn(kind: str) -> None:
    assert words(parsed(graph([("a", kind, "a step")], []))) == ["a step"]


def test_a_kind_that_has_no_look_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        to_svg(graph([("a", "dream", "a dream")], []))


def test_a_dark_page_gets_dark_colours() -> None:
    assert "@media (prefers-color-scheme:dark)" in to_svg(welcome())


def test_a_loop_looks_other_than_an_arrow_onward() -> None:
    classes = [path.get("class") for path in parsed(loop()).iter(f"{SVG}path")]
    assert classes.count("pj-loop") == 3
    assert classes.count("pj-line") == 5


def test_a_graph_without_steps_is_an_empty_drawing() -> None:
    assert words(parsed(graph([], []))) == []


def test_the_same_graph_gives_the_same_bytes_in_another_process() -> None:
    program = "from drawing_graphs import loop; from parcours.graph.drawing import to_svg; print(to_svg(loop()), end='')"
    drawn = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout.decode()
        for seed in ("1", "2")
    ]
    assert drawn == [to_svg(loop())] * 2
