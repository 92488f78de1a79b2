"""Baskets and items as numbers: what people name by long texts takes four bytes each."""

from dataclasses import dataclass

from sqlglot import exp

from parcours.analytics.rules.thresholds import Thresholds
from parcours.compiler.expressions import create_temporary
from parcours.engines.duckdb.engine import DuckDBEngine

_BASKETS = """
CREATE OR REPLACE TEMP TABLE _rules_basket AS
SELECT contact, basket, CAST(row_number() OVER () AS INTEGER) AS no
FROM (SELECT DISTINCT contact, basket FROM _rules_line WHERE basket IS NOT NULL AND item IS NOT NULL)
"""

# an item has at least as many lines as baskets: what has too few lines need not be looked at again
_LIKELY = """
CREATE OR REPLACE TEMP TABLE _rules_likely AS
SELECT item, CAST(row_number() OVER (ORDER BY item) AS INTEGER) AS no
FROM _rules_line WHERE basket IS NOT NULL
GROUP BY item HAVING item IS NOT NULL AND count(*) >= ?
"""

# a table of its own, whose size DuckDB knows: else it guesses, and joins the baskets the dear way round
_LIKELY_LINES = """
CREATE OR REPLACE TEMP TABLE _rules_likely_line AS
SELECT l.contact, l.basket, i.no AS item FROM _rules_line AS l JOIN _rules_likely AS i USING (item)
"""

_CODED = """
CREATE OR REPLACE TEMP TABLE _rules_coded AS
SELECT DISTINCT b.no AS basket, l.item FROM _rules_likely_line AS l JOIN _rules_basket AS b USING (contact, basket)
"""

_ITEMS = """
CREATE OR REPLACE TEMP TABLE _rules_item AS
SELECT i.no, i.item AS name, c.n
FROM (SELECT item, count(*) AS n FROM _rules_coded GROUP BY item HAVING n >= ?) AS c
JOIN _rules_likely AS i ON i.no = c.item
"""


@dataclass(frozen=True, slots=True)
class Baskets:
    """How many baskets there are, and in how many of them an item must be to count. `_rules_item(no, name, n)` has the
    items that do, numbered in the order of their names; `_rules_coded(basket, item)` what is in each basket, once."""

    count: int
    minimum: int


def code(engine: DuckDBEngine, lines: exp.Query, thresholds: Thresholds) -> Baskets:
    """From a query with the columns `contact`, `basket` (of any type) and `item` (text). A basket is what one contact bought
    with one value of `basket`; where that or the item is unknown there is no line."""
    engine.run_tree(create_temporary("_rules_line", lines))
    engine.run_text(_BASKETS)
    ((count,),) = engine.run_text("SELECT count(*) FROM _rules_basket")
    minimum = thresholds.minimum(count)
    engine.run_text(_LIKELY, [minimum])
    engine.run_text(_LIKELY_LINES)
    engine.run_text("DROP TABLE _rules_line")
    engine.run_text(_CODED)
    engine.run_text("DROP TABLE _rules_likely_line")
    engine.run_text("DROP TABLE _rules_basket")
    engine.run_text(_ITEMS, [minimum])
    return Baskets(count, minimum)
