"""A, then B within D: what is bought after what.

A basket is here a purchase: what one contact bought at one instant. Its window is the time D after it. A purchase counts
when its whole window has been seen, and is followed by B when the same contact bought B within it. How often B follows
*any* purchase is the base with which a rule is compared, since who buys at all buys more of everything; B's share of all
contacts would make rules of nearly everything that sells."""

from datetime import datetime

from sqlglot import exp

from parcours.analytics.rules.baskets import Baskets
from parcours.analytics.rules.thresholds import Thresholds
from parcours.compiler.expressions import create_temporary
from parcours.engines.duckdb.engine import DuckDBEngine

_PURCHASES = """
CREATE OR REPLACE TEMP TABLE _rules_purchase AS
SELECT CAST(row_number() OVER () AS INTEGER) AS no, contact, bought_at, until
FROM (SELECT DISTINCT contact, bought_at, until FROM _rules_line WHERE until <= ?)
"""

_LIKELY = """
CREATE OR REPLACE TEMP TABLE _rules_likely AS
SELECT item, CAST(row_number() OVER (ORDER BY item) AS INTEGER) AS no FROM _rules_line GROUP BY item
"""

_CODED = """
CREATE OR REPLACE TEMP TABLE _rules_coded AS
SELECT DISTINCT l.contact, l.bought_at, i.no AS item FROM _rules_line AS l JOIN _rules_likely AS i USING (item)
"""

_BEFORE = """
CREATE OR REPLACE TEMP TABLE _rules_before AS
WITH bought AS (
    SELECT p.no AS purchase, l.item FROM _rules_purchase AS p JOIN _rules_coded AS l ON l.contact = p.contact AND l.bought_at = p.bought_at
)
SELECT b.purchase, b.item, c.n
FROM bought AS b JOIN (SELECT item, count(*) AS n FROM bought GROUP BY item HAVING n >= ?) AS c USING (item)
"""

_AFTER = """
CREATE OR REPLACE TEMP TABLE _rules_after AS
WITH followed AS (
    SELECT DISTINCT p.no AS purchase, l.item
    FROM _rules_purchase AS p JOIN _rules_coded AS l ON l.contact = p.contact AND l.bought_at > p.bought_at AND l.bought_at <= p.until
)
SELECT f.purchase, f.item, c.n
FROM followed AS f JOIN (SELECT item, count(*) AS n FROM followed GROUP BY item HAVING n >= ?) AS c USING (item)
"""

_COUNTS = """
CREATE OR REPLACE TEMP TABLE _rules_count AS
SELECT [b.item] AS antecedent, a.item AS consequent, count(*) AS together, any_value(b.n) AS before, any_value(a.n) AS after
FROM _rules_before AS b JOIN _rules_after AS a ON a.purchase = b.purchase AND a.item != b.item
GROUP BY b.item, a.item HAVING together >= ?
"""

_ITEMS = """
CREATE OR REPLACE TEMP TABLE _rules_item AS SELECT no, item AS name FROM _rules_likely
"""


def count(engine: DuckDBEngine, lines: exp.Query, as_of: datetime, thresholds: Thresholds) -> Baskets:
    """From a query with the columns `contact`, `bought_at`, `until` (the end of the window of what is bought then) and `item`
    (text): `_rules_count` and `_rules_item`, as `associations.make` takes them. An item that follows itself is no rule.
    Gives how many purchases have been seen to the end of their window."""
    engine.run_tree(create_temporary("_rules_line", lines))
    engine.run_text("DELETE FROM _rules_line WHERE item IS NULL")
    engine.run_text(_PURCHASES, [as_of])
    ((purchases,),) = engine.run_text("SELECT count(*) FROM _rules_purchase")
    minimum = thresholds.minimum(purchases)
    for text in (_LIKELY, _CODED, "DROP TABLE _rules_line", _ITEMS):
        engine.run_text(text)
    for text in (_BEFORE, _AFTER, _COUNTS):
        engine.run_text(text, [minimum])
    return Baskets(purchases, minimum)
