"""What makes a rule, how it is measured, and which comes first."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from rule_lines import (
    ANYTHING,
    Basket,
    Found,
    engine,
    lines_of,
    lines_of_baskets,
    lines_of_file,
    mined,
    rules_by_trying,
    sets_by_trying,
    shared_data,
)

from parcours.analytics.rules.thresholds import Thresholds


@pytest.mark.parametrize("seed", range(8))
def test_rules_are_those_that_one_finds_by_trying_all(seed: int) -> None:
    chance = np.random.default_rng(seed)
    bought: list[Basket] = [
        [f"item {n}" for n in chance.integers(0, 7, chance.integers(1, 6))] for _ in range(120)
    ]
    thresholds = Thresholds(Decimal(2), Decimal(10 * seed), Decimal("0.9"), fewest=1, sureness=0)
    found = mined(lines_of(bought), thresholds)
    expected = rules_by_trying(
        sets_by_trying(bought, found.baskets.minimum, most_items=4), len(bought), thresholds
    )
    assert set(found.rules) == set(expected)
    for rule, (support, confidence, lift, leverage, conviction) in expected.items():
        row = found.rules[rule]
        assert Fraction(row["both_count"], row["baskets"]) == support
        assert Fraction(row["both_count"], row["antecedent_count"]) == confidence
        measured = [row[name] for name in ("support", "confidence", "lift", "leverage")]
        assert measured == pytest.approx(
            [float(one) for one in (support, confidence, lift, leverage)], rel=1e-14
        )
        assert row["conviction"] == (conviction if conviction is None else pytest.approx(float(conviction)))


@pytest.mark.parametrize("seed", range(4))
def test_the_best_lift_by_confidence_comes_first_then_confidence_then_the_name(seed: int) -> None:
    chance = np.random.default_rng(seed)
    bought: list[Basket] = [list("abcdef"[: chance.integers(1, 7)]) for _ in range(20)]
    found = mined(lines_of(bought), ANYTHING)

    def place(rule: tuple[tuple[str, ...], str]) -> tuple[object, ...]:
        row = found.rules[rule]
        confidence = Fraction(row["both_count"], row["antecedent_count"])
        lift = confidence / Fraction(row["consequent_count"], row["baskets"])
        return (-lift * confidence, -confidence, rule[1], len(rule[0]), rule[0])

    assert list(found.rules) == sorted(found.rules, key=place)
    assert [row["rank"] for row in found.rules.values()] == list(range(1, len(found.rules) + 1))


@pytest.mark.parametrize(("percent", "passes"), [("80", True), ("80.0000001", False), ("79.9999999", True)])
def test_a_confidence_of_exactly_16_of_20_passes_80_percent(percent: str, passes: bool) -> None:
    bought: list[Basket] = ["ab"] * 16 + ["a"] * 4 + ["b"] * 5 + ["c"] * 75
    thresholds = Thresholds(Decimal(1), Decimal(percent), Decimal(1))
    assert ((("a",), "b") in mined(lines_of(bought), thresholds).rules) is passes


@pytest.mark.parametrize(("lift", "passes"), [("1.2", True), ("1.2000001", False)])
def test_a_lift_of_exactly_a_fifth_more_passes_1_point_2(lift: str, passes: bool) -> None:
    # 30 of 50 against 50 of 100
    bought: list[Basket] = ["ab"] * 30 + ["a"] * 20 + ["b"] * 20 + ["c"] * 30
    thresholds = Thresholds(Decimal(1), Decimal(0), Decimal(lift), sureness=0)
    assert ((("a",), "b") in mined(lines_of(bought), thresholds).rules) is passes


def test_a_rule_without_an_exception_has_no_conviction() -> None:
    found = mined(lines_of(["ab"] * 3 + ["b"] + ["c"] * 4), ANYTHING)
    assert found.rules[("a",), "b"]["conviction"] is None
    assert found.rules[("b",), "a"]["conviction"] == (1 - 3 / 8) / (1 - 3 / 4)


def _shop(seed: int, shuffled: bool) -> Found:
    """2,000 baskets in which `side` goes with `main` three times in ten; shuffled, each line finds another basket."""
    chance = np.random.default_rng(seed)
    baskets, items = [], []
    for number in range(2000):
        bought = {f"item {n:02}" for n in chance.integers(0, 40, chance.integers(1, 5))}
        if chance.random() < 0.15:
            bought |= {"main", "side"} if chance.random() < 0.3 else {"main"}
        if chance.random() < 0.08:
            bought.add("side")
        baskets += [number] * len(bought)
        items += sorted(bought)
    if shuffled:
        chance.shuffle(baskets)
    lines = lines_of_baskets(zip(map(int, baskets), items, strict=True))
    return mined(lines, Thresholds(Decimal("0.5"), Decimal(5)))


@pytest.mark.parametrize("seed", range(5))
def test_what_is_planted_is_found_and_nothing_else(seed: int) -> None:
    found = _shop(seed, shuffled=False).rules
    assert {(("main",), "side"), (("side",), "main")} <= set(found)
    # a third item may be there by chance; without the two that belong together there is no rule
    assert all({"main", "side"} <= {*antecedent, consequent} for antecedent, consequent in found)


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_found_in_shuffled_baskets(seed: int) -> None:
    assert _shop(seed, shuffled=True).rules == {}


def test_the_rules_of_a_real_shop_are_those_of_its_invoices() -> None:
    """Each pair counted anew, invoice by invoice."""
    path = shared_data("online_retail/online_retail.parquet")
    lines = lines_of_file(path, basket="InvoiceNo", item="StockCode").where(
        "CustomerID IS NOT NULL AND InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND InvoiceDate < '2011-03-01'"
    )
    found = mined(lines, Thresholds(Decimal(1), Decimal(40)), most_items=2)
    invoices: dict[str, set[str]] = {}
    for _, invoice, product in engine().run_tree(lines):
        invoices.setdefault(invoice, set()).add(product)
    assert found.baskets.count == len(invoices)
    fewest = -(-len(invoices) // 100)
    counts = Counter(product for products in invoices.values() for product in products)
    often = {product for product, count in counts.items() if count >= fewest}
    pairs = Counter(pair for products in invoices.values() for pair in permutations(products & often, 2))
    expected = {
        ((one,), other): together
        for (one, other), together in pairs.items()
        if together >= fewest and together * 100 >= 40 * counts[one]
    }
    assert {rule: row["both_count"] for rule, row in found.rules.items()} == expected
    # the regency teacups, green, pink and with roses, of which all who have written on this data tell
    assert {(("22698",), "22697"), (("22697",), "22699"), (("22698",), "22699")} <= set(found.rules)
