"""Which items are together in how many baskets, level by level: pairs by a join of the baskets with themselves, then
only the larger sets of which every part is frequent (Agrawal and Srikant, Fast Algorithms for Mining Association Rules,
1994)."""

from parcours.analytics.rules.baskets import Baskets
from parcours.engines.duckdb.engine import DuckDBEngine

MOST_ITEMS = 4
"""The largest set that is looked for when nothing else is said."""

_SINGLE = """
CREATE OR REPLACE TEMP TABLE _rules_set AS
SELECT no, [no] AS items, n FROM _rules_item
"""

_PAIRS = """
INSERT INTO _rules_set
SELECT CAST($after + row_number() OVER (ORDER BY a, b) AS INTEGER), [a, b], n FROM (
    SELECT x.item AS a, y.item AS b, count(*) AS n
    FROM _rules_coded AS x JOIN _rules_coded AS y ON x.basket = y.basket AND x.item < y.item
    GROUP BY ALL HAVING n >= $minimum)
"""

# two sets that differ in their last items only make one that is larger: the first of them, `part`, and `last`
_CANDIDATES = """
CREATE OR REPLACE TEMP TABLE _rules_candidate AS
WITH joined AS (
    SELECT a.no AS part, b.items[-1] AS last, list_append(a.items, b.items[-1]) AS items
    FROM _rules_set AS a JOIN _rules_set AS b ON a.items[:-2] = b.items[:-2] AND a.items[-1] < b.items[-1]
    WHERE len(a.items) = $size - 1 AND len(b.items) = $size - 1
),
parts AS (
    SELECT items, unnest(list_transform(items, lambda one: list_filter(items, lambda other: other != one))) AS part
    FROM joined
),
whole AS (
    SELECT p.items FROM parts AS p JOIN _rules_set AS s ON s.items = p.part GROUP BY p.items HAVING count(*) = $size
)
SELECT CAST($after + row_number() OVER (ORDER BY j.items) AS INTEGER) AS no, j.part, j.last, j.items
FROM joined AS j SEMI JOIN whole AS w ON w.items = j.items
"""

# the baskets that have the pairs with which a candidate begins
_PAIRS_FOUND = """
CREATE OR REPLACE TEMP TABLE _rules_found AS
SELECT x.basket, p.no
FROM _rules_coded AS x JOIN _rules_coded AS y ON x.basket = y.basket AND x.item < y.item
JOIN (
    SELECT no, items[1] AS a, items[2] AS b FROM _rules_set WHERE no IN (SELECT part FROM _rules_candidate)
) AS p ON p.a = x.item AND p.b = y.item
"""

_FOUND = """
CREATE OR REPLACE TEMP TABLE _rules_found AS
SELECT f.basket, c.no
FROM _rules_found AS f
JOIN _rules_candidate AS c ON c.part = f.no
JOIN _rules_coded AS l ON l.basket = f.basket AND l.item = c.last
"""

_COUNTED = """
INSERT INTO _rules_set
SELECT c.no, c.items, f.n
FROM (SELECT no, count(*) AS n FROM _rules_found GROUP BY no HAVING n >= ?) AS f JOIN _rules_candidate AS c USING (no)
"""


def find(engine: DuckDBEngine, baskets: Baskets, most_items: int = MOST_ITEMS) -> tuple[int, ...]:
    """The frequent sets of what `baskets.code` has made, as `_rules_set(no, items, n)`: the numbers of a set's items,
    ascending, and in how many baskets they all are. Gives how many sets there are of one item, of two, and so on."""
    engine.run_text(_SINGLE)
    sizes = [_count(engine)]
    after = _last(engine)
    for size in range(2, most_items + 1):
        if sizes[-1] < size:  # a set has as many parts as items
            break
        if size == 2:
            engine.run_text(_PAIRS, {"after": after, "minimum": baskets.minimum})
        else:
            ((candidates,),) = engine.run_text(_CANDIDATES, {"size": size, "after": after})
            if not candidates:
                break
            if size == 3:
                engine.run_text(_PAIRS_FOUND)
            engine.run_text(_FOUND)
            engine.run_text(_COUNTED, [baskets.minimum])
        sizes.append(_count(engine) - sum(sizes))
        after = _last(engine)
    for text in ("DROP TABLE IF EXISTS _rules_candidate", "DROP TABLE IF EXISTS _rules_found"):
        engine.run_text(text)
    return tuple(size for size in sizes if size)


def _count(engine: DuckDBEngine) -> int:
    ((count,),) = engine.run_text("SELECT count(*) FROM _rules_set")
    return int(count)


def _last(engine: DuckDBEngine) -> int:
    ((last,),) = engine.run_text("SELECT coalesce(max(no), 0) FROM _rules_set")
    return int(last)
