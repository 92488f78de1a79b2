"""T18 and T19: edits and pauses."""

from foretelling import edit, foretold, pause

OLD = """
    journey j
        enter on visit
            again
        pause:
        wait 3 days
        send hello by email
        exit old
"""
NEW = """
    journey j
        enter on visit
            again
        pause:
        wait 5 days
        send offer by email
        wait 1 day
        exit new
"""
VISITS = ("2026-03-02 10:00 ann visit", "2026-03-06 10:00 ann visit")
TICKS = ("2026-03-01 00:00", "2026-03-14 00:00", "1 hour")


def test_who_is_inside_finishes_in_the_old_version() -> None:
    told = foretold(OLD, *VISITS, ticks=TICKS, edits=[edit("2026-03-03 10:00", NEW)], about="gets|leaves")
    assert told == [
        "2026-03-05 10:00 ann gets hello by email",
        "2026-03-05 10:00 ann leaves j as old",
        "2026-03-11 10:00 ann gets offer by email",
        "2026-03-12 10:00 ann leaves j as new",
    ]


def test_who_is_moved_waits_as_long_as_the_new_step_says_from_when_he_came() -> None:
    told = foretold(
        OLD, *VISITS, ticks=TICKS, edits=[edit("2026-03-03 10:00", NEW, "move")], about="gets|refused|leaves"
    )
    assert told == [
        "2026-03-06 10:00 ann is refused by j because of already_running",
        "2026-03-07 10:00 ann gets offer by email",
        "2026-03-08 10:00 ann leaves j as new",
    ]


def test_who_is_taken_out_has_left_and_a_new_journey_listens_from_its_apply() -> None:
    new = 'journey k\n    enter on left[journey = "j"]\n    exit\njourney l\n    enter on visit\n    exit'
    told = foretold(
        OLD,
        "2026-03-02 10:00 ann visit",
        "2026-03-02 10:20 bob visit",
        "2026-03-02 10:40 ann visit",
        ticks=("2026-03-02 09:00", "2026-03-02 12:00", "1 hour"),
        contacts={"ann": {}, "bob": {}},
        edits=[edit("2026-03-02 10:30", new, "leave")],
        about="enters|leaves j",
    )
    # bob came before the apply, and j is gone when the next tick is
    assert told == [
        "2026-03-02 10:00 ann enters j",
        "2026-03-02 10:30 ann leaves j as taken_out",
        "2026-03-02 11:00 ann enters k",
        "2026-03-02 11:00 ann enters l",
    ]


def test_who_is_moved_out_of_a_repeat_comes_to_it_anew() -> None:
    old = """
        journey j
            enter on visit
            over:
            repeat up to 3 times
                a:
                wait 1 day
                send hello by email
            exit old
    """
    new = """
        journey j
            enter on visit
            b:
            wait 2 days
            over:
            repeat up to 3 times
                c:
                wait 1 day
                send offer by email
            exit new
    """
    told = foretold(
        old,
        "2026-03-02 10:00 ann visit",
        ticks=TICKS,
        edits=[edit("2026-03-03 12:00", new, "move", a="b")],
        about="gets|leaves",
    )
    assert told == [
        "2026-03-03 10:00 ann gets hello by email",
        "2026-03-06 10:00 ann gets offer by email",
        "2026-03-07 10:00 ann gets offer by email",
        "2026-03-08 10:00 ann gets offer by email",
        "2026-03-08 10:00 ann leaves j as new",
    ]


PATIENT = """
    journey j
        enter on visit
        goal bought: order
        wait 1 day
        send hello by email
            if not sent
                exit missed
        wait for click up to 1 day
            then
                exit clicked
        exit done
"""


def paused(overdue: str, *events: str) -> list[str]:
    return foretold(
        PATIENT,
        "2026-03-02 10:00 ann visit",
        *events,
        ticks=("2026-03-02 09:00", "2026-03-08 00:00", "1 hour"),
        pauses=[pause("j", "2026-03-03 05:00", "2026-03-04 15:00", overdue)],
        contacts={"ann": {}, "bob": {}},
        about="gets|does not get|refused|leaves",
    )


def test_what_is_overdue_after_a_pause_is_sent() -> None:
    assert paused("sent", "2026-03-03 12:00 bob visit", "2026-03-04 18:00 ann click") == [
        "2026-03-03 12:00 bob is refused by j because of paused",
        "2026-03-04 15:00 ann gets hello by email",
        "2026-03-04 18:00 ann leaves j as clicked",
    ]


def test_what_is_overdue_after_a_pause_is_skipped() -> None:
    assert paused("skipped") == [
        "2026-03-04 15:00 ann does not get hello because of skipped",
        "2026-03-04 15:00 ann leaves j as missed",
    ]


def test_what_is_overdue_after_a_pause_is_shifted_by_its_length() -> None:
    assert paused("shifted") == [
        "2026-03-04 20:00 ann gets hello by email",
        "2026-03-05 20:00 ann leaves j as done",
    ]


def test_a_goal_reached_in_a_pause_counts_when_it_is_over() -> None:
    assert paused("sent", "2026-03-04 08:00 ann order") == ["2026-03-04 15:00 ann leaves j as bought"]
