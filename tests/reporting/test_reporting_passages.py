"""How often each arrow of a journey's picture was walked."""

from collections import Counter
from collections.abc import Callable

import pytest
from post_office import PostOffice
from world import checked_project

from parcours.compiler.routes import Routes
from parcours.reporting.passages import edges_of

Make = Callable[..., PostOffice]
WINDING = """
    journey winding
        enter on cart
            again
        goal bought: order within 30 days
        leave when vip as gone
        again_please:
        if age > 10
            split sides
                60% left
                    send hello by email
                        if not sent
                            set points to 1
                40% right
                    if vip
                        exit early
                    wait 1 day
        else
            repeat up to 3 times until points > 5
                wait for click up to 2 days
                    then
                        exit clicked
                    otherwise
                        if points > 3
                            set points to 4
                        wait 3 days
        wait 1 hour
        if country = "FR"
            wait 2 days
            go to again_please
"""


def test_every_route_is_walked_over_arrows_that_follow_one_another() -> None:
    (journey,) = checked_project(WINDING).journeys
    routes = Routes(journey)
    graph = routes.graph
    ways = {(source, label): target for source, target, label in graph.edges(keys=True)}
    walked: Counter[tuple[str, str]] = Counter()
    for route in routes.routes:
        found = edges_of(graph, route.anchor.node, route.anchor.label, route.decisions, route.target)
        walked.update(found)
        if not found:
            # goals, leaving, and a send that is tried again
            assert graph.nodes[route.target].get("anywhere") or route.anchor.label == "retry"
            continue
        assert found[0][0] == route.anchor.node
        assert [ways[way] for way in found[:-1]] == [source for source, _ in found[1:]]
        assert ways[found[-1]] == route.target
        taken = [f"{source}: {label}" for source, label in found]
        assert [one for one in taken if one in route.decisions] == list(route.decisions)
    assert set(walked) == set(ways)


FORKED = """\
journey forked
    enter on visit
        again
    goal opened: open within 3 days
    send hello by email
    wait 1 day
    if kind = "odd"
        send offer by push
    else
        exit even
    wait 3 days
"""


def test_as_many_leave_a_step_as_came_to_it_but_for_those_who_stand_there(post_office: Make) -> None:
    office = post_office(FORKED)
    office.visits(*((person, "2026-03-02 09:30") for person in (1, 2, 3, 4, 5)))
    office.event("opens", 5, "2026-03-02 18:00", "hello")
    office.simulate("2026-03-02 00:00", "2026-03-04 00:00")
    (found,) = office.report().walked
    assert found.entered == 5
    passed = {(way.source, way.label): way.runs for way in found.passages}
    assert passed == {
        ("enter", "next"): 5,
        ("hello", "sent"): 5,
        ("hello", "not sent"): 0,
        ("2 wait", "next"): 4,
        ("3 if", "yes"): 2,
        ("3 if", "no"): 2,
        ("offer", "sent"): 2,
        ("offer", "not sent"): 0,
        ("4 wait", "next"): 0,
    }
    assert dict(found.arrived) == {"enter": 5, "exit even": 2, "end": 0, "goal opened": 1}


def test_each_version_in_which_somebody_moved_has_its_own_counts(post_office: Make) -> None:
    office = post_office(FORKED)
    office.visits((1, "2026-03-02 09:30"), (2, "2026-03-02 09:30"))
    office.simulate("2026-03-02 00:00", "2026-03-02 12:00", hours=4)
    office.write("own.journey", FORKED.replace("wait 1 day", "wait 2 days"))
    office.visits((3, "2026-03-02 13:00"))
    office.tick("2026-03-02 13:30")
    office.visits((4, "2026-03-02 14:00"))
    office.tick("2026-03-03 13:00")
    new, old = office.report().walked
    assert (new.entered, old.entered) == (2, 2)
    assert (new.applied_at, old.applied_at) == (
        office.instant("2026-03-02 13:30"),
        office.instant("2026-03-02 00:00"),
    )
    assert next(way.runs for way in old.passages if way.source == "2 wait") == 2
    # in another span only those who moved in it
    (alone,) = office.report("2026-03-02 00:00", "2026-03-02 13:00").walked
    assert alone.hash == old.hash and next(w.runs for w in alone.passages if w.source == "2 wait") == 0


def test_a_route_that_the_graph_does_not_have_is_never_guessed() -> None:
    (journey,) = checked_project(WINDING).journeys
    graph = Routes(journey).graph
    with pytest.raises(KeyError):
        edges_of(graph, "enter", "next", ("1 if: nowhere",), "hello")
