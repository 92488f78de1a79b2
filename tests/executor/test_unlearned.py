"""What ticks had to take as unknown, and how people are told."""

from learned_rows import write_runs
from test_learned import JOURNEY, SCORE, asking, run_of
from world import CATALOG

from parcours.executor.unlearned import warning

OFFERING = """
    rules together
        product of line together in order_id

    journey thanks
        enter on signup
            again
        send hello by email
            offering 3 from together
        exit done
"""
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
        "`score.churn`, `zone.churn` are unknown to `ask`, the policy: "
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


def test_what_was_learned_before_the_declaration_was_changed_is_not_used_and_that_is_told() -> None:
    before, after = SCORE + JOURNEY, SCORE.replace("within 60 days", "within 90 days") + JOURNEY
    world = asking(after, run_of(before, "score", "churn", "2026-02-01 00:00", ann={"probability": 0.9}))
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert [outcome for _, outcome, _ in world.exits()] == ["unknown"]
    (told,) = world.executor.unlearned_reads()
    assert told.changed
    assert warning(told, "UTC").message == (
        "`score.churn` is unknown to `ask`: "
        "nothing was learned of it since it was changed as of 2026-03-01 10:00 (UTC)"
    )


def test_what_is_learned_as_of_later_is_no_earlier_form_of_it() -> None:
    before, after = SCORE + JOURNEY, SCORE.replace("within 60 days", "within 90 days") + JOURNEY
    world = asking(after, run_of(before, "score", "churn", "2026-04-01 00:00", ann={"probability": 0.9}))
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    (told,) = world.executor.unlearned_reads()
    assert not told.changed


def test_an_offering_whose_rules_were_never_learned_is_told() -> None:
    world = asking(OFFERING)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert world.rows("SELECT contact FROM state.outbox") == [("ann",)]
    (told,) = world.executor.unlearned_reads()
    assert (told.names, told.readers) == (("together",), ("thanks",))
    assert warning(told, "UTC").message == (
        "`together` is unknown to `thanks`: nothing was learned of it as of 2026-03-01 10:00 (UTC)"
    )
    write_runs(
        world.engine,
        "test",
        CATALOG.contact_type,
        [run_of(OFFERING, "rules", "together", "2026-02-01 00:00")],
    )
    world.executor.load()
    world.event("signup", "ann", "2026-03-02 10:00")
    world.tick("2026-03-02 10:00")
    (told,) = world.executor.unlearned_reads()
    assert str(told.until) == "2026-03-02 10:00:00"


def test_a_send_at_the_best_hour_is_told() -> None:
    text = "journey j\n    enter on signup\n    send hello by email\n        at best hour within 12 hours\n    exit done\n"
    world = asking(text)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    (told,) = world.executor.unlearned_reads()
    assert (told.names, told.readers) == (("best hour",), ("j",))
    assert warning(told, "UTC").message == (
        "`best hour` is unknown to `j`: nothing was learned of it as of 2026-03-01 10:00 (UTC)"
    )
    assert world.rows("SELECT message FROM state.outbox") == [("hello",)]  # A14: it goes at any hour
