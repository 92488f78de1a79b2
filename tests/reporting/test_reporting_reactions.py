"""Which message an opening, a click, an opt-out, a bounce belongs to, and what counts as one opened."""

from collections.abc import Callable

from post_office import PostOffice, all_of, by_name

from parcours.reporting.report import Report

Make = Callable[..., PostOffice]


def counted(made: Report) -> tuple[int, int | None, int | None, int | None]:
    """Delivered, opened, clicked, clicked without having been opened."""
    found = all_of(made)
    return found.delivered, found.opened, found.clicked, found.clicked_unopened


def test_who_opens_twice_is_one_opener(greeted: PostOffice) -> None:
    office = greeted
    references = [send["reference"] for send in office.sends()]
    for at in ("2026-03-02 10:10", "2026-03-02 11:00"):
        office.event("opens", 1, at, references[0])
    office.event("opens", 2, "2026-03-02 10:10", references[1])
    office.event("clicks", 2, "2026-03-02 10:20", references[1])
    made = office.report()
    assert counted(made) == (4, 2, 1, 0)
    rates = all_of(made).rates()
    assert {name: rate and rate.value for name, rate in rates.items()} == {
        "bounce_rate": 0.0,
        "open_rate": 0.5,
        "click_rate": 0.25,
        "reactivity": 0.5,
        "unsubscribe_rate": 0.0,
        "complaint_rate": 0.0,
    }


def test_a_click_counts_without_an_open_and_is_no_open(greeted: PostOffice) -> None:
    office = greeted
    office.event("opens", 1, "2026-03-02 10:10", "hello")
    for person in (1, 2, 3):
        office.event("clicks", person, "2026-03-02 10:20", "hello")
    made = office.report()
    assert counted(made) == (4, 1, 3, 2)
    reactivity = all_of(made).rates()["reactivity"]
    assert reactivity is not None and reactivity.value == 3.0 and reactivity.high is None


def test_what_comes_after_the_instant_that_is_asked_for_does_not_count(greeted: PostOffice) -> None:
    office = greeted
    office.event("opens", 1, "2026-03-03 08:00", "hello")
    # it happened in time, and was not known in time
    office.event("opens", 2, "2026-03-02 12:00", "hello", loaded="2026-03-03 08:00")
    assert counted(office.report())[:2] == (4, 0)
    assert counted(office.report(last="2026-03-02 23:00", as_of="2026-03-03 08:00"))[:2] == (4, 0)
    assert counted(office.report(last="2026-03-02 23:00", as_of="2026-03-03 08:01"))[:2] == (4, 2)


def test_only_messages_of_the_span_count(post_office: Make) -> None:
    office = post_office()
    office.visits((1, "2026-03-02 09:30"), (2, "2026-03-03 09:30"))
    office.simulate("2026-03-02 00:00", "2026-03-04 00:00")
    office.event("opens", 1, "2026-03-02 12:00", "hello")
    office.event("opens", 1, "2026-03-03 12:00", "hello")
    office.event("opens", 2, "2026-03-03 12:00", "hello")
    # the instant at which the span begins is in it, the one at which it ends is not
    assert counted(office.report("2026-03-02 10:00", "2026-03-03 10:00"))[:2] == (1, 1)
    assert counted(office.report("2026-03-02 10:01", "2026-03-03 10:01"))[:2] == (1, 0)
    assert counted(office.report("2026-03-02 10:01", "2026-03-03 10:01", "2026-03-05 00:00"))[:2] == (1, 1)


def test_an_event_belongs_to_the_newest_message_that_it_names(post_office: Make) -> None:
    office = post_office()
    office.visits((1, "2026-03-02 09:30"), (1, "2026-03-03 09:30"))
    office.simulate("2026-03-02 00:00", "2026-03-04 00:00")
    office.event("opens", 1, "2026-03-03 08:00", "hello")
    days = [one.figures.opened for one in office.report().over_time]
    assert days == [1, 0, 0]
    # a message that comes after the span takes the event that names it all the same
    office.event("opens", 1, "2026-03-03 12:00", "hello")
    made = office.report("2026-03-02 00:00", "2026-03-03 00:00", "2026-03-05 00:00")
    assert counted(made)[:2] == (1, 1)
    first, second = (send["reference"] for send in office.sends())
    assert first != second
    office.event("clicks", 1, "2026-03-03 12:00", first)
    assert [one.figures.clicked for one in office.report().over_time] == [1, 0, 0]


def test_what_names_no_message_of_the_contact_is_told_and_left_out(greeted: PostOffice) -> None:
    office = greeted
    office.event("opens", 1, "2026-03-02 12:00", "offer")
    office.event("opens", 5, "2026-03-02 12:00", "hello")
    office.event("opens", 2, "2026-03-02 09:00", "hello")
    made = office.report()
    assert counted(made)[:2] == (4, 0)
    assert "3 opens of this time belong to none of these messages" in made.notes
    assert not any("clicks" in note for note in made.notes)


BOTH = """\
journey both
    enter on visit
        again
    send hello by email and push
"""


def test_an_opt_out_that_names_nothing_belongs_to_the_newest_message_by_its_channel(
    post_office: Make,
) -> None:
    office = post_office(BOTH)
    office.visits((1, "2026-03-02 09:30"), (2, "2026-03-02 09:30"), (3, "2026-03-02 09:30"))
    office.simulate("2026-03-02 00:00", "2026-03-03 00:00")
    office.event("opt_outs", 1, "2026-03-02 12:00", channel="push")
    office.event("complaints", 2, "2026-03-02 12:00", channel="email")
    # nobody has been written to before it
    office.event("opt_outs", 3, "2026-03-02 09:59", channel="push")
    channels = by_name(office.report().of("channel"))
    assert {name: (f.unsubscribed, f.complained) for name, f in channels.items()} == {
        "email": (0, 1),
        "push": (1, 0),
    }
    # a channel that is none of the project's may mean any; each event is still of one message
    office.event("opt_outs", 3, "2026-03-02 12:00", channel="pigeon")
    assert all_of(office.report()).unsubscribed == 2


def test_an_opt_out_long_after_the_last_message_is_none_of_its_doing(greeted: PostOffice) -> None:
    office = greeted
    office.event("opt_outs", 1, "2026-05-31 10:00")
    office.event("opt_outs", 2, "2026-05-31 09:59")
    made = office.report(as_of="2026-06-30 00:00", last="2026-03-03 00:00")
    assert all_of(made).unsubscribed == 1


def test_a_message_that_bounces_later_is_not_delivered_and_nothing_of_it_counts(greeted: PostOffice) -> None:
    office = greeted
    for person in (1, 2):
        office.event("opens", person, "2026-03-02 12:00", "hello")
    office.event("bounces", 1, "2026-03-02 14:00", office.sends()[0]["reference"], channel="email")
    found = all_of(office.report())
    assert (found.granted, found.sent, found.bounced, found.delivered, found.opened) == (4, 4, 1, 3, 1)
    rate = found.rates()["bounce_rate"]
    assert rate is not None and rate.value == 0.25


def test_an_event_that_stands_there_twice_is_one(post_office: Make) -> None:
    office = post_office()
    office.visits((1, "2026-03-02 09:30"), (1, "2026-03-02 12:30"))
    office.simulate("2026-03-02 00:00", "2026-03-03 00:00")
    office.event("opens", 1, "2026-03-02 11:00", "hello", id_="same")
    office.event("opens", 1, "2026-03-02 14:00", "hello", id_="same")
    assert counted(office.report())[:2] == (2, 1)


def test_what_the_datamart_does_not_tell_is_not_known(greeted: PostOffice) -> None:
    office = greeted
    settings = (office.folder / "parcours.yaml").read_text(encoding="utf-8")
    kept = [line for line in settings.splitlines() if not line.lstrip().startswith(("click:", "bounce:"))]
    # an opening that cannot say what was opened tells nothing of messages
    kept = [line.replace(", send: send", "") if line.lstrip().startswith("open:") else line for line in kept]
    office.write("parcours.yaml", "\n".join(kept) + "\n")
    office.event("opens", 1, "2026-03-02 12:00", "hello")
    made = office.report()
    found = all_of(made)
    assert (found.opened, found.clicked, found.clicked_unopened, found.bounced) == (None, None, None, None)
    assert (found.delivered, found.unsubscribed, found.complained) == (4, 0, 0)
    assert {name for name, rate in found.rates().items() if rate is not None} == {
        "unsubscribe_rate",
        "complaint_rate",
    }
    assert "not known, because the datamart has no such event: opens, clicks, bounces" in made.notes


def test_opens_that_all_name_the_messages_of_somebody_else_tell_nothing_of_these(greeted: PostOffice) -> None:
    """So it is in a simulation: nobody could open its messages, and that is not to say that nobody did."""
    office = greeted
    for person in (1, 2):
        office.event("opens", person, "2026-03-02 10:10", "sent before")
    made = office.report()
    assert counted(made) == (4, None, 0, None)
    assert (
        "opens are not known: the 2 opens of this time name messages that are not of this state" in made.notes
    )
    office.event("opens", 3, "2026-03-02 10:10", "hello")
    assert counted(office.report())[:2] == (4, 1)
