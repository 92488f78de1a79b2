"""A checked journey becomes a state graph."""

from typing import Any

from journey_check import journey, only

from parcours.checking.checked import Exit, Send
from parcours.graph.build import build
from parcours.graph.drawing import to_json, to_mermaid
from parcours.graph.edges import all_steps
from parcours.graph.versions import content_hash

HEADER = """\
    enter on order[amount > 20]
        again
    goal second: order within 30 days
    leave when email_opt_in is no as opted_out
    leave when sms_opt_in is no
    leave when age < 18
"""
BODY = """\
    if country = "FR"
        send hello by email else sms
            if not sent
                exit unheard
    else if age > 17
            and age < 30
        wait 1 day
    else if count of order >= 3
        split tone
            33.5% warm
                wait until 10:00 on weekdays
            66.50% cold
                exit cold
    else
        exit others
    wait for order since entry up to 3 days
        then
            send hello by email
"""


def edges(graph: Any) -> list[tuple[str, str, str]]:
    return [(source, target, label) for source, target, label in graph.edges(keys=True)]


def titles(graph: Any, step: str) -> list[str]:
    return [title for _, _, title in graph.out_edges(step, data="title")]


def test_every_way_through_the_steps_is_an_edge() -> None:
    assert edges(build(only(journey(BODY, HEADER)))) == [
        ("enter", "1 if", "next"),
        ("1 if", "hello", "yes"),
        ("1 if", "1.else if 2.1 wait", "else if 2"),
        ("1 if", "split tone", "else if 3"),
        ("1 if", "exit others", "no"),
        ("hello", "2 wait for order", "sent"),
        ("hello", "exit unheard", "not sent"),
        ("1.else if 2.1 wait", "2 wait for order", "next"),
        ("split tone", "1.else if 3.1.warm.1 wait until", "warm"),
        ("split tone", "exit cold", "cold"),
        ("1.else if 3.1.warm.1 wait until", "2 wait for order", "next"),
        ("2 wait for order", "hello #2", "then"),
        ("2 wait for order", "end", "otherwise"),
        ("hello #2", "end", "sent"),
        ("hello #2", "end", "not sent"),
    ]


def test_the_arrows_say_what_the_labels_do_not() -> None:
    graph = build(only(journey(BODY, HEADER)))
    assert titles(graph, "1 if") == [
        "yes",
        "else if age > 17 and age < 30",
        "else if count of order >= 3",
        "else",
    ]
    assert titles(graph, "split tone") == ["33.5% warm", "66.5% cold"]
    assert titles(graph, "2 wait for order") == ["then", "otherwise"]
    simple = build(only(journey("    if age > 1\n        wait 1 day\n")))
    assert titles(simple, "1 if") == ["yes", "no"]


def test_pictures_and_programs_get_the_conditions() -> None:
    graph = build(only(journey(BODY, HEADER)))
    assert '-->|"else if age #62; 17 and age #60; 30"| step_1_else_if_2_1_wait' in to_mermaid(graph)
    assert '"title": "else if count of order >= 3"' in to_json(graph)


def test_nodes_stand_in_reading_order_with_kind_title_and_note() -> None:
    graph = build(only(journey(BODY, HEADER)))
    assert [(kind, title, note) for _, kind, title, note in _about(graph)] == [
        ("enter", "enter on order[amount > 20]", ""),
        ("if", 'if country = "FR"', ""),
        ("send", "send hello", "by email else sms"),
        ("exit", "exit unheard", ""),
        ("wait", "wait 1 day", ""),
        ("split", "split tone", ""),
        ("wait", "wait until 10:00 on weekdays", ""),
        ("exit", "exit cold", ""),
        ("exit", "exit others", ""),
        ("wait_event", "wait for order", "up to 3 days"),
        ("send", "send hello", "by email"),
        ("exit", "exit finished", ""),
        ("exit", "goal second", ""),
        ("exit", "leave as opted_out", ""),
        ("exit", "leave as left", ""),
    ]


def _about(graph: Any) -> list[tuple[str, str, str, str]]:
    return [(name, data["kind"], data["title"], data["note"]) for name, data in graph.nodes(data=True)]


def test_goals_and_leaves_are_exits_from_anywhere_at_their_own_lines() -> None:
    graph = build(only(journey(BODY, HEADER)))
    anywhere = {name: data["place"].line for name, data in graph.nodes(data=True) if data.get("anywhere")}
    assert anywhere == {"goal second": 18, "leave opted_out": 19, "leave left": 20}
    assert all(not graph.degree(name) for name in anywhere)
    steps = [graph.nodes[name]["step"] for name in anywhere]
    assert [step.outcome for step in steps if isinstance(step, Exit)] == ["second", "opted_out", "left"]


def test_a_journey_whose_every_way_exits_has_no_other_end() -> None:
    graph = build(only(journey("    if age > 1\n        exit a\n    else\n        exit b\n")))
    assert list(graph) == ["enter", "1 if", "exit a", "exit b"]


def test_a_step_added_at_the_end_renames_nothing_before_it() -> None:
    before = list(build(only(journey(BODY, HEADER))))
    more = f"{BODY}    send hello by sms\n    end:\n    wait 1 day\n    exit cold\n"
    after = list(build(only(journey(more, HEADER))))
    steps = before[: before.index("end")]
    assert after[: len(steps)] == steps


def test_a_step_that_is_called_like_a_node_of_the_graph_is_another_node() -> None:
    graph = build(only(journey("    end:\n    wait 1 day\n    enter:\n    wait 1 day\n")))
    assert list(graph) == ["enter", "end #2", "enter #2", "end"]


def test_the_graph_knows_its_journey_and_version() -> None:
    made = only(journey("    wait 1 day\n", '    "Waits"\n    enter on order\n'))
    assert build(made).graph == {"journey": "j", "doc": "Waits", "version": content_hash(made)}


def test_all_steps_are_those_of_inner_blocks_too() -> None:
    sends = [step for step in all_steps(only(journey(BODY, HEADER)).steps) if isinstance(step, Send)]
    assert [send.name for send in sends] == ["hello", "hello #2"]
