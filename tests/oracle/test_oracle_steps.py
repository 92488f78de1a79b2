"""T6, T7, T16, T17 and repeats: what a step does, where no conformance case says it."""

from foretelling import foretold

from parcours.clock.chance import share_of

TICKS = ("2026-03-02 09:00", "2026-03-03 12:00", "30 minutes")


def test_the_hourly_look_at_a_wait_does_not_look_at_leave_when_while_the_run_rests_on() -> None:
    # T6: what time alone makes true is noticed at the next event or step
    journey = """
        journey j
            enter on visit
            leave when no visit in last 90 minutes as asleep
            wait until has order since entry up to 1 day
                then
                    exit ordered
    """
    told = foretold(journey, "2026-03-02 10:00 ann visit", ticks=TICKS, about="leaves")
    assert told == ["2026-03-03 10:00 ann leaves j as asleep"]


def test_leave_when_is_looked_at_once_in_a_tick_before_any_step() -> None:
    journey = """
        journey j
            enter on visit
            leave when country = "FR" as french
            set country to "FR"
            wait for visit since entry up to 1 day
                then
                    wait 1 hour
            exit done
    """
    told = foretold(journey, "2026-03-02 10:00 ann visit", ticks=TICKS, about="leaves|rests")
    assert told == [
        "2026-03-02 10:00 ann rests in j at 2.then.1 wait",
        "2026-03-02 11:00 ann leaves j as french",
    ]


def test_a_run_sees_at_once_what_it_has_set_and_all_others_in_the_next_tick() -> None:
    journeys = """
        journey a
            enter on visit
            set age to age + 0.5
            if age = 30.5
                wait 1 hour
            exit blind
        journey b
            enter on visit
            if age = 30.5
                exit seen
            wait 30 minutes
            if age = 30.5
                exit seen_later
    """
    told = foretold(
        journeys,
        "2026-03-02 10:00 ann visit",
        ticks=TICKS,
        contacts={"ann": {"age": 30.0}},
        about="leaves|rests",
    )
    assert told == [
        "2026-03-02 10:00 ann rests in a at 2.if.1 wait",
        "2026-03-02 10:00 ann rests in b at 2 wait",
        "2026-03-02 10:30 ann leaves b as seen_later",
        "2026-03-02 11:00 ann leaves a as blind",
    ]


def test_of_several_who_set_the_same_attribute_the_last_by_name_counts() -> None:
    journeys = """
        journey b
            enter on visit
            set country to "BE"
        journey a
            enter on visit
            set country to "FR"
        journey c
            enter on visit
            wait 1 hour
            if country = "BE"
                exit belgian
    """
    told = foretold(journeys, "2026-03-02 10:00 ann visit", ticks=TICKS, about="leaves c")
    assert told == ["2026-03-02 11:00 ann leaves c as belgian"]


def test_what_is_recorded_is_an_event_of_the_tick_that_is_new_in_the_next() -> None:
    journeys = """
        journey a
            enter on visit
            record gift with worth = 1 / 3
            if has gift
                exit too_early
            wait 1 day
        journey b
            enter on gift[worth > 0.333332 and worth < 0.333334]
            if has sent
                exit wrong
            exit given
    """
    told = foretold(journeys, "2026-03-02 10:00 ann visit", ticks=TICKS, about="enters|leaves")
    assert told == [
        "2026-03-02 10:00 ann enters a",
        "2026-03-02 10:30 ann enters b",
        "2026-03-02 10:30 ann leaves b as given",
        "2026-03-03 10:00 ann leaves a as finished",
    ]


def test_the_history_of_the_tick_before_is_seen() -> None:
    journeys = """
        journey a
            enter on visit
            send hello by email
            exit told
        journey b
            enter on left[journey = "a" and outcome = "told"]
            if has sent[message = "hello" and channel = "email"] and has entered[journey = "a"]
                exit right
    """
    told = foretold(journeys, "2026-03-02 10:00 ann visit", ticks=TICKS, about="leaves")
    assert told == ["2026-03-02 10:00 ann leaves a as told", "2026-03-02 10:30 ann leaves b as right"]


def test_a_repeat_that_is_left_and_come_back_to_counts_anew() -> None:
    journey = """
        journey j
            enter on visit
            over:
            repeat up to 2 times
                wait 1 hour
            wait 30 minutes
            if no order since entry
                go to over
            exit ordered
    """
    told = foretold(
        journey,
        "2026-03-02 10:00 ann visit",
        "2026-03-02 14:30 ann order",
        ticks=TICKS,
        about="leaves",
    )
    # twice an hour, half an hour, and all that once more
    assert told == ["2026-03-02 15:00 ann leaves j as ordered"]


def test_until_is_looked_at_before_each_time_the_first_too() -> None:
    journey = """
        journey j
            enter on visit
            repeat up to 5 times until has order since entry
                send hello by email
                wait 1 hour
            exit done
    """
    told = foretold(
        journey, "2026-03-02 10:00 ann visit", "2026-03-02 11:10 ann order", ticks=TICKS, about="gets|leaves"
    )
    assert told == [
        "2026-03-02 10:00 ann gets hello by email",
        "2026-03-02 11:00 ann gets hello by email",
        "2026-03-02 12:00 ann leaves j as done",
    ]
    told = foretold(
        journey, "2026-03-02 10:00 ann visit", "2026-03-02 10:00 ann order", ticks=TICKS, about="gets|leaves"
    )
    assert told == ["2026-03-02 10:00 ann leaves j as done"]


def test_shares_are_those_of_the_contact() -> None:
    names = ["ann", "bob", "cleo", "dan", "eve", "fay", "gus"]
    told = foretold(
        """
        journey j
            enter on visit
            split tone
                25.5% soft
                    exit soft
                74.5% loud
                    exit loud
        """,
        *(f"2026-03-02 10:00 {name} visit" for name in names),
        ticks=("2026-03-02 09:00", "2026-03-02 10:00", "1 hour"),
        contacts={name: {} for name in names},
        about="leaves",
    )
    soft = {name for name in names if share_of(f"j/tone:{name}") / 2**32 < 0.255}
    assert 0 < len(soft) < len(names)
    assert {line.split()[2] for line in told if line.endswith("soft")} == soft
