"""Who is judged together before entering: the versions that only ask what stands in tables."""

from world import checked_project

from parcours.compiler.routes import Routes
from parcours.compiler.triggers import Entering, judgements

JOURNEYS = """
    journey plain
        enter on visit
        exit over

    journey often
        enter on cart
            per event.cart_id
            again after 2 days
        exit over

    journey choosy
        enter on order
            if age > 18
        exit over

    journey few
        enter on click
            at most 5 per 2 hours
        exit over

    journey compared
        enter on signup
            hold out 10%
        exit over

    journey dated
        enter every day at 09:00 for age > 30
        exit over
"""


def test_who_asks_only_what_stands_in_tables_is_judged_by_one_statement_and_each_other_by_its_own() -> None:
    journeys = checked_project(JOURNEYS).journeys
    shapes = [(number, Routes(journey)) for number, journey in enumerate(journeys, 1)]
    names = {number: shape.journey.name for number, shape in shapes}
    entering = [Entering(number, shape, [(number, shape)], False) for number, shape in shapes]
    found = [{names[number] for number in versions} for versions, _ in judgements(entering, "UTC")]
    assert found[0] == {"plain", "often"}
    assert sorted(found[1:], key=min) == [{"choosy"}, {"compared"}, {"dated"}, {"few"}]


def test_nobody_plain_means_no_statement_for_them() -> None:
    journey = checked_project(JOURNEYS).journeys[2]
    shape = Routes(journey)
    ((versions, statement),) = judgements([Entering(7, shape, [(7, shape)], False)], "UTC")
    assert versions == {7}
    assert statement.name == "triggers_7"
