"""What became of a message after it was granted, and what came back."""

from relay_world import Shop
from telling import story_of
from world import instant

from parcours.delivery.send import TerminalFailure, TransientFailure
from parcours.explaining.text import inline


def shop() -> Shop:
    made = Shop()
    made.contact("ann")
    made.granted("ann")
    return made


def facts(made: Shop) -> list[str]:
    """Behind the sentence of the only message."""
    (sent,) = (line for line in story_of(made).lines if line.kind == "sent")
    return [inline(fact) for fact in sent.facts]


def test_where_no_relay_runs_nothing_is_said_of_it() -> None:
    assert facts(shop()) == []


def test_of_what_was_granted_before_there_was_a_relay_nothing_is_said() -> None:
    """As in a state of an older program: its first claim is one of none."""
    made = shop()
    made.engine.run_text("INSERT INTO state.claim SELECT max(tick), max(ticked_at), 0 FROM state.tick")
    assert facts(made) == []
    made.engine.run_text("INSERT INTO state.claim SELECT max(tick) + 1, max(ticked_at), 1 FROM state.tick")
    assert facts(made) == []


def test_what_was_accepted_is_told_with_the_name_that_the_provider_gives_it() -> None:
    made = shop()
    made.relay("2026-03-02 09:05")
    (found,) = facts(made)
    assert found == f"accepted: 2026-03-02 09:05 (the provider calls it: {made.ids()[0]})"


def test_a_failure_that_passes_is_told_with_when_it_is_tried_again() -> None:
    made = shop()
    made.email.answer = lambda send: TransientFailure("busy")
    made.relay("2026-03-02 09:05")
    due = made.waits_until("ann")
    assert facts(made) == [
        f"handing over failed (busy), tried again: {due}",
        f"waits to be handed over once more, due: {due}",
    ]


def test_a_failure_for_good_is_told_with_its_reason() -> None:
    made = shop()
    made.email.answer = lambda send: TerminalFailure("no such mailbox", "address")
    made.relay("2026-03-02 09:05")
    assert facts(made) == ["failed for good (no such mailbox): 2026-03-02 09:05"]


def test_what_the_other_side_has_said_is_told_as_it_said_it() -> None:
    made = shop()
    made.email.answer = lambda send: TerminalFailure("5.1.1 ann_b is no_such_user", "address")
    made.relay("2026-03-02 09:05")
    assert facts(made) == ["failed for good (5.1.1 ann_b is no_such_user): 2026-03-02 09:05"]


def test_p8_what_an_opt_out_has_cancelled_is_told_with_the_rule() -> None:
    made = shop()
    made.event("opt_out", "ann", "2026-03-02 09:01", channel="email")
    made.relay("2026-03-02 09:05")
    (found,) = facts(made)
    assert found == (
        "cancelled before it was handed over (suppressed, `opt_out`, test.journey:6): 2026-03-02 09:05"
    )


def test_what_no_relay_has_taken_yet_is_said_to_wait_for_one() -> None:
    made = shop()
    made.relay("2026-03-02 09:05")
    made.event("cart", "ann", "2026-03-02 09:30")
    made.tick("2026-03-02 10:00")
    lines = [line for line in story_of(made).lines if line.kind == "sent"]
    assert [fact.text for fact in lines[1].facts] == ["no relay has taken it yet"]
    assert lines[1].at == instant("2026-03-02 10:00")
