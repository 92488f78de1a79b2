"""Frequent sets: against every set there is, against another library, and against what is published."""

import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from rule_lines import ANYTHING, Basket, lines_of, lines_of_file, mined, sets_by_trying, shared_data

from parcours.analytics.rules.thresholds import Thresholds


def _random_baskets(seed: int, count: int, items: int, most: int) -> list[Basket]:
    """Few items are bought often, and one in four baskets has the first two of its pack of three."""
    chance = np.random.default_rng(seed)
    weights = 1 / np.arange(1, items + 1)
    weights /= weights.sum()
    found: list[Basket] = []
    for _ in range(count):
        basket = [f"item {n}" for n in chance.choice(items, chance.integers(1, most + 1), p=weights)]
        if chance.random() < 0.25:
            pack = 3 * chance.integers(0, items // 3)
            basket += [f"item {pack}", f"item {pack + 1}"]
        found.append(basket)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_all_frequent_sets_are_found_and_no_others(seed: int) -> None:
    bought = _random_baskets(seed, count=60 + 10 * seed, items=6 + seed % 5, most=6)
    thresholds = Thresholds(Decimal(5 + seed), fewest=1)
    found = mined(lines_of(bought), thresholds)
    minimum = next(n for n in range(1, len(bought)) if Fraction(n, len(bought)) >= Fraction(5 + seed, 100))
    expected = sets_by_trying(bought, minimum, most_items=4)
    assert found.sets == expected
    by_size = tuple(sum(len(one) == size for one in expected) for size in range(1, 5))
    assert found.sizes == tuple(count for count in by_size if count)


def test_the_largest_set_is_as_large_as_one_asks_for() -> None:
    bought: list[Basket] = ["abcdef"] * 3 + ["abc"] * 2
    for most in range(1, 7):
        found = mined(lines_of(bought), ANYTHING, most)
        assert found.sets == sets_by_trying(bought, 1, most)


def test_an_item_that_is_twice_in_a_basket_is_once_there() -> None:
    found = mined(lines_of(["aab", "ab", "a"]), ANYTHING)
    assert found.sets == {frozenset("a"): 3, frozenset("b"): 2, frozenset("ab"): 2}


def test_many_lines_of_an_item_in_few_baskets_are_no_many_baskets() -> None:
    found = mined(lines_of(["aaaaab", "c", "c", "c"]), Thresholds(Decimal(50), fewest=1))
    assert found.sets == {frozenset("c"): 3}


def test_a_support_is_reached_by_exactly_as_many_baskets() -> None:
    bought: list[Basket] = ["ab"] * 7 + ["c"] * 993
    assert frozenset("ab") in mined(lines_of(bought), Thresholds(Decimal("0.7"), fewest=1)).sets
    assert frozenset("ab") not in mined(lines_of(bought), Thresholds(Decimal("0.7001"), fewest=1)).sets


def test_few_baskets_are_no_habit_whatever_share_they_are() -> None:
    bought: list[Basket] = ["ab"] * 4 + ["c"] * 6
    assert set(mined(lines_of(bought), Thresholds(Decimal(10))).sets) == {frozenset("c")}


def test_nothing_at_all_is_no_set() -> None:
    found = mined(lines_of([]), ANYTHING)
    assert (found.baskets.count, found.sizes, found.sets) == (0, (), {})


def test_baskets_with_one_product_make_sets_of_one() -> None:
    found = mined(lines_of(["a", "aa", "b", "c"]), ANYTHING)
    assert (found.sizes, found.rules) == ((3,), {})


def test_another_library_finds_the_same_sets() -> None:
    frequent_patterns = pytest.importorskip("mlxtend.frequent_patterns")
    pandas = pytest.importorskip("pandas")
    bought = _random_baskets(99, count=400, items=20, most=8)
    names = sorted({item for basket in bought for item in basket})
    matrix = pandas.DataFrame([[name in set(basket) for name in names] for basket in bought], columns=names)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the other library's own making
        theirs = frequent_patterns.fpgrowth(matrix, min_support=0.03, use_colnames=True, max_len=4)
    ours = mined(lines_of(bought), Thresholds(Decimal(3), fewest=1)).sets
    assert ours == {
        items: round(share * 400) for items, share in zip(theirs.itemsets, theirs.support, strict=True)
    }


def test_groceries_have_as_many_rules_as_is_published() -> None:
    """Hahsler, Grün and Hornik's package arules has this example: support 0.001, confidence 0.8."""
    lines = lines_of_file(shared_data("groceries/groceries_long.csv.gz"), basket="basket_id", item="item")
    found = mined(lines, Thresholds(Decimal("0.1"), Decimal(80), Decimal(0), fewest=1, sureness=0), 10)
    assert (found.baskets.count, len(found.rules)) == (9835, 410)
    by_length = [sum(len(antecedent) + 1 == size for antecedent, _ in found.rules) for size in range(2, 8)]
    assert by_length == [0, 29, 229, 140, 12, 0]
    first = found.rules[("liquor", "red/blush wine"), "bottled beer"]
    assert (first["rank"], first["both_count"], round(first["lift"], 4)) == (1, 19, 11.2353)
