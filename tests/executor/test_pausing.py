"""Paused journeys, and what becomes of what fell due meanwhile (T19)."""

import pytest
from world import World, instant

from parcours.diagnostics import Problem
from parcours.executor.pausing import Overdue, pause, resume

TEXT = """
journey j
    enter on cart
        again
    wait 1 day
    send hello by email
    wait 1 day
    send offer by email
"""


def paused(text: str = TEXT) -> World:
    """ann came in on the first of March; from noon on the journey is paused."""
    world = World(text)
    world.contact("ann")
    world.contact("bob")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    pause(world.executor, instant("2026-03-01 12:00"), "j")
    return world


def resumed(world: World, overdue: Overdue, at: str = "2026-03-04 12:00") -> int:
    return resume(world.executor, instant(at), "j", overdue)


def test_t19_a_paused_journey_moves_nobody() -> None:
    world = paused()
    world.tick("2026-03-02 10:00", "2026-03-03 10:00")
    assert world.messages() == []
    assert world.due("ann") == "2026-03-02 10:00"


def test_t19_a_paused_journey_takes_nobody_in_and_says_so() -> None:
    world = paused()
    world.event("cart", "bob", "2026-03-01 13:00")
    world.tick("2026-03-01 13:00")
    assert world.refused() == [("bob", "paused", "2026-03-01 13:00")]


def test_t19_other_journeys_go_on() -> None:
    world = paused(TEXT + "\njourney k\n    enter on cart\n    wait 1 day\n    send reminder by email\n")
    world.tick("2026-03-02 10:00")
    assert world.messages() == ["reminder"]


def test_t19_what_is_overdue_is_sent() -> None:
    world = paused()
    assert resumed(world, "sent") == 1
    world.tick("2026-03-04 13:00", "2026-03-05 13:00")
    assert world.sent() == [
        ("ann", "hello", "email", "2026-03-04 13:00"),
        ("ann", "offer", "email", "2026-03-05 13:00"),
    ]


def test_t19_what_is_overdue_is_skipped_and_the_journey_goes_on() -> None:
    world = paused(
        TEXT.replace(
            "    wait 1 day\n    send offer", "    send reminder by email\n    wait 1 day\n    send offer"
        )
    )
    assert resumed(world, "skipped") == 1
    world.tick("2026-03-04 13:00")
    assert [(step, reason) for _, step, reason, _, _ in world.not_sent()] == [
        ("hello", "skipped"),
        ("reminder", "skipped"),
    ]
    world.tick("2026-03-05 13:00")
    assert world.sent() == [("ann", "offer", "email", "2026-03-05 13:00")]


def test_t19_what_was_not_overdue_is_not_skipped() -> None:
    world = paused()
    assert resumed(world, "skipped", "2026-03-02 09:00") == 0
    world.tick("2026-03-02 10:00")
    assert world.messages() == ["hello"]


def test_t19_a_message_that_is_held_through_a_pause_is_skipped_too() -> None:
    world = paused(
        """
        journey j
            enter on cart
                again
            send hello by email
                keep for 9 days

        channel email
            address email
            consent email_opt_in
            quiet from 08:00 to 12:00
        """
    )
    world.tick("2026-03-01 13:00")
    assert resumed(world, "skipped", "2026-03-01 14:00") == 1
    world.tick("2026-03-01 15:00")
    assert world.reasons() == ["skipped"]


def test_t19_what_is_overdue_is_shifted_by_the_length_of_the_pause() -> None:
    world = paused()
    assert resumed(world, "shifted") == 1
    assert world.due("ann") == "2026-03-05 10:00"
    world.tick("2026-03-04 13:00", "2026-03-05 10:00", "2026-03-06 10:00")
    assert [at for _, _, _, at in world.sent()] == ["2026-03-05 10:00", "2026-03-06 10:00"]


def test_t19_what_was_not_yet_due_is_not_shifted() -> None:
    world = paused()
    assert resumed(world, "shifted", "2026-03-02 09:00") == 0
    world.tick("2026-03-02 10:00")
    assert world.messages() == ["hello"]


def test_t19_goals_and_events_of_the_pause_count_when_it_is_over() -> None:
    world = paused(TEXT.replace("        again\n", "        again\n    goal bought: order within 9 days\n"))
    world.event("order", "ann", "2026-03-02 09:00")
    world.tick("2026-03-02 10:00")
    assert world.exits() == []
    resumed(world, "sent")
    world.tick("2026-03-04 13:00")
    assert world.exits() == [("ann", "bought", "2026-03-04 13:00")]
    assert world.messages() == []


def test_t19_a_pause_survives_the_process() -> None:
    world = paused()
    world.restart()
    world.tick("2026-03-02 10:00")
    assert world.messages() == []


def test_t19_older_versions_are_paused_too() -> None:
    world = paused()
    world.restart(TEXT.replace("wait 1 day", "wait 2 days"))
    world.tick("2026-03-02 10:00")
    assert world.messages() == []
    resumed(world, "sent")
    world.tick("2026-03-04 13:00")
    assert world.messages() == ["hello"]


@pytest.mark.parametrize("twice", ["pause", "resume"])
def test_t19_a_pause_begins_and_ends_once(twice: str) -> None:
    world = paused()
    if twice == "resume":
        resumed(world, "sent")
    with pytest.raises(Problem) as caught:
        if twice == "pause":
            pause(world.executor, instant("2026-03-01 13:00"), "j")
        else:
            resumed(world, "sent", "2026-03-05 12:00")
    assert caught.value.diagnostics[0].code == "already-paused"
