"""Learnings as files: written, read again, and what is said of broken ones."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from parcours.language.learnings import learning_text, read_learning, read_learnings
from parcours.model.learning import LearnedArm, LearnedDifference, Learning

LEARNING = Learning(
    test="cart/incentive",
    question='which brings more: "free, delivery" or 10%?',
    goal="recovered (order[cart_id = entry.cart_id] within 5 days)",
    purpose="loyalty",
    messages=("free_delivery", "ten_percent"),
    topics=("cart",),
    channels=("email",),
    segments=(),
    first=date(2026, 1, 2),
    last=date(2026, 3, 1),
    arms=(
        LearnedArm("free", Decimal("45"), 4_000, 480, Decimal("12.00"), Decimal("7.1300")),
        LearnedArm("yes", Decimal("55"), 0, 0, None),
    ),
    differences=(
        LearnedDifference(
            "free",
            "yes",
            (Decimal("2.10"), Decimal("0.40"), Decimal("3.80")),
            (Decimal("21.0"), Decimal("3.5"), None),
        ),
        LearnedDifference("free", "yes", None, None),
    ),
    sample_ratio=Decimal("0.4321"),
    verdict="free is better",
    winner="free",
    worth="order.amount",
    decided_on=date(2026, 3, 2),
    file="learnings/incentive.yaml",
)


def test_what_was_written_is_read_again() -> None:
    found, wrong = read_learning(learning_text(LEARNING), LEARNING.file)
    assert wrong == ()
    assert found == LEARNING


def test_the_winner_is_said_and_nothing_is_switched_on() -> None:
    text = learning_text(LEARNING)
    assert "winner: free\n" in text
    assert text.startswith("# what an experiment has taught; a winner is merged by a person")


def test_a_person_may_add_notes() -> None:
    text = learning_text(LEARNING) + "note: we merged it in May\n"
    assert read_learning(text, LEARNING.file) == (LEARNING, ())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("winner: free\n", "", "`winner` is missing"),
        ("contacts: 4000", "contacts: many", "`many` is no number"),
        ("to: 2026-03-01", "to: in March", "`in March` is no date"),
        ("topics: [cart]", "topics: cart", "`topics` is no list"),
    ],
)
def test_a_broken_file_is_told(old: str, new: str, message: str) -> None:
    text = learning_text(LEARNING)
    assert old in text
    found, (wrong,) = read_learning(text.replace(old, new), LEARNING.file)
    assert found is None
    assert (wrong.code, wrong.message) == ("bad-learning", message)


def test_a_folder_gives_all_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "learnings").mkdir()
    (tmp_path / "learnings" / "incentive.yaml").write_text(learning_text(LEARNING), encoding="utf-8")
    (tmp_path / "learnings" / "broken.yaml").write_text("test: [", encoding="utf-8")
    (tmp_path / "learnings" / "latin.yaml").write_bytes(b"\xff\xfe\xff")
    found, wrong = read_learnings(tmp_path)
    assert found == (replace(LEARNING, file=f"{tmp_path}/{LEARNING.file}"),)
    assert [d.place.file for d in wrong] == [
        f"{tmp_path}/learnings/{name}.yaml" for name in ("broken", "latin")
    ]


def test_no_folder_is_no_learning(tmp_path: Path) -> None:
    assert read_learnings(tmp_path) == ((), ())
