"""Learning as of an instant: what is due, from what was known, into runs that ticks find."""

from collections.abc import Sequence

import pytest
from world import World, instant

from parcours.analytics.due import Learnable
from parcours.analytics.learn import Outcome, learn
from parcours.analytics.store import AnalyticStore
from parcours.clock.span import Span
from parcours.diagnostics import Problem

RFMS = """
rfm value
    of order.amount over 12 months

rfm engagement
    of click over 12 months
"""


class Learning:
    """A world of three buyers, and what is learned of it."""

    def __init__(self, text: str = RFMS) -> None:
        self.world = World(text)
        for contact in ("ann", "bob", "cid"):
            self.world.contact(contact)
            self.world.event("order", contact, "2026-01-10 00:00", amount=10)
        self.world.event("order", "ann", "2026-02-10 00:00", amount=20)
        self.world.event("click", "ann", "2026-01-15 00:00")
        self.store = AnalyticStore(self.world.engine, None, "test", "VARCHAR")

    def learn(self, at: str, *names: str) -> dict[str, str]:
        return {outcome.learnable.declared.name: outcome.became for outcome in self.outcomes(at, *names)}

    def outcomes(self, at: str, *names: str) -> tuple[Outcome, ...]:
        return learn(self.world.engine, self.world.project, self.store, instant(at), names)

    def money(self, run: int) -> dict[str, object]:
        return dict(
            self.world.engine.run_text(
                "SELECT contact, monetary FROM analytics.rfm_value WHERE run = ?", [run]
            )
        )


def test_only_what_is_due_is_learned() -> None:
    learning = Learning()
    assert learning.learn("2026-02-01 08:00") == {"engagement": "learned", "value": "learned"}
    assert learning.learn("2026-02-01 20:00") == {"engagement": "fresh", "value": "fresh"}
    assert learning.learn("2026-02-01 21:00", "value") == {"value": "learned"}
    assert learning.learn("2026-02-02 00:00") == {"engagement": "learned", "value": "learned"}
    assert [(run.name, str(run.as_of)) for run in learning.store.runs()] == [
        ("engagement", "2026-02-01 08:00:00"),
        ("value", "2026-02-01 08:00:00"),
        ("value", "2026-02-01 21:00:00"),
        ("engagement", "2026-02-02 00:00:00"),
        ("value", "2026-02-02 00:00:00"),
    ]


def test_nothing_is_read_that_came_later() -> None:
    learning = Learning()
    learning.learn("2026-03-01 00:00", "value")
    learning.learn("2026-02-01 00:00", "value")
    assert learning.money(1) == {"ann": 30, "bob": 10, "cid": 10}
    assert learning.money(2) == {"ann": 10, "bob": 10, "cid": 10}


def test_an_outcome_says_which_run_is_read() -> None:
    learning = Learning()
    (first,) = learning.outcomes("2026-02-01 08:00", "value")
    (_, fresh) = learning.outcomes("2026-02-01 09:00")
    assert fresh.became == "fresh"
    assert fresh.run == first.run == learning.store.runs()[0]
    assert first.run is not None and first.run.rows == 3
    assert first.run.report == {"summary": "raw figures", "contacts": 3}


def test_a_changed_declaration_is_learned_anew() -> None:
    learning = Learning()
    learning.learn("2026-02-01 08:00")
    changed = World(RFMS.replace("order.amount over 12 months", "order.amount over 11 months")).project
    found = learn(learning.world.engine, changed, learning.store, instant("2026-02-01 09:00"))
    assert {one.learnable.declared.name: one.became for one in found} == {
        "engagement": "fresh",
        "value": "learned",
    }
    assert len({run.hash for run in learning.store.runs() if run.name == "value"}) == 2


def test_one_that_cannot_be_learned_leaves_the_others_and_its_own_former_run() -> None:
    learning = Learning()
    learning.learn("2026-02-01 00:00")
    (engagement, value) = learning.outcomes("2027-01-20 00:00")
    assert (engagement.became, value.became) == ("failed", "learned")
    assert engagement.run is not None and str(engagement.run.as_of) == "2026-02-01 00:00:00"
    (why,) = engagement.why
    assert why.code == "cannot-learn"
    assert "no contact has `click` in the 12 months before 2027-01-20 00:00" in why.message


def test_a_name_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(Problem) as caught:
        Learning().learn("2026-02-01 00:00", "valeu")
    (found,) = caught.value.diagnostics
    assert (found.code, found.mark) == ("unknown-name", "did you mean `value`?")


def test_it_says_what_it_is_at() -> None:
    learning, seen = Learning(), []

    def show(learnable: Learnable) -> None:
        seen.append(learnable.key)

    learn(
        learning.world.engine, learning.world.project, learning.store, instant("2026-02-01 00:00"), (), show
    )
    learn(
        learning.world.engine, learning.world.project, learning.store, instant("2026-02-01 00:01"), (), show
    )
    assert seen == [("rfm", "engagement"), ("rfm", "value")]


def _members(learning: Learning, at: str) -> Sequence[tuple[object, ...]]:
    learning.world.tick(at)
    return learning.world.rows("SELECT contact FROM state.instance ORDER BY contact")


def test_a_tick_reads_what_was_learned() -> None:
    text = (
        RFMS
        + "\njourney rich\n    enter every day at 00:00 for value.monetary >= 20\n    wait 30 days\n    exit done\n"
    )
    learning = Learning(text)
    learning.learn("2026-02-01 00:00")
    assert _members(learning, "2026-02-20 00:00") == []
    assert _members(learning, "2026-02-21 00:00") == []
    learning.learn("2026-02-21 12:00")
    assert _members(learning, "2026-02-22 00:00") == [("ann",)]


def test_what_is_kept_reaches_so_far_back_and_a_past_within_is_what_it_was() -> None:
    learning = Learning()

    def keeping(at: str, keep: Span | None) -> None:
        learn(
            learning.world.engine, learning.world.project, learning.store, instant(at), ("value",), keep=keep
        )

    def dates() -> list[str]:
        return [str(run.as_of.date()) for run in learning.store.runs() if run.name == "value"]

    for at in ("2026-02-01", "2026-02-15", "2026-03-01", "2026-03-31"):
        keeping(at, None)
    assert len(dates()) == 4
    # a month before 15 April is 15 March: there the run of 1 March is read
    keeping("2026-04-15", Span(1, "month"))
    assert dates() == ["2026-03-01", "2026-03-31", "2026-04-15"]
    # who learns a past anew loses nothing of what is later
    keeping("2026-03-05", Span(1, "day"))
    assert dates() == ["2026-03-01", "2026-03-05", "2026-03-31", "2026-04-15"]
