"""Graphs to draw, shared by the tests of the drawing."""

import networkx
from hypothesis import strategies as st

KINDS = ("wait", "wait_event", "send", "if", "split", "exit")
EVIL = "<script>alert(\"x\")</script> & 'y' ]]> --> ;end \x1b[2J \u202e \ud800 `*_#35;|\\N\nnext 🎂 \ufffe"

Graph = networkx.MultiDiGraph


def graph(nodes: list[tuple[str, str, str]], edges: list[tuple[str, str, str]], **about: str) -> Graph:
    """A state graph as the builder makes it: nodes (name, kind, title), edges (from, to, label)."""
    made = networkx.MultiDiGraph(**about)
    for name, kind, title in nodes:
        made.add_node(name, kind=kind, title=title, note="", place=None)
    for source, target, label in edges:
        made.add_edge(source, target, key=label, label=label)
    return made


def welcome() -> Graph:
    """A small journey with branches that meet again and one exit reached from afar."""
    return graph(
        [
            ("enter", "enter", "enter on sign_up"),
            ("send welcome", "send", "send welcome"),
            ("if 1", "if", "if has order since entry"),
            ("wait 1", "wait", "wait 3 days"),
            ("split a", "split", "split a"),
            ("send offer", "send", "send offer"),
            ("exit held", "exit", "exit held_out"),
            ("end", "exit", "exit finished"),
        ],
        [
            ("enter", "send welcome", "next"),
            ("send welcome", "if 1", "sent"),
            ("send welcome", "if 1", "not sent"),
            ("if 1", "end", "yes"),
            ("if 1", "wait 1", "no"),
            ("wait 1", "split a", "next"),
            ("split a", "send offer", "90% offer"),
            ("split a", "exit held", "10% holdout"),
            ("send offer", "end", "sent"),
        ],
        journey="welcome",
        doc="Greets.",
        version="0123456789abcdef",
    )


def loop() -> Graph:
    """Steps that lead back: over one layer, over several, and to themselves."""
    return graph(
        [
            ("enter", "enter", "enter by hand"),
            ("a", "wait", "wait 1 day"),
            ("b", "if", "if stock > 0"),
            ("c", "send", "send news"),
            ("d", "wait_event", "wait for order"),
            ("end", "exit", "exit finished"),
        ],
        [
            ("enter", "a", "next"),
            ("a", "b", "next"),
            ("b", "c", "yes"),
            ("b", "a", "no"),
            ("c", "d", "sent"),
            ("d", "end", "then"),
            ("d", "a", "otherwise"),
            ("d", "d", "again"),
        ],
    )


@st.composite
def any_graph(draw: st.DrawFn) -> Graph:
    """Any graph that hangs together from its enter step, loops and parallel arrows included."""
    number = draw(st.integers(1, 14))
    titles = st.sampled_from(["wait 3 days", 'if country = "FR"', "x" * 90, "日本語 " * 9, EVIL])
    nodes = [("enter", "enter", "enter by hand")]
    nodes += [(f"n{n}", draw(st.sampled_from(KINDS)), draw(titles)) for n in range(1, number)]
    edges = [(nodes[draw(st.integers(0, n - 1))][0], f"n{n}", "") for n in range(1, number)]
    labels = st.sampled_from(["", "yes", "no", "next", "a label that is much too long to be shown in full"])
    some = st.tuples(st.integers(0, number - 1), st.integers(0, number - 1), labels)
    more = draw(st.lists(some, max_size=12))
    edges += [(nodes[u][0], nodes[v][0], label) for u, v, label in more]
    return graph(nodes, edges, journey="any")
