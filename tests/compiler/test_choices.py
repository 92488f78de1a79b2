"""For which versions and steps there is one statement of choices together."""

from world import checked_project

from parcours.compiler.choices import TOGETHER, Place, in_groups, needs_choice
from parcours.compiler.routes import ENTER_ANCHOR, Routes

CHOOSING = """
    enter on visit
    if age > 18
        wait 1 day
    else
        wait 2 days
    if age > 18
        exit grown
    else
        exit young
"""


def place(version: int, steps: str = CHOOSING) -> Place:
    """A version with all its anchors at which there is something to find out."""
    journey = "journey one" + steps.replace("\n", "\n    ").rstrip() + "\n"
    routes = Routes(checked_project(journey).journeys[0])
    return Place(version, routes, [anchor for anchor in routes.anchors if needs_choice(routes, anchor)])


def grouped(*places: Place) -> list[list[tuple[int, list[int]]]]:
    return [[(one.version, [a.number for a in one.anchors]) for one in group] for group in in_groups(places)]


def test_entries_are_apart_from_all_else() -> None:
    found = grouped(place(1), place(2))
    assert [[version for version, _ in group] for group in found] == [[1, 2], [1, 2]]
    entries, others = found
    assert all(anchors == [ENTER_ANCHOR] for _, anchors in entries)
    assert all(len(anchors) == 2 and ENTER_ANCHOR not in anchors for _, anchors in others)


def test_of_a_single_anchor_there_is_a_statement_already() -> None:
    steps = "\n    enter on visit\n    if age > 18\n        exit grown\n    exit young\n"
    assert grouped(place(1, steps)) == []
    assert grouped(place(1, steps), place(2, steps)) == [[(1, [ENTER_ANCHOR]), (2, [ENTER_ANCHOR])]]


def test_where_nothing_is_to_be_found_out_a_version_is_in_no_group() -> None:
    still = place(3, "\n    enter on visit\n    wait 1 day\n    exit over\n")
    assert still.anchors == []
    assert {version for group in grouped(place(1), still, place(2)) for version, _ in group} == {1, 2}


def test_more_versions_than_go_together_are_in_several_groups_each_anchor_once() -> None:
    one = place(0)
    places = [Place(number, one.routes, one.anchors) for number in range(1, TOGETHER + 2)]
    found = grouped(*places)
    # of the last version's entry alone there is a statement already
    assert [len(group) for group in found] == [TOGETHER, TOGETHER, 1]
    told = [(version, anchor) for group in found for version, anchors in group for anchor in anchors]
    assert len(told) == len(set(told)) == 3 * (TOGETHER + 1) - 1
