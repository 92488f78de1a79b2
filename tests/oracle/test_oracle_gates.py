"""P1 to P7: which gate stops a message, and when it opens, where no conformance case says it."""

from foretelling import edit, foretold

EMAIL = """
    channel email
        address email
        consent email_opt_in
"""
ONE_MAIL = """
    journey j
        enter on visit
            again
        send hello by email
            keep for 10 days
"""


def test_a_cap_of_a_month_opens_when_the_window_has_passed_the_grant_not_a_month_after_it() -> None:
    # P7: on 28 February T - 1 month is 28 January, and the grant of the 31st is in the window still
    told = foretold(
        ONE_MAIL,
        "2026-01-31 10:00 ann visit",
        "2026-02-27 10:00 ann visit",
        ticks=("2026-01-31 00:00", "2026-03-02 00:00", "1 hour"),
        policy="pressure\n    at most 1 message per 1 month",
        about="gets|must wait",
    )
    assert told == [
        "2026-01-31 10:00 ann gets hello by email",
        "2026-02-27 10:00 ann must wait for hello because of cap",
        "2026-03-01 00:00 ann gets hello by email",
    ]


def test_a_cap_by_the_calendar_opens_at_the_contacts_midnight() -> None:
    told = foretold(
        ONE_MAIL,
        "2026-03-02 10:00 ann visit",
        "2026-03-02 11:00 ann visit",
        ticks=("2026-03-01 00:00", "2026-03-04 00:00", "1 hour"),
        policy="pressure\n    at most 1 message per calendar day",
        contacts={"ann": {"time_zone": "America/New_York"}},
        about="gets",
    )
    assert told == ["2026-03-02 10:00 ann gets hello by email", "2026-03-03 05:00 ann gets hello by email"]


def test_the_first_gate_in_the_order_of_p1_is_the_reason() -> None:
    # nothing is known of the page's data, it is quiet, and the cap is 0: stale data goes before never and quiet hours
    journey = """
        journey j
            needs click fresh within 2 hours, else wait up to 6 hours
            enter on visit
            send hello by email
    """
    policy = (
        EMAIL
        + "        quiet from 21:00 to 08:00\n    pressure\n        never messages for country is known\n"
    )
    told = foretold(
        journey,
        "2026-03-02 22:30 ann visit",
        "2026-03-03 00:10 ann click",
        ticks=("2026-03-02 00:00", "2026-03-03 12:00", "10 minutes"),
        policy=policy,
        contacts={"ann": {"country": "FR"}},
        about="hello",
    )
    assert told == [
        "2026-03-02 22:30 ann must wait for hello because of stale_data",
        "2026-03-02 23:00 ann must wait for hello because of stale_data",
        "2026-03-03 00:00 ann must wait for hello because of stale_data",
        "2026-03-03 01:00 ann does not get hello because of never",
    ]


def test_stale_data_is_final_when_the_wait_for_it_is_over_and_at_once_without_one() -> None:
    journey = """
        journey j
            needs click fresh within 2 hours, else wait up to 90 minutes
            enter on visit
            send hello by email
        journey k
            needs click fresh within 2 hours
            enter on visit
            send offer by email
    """
    told = foretold(
        journey,
        "2026-03-02 10:10 ann visit",
        ticks=("2026-03-02 00:00", "2026-03-02 14:00", "10 minutes"),
        about="hello|offer",
    )
    assert told == [
        "2026-03-02 10:10 ann does not get offer because of stale_data",
        "2026-03-02 10:10 ann must wait for hello because of stale_data",
        "2026-03-02 11:00 ann must wait for hello because of stale_data",
        "2026-03-02 11:40 ann does not get hello because of stale_data",
    ]


def test_nobody_overtakes_one_whom_the_budget_holds() -> None:
    # 1 EUR an email, 0.10 EUR a push: bob's email does not fit, and cleo's push behind him must wait too
    journey = """
        journey j
            budget 1.50 EUR per day
            enter on visit
            if vip
                send hello by push
            else
                send hello by email
    """
    policy = """
        channel email
            address email
            consent email_opt_in
            cost 1 EUR
        channel push
            address push_token
            consent push_opt_in
            cost 0.10 EUR
    """
    told = foretold(
        journey,
        "2026-03-02 10:00 ann visit",
        "2026-03-02 10:00 bob visit",
        "2026-03-02 10:00 cleo visit",
        ticks=("2026-03-02 00:00", "2026-03-04 00:00", "1 hour"),
        policy=policy,
        contacts={"ann": {}, "bob": {}, "cleo": {"vip": True}},
        about="hello",
    )
    assert told == [
        "2026-03-02 10:00 ann gets hello by email",
        "2026-03-02 10:00 bob must wait for hello because of budget",
        "2026-03-02 10:00 cleo must wait for hello because of budget",
        "2026-03-03 10:00 bob gets hello by email",
        "2026-03-03 10:00 cleo gets hello by push",
    ]


def test_a_holiday_is_quiet_until_the_first_local_day_that_is_none() -> None:
    # Easter Monday of 2026 is 6 April
    told = foretold(
        ONE_MAIL,
        "2026-04-06 09:00 ann visit",
        ticks=("2026-04-05 00:00", "2026-04-08 00:00", "1 hour"),
        policy=EMAIL + "        quiet on holidays",
        contacts={"ann": {"time_zone": "Europe/Paris"}},
        about="hello",
    )
    assert told == [
        "2026-04-06 09:00 ann must wait for hello because of quiet_hours",
        "2026-04-06 22:00 ann gets hello by email",
    ]


def test_quiet_days_in_a_row_end_with_the_last_one() -> None:
    told = foretold(
        ONE_MAIL,
        "2026-03-07 12:00 ann visit",  # a saturday
        ticks=("2026-03-06 00:00", "2026-03-10 00:00", "6 hours"),
        policy=EMAIL + "        quiet on saturday, sunday",
        about="hello",
    )
    assert told == [
        "2026-03-07 12:00 ann must wait for hello because of quiet_hours",
        "2026-03-09 00:00 ann gets hello by email",
    ]


def test_a_household_shares_a_cap_in_the_order_of_p2() -> None:
    told = foretold(
        "journey j\n    enter on visit\n    send hello by email\n        keep for 0 minutes",
        *(f"2026-03-02 10:00 {name} visit" for name in ("cleo", "bob", "ann")),
        ticks=("2026-03-02 09:00", "2026-03-02 10:00", "1 hour"),
        policy="pressure\n    at most 1 message per 7 days per household",
        contacts={"ann": {"household": "h"}, "bob": {"household": "h"}, "cleo": {}},
        about="hello",
    )
    assert told == [
        "2026-03-02 10:00 ann gets hello by email",
        "2026-03-02 10:00 bob does not get hello because of cap",
        "2026-03-02 10:00 cleo gets hello by email",
    ]


def test_what_is_kept_for_the_important_is_not_for_the_others() -> None:
    journeys = """
        journey high
            priority 70
            enter on visit
            send hello by email
        journey low
            enter on visit
            send offer by email
                keep for 0 minutes
    """
    told = foretold(
        journeys,
        "2026-03-02 10:00 ann visit",
        ticks=("2026-03-02 09:00", "2026-03-02 10:00", "1 hour"),
        policy="pressure\n    at most 2 messages per 7 days, keep 1 for priority from 70",
        about="hello|offer",
    )
    assert told == [
        "2026-03-02 10:00 ann does not get offer because of cap",
        "2026-03-02 10:00 ann gets hello by email",
    ]


def test_each_channel_of_several_is_decided_by_itself_and_the_run_waits_for_the_last() -> None:
    journey = """
        journey j
            enter on visit
            send hello by email and push
            exit told
    """
    told = foretold(
        journey,
        "2026-03-02 23:00 ann visit",
        ticks=("2026-03-02 00:00", "2026-03-04 00:00", "1 hour"),
        policy=EMAIL + "        quiet from 22:00 to 08:00",
        about="hello|leaves",
    )
    assert told == [
        "2026-03-02 23:00 ann gets hello by push",
        "2026-03-02 23:00 ann must wait for hello because of quiet_hours",
        "2026-03-03 08:00 ann gets hello by email",
        "2026-03-03 08:00 ann leaves j as told",
    ]


def test_a_channel_that_is_gone_from_the_files_sends_nothing() -> None:
    # T18: who is inside goes on in the old version, but channels are always the newest
    letters = "journey j\n    enter on visit\n    wait 1 day\n    send hello by letter\n    exit told"
    told = foretold(
        letters,
        "2026-03-02 10:00 ann visit",
        ticks=("2026-03-02 00:00", "2026-03-04 00:00", "1 hour"),
        policy=EMAIL.replace("email\n", "letter\n", 1) + '    message hello\n        letter "Dear you"',
        edits=[edit("2026-03-02 12:00", "journey k\n    enter on visit\n    exit")],
        about="hello|leaves",
    )
    assert told == [
        "2026-03-03 10:00 ann does not get hello because of gone",
        "2026-03-03 10:00 ann leaves j as told",
    ]
