"""Why a message waits for the hour at which its contact answers best (LANGUAGE.md A14)."""

from typing import Any

from learned_rows import LearnedRows, write_runs
from telling import told
from telling_worlds import CART, DAY
from world import CATALOG, World, instant

from parcours.compiler.analytic_store import hash_of

TEXT = """
journey j
    enter on cart
    send hello by email
        at best hour within 2 days
"""


def held(hours: dict[str | None, int], **contact: Any) -> list[list[str]]:
    """What is told of a message that ann's cart at ten in the morning asks for. `hours` was learned; None is everybody."""
    world = World(TEXT)
    world.contact("ann", **contact)
    event, at, values = CART
    world.event(event, "ann", at, **values)
    learned = (
        ("best_hour", {who: {"hour": hour} for who, hour in hours.items()}),
        ("response", {("", "email"): {"rate": 0.25}}),
    )
    runs = [
        LearnedRows("response", name, hash_of("response", name, world.project), instant("2026-02-01"), rows)
        for name, rows in learned
    ]
    world.engine.attach_analytics(None)
    write_runs(world.engine, "test", CATALOG.contact_type, runs)
    world.tick(f"{DAY} 00:00", f"{DAY} 10:00")
    return told(world, "held")


def test_a_message_that_waits_for_the_contacts_hour_says_which_and_when() -> None:
    assert held({"ann": 18, None: 12}, zone="Europe/Paris") == [
        [
            "`hello` is held by email: the contact answers best at another hour, `at best hour within 2 days`"
            " (test.journey:3)",
            "the contact answers best from: 18:00",
            "the contact's clock showed: Sunday 11:00",
            f"it is looked at again: {DAY} 18:00",
            f"-> it can go from {DAY} 18:00 on, if nothing else closes it",
        ]
    ]


def test_of_whom_nothing_is_known_it_is_the_hour_of_everybody() -> None:
    ((_, hour, *_),) = held({"bob": 18, None: 12})
    assert hour == "nothing is known of the contact, and everybody answers best from: 12:00"
