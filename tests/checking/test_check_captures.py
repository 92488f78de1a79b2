"""The state keeps of an event what is read later, and no more."""

from journey_check import SHOP, journey, project

from parcours.checking.captures import Captures
from parcours.model.journey import Journey
from parcours.model.vocabulary import Message


def captures(body: str, header: str = "    enter on order\n", messages: str = "") -> Captures:
    declarations = project(journey(body, header) + messages)[0].declarations
    (found,) = (d for d in declarations if isinstance(d, Journey))
    return Captures(found, {d.name.text: d for d in declarations if isinstance(d, Message)})


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


def test_what_the_texts_of_a_message_fill_in_is_kept_by_those_who_send_it() -> None:
    said = """
message told
    subject "Cart {{ entry.cart_id }}"
    email "{% if event.total %}{{ event.total | upper }}{% endif %} entry.amount {{ parentry.x }}"

message other
    email "{{ entry.amount }}"
"""
    kept = captures("    wait 1 day\n    if email_opt_in\n        send told by email\n", messages=said)
    assert kept.of_entry(SHOP.events["cart"]) == (("cart_id", "VARCHAR"),)
    assert kept.of_event(SHOP.events["cart"]) == (("total", "DECIMAL(10,2)"),)
    assert captures("    exit\n", messages=said).of_entry(SHOP.events["cart"]) == ()


def test_of_an_event_that_a_text_takes_as_a_whole_every_field_is_kept() -> None:
    whole = 'message told\n    email "{% for name in entry %}{{ name }}{% endfor %}"\n'
    kept = captures("    send told by email\n", messages=f"\n{whole}")
    fields = {name for name, _ in kept.of_entry(SHOP.events["cart"])}
    assert fields == set(SHOP.events["cart"].columns) - {"at"}
    assert kept.of_event(SHOP.events["cart"]) == ()


def test_a_text_in_a_file_may_read_any_field() -> None:
    kept = captures("    send told by email\n", messages='\nmessage told\n    email from "told.html"\n')
    for found in (kept.of_entry(SHOP.events["cart"]), kept.of_event(SHOP.events["cart"])):
        assert {"cart_id", "total"} <= {name for name, _ in found}
