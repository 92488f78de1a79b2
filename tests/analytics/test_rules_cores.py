"""Core products start series more often than products do on the whole."""

from datetime import datetime

from rule_lines import Lines, engine

from parcours.analytics.rules.cores import mark


def marked(rules: list[str], *bought: tuple[str, int, str | None]) -> tuple[int, dict[str, bool]]:
    """How many core products there are, and of each antecedent (its items with `+` between) whether it is one."""
    made = engine()
    antecedents = [rule.split("+") for rule in rules]
    made.run_text(
        "CREATE TEMP TABLE _rules_rule AS SELECT unnest(CAST(? AS VARCHAR[][])) AS antecedent", [antecedents]
    )
    rows = [(who, datetime(2026, 1, number), item) for who, number, item in bought]
    lines = Lines(rows, {"contact": "VARCHAR", "bought_at": "TIMESTAMP", "item": "VARCHAR"})
    count = mark(made, lines.query(made))
    return count, {
        "+".join(one): core for one, core in made.run_text("SELECT antecedent, core FROM _rules_marked")
    }


def test_those_with_which_buyers_begin_are_core_and_those_that_come_later_are_not() -> None:
    bought = [(f"c{n}", 1, "phone") for n in range(5)] + [(f"c{n}", 2, "case") for n in range(5)]
    assert marked(["phone", "case"], *bought) == (1, {"phone": True, "case": False})


def test_a_set_of_several_is_no_core_product() -> None:
    bought = [("ann", 1, "phone"), ("ann", 1, "card"), ("ann", 2, "case")]
    assert marked(["card+phone", "phone"], *bought) == (1, {"card+phone": False, "phone": True})


def test_where_all_begin_with_everything_there_is_no_core() -> None:
    assert marked(["a", "b"], ("ann", 1, "a"), ("ann", 1, "b"), ("bob", 3, "b")) == (
        0,
        {"a": False, "b": False},
    )


def test_it_is_the_first_time_of_each_buyer_that_counts() -> None:
    # a: one of two buyers began with it; b: one of one, and buying it again changes nothing
    bought = [("ann", 1, "b"), ("ann", 2, "a"), ("ann", 3, "b"), ("bob", 1, "a"), ("bob", 2, None)]
    assert marked(["a", "b"], *bought) == (1, {"a": False, "b": True})
