"""Caps: what a window is (P4), what counts in it (P5), and when a held message is free again (P7)."""

import pytest
from world import World

# three journeys, so that purposes, topics and messages differ; each sends once for each of its events
JOURNEYS = """
    journey letters
        purpose newsletter
        enter on cart
            again
            within 9 days
        send hello by email

    journey sales
        purpose prospecting
        enter on visit
            again
        send offer by sms

    journey duty
        purpose service
        enter on click
            again
        send reminder by email

    pressure
        keep held messages for 60 days
        {rules}
"""


def capped(*rules: str, zone: str = "UTC", **values: object) -> World:
    world = World(JOURNEYS.format(rules="\n        ".join(rules)), zone=zone)
    world.contact("ann", **values)
    world.tick("2026-01-01 00:00")
    return world


def happens(world: World, kind: str, *instants: str) -> None:
    """An event and a tick at each of the instants."""
    for at in instants:
        world.event(kind, "ann", at)
        world.tick(at)


def times(world: World) -> list[str | None]:
    return [at for *_, at in world.sent()]


def test_p4_a_rolling_window_is_free_again_exactly_its_length_later() -> None:
    world = capped("at most 1 message per 7 days")
    happens(world, "cart", "2026-03-01 10:00")
    happens(world, "visit", "2026-03-08 09:59:59.999999")
    assert times(world) == ["2026-03-01 10:00"]
    world.tick("2026-03-08 10:00")  # T − 7 d < at no longer holds
    assert times(world) == ["2026-03-01 10:00", "2026-03-08 10:00"]


def test_p7_a_held_message_is_due_at_the_instant_at_which_the_oldest_counted_one_falls_out() -> None:
    world = capped("at most 2 messages per 7 days")
    happens(world, "cart", "2026-03-01 10:00", "2026-03-03 11:00")
    happens(world, "visit", "2026-03-04 12:00")
    assert world.where("ann") == [("offer", "2026-03-08 10:00")]
    assert world.held() == [("ann", "offer", "cap", "at most 2 messages per 7 days", "2026-03-04 12:00")]
    # nothing is tried in between
    world.tick("2026-03-05 00:00", "2026-03-08 10:00")
    assert world.sent()[-1] == ("ann", "offer", "sms", "2026-03-08 10:00")
    assert len(world.held()) == 1


def test_p7_with_more_than_the_limit_in_the_window_the_one_that_must_fall_out_decides() -> None:
    # two were sent under a wider rule: with a limit of 1 both must fall out
    world = capped("at most 2 messages per 7 days")
    happens(world, "cart", "2026-03-01 10:00", "2026-03-03 11:00")
    world.restart(JOURNEYS.format(rules="at most 1 message per 7 days"))
    happens(world, "visit", "2026-03-04 12:00")
    assert world.where("ann") == [("offer", "2026-03-10 11:00")]


def test_p4_a_window_of_months_is_a_calendar_step_in_the_projects_zone() -> None:
    # 10:00 in Paris is 09:00 UTC in winter and 08:00 in summer
    world = capped("at most 1 message per 1 month", zone="Europe/Paris")
    happens(world, "cart", "2026-03-15 09:00")
    happens(world, "visit", "2026-04-15 07:59")
    assert world.where("ann") == [("offer", "2026-04-15 08:00")]
    world.tick("2026-04-15 08:00")
    assert world.sent()[-1] == ("ann", "offer", "sms", "2026-04-15 08:00")


def test_p4_several_caps_hold_together() -> None:
    world = capped("at most 1 message per 1 day", "at most 2 messages per 7 days")
    happens(world, "cart", "2026-03-01 10:00", "2026-03-02 10:00", "2026-03-03 10:00")
    assert times(world) == ["2026-03-01 10:00", "2026-03-02 10:00"]
    # the first rule that fails is the reason; when it lifts the second is still there
    world.tick("2026-03-03 10:01", "2026-03-08 10:00")
    assert [rule for *_, rule, _ in world.held()] == ["at most 2 messages per 7 days"]
    assert times(world)[-1] == "2026-03-08 10:00"


def test_p4_a_cap_of_0_means_never_and_is_final() -> None:
    world = capped("at most 0 sms per 1 day")
    happens(world, "visit", "2026-03-01 10:00")
    assert (world.held(), world.reasons()) == ([], ["cap"])
    assert world.exits() == [("ann", "finished", "2026-03-01 10:00")]
    happens(world, "cart", "2026-03-01 11:00")
    assert world.messages() == ["hello"]


@pytest.mark.parametrize(
    ("what", "counts"),
    [
        ("messages", True),
        ("emails", False),
        ("sms", False),
        ("purpose newsletter", False),
        ("topic news", False),
        ("journey letters", False),
        ("message hello", False),
    ],
)
def test_p4_a_cap_holds_for_what_it_speaks_of_and_for_nothing_else(what: str, counts: bool) -> None:
    world = capped(f"at most 1 {what} per 7 days")
    happens(world, "cart", "2026-03-01 10:00")
    happens(world, "visit", "2026-03-01 11:00")
    assert ("offer" in world.messages()) is not counts
    # a second of the same kind is always too many, except for the other channel
    happens(world, "cart", "2026-03-01 12:00")
    assert world.messages().count("hello") == (2 if what == "sms" else 1)


def test_p4_a_cap_for_a_predicate_holds_for_those_of_whom_it_is_yes() -> None:
    for country, held in (("FR", True), ("DE", False), (None, False)):
        world = capped('at most 1 message per 7 days for country = "FR"', country=country)
        happens(world, "cart", "2026-03-01 10:00")
        happens(world, "visit", "2026-03-01 11:00")
        assert bool(world.held()) is held, country


def test_p5_exempt_messages_are_neither_capped_nor_counted() -> None:
    world = capped("exempt purpose service", "at most 1 message per 7 days")
    happens(world, "click", "2026-03-01 10:00", "2026-03-01 11:00")
    happens(world, "cart", "2026-03-01 12:00")
    happens(world, "click", "2026-03-01 13:00")
    assert world.messages() == ["reminder", "reminder", "hello", "reminder"]
    happens(world, "visit", "2026-03-01 14:00")
    assert world.where("ann") == [("offer", "2026-03-08 12:00")]


def test_p5_what_counts_is_what_was_recorded_then_whatever_the_files_say_now() -> None:
    rules = "at most 1 purpose newsletter per 7 days"
    world = capped(rules)
    happens(world, "cart", "2026-03-01 10:00")
    # from now on `offer` is a newsletter, and `hello` was one when it was sent
    world.restart(JOURNEYS.format(rules=rules).replace("purpose prospecting", "purpose newsletter"))
    happens(world, "visit", "2026-03-02 10:00")
    assert world.where("ann") == [("offer", "2026-03-08 10:00")]


def test_p5_a_message_that_was_exempt_then_does_not_count_now() -> None:
    world = capped("exempt purpose newsletter", "at most 1 message per 7 days")
    happens(world, "cart", "2026-03-01 10:00")
    world.restart(JOURNEYS.format(rules="at most 1 message per 7 days"))
    happens(world, "visit", "2026-03-01 11:00")
    assert world.messages() == ["hello", "offer"]


def test_p5_messages_held_or_not_sent_do_not_count() -> None:
    world = capped("at most 1 message per 7 days", "at most 0 sms per 1 day")
    happens(world, "visit", "2026-03-01 09:00")
    happens(world, "cart", "2026-03-01 10:00")
    assert world.messages() == ["hello"]


def test_p4_messages_to_others_do_not_count() -> None:
    world = capped("at most 1 message per 7 days")
    world.contact("bob")
    world.event("visit", "bob", "2026-03-01 10:00")
    happens(world, "cart", "2026-03-01 10:00", "2026-03-01 11:00")
    assert [(contact, message) for contact, message, *_ in world.sent()] == [
        ("ann", "hello"),
        ("bob", "offer"),
    ]


def test_p7_a_cap_of_a_month_opens_when_the_window_has_no_more_of_it() -> None:
    """A month after 31 March is 30 April, but a month before that is 30 March: it opens on the first of May."""
    world = capped("at most 1 message per 1 month")
    happens(world, "cart", "2026-03-31 10:00")
    happens(world, "visit", "2026-04-20 10:00")
    assert world.where("ann") == [("offer", "2026-05-01 00:00")]
    world.tick("2026-05-01 00:00")
    assert (world.messages(), len(world.held())) == (["hello", "offer"], 1)


def test_p7_of_a_month_the_second_of_a_doubled_hour_is_out_a_day_later() -> None:
    """02:30 of 25 October 2026 is there twice in Paris. A month before 02:30 of 25 November is the first of the two, so
    that the second is in the window still: until a month before is the 26th."""
    world = capped("at most 1 message per 1 month", zone="Europe/Paris")
    happens(world, "cart", "2026-10-25 01:30")
    happens(world, "visit", "2026-11-10 10:00")
    assert world.where("ann") == [("offer", "2026-11-25 23:00")]
