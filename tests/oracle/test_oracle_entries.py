"""T8, T10, T17: who enters, where no conformance case says it."""

from foretelling import edit, foretold

from parcours.clock.chance import share_of


def test_again_after_a_month_is_a_month_after_the_run_left() -> None:
    # T8: 31 January and a month is 28 February
    told = foretold(
        "journey j\n    enter on visit\n        again after 1 month\n    exit",
        "2026-01-31 10:00 ann visit",
        "2026-02-28 09:00 ann visit",
        "2026-02-28 10:00 ann visit",
        ticks=("2026-01-31 00:00", "2026-03-01 00:00", "1 hour"),
        about="enters|refused",
    )
    assert told == [
        "2026-01-31 10:00 ann enters j",
        "2026-02-28 09:00 ann is refused by j because of too_soon",
        "2026-02-28 10:00 ann enters j",
    ]


def test_an_edited_segment_has_a_new_base_line_and_members_come_along_in_the_first_tick_alone() -> None:
    journeys = """
        segment old
            age > {age}
        journey j
            enter on joining old, including members
                again
            exit
    """
    told = foretold(
        journeys.format(age=50),
        ticks=("2026-03-02 09:00", "2026-03-02 13:00", "1 hour"),
        contacts={"ann": {"age": 40}, "bob": {"age": 60}},
        edits=[edit("2026-03-02 11:30", journeys.format(age=30))],
        about="enters",
    )
    assert told == ["2026-03-02 09:00 bob enters j"]


def test_whoever_is_held_out_never_enters() -> None:
    names = ["ann", "bob", "cleo", "dan", "eve", "fay"]
    told = foretold(
        "journey j\n    enter on visit\n        hold out 50%\n    exit",
        *(f"2026-03-02 10:00 {name} visit" for name in names),
        ticks=("2026-03-02 09:00", "2026-03-02 10:00", "1 hour"),
        contacts={name: {} for name in names},
        about="enters|refused",
    )
    out = [name for name in names if share_of(f"j/hold out:{name}") < 2**31]
    assert 0 < len(out) < len(names)
    assert [line.split()[2] for line in told if "held_out" in line] == out
    assert [line.split()[2] for line in told if "enters" in line] == [
        name for name in names if name not in out
    ]


def test_a_cap_on_entries_takes_the_earliest_and_frees_itself_with_its_window() -> None:
    told = foretold(
        "journey j\n    enter on visit\n        again\n        at most 1 per day\n    exit",
        "2026-03-02 09:50 bob visit",
        "2026-03-02 09:40 ann visit",
        "2026-03-03 09:59 bob visit",
        "2026-03-03 10:00 bob visit",
        ticks=("2026-03-02 08:00", "2026-03-03 10:00", "1 hour"),
        contacts={"ann": {}, "bob": {}},
        about="enters|refused",
    )
    assert told == [
        "2026-03-02 10:00 ann enters j",
        "2026-03-02 10:00 bob is refused by j because of full",
        "2026-03-03 10:00 bob enters j",
        "2026-03-03 10:00 bob is refused by j because of same_tick",
    ]


def test_whom_a_start_asks_in_enters_in_the_next_tick_by_all_clauses() -> None:
    journeys = """
        journey a
            enter on visit
            start c
        journey b
            enter on visit
            start c
        journey c
            enter by hand
                if age > 18
            wait 1 day
    """
    told = foretold(
        journeys,
        "2026-03-02 10:00 ann visit",
        "2026-03-02 10:00 bob visit",
        ticks=("2026-03-02 09:00", "2026-03-02 12:00", "1 hour"),
        contacts={"ann": {"age": 30}, "bob": {}},
        about=" c",
    )
    assert told == [
        "2026-03-02 11:00 ann enters c",
        "2026-03-02 11:00 ann is refused by c because of same_tick",
        "2026-03-02 11:00 ann rests in c at 1 wait",
        "2026-03-02 11:00 bob is refused by c because of not_eligible",
        "2026-03-02 11:00 bob is refused by c because of not_eligible",
    ]
