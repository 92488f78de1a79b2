"""`parcours graph`."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

MERMAID = """\
---
title: "welcome"
---
flowchart TD
"""


def test_a_picture_is_drawn_unless_something_else_is_asked_for(corner, parcours) -> None:
    answer = parcours("graph", "welcome", "--project", "corner")
    assert (answer.code, answer.err) == (0, "")
    assert ElementTree.fromstring(answer.out).tag == "{http://www.w3.org/2000/svg}svg"


def test_mermaid(corner, parcours) -> None:
    assert parcours("graph", "welcome", "--project", "corner", "--format", "mermaid").out.startswith(MERMAID)


def test_dot(corner, parcours) -> None:
    assert parcours("graph", "welcome", "--project", "corner", "--format", "dot").out.startswith("digraph")


def test_json(corner, parcours) -> None:
    graph = json.loads(parcours("graph", "welcome", "--project", "corner", "--format", "json").out)
    assert "enter" in {node["name"] for node in graph["nodes"]}


@pytest.mark.parametrize(
    ("name", "start"),
    [("w.svg", "<svg"), ("w.mmd", "---"), ("w.dot", "digraph"), ("w.json", "{"), ("w", "<svg")],
)
def test_the_ending_of_the_output_says_the_form(corner, parcours, name, start) -> None:
    answer = parcours("graph", "welcome", "--project", "corner", "--output", name)
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert (corner.folder.parent / name).read_text().startswith(start)
    assert [path for path in corner.files() if "unfinished" in path] == []


def test_a_form_that_is_named_wins_over_the_ending(corner, parcours) -> None:
    parcours("graph", "welcome", "--project", "corner", "--format", "dot", "--output", "w.svg")
    assert (corner.folder.parent / "w.svg").read_text().startswith("digraph")


def test_an_output_that_is_there_is_replaced(corner, parcours) -> None:
    corner.write("w.svg", "old")
    parcours("graph", "welcome", "--project", "corner", "--output", "corner/w.svg")
    assert (corner.folder / "w.svg").read_text().startswith("<svg")


@pytest.mark.parametrize("path", ["corner/parcours.yaml/w.svg", "nowhere/w.svg", "corner"])
def test_an_output_that_cannot_be_written_leaves_nothing(corner, parcours, path) -> None:
    before = corner.files()
    answer = parcours("graph", "welcome", "--project", "corner", "--output", path)
    assert answer.code == 2
    assert answer.err.startswith("error[output-unwritable]: the output cannot be written: ")
    assert f"\n  {path}\n" in answer.err
    assert corner.files() == before


def test_a_journey_that_is_not_there_is_met_with_the_nearest(corner, parcours) -> None:
    answer = parcours("graph", "welcom", "--project", "corner")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "error[unknown-journey]: `welcom` is no journey\n"
        "  corner\n"
        "  did you mean `welcome`?\n"
        "  help: the journeys are `welcome`\n"
    )
