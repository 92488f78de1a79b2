"""`set`, `record`, `start`, and what the next tick sees of them (T7)."""

from world import World

SETS = """
journey mark
    enter on cart
        again
    if country = "FR"
        exit french
    set country to "FR"
    if country = "FR"
        send hello by email
    exit marked
"""


def test_t7_a_step_sees_what_its_own_run_set_before() -> None:
    world = World(SETS)
    world.contact("ann", country="DE")
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 10:00")
    assert world.messages() == ["hello"]
    assert world.exits() == [("ann", "marked", "2026-03-01 10:00")]


def test_t7_the_next_tick_sees_it_too_and_a_new_process_as_well() -> None:
    world = World(SETS)
    world.contact("ann", country="DE")
    world.tick("2026-03-01 09:00")
    for day in (1, 2, 3):
        world.event("cart", "ann", f"2026-03-0{day} 10:00")
    world.tick("2026-03-01 10:00", "2026-03-02 10:00")
    world.restart()
    world.tick("2026-03-03 10:00")
    assert [outcome for _, outcome, _ in world.exits()] == ["marked", "french", "french"]


def test_t7_what_another_run_set_in_the_same_tick_is_not_seen() -> None:
    world = World("""
        journey a_sets
            enter on cart
            set country to "FR"
            exit done

        journey b_reads
            enter on cart
            if country = "FR"
                exit french
            exit other
    """)
    world.contact("ann", country="DE")
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 10:00")
    assert {outcome for _, outcome, _ in world.exits()} == {"done", "other"}


def test_t7_of_two_runs_that_set_the_same_the_last_by_name_counts() -> None:
    world = World("""
        journey a_first
            enter on cart
            set points to 1
            exit done

        journey b_second
            enter on cart
            set points to 2.5
            exit done

        journey c_reads
            enter on visit
            if points = 2.5
                exit second
            exit other
    """)
    world.contact("ann", points=7)
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.event("visit", "ann", "2026-03-01 11:00")
    world.tick("2026-03-01 10:00", "2026-03-01 11:00")
    assert world.exits()[-1] == ("ann", "second", "2026-03-01 11:00")


def test_t7_an_attribute_can_be_set_to_what_is_unknown() -> None:
    world = World("""
        journey forget
            enter on cart
            set country to last order.status
            if country is unknown
                exit unknown
            exit known
    """)
    world.contact("ann", country="DE")
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 10:00")
    assert world.exits() == [("ann", "unknown", "2026-03-01 10:00")]


def test_p1_a_consent_that_the_run_took_back_itself_stops_its_own_message() -> None:
    world = World("""
        journey quiet
            enter on cart
            set email_opt_in to no
            send hello by email
            exit done
    """)
    world.contact("ann")
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 10:00")
    assert world.sent() == []
    assert [reason for _, _, reason, _, _ in world.not_sent()] == ["no_consent"]


def test_t10_a_segment_sees_what_was_set() -> None:
    world = World("""
        segment french
            country = "FR"

        journey mark
            enter on cart
            set country to "FR"
            exit done

        journey greet
            enter on joining french
            send hello by email
    """)
    world.contact("ann", country="DE")
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 09:30")
    world.tick("2026-03-01 09:30", "2026-03-01 10:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-01 10:00")]


RECORDS = """
journey gives
    enter on cart
        again
    record gift with what = "mug", worth = entry.total * 2
    wait for gift up to 1 day
        then
            exit own
        otherwise
            exit none

journey thanks
    enter on gift[worth > 20]
        again
    if entry.what = "mug"
        send hello by email
    exit thanked
"""


def test_t7_a_recorded_event_is_known_from_the_next_tick_on() -> None:
    world = World(RECORDS)
    world.contact("ann")
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:00", total=15)
    world.tick("2026-03-01 10:00")
    assert world.sent() == []
    world.tick("2026-03-01 10:01")
    assert world.sent() == [("ann", "hello", "email", "2026-03-01 10:01")]
    world.tick("2026-03-01 11:00")
    assert [outcome for _, outcome, _ in world.exits()] == ["thanked"]


def test_t15_an_event_that_a_run_records_as_it_comes_to_the_wait_is_not_after_the_wait_began() -> None:
    world = World(RECORDS)
    world.contact("ann")
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:00", total=1)
    world.tick("2026-03-01 10:00", "2026-03-01 10:01", "2026-03-02 10:00")
    assert world.exits() == [("ann", "none", "2026-03-02 10:00")]


def test_t8_a_started_journey_is_entered_in_the_next_tick_by_its_own_rules() -> None:
    world = World("""
        journey calls
            enter on cart
                again
            start called
            start called
            exit done

        journey called
            enter by hand
                if country = "FR"
            send hello by email
            exit greeted
    """)
    world.contact("ann", country="FR")
    world.contact("bob", country="DE")
    world.tick("2026-03-01 09:00")
    for name in ("ann", "bob"):
        world.event("cart", name, "2026-03-01 10:00")
    world.tick("2026-03-01 10:00")
    assert world.sent() == []
    world.tick("2026-03-01 10:30", "2026-03-01 11:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-01 10:30")]
    assert sorted(world.rows("SELECT contact, reason FROM state.refused")) == [
        ("ann", "same_tick"),
        ("bob", "not_eligible"),
        ("bob", "not_eligible"),
    ]


def test_t7_messages_entries_and_exits_are_events_of_the_next_tick() -> None:
    world = World("""
        journey first
            enter on cart
            send hello by email
            exit greeted

        journey by_message
            enter on sent[message = "hello"]
            exit saw_message

        journey by_entry
            enter on entered[journey = "first"]
            exit saw_entry

        journey by_exit
            enter on left[outcome = "greeted"]
            exit saw_exit

        journey by_refusal
            enter on not_sent[reason = "no_consent"]
            exit saw_refusal
    """)
    world.contact("ann")
    world.contact("bob", email_opt_in=False)
    world.tick("2026-03-01 09:00")
    for name in ("ann", "bob"):
        world.event("cart", name, "2026-03-01 10:00")
    world.tick("2026-03-01 10:00", "2026-03-01 10:01", "2026-03-01 10:02")
    assert sorted(world.exits()) == sorted(
        [("ann", "greeted", "2026-03-01 10:00"), ("bob", "greeted", "2026-03-01 10:00")]
        + [("ann", outcome, "2026-03-01 10:01") for outcome in ("saw_message", "saw_entry", "saw_exit")]
        + [("bob", outcome, "2026-03-01 10:01") for outcome in ("saw_refusal", "saw_entry", "saw_exit")]
    )
