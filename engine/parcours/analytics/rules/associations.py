"""Rules from counts: what they reach, how sure they are, and which comes first.

With n baskets of which `before` have all of the antecedent, `after` the consequent, and `together` both: support =
together/n, confidence = together/before, lift = confidence / (after/n), leverage = support - before/n * after/n,
conviction = (1 - after/n) / (1 - confidence). The thresholds are compared in whole numbers; the quotients are only
told."""

from parcours.analytics.rules.thresholds import Thresholds
from parcours.engines.duckdb.engine import DuckDBEngine

_COUNTS_OF_SETS = """
CREATE OR REPLACE TEMP TABLE _rules_count AS
WITH split AS (
    SELECT items, n, unnest(items) AS consequent FROM _rules_set WHERE len(items) > 1
)
SELECT b.items AS antecedent, s.consequent, s.n AS together, b.n AS before, a.n AS after
FROM split AS s
JOIN _rules_set AS b ON b.items = list_filter(s.items, lambda item: item != s.consequent)
JOIN _rules_item AS a ON a.no = s.consequent
"""

# `gap` is 0 when one says nothing of the other. The square of its distance from there, in standard deviations, is
# Pearson's chi-square of the four counts: n * gap^2 / (before * (n - before) * after * (n - after)). Squares of squares
# are too large for whole numbers, so this one comparison is between floating numbers, each made of exact ones.
_RULES = """
CREATE OR REPLACE TEMP TABLE _rules_rule AS
WITH wide AS (
    SELECT antecedent, consequent, CAST(together AS HUGEINT) AS together, CAST(before AS HUGEINT) AS before,
        CAST(after AS HUGEINT) AS after, CAST($baskets AS HUGEINT) AS n
    FROM _rules_count
),
judged AS (
    SELECT *, together * n - before * after AS gap,
        CAST(before * (n - before) AS DOUBLE) * CAST(after * (n - after) AS DOUBLE) AS spread
    FROM wide
    WHERE together >= $minimum
    AND together * $confidence_of >= before * $confidence
    AND together * n * $lift_of >= before * after * $lift
),
named AS (
    SELECT j.* EXCLUDE (antecedent, consequent), c.name AS consequent, (
        SELECT list(i.name ORDER BY i.name) FROM unnest(j.antecedent) AS u(no) JOIN _rules_item AS i USING (no)
    ) AS antecedent
    FROM judged AS j JOIN _rules_item AS c ON c.no = j.consequent
    WHERE $sureness = 0
    OR gap > 0 AND CAST(j.n AS DOUBLE) * pow(CAST(gap AS DOUBLE), 2) >= pow(CAST($sureness AS DOUBLE), 2) * spread
)
SELECT
    CAST(row_number() OVER (ORDER BY
        together * together * CAST(100000000000000000000 AS HUGEINT) // (before * before * after) DESC,
        together * CAST(100000000000000000000 AS HUGEINT) // before DESC,
        consequent, len(antecedent), antecedent) AS INTEGER) AS rank,
    antecedent, consequent, CAST(n AS BIGINT) AS baskets, CAST(before AS BIGINT) AS antecedent_count,
    CAST(after AS BIGINT) AS consequent_count, CAST(together AS BIGINT) AS both_count,
    together / n AS support, together / before AS confidence, together * n / (before * after) AS lift,
    gap / (n * n) AS leverage, CASE WHEN together < before THEN before * (n - after) / (n * (before - together)) END AS conviction
FROM named
"""


def count_sets(engine: DuckDBEngine) -> None:
    """From `itemsets.find`: every way to part a frequent set into an antecedent and one consequent, as
    `_rules_count(antecedent, consequent, together, before, after)`."""
    engine.run_text(_COUNTS_OF_SETS)


def make(engine: DuckDBEngine, baskets: int, minimum: int, thresholds: Thresholds) -> int:
    """`_rules_rule`, from `_rules_count` and `_rules_item`: the rules that reach the thresholds, with their `rank`: best
    lift * confidence first, then confidence, then the consequent's name, then the fewest and first antecedents. Gives
    how many there are. Conviction is NULL when there is no exception to the rule."""
    confidence, confidence_of = thresholds.confidence_parts()
    lift, lift_of = thresholds.lift_parts()
    values = {"baskets": baskets, "minimum": minimum, "sureness": thresholds.sureness}
    shares = {"confidence": confidence, "confidence_of": confidence_of, "lift": lift, "lift_of": lift_of}
    ((count,),) = engine.run_text(_RULES, {**values, **shares})
    return int(count)
