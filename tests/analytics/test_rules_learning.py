"""A declaration of rules, learned from what was visible: thresholds, no look-ahead, and what cannot be learned."""

from collections.abc import Sequence

import pytest
from world import World, checked_project, instant

from parcours.analytics.rules.learning import learn_rules, thresholds_of
from parcours.analytics.snapshot import Snapshot
from parcours.checking.checked import Rules
from parcours.compiler.analytic_store import RULES
from parcours.diagnostics import Problem

TOGETHER = "rules r\n    product of line together in order_id\n"
AFTER = "rules r\n    product of line followed within 10 days\n"

Line = tuple[str, str, str, str | None]


def world_of(declaration: str, lines: Sequence[Line]) -> World:
    world = World(declaration)
    world.contact("ann")
    if lines:
        columns = [list(column) for column in zip(*lines, strict=True)]
        world.connection.execute(
            "INSERT INTO event_line BY NAME SELECT unnest($1) AS _contact, unnest($2)::TIMESTAMP AS _at, _at AS _visible_at, "
            "unnest($3) AS order_id, unnest($4) AS product, order_id || ' ' || product AS _id",
            columns,
        )
    return world


def orders(count: int, products: str, contact: str = "c", day: int = 1) -> list[Line]:
    """So many orders of different contacts, a letter a product."""
    name = f"{contact}{products}"
    return [
        (f"{name}{n}", f"2026-01-{day:02} 10:00", f"{name}{day}{n}", one)
        for n in range(count)
        for one in products
    ]


def learned(
    world: World, as_of: str = "2026-03-01 00:00"
) -> tuple[str, dict[tuple[tuple[str, ...], str], tuple[int, ...]]]:
    """The summary; and of each rule how many baskets there are, of the one, of the other, and of both."""
    (declared,) = world.project.learned
    assert isinstance(declared, Rules)
    result = learn_rules(declared, Snapshot(world.engine, world.project, instant(as_of)), ())
    assert dict(result.columns) == RULES
    counts = "baskets, antecedent_count, consequent_count, both_count"
    rows = world.rows(f"SELECT antecedent, consequent, {counts} FROM {result.table} ORDER BY rank")
    types = world.rows(f"SELECT column_name, column_type FROM (DESCRIBE {result.table})")
    assert dict(types) == RULES
    left = world.rows("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '\\_rules%' ESCAPE '\\'")
    assert left == [(result.table,)]
    return result.report["summary"], {(tuple(one), other): tuple(n) for one, other, *n in rows}


def refused(world: World, as_of: str = "2026-03-01 00:00") -> str:
    with pytest.raises(Problem) as found:
        learned(world, as_of)
    (diagnostic,) = found.value.diagnostics
    assert diagnostic.code == "cannot-learn"
    return diagnostic.message


MANY = [*orders(8, "ab"), *orders(2, "a"), *orders(90, "c")]


def test_what_is_together_in_baskets() -> None:
    summary, rules = learned(world_of(TOGETHER, MANY))
    assert rules == {(("b",), "a"): (100, 8, 10, 8), (("a",), "b"): (100, 10, 8, 8)}
    assert summary == "2 rules, 0 core products, each in at least 5 of 100 baskets"


def test_what_follows() -> None:
    lines = [*orders(8, "a", "x"), *orders(8, "c", "z")]
    lines += [(f"xa{n}", "2026-01-08 10:00", f"later {n}", "b") for n in range(7)]
    lines += [(f"zc{n}", "2026-01-08 10:00", f"later {n}", "c") for n in range(90)]
    summary, rules = learned(world_of(AFTER, lines))
    assert rules == {(("a",), "b"): (113, 8, 7, 7)}
    assert summary == "1 rule, 1 core product, each in at least 5 of 113 purchases"


def test_what_is_known_later_is_not_seen() -> None:
    world = world_of(TOGETHER, MANY)
    for line in range(5):
        world.event(
            "line", f"d{line}", "2026-01-01 10:00", loaded="2026-03-01 00:01", order_id=f"{line}", product="b"
        )
    assert learned(world)[1][("b",), "a"] == (100, 8, 10, 8)
    assert (("b",), "a") not in learned(world, "2026-03-01 00:01")[1] or learned(world, "2026-03-01 00:01")[
        1
    ][("b",), "a"] == (105, 13, 10, 8)


def test_a_basket_is_of_one_contact() -> None:
    # order numbers that begin anew for each contact
    lines = [(f"c{n}", "2026-01-01 10:00", "1", "a" if n % 2 else "b") for n in range(40)]
    assert "none of 40 baskets has two products" in refused(world_of(TOGETHER, lines))


def test_thresholds_are_those_written_and_else_those_of_the_reference() -> None:
    text = f"{TOGETHER}    support from 2.5%\n    confidence from 20%\n"
    (declared,) = checked_project(text).learned
    assert isinstance(declared, Rules)
    said = thresholds_of(declared)
    assert (said.minimum(1000), said.confidence_parts(), said.lift_parts()) == (25, (1, 5), (1, 1))
    assert (said.minimum(0), said.fewest, said.sureness) == (5, 5, 5)


def test_a_confidence_that_is_reached_exactly_passes() -> None:
    lines = [*orders(16, "ab"), *orders(4, "a"), *orders(80, "c")]
    assert (("a",), "b") in learned(world_of(f"{TOGETHER}    confidence from 80%\n", lines))[1]
    assert (("a",), "b") not in learned(world_of(f"{TOGETHER}    confidence from 80.01%\n", lines))[1]


@pytest.mark.parametrize("declaration", [TOGETHER, AFTER])
def test_nothing_bought_is_nothing_to_learn_from(declaration: str) -> None:
    message = "the rules `r` cannot be learned: no `line` with a `product` was known by then"
    assert refused(world_of(declaration, [])) == message
    assert refused(world_of(declaration, [("ann", "2026-01-01 10:00", "1", None)])) == message
    assert refused(world_of(declaration, MANY), "2025-12-31 00:00") == message


def test_baskets_with_one_product_are_told() -> None:
    lines = [
        *orders(60, "a"),
        *orders(60, "b"),
        ("ann", "2026-01-01 10:00", "9", "a"),
        ("ann", "2026-01-01 10:00", "9", "a"),
    ]
    message = "the rules `r` cannot be learned: none of 121 baskets has two products: nothing is together"
    assert refused(world_of(TOGETHER, lines)) == message


def test_purchases_that_are_all_too_young_are_told() -> None:
    message = "the rules `r` cannot be learned: no purchase was 10 days old by then"
    assert refused(world_of(AFTER, MANY), "2026-01-05 00:00") == message


def test_no_rule_at_all_is_a_result() -> None:
    lines = [*orders(10, "ab"), *orders(10, "a"), *orders(10, "b"), *orders(10, "c")]
    summary, rules = learned(world_of(TOGETHER, lines))
    assert rules == {}
    assert (
        summary
        == "no rules: none reaches the thresholds and is surer than chance, each in at least 5 of 40 baskets"
    )
