"""What counts as sent: by the receipts of the relay where it has run, by the grants where it has not."""

from decimal import Decimal

from post_office import PostOffice, all_of

from parcours.delivery.queue import Receipt


def test_without_a_relay_all_that_was_granted_counts_as_sent(greeted: PostOffice) -> None:
    made = greeted.report()
    found = all_of(made)
    assert made.basis == "grants"
    assert "no relay has run on this state: all that was granted counts as sent" in made.notes
    assert (found.granted, found.waiting, found.stopped, found.sent, found.delivered) == (4, 0, 0, 4, 4)
    assert found.cost == Decimal("0.04") and made.currency == "CHF"


def test_with_a_relay_only_what_was_handed_over_is_sent(greeted: PostOffice) -> None:
    greeted.relay(
        "2026-03-02 10:05",
        {
            1: Receipt("", "accepted"),
            2: Receipt("", "failed", kind="address"),
            3: Receipt("", "cancelled"),
            4: None,
        },
    )
    for person in (1, 2, 3, 4):
        greeted.event("opens", person, "2026-03-02 12:00", "hello")
    made = greeted.report()
    found = all_of(made)
    assert made.basis == "receipts"
    assert (found.granted, found.waiting, found.stopped, found.sent) == (4, 1, 1, 2)
    # nobody is at the second address, which is a bounce, also without an event that says so
    assert (found.bounced, found.delivered, found.opened) == (1, 1, 1)
    assert found.cost == Decimal("0.02")


def test_a_message_that_the_channel_would_not_take_is_stopped_and_no_bounce(greeted: PostOffice) -> None:
    greeted.relay("2026-03-02 10:05", {1: Receipt("", "failed", kind="message"), 2: Receipt("", "given_up")})
    found = all_of(greeted.report())
    assert (found.granted, found.stopped, found.sent, found.bounced, found.delivered) == (4, 2, 2, 0, 2)


def test_what_the_relay_did_after_the_instant_that_is_asked_for_is_not_known_yet(greeted: PostOffice) -> None:
    greeted.relay("2026-03-02 10:05", {})
    found = all_of(greeted.report(last="2026-03-02 10:01", as_of="2026-03-02 10:05"))
    assert (found.granted, found.waiting, found.sent) == (4, 4, 0)
    assert set(found.rates().values()) == {None}
    found = all_of(greeted.report(last="2026-03-02 10:01", as_of="2026-03-02 10:06"))
    assert (found.granted, found.waiting, found.sent) == (4, 0, 4)


def test_an_event_never_belongs_to_a_message_that_was_not_handed_over(greeted: PostOffice) -> None:
    """The second message to the contact is stopped: what it then opens is the first."""
    greeted.visits((1, "2026-03-03 09:30"))
    greeted.tick("2026-03-03 10:00")
    greeted.relay("2026-03-02 10:05", {}, before="2026-03-02 12:00")
    greeted.relay("2026-03-03 10:05", {1: Receipt("", "cancelled")})
    greeted.event("opens", 1, "2026-03-03 11:00", "hello")
    made = greeted.report(last="2026-03-03 23:00")
    assert [one.figures.opened for one in made.over_time] == [1, 0]


TWICE = """\
journey nagging
    enter on visit
        again
    repeat up to 2 times
        send hello by email
        wait 1 hour
"""


def test_each_visit_to_a_step_has_a_receipt_of_its_own(post_office) -> None:  # type: ignore[no-untyped-def]
    office = post_office(TWICE)
    office.visits((1, "2026-03-02 09:30"))
    office.simulate("2026-03-02 00:00", "2026-03-03 00:00")
    office.relay("2026-03-02 10:05", {}, before="2026-03-02 11:00")
    office.relay("2026-03-02 12:05", {1: Receipt("", "failed", kind="address")})
    assert len(office.sends()) == 2
    first = all_of(office.report("2026-03-02 10:00", "2026-03-02 11:00", "2026-03-04 00:00"))
    second = all_of(office.report("2026-03-02 11:00", "2026-03-02 13:00", "2026-03-04 00:00"))
    assert (first.sent, first.bounced, first.delivered) == (1, 0, 1)
    assert (second.sent, second.bounced, second.delivered) == (1, 1, 0)


def test_what_was_granted_before_there_was_a_relay_counts_as_sent(greeted: PostOffice) -> None:
    """As in a state of an older program: its first claim is one of none."""
    with greeted.executor() as (_, executor):
        executor.engine.run_text(
            "INSERT INTO state.claim SELECT max(tick), max(ticked_at), 0 FROM state.tick"
        )
    assert greeted.report().basis == "grants"
    greeted.visits((1, "2026-03-03 09:30"))
    greeted.tick("2026-03-03 10:00")
    greeted.relay("2026-03-03 10:05", {1: Receipt("", "cancelled")})
    made = greeted.report(last="2026-03-03 23:00")
    found = all_of(made)
    assert made.basis == "receipts"
    assert (found.granted, found.waiting, found.stopped, found.sent) == (5, 0, 1, 4)
