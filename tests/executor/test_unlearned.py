"""What ticks had to take as unknown, and how people are told."""

from learned_rows import write_runs
from test_learned import JOURNEY, SCORE, asking, run_of
from world import CATALOG

from parcours.executor.unlearned import warning

POLICY = """
    pressure
        never messages for zone.churn is high
"""


def test_nothing_is_told_of_what_was_learned() -> None:
    text = SCORE + JOURNEY
    world = asking(text, run_of(text, "score", "churn", "2026-03-01 00:00", ann={"probability": 0.1}))
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert world.executor.unlearned_reads() == ()


def test_nothing_is_told_when_nobody_came_to_read_it() -> None:
    world = asking(SCORE + JOURNEY)
    world.tick("2026-03-01 00:00", "2026-03-01 09:00")
    assert world.executor.unlearned_reads() == ()


def test_it_is_told_once_with_all_who_read_it() -> None:
    world = asking(SCORE + JOURNEY + POLICY)
    world.event("signup", "ann", "2026-03-01 11:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 11:00")
    (told,) = world.executor.unlearned_reads()
    assert (told.names, told.readers, told.until) == (
        ("score.churn", "zone.churn"),
        ("ask", "the policy"),
        None,
    )
    said = warning(told, "Europe/Paris")
    assert (said.code, said.severity) == ("nothing-learned", "warning")
    assert said.message == (
        "`score.churn`, `zone.churn` are unknown: "
        "nothing was learned of them as of 2026-03-01 12:00 (Europe/Paris)"
    )
    assert said.place == told.place


def test_it_is_told_since_when_it_is_known() -> None:
    text = SCORE + JOURNEY
    world = asking(text, run_of(text, "score", "churn", "2026-03-01 11:30", ann={"probability": 0.1}))
    world.event("signup", "ann", "2026-03-01 12:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 12:00")
    (told,) = world.executor.unlearned_reads()
    assert str(told.until) == "2026-03-01 12:00:00"


def test_a_segment_that_waits_for_it_is_told_too() -> None:
    text = (
        SCORE
        + "\n    segment s\n        score.churn > 70%\n\n    journey j\n        enter on joining s\n        exit done\n"
    )
    world = asking(text)
    world.tick("2026-03-01 00:00")
    (told,) = world.executor.unlearned_reads()
    assert (told.names, told.readers) == (("score.churn",), ("j",))
    write_runs(
        world.engine,
        "test",
        CATALOG.contact_type,
        [run_of(text, "score", "churn", "2026-02-01 00:00", ann={"probability": 0.9})],
    )
    world.executor.load()
    world.tick("2026-03-01 01:00")
    # the base line starts nobody
    assert world.entered() == []
