"""What is a new version of a journey, and what happens to those inside when nobody says anything (T18)."""

import pytest
from world import World

TEXT = """
segment rich
    points > {points}

journey j
    enter on cart
        again
    wait 1 day
    if in segment rich
        send hello by {channel}
"""


def inside() -> World:
    world = World(TEXT.format(points=5, channel="email"))
    world.contact("ann", points=7)
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    return world


@pytest.mark.parametrize(("points", "channel"), [(6, "email"), (5, "sms")])
def test_t18_a_journey_and_its_segments_do_not_change_under_those_inside(points: int, channel: str) -> None:
    world = inside()
    world.restart(TEXT.format(points=points + 5, channel=channel))
    world.tick("2026-03-02 10:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-02 10:00")]


def test_t18_comments_and_blank_lines_are_no_change() -> None:
    world = inside()
    text = TEXT.format(points=5, channel="email").replace(
        "    wait 1 day", "\n    # a day\n    wait 1 day  # later"
    )
    world.restart(text)
    world.tick("2026-03-02 10:00")
    assert world.messages() == ["hello"]
    assert len(world.state()["version"]) == 1


def test_t18_when_nobody_is_inside_the_new_version_takes_over_and_goes_on_listening() -> None:
    world = inside()
    world.tick("2026-03-02 10:00")
    world.event("cart", "ann", "2026-03-02 11:00")
    world.restart(TEXT.format(points=5, channel="sms"))
    world.tick("2026-03-02 12:00", "2026-03-03 12:00")
    assert [channel for _, _, channel, _ in world.sent()] == ["email", "sms"]
    assert world.rows("SELECT DISTINCT version FROM state.journal ORDER BY 1") == [(1,), (2,)]


def test_t18_channels_policy_and_messages_are_always_the_newest() -> None:
    world = inside()
    world.restart(TEXT.format(points=5, channel="email") + "\npressure\n    at most 0 emails per 1 day\n")
    world.tick("2026-03-02 10:00")
    assert world.reasons() == ["cap"]


def test_t8_a_run_of_an_older_version_counts_for_once() -> None:
    text = TEXT.replace("        again\n", "")
    world = World(text.format(points=5, channel="email"))
    world.contact("ann", points=7)
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-02 10:00")
    world.restart(text.format(points=6, channel="email"))
    world.event("cart", "ann", "2026-03-03 10:00")
    world.tick("2026-03-03 10:00")
    assert world.refused() == [("ann", "already_ran", "2026-03-03 10:00")]
