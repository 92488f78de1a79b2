"""Lines as a query, and rules found in them by the kernel; and the same by trying every set there is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp

from parcours.analytics.rules import associations, baskets, itemsets
from parcours.analytics.rules.thresholds import Thresholds
from parcours.datamart.memory import open_memory
from parcours.engines.duckdb.engine import DuckDBEngine

ANYTHING = Thresholds(Decimal(0), Decimal(0), Decimal(0), fewest=1, sureness=0)

Basket = Iterable[str]


@dataclass(frozen=True)
class Found:
    """`sets`: in how many baskets, by their items; `rules`: the rows of `_rules_rule` by antecedent and consequent, in
    the order of their rank."""

    baskets: baskets.Baskets
    sizes: tuple[int, ...]
    sets: dict[frozenset[str], int]
    rules: dict[tuple[tuple[str, ...], str], dict[str, Any]]


def engine() -> DuckDBEngine:
    return DuckDBEngine(open_memory())


@dataclass(frozen=True)
class Lines:
    """Rows with the SQL types of their columns by name."""

    rows: Sequence[Sequence[Any]]
    types: dict[str, str]

    def query(self, made: DuckDBEngine) -> exp.Select:
        """A query of the rows, which become a table of the engine's connection."""
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.types)
        unnested = ", ".join(f"unnest(CAST(? AS {kind}[])) AS {name}" for name, kind in self.types.items())
        made.run_text(f"CREATE TEMP TABLE given AS SELECT {unnested}", [list(column) for column in columns])
        return exp.select(*self.types).from_("given")


def lines_of(bought: Sequence[Basket]) -> Lines:
    """Each basket of another contact."""
    return lines_of_baskets([(number, item) for number, basket in enumerate(bought) for item in basket])


def lines_of_baskets(rows: Iterable[tuple[int, str]]) -> Lines:
    types = {"contact": "BIGINT", "basket": "BIGINT", "item": "VARCHAR"}
    return Lines([(number, number, item) for number, item in rows], types)


def mined(lines: Lines | exp.Select, thresholds: Thresholds, most_items: int = 4) -> Found:
    made = engine()
    query = lines.query(made) if isinstance(lines, Lines) else lines
    coded = baskets.code(made, query, thresholds)
    sizes = itemsets.find(made, coded, most_items)
    associations.count_sets(made)
    associations.make(made, coded.count, coded.minimum, thresholds)
    names = dict(made.run_text("SELECT no, name FROM _rules_item"))
    sets = {
        frozenset(names[item] for item in items): n
        for items, n in made.run_text("SELECT items, n FROM _rules_set")
    }
    return Found(coded, sizes, sets, rules_of(made))


def rules_of(made: DuckDBEngine) -> dict[tuple[tuple[str, ...], str], dict[str, Any]]:
    columns = [name for name, *_ in made.run_text("DESCRIBE _rules_rule")]
    rows = made.run_text("SELECT * FROM _rules_rule ORDER BY rank")
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    return {(tuple(row["antecedent"]), row["consequent"]): row for row in found}


def sets_by_trying(bought: Sequence[Basket], minimum: int, most_items: int) -> dict[frozenset[str], int]:
    """In how many baskets each set is, for all sets of up to so many items that are in enough."""
    whole = [frozenset(basket) for basket in bought]
    items = sorted(set().union(*whole))
    counted = {
        frozenset(chosen): sum(basket.issuperset(chosen) for basket in whole)
        for size in range(1, most_items + 1)
        for chosen in combinations(items, size)
    }
    return {chosen: n for chosen, n in counted.items() if n >= minimum}


def rules_by_trying(
    sets: dict[frozenset[str], int], baskets_: int, thresholds: Thresholds
) -> dict[tuple[tuple[str, ...], str], tuple[Fraction, Fraction, Fraction, Fraction, Fraction | None]]:
    """Support, confidence, lift, leverage and conviction of each rule that reaches the thresholds, exactly."""
    found = {}
    for chosen, both in sets.items():
        for consequent in chosen if len(chosen) > 1 else ():
            antecedent = chosen - {consequent}
            support, after = Fraction(both, baskets_), Fraction(sets[frozenset([consequent])], baskets_)
            before = Fraction(sets[antecedent], baskets_)
            confidence = support / before
            if confidence * 100 < Fraction(thresholds.confidence) or confidence / after < Fraction(
                thresholds.lift
            ):
                continue
            conviction = None if confidence == 1 else (1 - after) / (1 - confidence)
            measures = (support, confidence, confidence / after, support - before * after, conviction)
            found[tuple(sorted(antecedent)), consequent] = measures
    return found


def shared_data(path: str) -> Path:
    """A file of the real data beside the project; the test is skipped where it is not."""
    for above in Path(__file__).parents:
        if (above / "shared" / "data" / path).exists():
            return above / "shared" / "data" / path
    pytest.skip(f"shared/data/{path} is not here")


def lines_of_file(path: Path, basket: str, item: str) -> exp.Select:
    """Lines of one CSV or Parquet file, all of them of one contact."""
    reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    source = exp.Anonymous(this=reader, expressions=[exp.Literal.string(str(path))])
    return exp.select(
        exp.alias_(exp.convert(1), "contact"),
        exp.alias_(exp.column(basket), "basket"),
        exp.alias_(exp.column(item), "item"),
    ).from_(exp.Table(this=source))
