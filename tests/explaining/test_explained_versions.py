"""Journeys that were edited, deleted, moved or paused since: the version is explained as the state keeps it (T18, T19)."""

from telling import story_of, times, told
from world import World, instant

from parcours.executor.applying import apply
from parcours.executor.fates import Fate
from parcours.executor.pausing import pause, resume

DAY = "2026-03-01"
WAIT = """
journey j
    enter on cart
        again
    wait {days} days
    if points > {points}
        send {message} by email
"""
OLD, NEW = (
    WAIT.format(days=5, points=3, message="hello"),
    WAIT.format(days=3, points=900, message="offer"),
)
OTHER = "journey k\n    enter on visit\n    exit done\n"
BEGINS = [
    "01 10:00 enters `j` because of `cart` of 2026-03-01 10:00",
    "01 10:00 waits 5 days, until 2026-03-06 10:00",
]


def inside() -> World:
    world = World(OLD)
    world.contact("ann", points=7)
    world.event("cart", "ann", f"{DAY} 10:00")
    world.tick(f"{DAY} 00:00", f"{DAY} 10:00")
    return world


def test_t18_who_finishes_an_older_version_is_explained_by_it() -> None:
    world = inside()
    world.restart(NEW)
    world.tick("2026-03-06 10:00")
    assert told(world)[2:] == [
        ["`points > 3` holds (test.journey:5)", "points > 3: yes (points: 7, as of today)"],
        ["`hello` is sent by email (test.journey:6)"],
        ["leaves `j` as `finished`: the steps come to their end (test.journey:1)"],
    ]
    assert [(stay.run.version, stay.status) for stay in story_of(world).stays] == [(1, "older")]


def test_t18_a_journey_that_was_deleted_is_explained_too() -> None:
    world = inside()
    world.restart(OTHER)
    world.tick("2026-03-06 10:00")
    assert times(world) == [
        *BEGINS,
        "06 10:00 `points > 3` holds",
        "06 10:00 `hello` is sent by email",
        "06 10:00 leaves `j` as `finished`: the steps come to their end",
    ]
    assert [stay.status for stay in story_of(world, journey="j").stays] == ["gone"]
    assert story_of(world, journey="j").absence is None


def test_t18_who_was_moved_is_explained_by_both_versions() -> None:
    world = inside()
    world.restart(NEW)
    apply(world.executor, instant("2026-03-02 10:00"), {"j": Fate("move", {})})
    world.tick("2026-03-04 10:00")
    assert times(world) == [
        *BEGINS,
        "02 10:00 is moved by `parcours apply` from version 1, `1 wait`, to version 2, `1 wait`",
        "04 10:00 `points > 900` does not hold",
        "04 10:00 leaves `j` as `finished`: the steps come to their end",
    ]


def test_t18_who_was_taken_out_is_told_by_what() -> None:
    world = inside()
    world.restart(NEW)
    apply(world.executor, instant("2026-03-02 10:00"), {"j": Fate("leave", {})})
    assert times(world)[2:] == ["02 10:00 is taken out of `j` by `parcours apply --leave`, at `1 wait`"]
    assert [stay.outcome for stay in story_of(world).stays] == ["taken_out"]


def test_t19_a_pause_is_told_with_what_became_of_what_was_overdue() -> None:
    world = inside()
    pause(world.executor, instant("2026-03-02 10:00"), "j")
    world.tick("2026-03-03 10:00")
    resume(world.executor, instant("2026-03-08 10:00"), "j", "skipped")
    world.tick("2026-03-08 10:00")
    assert told(world)[2:] == [
        ["`j` is paused: nobody moves in it"],
        ["`j` is resumed: what is overdue is skipped"],
        ["`points > 3` holds (test.journey:5)", "points > 3: yes (points: 7, as of today)"],
        [
            "`hello` is not sent by email: skipped after a pause, `overdue after a pause: skipped` (parcours resume)",
            "-> `parcours resume` would have to be told `--overdue sent`",
        ],
        ["leaves `j` as `finished`: the steps come to their end (test.journey:1)"],
    ]


def test_a_version_that_the_state_does_not_keep_is_told_by_the_names_of_its_steps() -> None:
    world = inside()
    world.tick("2026-03-06 10:00")
    world.rows("UPDATE state.version SET text = NULL")
    assert told(world)[0] == ["enter → 1 wait (the version is not kept)"]
