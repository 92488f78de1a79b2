"""The order of a state graph."""

from journey_check import journey, only

from parcours.graph.build import build
from parcours.graph.order import backwards


def test_every_step_comes_after_all_that_it_leads_to() -> None:
    body = "    if age > 1\n        wait 1 day\n        send hello by email\n    else\n        exit a\n    wait 2 days\n"
    graph = build(only(journey(body)))
    place = {name: number for number, name in enumerate(backwards(graph))}
    assert sorted(place) == sorted(graph)
    assert all(place[source] > place[target] for source, target in graph.edges())
