"""The drawing as text: Mermaid, DOT and JSON."""

import json
import re

from drawing_graphs import EVIL, graph, loop, welcome

from parcours.diagnostics.place import Place
from parcours.graph.drawing import to_dot, to_json, to_mermaid


def test_mermaid_reads_like_the_journey() -> None:
    assert to_mermaid(welcome(), {"wait 1": 1200}) == (
        "---\n"
        'title: "welcome"\n'
        "---\n"
        "flowchart TD\n"
        '    step_enter(["enter on sign_up"])\n'
        '    step_send_welcome["send welcome"]\n'
        '    step_if_1{{"if has order since entry"}}\n'
        '    step_wait_1("wait 3 days<br/>1,200 contacts")\n'
        '    step_split_a[/"split a"\\]\n'
        '    step_send_offer["send offer"]\n'
        '    step_exit_held(["exit held_out"])\n'
        '    step_end(["exit finished"])\n'
        "    step_enter --> step_send_welcome\n"
        "    step_send_welcome --> step_if_1\n"
        '    step_if_1 -->|"yes"| step_end\n'
        '    step_if_1 -->|"no"| step_wait_1\n'
        "    step_wait_1 --> step_split_a\n"
        '    step_split_a -->|"90% offer"| step_send_offer\n'
        '    step_split_a -->|"10% holdout"| step_exit_held\n'
        "    step_send_offer --> step_end\n"
    )


def test_mermaid_dots_what_closes_a_loop() -> None:
    assert '    step_b -.->|"no"| step_a\n' in to_mermaid(loop())


def test_mermaid_names_stay_apart_when_their_letters_do_not() -> None:
    drawn = graph(
        [("a b", "wait", "wait"), ("a_b", "wait", "wait"), ("a-b", "exit", "exit")], [("a b", "a-b", "")]
    )
    named = re.findall(r"^    (\w+)[(\[]", to_mermaid(drawn), flags=re.MULTILINE)
    assert named == ["step_a_b", "step_a_b_2", "step_a_b_3"]
    assert "step_a_b --> step_a_b_3" in to_mermaid(drawn)


def test_mermaid_gets_no_sign_that_it_would_read() -> None:
    drawn = graph([("enter", "enter", EVIL), ("a", "exit", EVIL)], [("enter", "a", EVIL)])
    for line in to_mermaid(drawn).splitlines()[1:]:
        quoted = line[line.index('"') + 1 : line.rindex('"')]
        assert not set(re.sub(r"#\d+;", "", quoted)) & set("<>\"'`*_#|\\[]{};&\x1b\u202e\ud800\n") - {"_"}


def test_dot_reads_like_the_journey() -> None:
    text = to_dot(welcome(), {"wait 1": 1200})
    assert text.startswith('digraph "welcome" {\n')
    assert '    "wait 1" [label="wait 3 days\\n1,200 contacts", shape=box, style=rounded]\n' in text
    assert '    "if 1" -> "end" [label="yes"]\n' in text
    assert '    "enter" -> "send welcome"\n' in text
    assert text.endswith("}\n")


def test_dot_lets_loops_pull_nothing_upwards() -> None:
    assert '    "b" -> "a" [label="no", constraint=false, style=dashed]\n' in to_dot(loop())


def test_dot_keeps_quotes_and_backslashes_inside_their_strings() -> None:
    drawn = graph([('a"\\', "wait", 'say "x\\N"\\')], [], journey='j"\\')
    assert '    "a\\"\\\\" [label="say \\"x\\\\N\\"\\\\", ' in to_dot(drawn)
    assert to_dot(drawn).startswith('digraph "j\\"\\\\" {')


def test_json_holds_nodes_and_edges_in_the_order_of_the_graph() -> None:
    drawn = welcome()
    drawn.nodes["wait 1"]["place"] = Place("welcome.journey", 7, 5, 7, 16)
    report = json.loads(to_json(drawn, {"wait 1": 3}))
    assert (report["journey"], report["doc"], report["version"]) == ("welcome", "Greets.", "0123456789abcdef")
    assert [node["name"] for node in report["nodes"]] == list(drawn)
    assert report["nodes"][3] == {
        "name": "wait 1",
        "kind": "wait",
        "title": "wait 3 days",
        "note": "",
        "file": "welcome.journey",
        "line": 7,
        "column": 5,
        "contacts": 3,
    }
    assert "contacts" not in report["nodes"][0]
    assert report["edges"][1:3] == [
        {"from": "send welcome", "to": "if 1", "label": "sent", "title": "sent"},
        {"from": "send welcome", "to": "if 1", "label": "not sent", "title": "not sent"},
    ]
    assert len(report["edges"]) == drawn.number_of_edges()


def test_json_gives_text_back_as_it_is() -> None:
    text = to_json(graph([("a", "exit", EVIL)], []))
    assert text.isascii()
    assert json.loads(text)["nodes"][0]["title"] == EVIL
