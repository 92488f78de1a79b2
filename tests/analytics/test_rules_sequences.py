"""A, then B within D: against every purchase looked at one by one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from rule_lines import ANYTHING, Lines, engine, rules_of

from parcours.analytics.rules import associations, sequences
from parcours.analytics.rules.thresholds import Thresholds

Row = tuple[str, datetime, datetime, str | None]

BEGIN = datetime(2026, 1, 1)
WITHIN = timedelta(days=60)


def day(number: float) -> datetime:
    return BEGIN + timedelta(days=number)


def line(contact: str, bought: float, item: str | None) -> Row:
    return contact, day(bought), day(bought) + WITHIN, item


def followed(
    rows: Sequence[Row], as_of: datetime, thresholds: Thresholds = ANYTHING
) -> dict[tuple[str, str], tuple[int, ...]]:
    """By A and B: purchases seen to the end, those of A, those followed by B, and both."""
    made = engine()
    types = {"contact": "VARCHAR", "bought_at": "TIMESTAMP", "until": "TIMESTAMP", "item": "VARCHAR"}
    purchases = sequences.count(made, Lines(rows, types).query(made), as_of, thresholds)
    associations.make(made, purchases.count, purchases.minimum, thresholds)
    counted = ("baskets", "antecedent_count", "consequent_count", "both_count")
    return {
        (antecedent[0], consequent): tuple(row[name] for name in counted)
        for (antecedent, consequent), row in rules_of(made).items()
    }


def one_by_one(rows: Sequence[Row], as_of: datetime) -> dict[tuple[str, str], tuple[int, ...]]:
    bought: dict[tuple[str, datetime], set[str]] = {}
    for contact, at, _, item in rows:
        if item is not None:
            bought.setdefault((contact, at), set()).add(item)
    seen = {key: items for key, items in bought.items() if key[1] + WITHIN <= as_of}
    after = {
        (contact, at): set().union(
            *(more for (who, when), more in bought.items() if who == contact and at < when <= at + WITHIN)
        )
        for contact, at in seen
    }
    items = sorted(set().union(*bought.values()))
    found = {}
    for one in items:
        for other in items:
            both = sum(one in seen[key] and other in after[key] for key in seen)
            if both and one != other:
                before = sum(one in seen[key] for key in seen)
                found[one, other] = (len(seen), before, sum(other in after[key] for key in seen), both)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_counts_are_those_of_every_purchase_looked_at(seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = [
        line(
            f"contact {chance.integers(0, 15)}",
            float(chance.integers(0, 200)),
            str(chance.choice(list("abcde"))),
        )
        for _ in range(120)
    ]
    as_of = day(180)
    assert followed(rows, as_of) == one_by_one(rows, as_of)


def test_the_window_is_open_at_its_begin_and_closed_at_its_end() -> None:
    rows = [line("ann", 0, "a"), line("ann", 0, "b"), line("ann", 60, "c"), line("ann", 60.001, "d")]
    assert followed(rows, day(60)) == {("a", "c"): (1, 1, 1, 1), ("b", "c"): (1, 1, 1, 1)}


def test_a_purchase_whose_window_is_not_over_is_not_counted() -> None:
    rows = [line("ann", 0, "a"), line("ann", 5, "b"), line("bob", 3, "a"), line("bob", 4, "b")]
    assert followed(rows, day(59.9)) == {}
    assert followed(rows, day(60)) == {("a", "b"): (1, 1, 1, 1)}
    assert followed(rows, day(63)) == {("a", "b"): (2, 2, 2, 2)}


def test_what_is_bought_again_is_no_rule() -> None:
    assert followed([line("ann", 0, "a"), line("ann", 5, "a")], day(100)) == {}


def test_a_line_without_an_item_is_no_purchase() -> None:
    rows = [line("ann", 0, "a"), line("ann", 1, None), line("ann", 5, "b")]
    assert followed(rows, day(100)) == {("a", "b"): (2, 1, 1, 1)}


def _shop(seed: int) -> list[Row]:
    """1,500 contacts, of whom some buy far more than others; one in three who buy `main` buys `side` soon after."""
    chance = np.random.default_rng(seed)
    rows = []
    for contact in range(1500):
        for _ in range(1 + int(chance.pareto(1.5))):
            bought = float(chance.integers(0, 300))
            item = f"item {chance.integers(0, 25):02}"
            if chance.random() < 0.15:
                item = "main"
                if chance.random() < 0.33:
                    rows.append(line(f"c{contact}", bought + float(chance.integers(1, 50)), "side"))
            elif chance.random() < 0.05:
                item = "side"
            rows.append(line(f"c{contact}", bought, item))
    return rows


FROM_A_SHOP = Thresholds(Decimal("0.1"), Decimal(5))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_planted_is_found_though_some_buy_more_of_everything(seed: int) -> None:
    assert set(followed(_shop(seed), day(360), FROM_A_SHOP)) == {("main", "side")}


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_found_when_the_items_are_dealt_out_anew(seed: int) -> None:
    rows = _shop(seed)
    items = [item for *_, item in rows]
    np.random.default_rng(seed).shuffle(items)
    dealt = [(*row[:3], item) for row, item in zip(rows, items, strict=True)]
    assert followed(dealt, day(360), FROM_A_SHOP) == {}
