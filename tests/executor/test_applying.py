"""Journeys edited while somebody is inside: finish, move, leave (T18)."""

from collections.abc import Mapping

import pytest
from world import CHANNELS, World, instant

from parcours.diagnostics import Problem
from parcours.executor.applying import Applied, apply
from parcours.executor.fates import Fate

WAIT = """
journey j
    enter on cart
        again
    wait {days} days
    send {message} by email
"""


def inside(text: str, *more: str) -> World:
    """ann has come in at ten o'clock on the first of March."""
    world = World(text)
    world.contact("ann", points=7)
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", *more)
    return world


def edit(world: World, text: str, at: str, kind: str = "finish", **steps: str) -> tuple[Applied, ...]:
    world.restart(text)
    names = {journey for _, journey, _ in world.executor.store.versions()}
    return apply(world.executor, instant(at), {name: fate(kind, steps) for name in names})


def fate(kind: str, steps: Mapping[str, str]) -> Fate:
    assert kind in ("finish", "move", "leave")
    return Fate(kind, steps)  # type: ignore[arg-type]


OLD, NEW = WAIT.format(days=5, message="hello"), WAIT.format(days=3, message="offer")


def test_t18_whoever_is_inside_finishes_on_his_version_without_being_asked() -> None:
    world = inside(OLD)
    world.restart(NEW)
    world.contact("bob")
    world.event("cart", "bob", "2026-03-02 10:00")
    world.tick("2026-03-02 10:00", "2026-03-05 10:00", "2026-03-06 10:00")
    assert world.sent() == [
        ("bob", "offer", "email", "2026-03-05 10:00"),
        ("ann", "hello", "email", "2026-03-06 10:00"),
    ]


def test_t18_finish_says_how_many_stay() -> None:
    world = inside(OLD)
    assert edit(world, NEW, "2026-03-02 10:00") == (Applied("j", 1, new=False, stayed=1),)
    world.tick("2026-03-06 10:00")
    assert world.messages() == ["hello"]


def test_t18_whoever_is_moved_waits_as_long_as_the_new_version_says_from_when_he_came() -> None:
    world = inside(OLD)
    assert edit(world, NEW, "2026-03-02 10:00", "move") == (Applied("j", 1, new=False, moved=1),)
    assert world.due("ann") == "2026-03-04 10:00"
    world.tick("2026-03-04 09:59", "2026-03-04 10:00")
    assert world.sent() == [("ann", "offer", "email", "2026-03-04 10:00")]


def test_t18_a_wait_that_would_have_been_over_is_over_in_the_next_tick() -> None:
    world = inside(OLD)
    edit(world, NEW, "2026-03-05 15:00", "move")
    world.tick("2026-03-05 16:00")
    assert world.sent() == [("ann", "offer", "email", "2026-03-05 16:00")]


def test_t18_whoever_is_taken_out_has_left_at_the_instant_of_the_edit() -> None:
    world = inside(OLD)
    assert edit(world, NEW, "2026-03-02 10:00", "leave") == (Applied("j", 1, new=False, left=1),)
    world.tick("2026-03-09 10:00")
    assert world.messages() == []
    assert world.where("ann") == []
    assert world.rows("SELECT journey, contact, outcome, left_at::VARCHAR FROM state.ended") == [
        ("j", "ann", "taken_out", "2026-03-02 10:00:00")
    ]


def test_t18_a_journey_that_is_gone_takes_nobody_in_and_its_runs_go_on() -> None:
    other = "journey k\n    enter on order\n    send offer by email\n"
    world = inside(OLD)
    world.restart(other)
    world.contact("bob")
    world.event("cart", "bob", "2026-03-02 10:00")
    world.tick("2026-03-02 10:00", "2026-03-06 10:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-06 10:00")]
    assert world.refused() == []


def test_t18_nobody_can_be_moved_to_a_journey_that_is_gone() -> None:
    world = inside(OLD)
    with pytest.raises(Problem) as caught:
        edit(world, "journey k\n    enter on order\n    send offer by email\n", "2026-03-02 10:00", "move")
    assert [d.code for d in caught.value.diagnostics] == ["no-counterpart"]
    assert len(world.where("ann")) == 1


LABELLED = """
journey j
    enter on cart
        again
    first:
    wait 5 days
    send hello by email
"""
RELABELLED = """
journey j
    enter on cart
        again
    other:
    wait until 09:00
    send hello by email
    wait 1 day
    send offer by email
"""


def test_t18_a_step_without_counterpart_needs_a_mapping_and_nothing_changes_without() -> None:
    world = inside(LABELLED)
    before = world.state()
    with pytest.raises(Problem) as caught:
        edit(world, RELABELLED, "2026-03-02 10:00", "move")
    assert [d.code for d in caught.value.diagnostics] == ["no-counterpart"]
    assert "`first`" in caught.value.diagnostics[0].message
    assert world.state() == before
    edit(world, RELABELLED, "2026-03-02 10:00", "move", first="other")
    assert world.where("ann") == [("other", "2026-03-02 09:00")]
    world.tick("2026-03-02 11:00")
    assert world.messages() == ["hello"]


def test_t18_a_mapping_to_a_step_at_which_nobody_rests_is_refused() -> None:
    world = inside(LABELLED)
    with pytest.raises(Problem) as caught:
        edit(world, RELABELLED, "2026-03-02 10:00", "move", first="othre")
    assert caught.value.diagnostics[0].code == "bad-mapping"
    assert "did you mean `other`?" in caught.value.diagnostics[0].mark


@pytest.mark.parametrize("kind", ["finish", "move"])
def test_t18_an_event_is_waited_for_in_both_versions(kind: str) -> None:
    text = """
    journey j
        enter on cart
            again
        ask:
        wait for order[amount > {least}] up to {days} days
            then
                send hello by email
            otherwise
                send offer by email
    """
    world = inside(text.format(least=10, days=5))
    edit(world, text.format(least=20, days=6), "2026-03-02 10:00", kind)
    world.event("order", "ann", "2026-03-03 10:00", amount=15)
    world.tick("2026-03-03 10:00")
    assert world.messages() == (["hello"] if kind == "finish" else [])
    world.tick("2026-03-06 10:00", "2026-03-07 10:00")
    assert world.messages() == (["hello"] if kind == "finish" else ["offer"])


def test_t18_an_event_that_has_come_already_is_seen_by_whoever_is_moved_to_a_wait_for_it() -> None:
    text = """
    journey j
        enter on cart
            again
        ask:
        wait for order[amount > {least}] up to 5 days
            then
                send hello by email
    """
    world = inside(text.format(least=20))
    world.event("order", "ann", "2026-03-02 10:00", amount=15)
    world.tick("2026-03-02 10:00")
    edit(world, text.format(least=10), "2026-03-03 10:00", "move")
    world.tick("2026-03-03 10:30")
    assert world.messages() == ["hello"]


def test_t18_whoever_is_held_at_a_send_is_held_as_long_as_before() -> None:
    text = """
    journey j
        enter on cart
            again
        ask:
        send {message} by email
            keep for {days} days

    pressure
        at most 1 email per 9 days
    """
    world = inside(text.format(message="hello", days=2))
    world.event("cart", "ann", "2026-03-01 11:00")
    world.tick("2026-03-01 11:00")
    assert world.messages() == ["hello"]
    edit(world, text.format(message="offer", days=3), "2026-03-02 10:00", "move")
    world.tick("2026-03-02 11:00", "2026-03-04 10:00")
    assert world.reasons() == []
    world.tick("2026-03-04 11:00")
    assert world.reasons() == ["cap"]


def test_t18_the_counts_of_repeats_go_along_by_name() -> None:
    text = """
    journey j
        enter on cart
            again
        {more}
        again_and_again:
        repeat up to 2 times
            send hello by email
            pause:
            wait 1 day
        exit done
    """
    world = inside(text.format(more="record seen"), "2026-03-02 10:00")
    assert len(world.messages()) == 2
    edit(world, text.format(more="set points to 1"), "2026-03-02 12:00", "move")
    world.tick("2026-03-03 10:00", "2026-03-04 10:00")
    assert len(world.messages()) == 2
    assert [outcome for _, outcome, _ in world.exits()] == ["done"]


def test_t18_whoever_is_moved_out_of_a_repeat_begins_it_anew() -> None:
    text = """
    journey j
        enter on cart
            again
        {before}
        rounds:
        repeat up to 3 times
            {name}:
            wait 1 day
            send {message} by email
        exit done
    """
    world = inside(text.format(before="record seen", name="a", message="hello"), "2026-03-02 10:00")
    edit(
        world,
        text.format(before="b:\n        wait 2 days", name="c", message="offer"),
        "2026-03-03 00:00",
        "move",
        a="b",
    )
    world.tick(*(f"2026-03-{day:02} 10:00" for day in range(3, 9)))
    assert world.messages() == ["hello", "offer", "offer", "offer"]


def test_t8_a_run_of_an_older_version_is_a_run_of_the_journey() -> None:
    world = inside(OLD)
    edit(world, NEW, "2026-03-02 10:00")
    world.event("cart", "ann", "2026-03-02 11:00")
    world.tick("2026-03-02 11:00")
    assert world.refused() == [("ann", "already_running", "2026-03-02 11:00")]


def test_t2_a_journey_takes_what_is_newer_than_its_apply() -> None:
    world = World("journey k\n    enter on order\n    send offer by email\n")
    world.contact("ann")
    world.contact("bob")
    world.tick("2026-03-01 00:00")
    edit(world, OLD, "2026-03-01 10:00")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.event("cart", "bob", "2026-03-01 10:01")
    world.tick("2026-03-01 11:00")
    assert world.entered() == [("bob", "2026-03-01 11:00")]


def test_t2_a_tick_cannot_precede_what_was_applied() -> None:
    world = inside(OLD)
    edit(world, NEW, "2026-03-02 10:00")
    with pytest.raises(Problem) as caught:
        world.tick("2026-03-02 09:00")
    assert caught.value.diagnostics[0].code == "clock-back"
    with pytest.raises(Problem) as caught:
        edit(world, NEW, "2026-03-01 10:00")
    assert caught.value.diagnostics[0].code == "clock-back"


def test_t18_a_version_survives_the_process_and_the_files() -> None:
    world = inside(OLD)
    edit(world, NEW, "2026-03-02 10:00")
    world.restart(NEW)
    world.restart("journey k\n    enter on order\n    send offer by email\n")
    world.tick("2026-03-06 10:00")
    assert world.messages() == ["hello"]


def test_t18_a_version_that_reads_what_is_gone_is_said_and_not_run() -> None:
    world = inside(OLD.replace("send hello by email", "if points > 5\n        send hello by email"))
    world.connection.execute("ALTER TABLE contact DROP COLUMN points")
    world.restart(NEW)
    with pytest.raises(Problem) as caught:
        world.tick("2026-03-06 10:00")
    (found,) = caught.value.diagnostics
    assert found.code == "version-cannot-run"
    assert "`points` of `contact`" in found.message


def test_t18_whoever_is_in_a_version_that_cannot_run_can_be_taken_out() -> None:
    world = inside(OLD.replace("send hello by email", "if points > 5\n        send hello by email"))
    world.connection.execute("ALTER TABLE contact DROP COLUMN points")
    assert edit(world, NEW, "2026-03-02 10:00", "leave") == (Applied("j", 1, new=False, left=1),)
    world.tick("2026-03-06 10:00")
    assert world.messages() == []


def test_t18_whoever_is_in_a_version_that_cannot_run_can_be_moved() -> None:
    world = inside(OLD.replace("send hello by email", "if points > 5\n        send hello by email"))
    world.connection.execute("ALTER TABLE contact DROP COLUMN points")
    assert edit(world, NEW, "2026-03-02 10:00", "move") == (Applied("j", 1, new=False, moved=1),)
    world.tick("2026-03-04 10:00")
    assert world.messages() == ["offer"]


def test_t18_a_version_that_offers_by_a_column_that_is_gone_is_said_and_not_run() -> None:
    rules = "\nrules together\n    product of line together in order_id\n"
    offering = "send hello by email\n        offering 1 from together where product.stock > 0"
    world = inside(OLD.replace("send hello by email", offering) + rules)
    world.connection.execute("ALTER TABLE product DROP COLUMN stock")
    world.restart(NEW + rules)
    with pytest.raises(Problem) as caught:
        world.tick("2026-03-06 10:00")
    (found,) = caught.value.diagnostics
    assert found.code == "version-cannot-run"
    assert "`stock` of `product`" in found.message


def test_t18_a_version_that_reads_an_event_that_is_gone_is_said() -> None:
    world = inside(
        OLD.replace("send hello by email", "if has visit in last 30 days\n        send hello by email")
    )
    world.lose_event("visit")
    world.restart(NEW)
    with pytest.raises(Problem) as caught:
        world.tick("2026-03-06 10:00")
    (found,) = caught.value.diagnostics
    assert found.code == "version-cannot-run"
    assert "reads `visit`, which" in found.message


HELD = """
journey j
    enter on cart
    send {message} by {channels}
    wait 1 day
    exit done
"""
NIGHT = CHANNELS.replace("consent push_opt_in\n", "consent push_opt_in\n    quiet from 09:00 to 18:00\n")


def held_send(message: str, channels: str) -> str:
    """By push one is not spoken to in the daytime."""
    return HELD.format(message=message, channels=channels) + NIGHT


def held() -> World:
    """ann has been sent a message by e-mail, and it is held on her telephone."""
    world = World(held_send("hello", "email and push"))
    world.contact("ann", push_opt_in=True, push_token="t")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-01 10:00")]
    return world


@pytest.mark.parametrize("channels", ["email", "sms else email"])
def test_t18_nobody_is_moved_to_a_send_of_what_he_has_been_sent_already(channels: str) -> None:
    world = held()
    with pytest.raises(Problem) as caught:
        edit(world, held_send("hello", channels), "2026-03-01 11:00", "move")
    (found,) = caught.value.diagnostics
    assert found.code == "no-counterpart"
    assert found.message.startswith("1 of `j` (version 1) stand at `hello` (`send hello`)")
    assert "have been sent all that `hello` of the new version would send" in found.message


def test_t18_of_a_held_send_the_channels_that_are_new_are_tried() -> None:
    world = held()
    edit(world, held_send("hello", "email and sms"), "2026-03-01 11:00", "move")
    world.tick("2026-03-01 12:00")
    assert [channel for _, _, channel, _ in world.sent()] == ["email", "sms"]


def test_t18_a_held_send_of_another_message_begins_anew() -> None:
    world = held()
    edit(world, held_send("offer", "email and push"), "2026-03-01 11:00", "move", hello="offer")
    world.tick("2026-03-01 12:00")
    assert [(message, channel) for _, message, channel, _ in world.sent()] == [
        ("hello", "email"),
        ("offer", "email"),
    ]
