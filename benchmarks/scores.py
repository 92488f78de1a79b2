"""Scores and clusters, measured: learned on a million snapshots of 30 features, and of a million contacts.

    python benchmarks/scores.py [--rows 1000000] [--features 30]

Prints one table. What is measured starts from tables of features, as a snapshot makes them; how long those take depends on
the events, and is the business of the rfm benchmark."""

import argparse
import resource
import time
from collections.abc import Callable

import duckdb
from sqlglot import exp

from parcours.analytics.clusters.learning import Asked, group_contacts
from parcours.analytics.features import Feature
from parcours.analytics.prediction.learning import learn_scorecard
from parcours.compiler.expressions import create_temporary, own, table
from parcours.diagnostics import Place
from parcours.engines.duckdb.engine import DuckDBEngine


def features(count: int) -> tuple[Feature, ...]:
    """One in ten is a text, the others numbers."""
    return tuple(
        Feature(f"f{place}", f"feature {place}", "text" if place % 10 == 9 else "number")
        for place in range(count)
    )


def make_rows(engine: DuckDBEngine, rows: int, count: int) -> None:
    """`rows(contact, date, part, outcome, f0, …)`: 8 dates; the first three numbers tell, a twentieth is unknown."""
    engine.connection.execute("SELECT setseed(0.5)")
    values = ", ".join(
        f"'city ' || floor(25 * random() * random()) AS f{place}"
        if place % 10 == 9
        else f"CASE WHEN random() > 0.05 THEN exp(2 * random() + random()) END AS f{place}"
        for place in range(count)
    )
    engine.connection.execute(
        f"CREATE TEMP TABLE plain AS SELECT i % {max(rows // 8, 1)} AS contact, i * 8 // {rows} AS date, {values} "
        f"FROM range({rows}) AS r(i)"
    )
    odds = "-3 + 0.15 * coalesce(f0, 4) + 0.1 * coalesce(f1, 4) - 0.1 * coalesce(f2, 4)"
    engine.connection.execute(
        "CREATE TEMP TABLE rows AS SELECT contact, date, CASE WHEN date < 4 THEN 0 WHEN date < 6 THEN 1 ELSE 2 END AS part, "
        f"random() < 1 / (1 + exp(-({odds}))) AS outcome, * EXCLUDE (contact, date) FROM plain"
    )
    engine.connection.execute(
        "CREATE TEMP TABLE people AS SELECT * EXCLUDE (contact, date), rowid AS contact FROM plain"
    )


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall clock and of CPU: on a machine that others use too only the second says something."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--features", type=int, default=30)
    given = options.parse_args()
    engine = DuckDBEngine(duckdb.connect())
    make_rows(engine, given.rows, given.features)
    looked_at = features(given.features)
    found = []
    learning = measured(
        lambda: found.append(learn_scorecard(engine, "rows", looked_at, "appetency", Place("")))
    )
    scorecard = found[0].scorecard
    query = exp.select(own("contact"), exp.alias_(scorecard.probability(), "probability")).from_(
        table("people")
    )
    scoring = measured(lambda: engine.run_tree(create_temporary("scored", query)))
    bare = measured(
        lambda: engine.run_tree(create_temporary("copied", exp.select(exp.Star()).from_(table("people"))))
    )
    numbers = [feature for feature in looked_at if feature.kind == "number"][:8]
    reports = []
    clusters = measured(
        lambda: reports.append(
            group_contacts(engine, "people", numbers, Asked("typology", groups=(3, 8)), "grouped")
        )
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'':<60} {'wall':>10} {'CPU':>10}")
    for what, (wall, cpu) in (
        (f"score learned on {given.rows:,} snapshots of {given.features} features", learning),
        (f"{given.rows:,} contacts scored", scoring),
        ("  the same table copied, to compare", bare),
        (f"clusters of {given.rows:,} contacts by {len(numbers)} features", clusters),
    ):
        print(f"{what:<60} {wall:>8.2f} s {cpu:>8.2f} s")
    print(f"\n{found[0].report['summary']}\n{reports[0]['summary']}\npeak memory {peak:,.0f} MB")


if __name__ == "__main__":
    main()
