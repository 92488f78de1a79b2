"""Real data: the typology of a British web shop's customers, and who orders in the next 30 days."""

from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import roc_auc_score
from world import instant

from parcours.analytics.clusters.learner import learn_clusters
from parcours.analytics.prediction.learner import learn_score
from parcours.analytics.snapshot import Snapshot
from parcours.checking.checked import Clusters, Score
from parcours.clock.zones import to_utc
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.workspace.load import load

ROOT = Path(__file__).resolve().parents[2]
FOUND = [above / "shared/data/online_retail/online_retail.parquet" for above in ROOT.parents]
DATA = next((path for path in FOUND if path.exists()), None)

pytestmark = pytest.mark.skipif(DATA is None, reason="the data set Online Retail is not there")

DECLARATIONS = """
rfm value
    of order.amount over 12 months

clusters typology
    from value
    for has order ever
    between 3 and 6 groups
    clip outliers at 1% and 99%

score appetency
    predict has order within 30 days
    from value
    for has order ever
    learn on 4 months
"""
AS_OF = to_utc("Europe/London", instant("2011-09-01 00:00"))


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("retail")
    for path in (ROOT / "examples/online_retail").iterdir():
        if path.suffix in (".yaml", ".sql", ".journey"):
            (folder / path.name).write_text(path.read_text())
    (folder / "learned.journey").write_text(DECLARATIONS)
    loaded = load(folder, {"ONLINE_RETAIL": str(DATA)})
    assert loaded.checked is not None and loaded.connection is not None, loaded.diagnostics
    # what the project reads is looked at many times
    loaded.connection.execute("CREATE TEMP TABLE _orders AS SELECT * FROM event_order")
    loaded.connection.execute("CREATE OR REPLACE TEMP VIEW event_order AS SELECT * FROM _orders")
    return loaded.checked, Snapshot(DuckDBEngine(loaded.connection), loaded.checked, AS_OF)


def test_the_best_customers_are_few_and_bring_most_of_the_money(retail: Any) -> None:
    checked, snapshot = retail
    (declared,) = (one for one in checked.learned if isinstance(one, Clusters))
    groups = learn_clusters(declared, snapshot, ()).report["groups"]
    money = {one["name"]: one["contacts"] * one["features"][2]["group"] for one in groups}
    best = max(groups, key=lambda one: one["features"][2]["group"])
    assert "high_monetary" in best["name"]
    assert best["share"] < 0.3
    assert money[best["name"]] > 0.5 * sum(money.values())


def test_who_orders_is_foretold_better_than_by_how_recently_they_did(retail: Any) -> None:
    checked, snapshot = retail
    (declared,) = (one for one in checked.learned if isinstance(one, Score))
    result = learn_score(declared, snapshot, ())
    later = snapshot.engine.run_text(
        "SELECT s.probability, last_at, e.contact IS NOT NULL FROM _score AS s "
        "JOIN (SELECT _contact, epoch(max(_at)) AS last_at FROM _orders WHERE _at <= $at GROUP BY ALL) AS l "
        "ON l._contact = s.contact LEFT JOIN (SELECT DISTINCT _contact AS contact FROM _orders "
        "WHERE _at > $at AND _at <= $at + INTERVAL 30 DAY) AS e ON e.contact = s.contact",
        {"at": AS_OF},
    )
    probabilities, last, ordered = zip(*later, strict=True)
    found = roc_auc_score(ordered, probabilities)
    assert found > roc_auc_score(ordered, last) + 0.02
    assert found == pytest.approx(result.report["auc"], abs=0.04)
