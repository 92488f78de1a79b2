"""The state keeps of an event what is read later, and no more."""

from journey_check import SHOP, journey, project

from parcours.checking.captures import Captures
from parcours.model.journey import Journey


def captures(body: str, header: str = "    enter on order\n") -> Captures:
    (found,) = (d for d in project(journey(body, header))[0].declarations if isinstance(d, Journey))
    return Captures(found)


def test_names_after_entry_and_event_are_kept_apart_wherever_they_stand() -> None:
    header = (
        "    enter on cart\n        if event.total > 5\n        per event.cart_id\n"
        "    goal g: order[order_id = entry.cart_id]\n    leave when entry.total < 9\n"
    )
    kept = captures("    wait until 3 days after event.at\n    exit\n", header)
    assert kept.of_entry(SHOP.events["cart"]) == (("cart_id", "VARCHAR"), ("total", "DECIMAL(10,2)"))
    assert kept.of_event(SHOP.events["cart"]) == (
        ("at", "TIMESTAMP"),
        ("cart_id", "VARCHAR"),
        ("total", "DECIMAL(10,2)"),
    )


def test_the_time_of_the_entry_is_kept_apart() -> None:
    assert captures("    wait until 3 days after entry.at\n").of_entry(SHOP.events["cart"]) == ()


def test_only_fields_that_the_event_has_are_kept() -> None:
    kept = captures("    if event.total > 1 or event.amount > 2\n        exit\n")
    assert kept.of_event(SHOP.events["order"]) == (("amount", "DECIMAL(10,2)"),)
    assert kept.of_event(None) == ()
