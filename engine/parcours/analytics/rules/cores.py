"""Core products: those with which contacts begin.

A contact's series begins with all that it bought at the first instant at which it bought anything. A product starts more
series than others when the share of its buyers who began with it is larger than this share is over all products."""

from sqlglot import exp

from parcours.compiler.expressions import create_temporary
from parcours.engines.duckdb.engine import DuckDBEngine

_STARTS = """
CREATE OR REPLACE TEMP TABLE _rules_start AS
WITH began AS (SELECT contact, min(bought_at) AS bought_at FROM _rules_series GROUP BY contact),
bought AS (
    SELECT s.item, s.contact, bool_or(s.bought_at = b.bought_at) AS starts
    FROM _rules_series AS s JOIN began AS b USING (contact) GROUP BY s.item, s.contact
)
SELECT item, count(*) AS buyers, count(*) FILTER (WHERE starts) AS starts FROM bought GROUP BY item
"""

_CORES = """
CREATE OR REPLACE TEMP TABLE _rules_marked AS
WITH whole AS (SELECT CAST(sum(buyers) AS HUGEINT) AS buyers, CAST(sum(starts) AS HUGEINT) AS starts FROM _rules_start)
SELECT r.*, len(r.antecedent) = 1 AND coalesce(s.starts * w.buyers > s.buyers * w.starts, FALSE) AS core
FROM _rules_rule AS r CROSS JOIN whole AS w LEFT JOIN _rules_start AS s ON s.item = r.antecedent[1]
"""


def mark(engine: DuckDBEngine, lines: exp.Query) -> int:
    """`_rules_marked`: the rules of `_rules_rule`, and whether the antecedent is one core product, in the column `core`.
    From a query with the columns `contact`, `bought_at` and `item`. Gives how many core products have a rule."""
    known = exp.select("*").from_(lines.subquery("l")).where(exp.column("item").is_(exp.null()).not_())
    engine.run_tree(create_temporary("_rules_series", known))
    engine.run_text(_STARTS)
    engine.run_text("DROP TABLE _rules_series")
    engine.run_text(_CORES)
    ((count,),) = engine.run_text("SELECT count(DISTINCT antecedent) FROM _rules_marked WHERE core")
    return int(count)
