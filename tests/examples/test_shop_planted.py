"""What generate.py plants in the example shop is found by the real commands, and nothing is found in shuffled data.

The commands run once, on a shop of 4,000 contacts: that takes some seconds, and is what a user would do. With
PARCOURS_SHOP_CONTACTS=20000 it is the whole shop, of which docs/analytics.md has the figures."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from shop_project import SHOP, generator, said
from sklearn.metrics import adjusted_rand_score

CONTACTS = int(os.environ.get("PARCOURS_SHOP_CONTACTS", "4000"))
AS_OF = "2026-03-01"
LEARNED = ("cross_sell", "ways_to_buy", "churn", "response")

SHUFFLES = (
    # every line has the product of another one
    """CREATE OR REPLACE TABLE order_lines AS
    SELECT l.* REPLACE (o.sku AS sku)
    FROM (SELECT *, row_number() OVER (ORDER BY md5('line/' || line_id)) AS place FROM order_lines) l
    JOIN (SELECT sku, row_number() OVER (ORDER BY line_id) AS place FROM order_lines) o USING (place)""",
    "ALTER TABLE order_lines DROP COLUMN place",
    # every order is anybody's
    """CREATE OR REPLACE TABLE orders AS
    SELECT * REPLACE (1 + floor(u('anybody/' || order_id, 1) * (SELECT count(*) FROM contacts))::INTEGER AS contact_id)
    FROM orders""",
    # every message to a phone is answered as often as any other
    """CREATE OR REPLACE TABLE taps AS
    SELECT contact_id, send_id, instant + INTERVAL 1 MINUTE AS tapped_at FROM nudge
    WHERE u('any/' || name, 1) < 0.1""",
    # and so is every delivery reviewed
    """CREATE OR REPLACE TABLE reviews AS
    SELECT order_id AS review_id, contact_id, order_id, delivered_at + INTERVAL 2 DAY AS reviewed_at, 5 AS stars
    FROM deliveries WHERE u('any/' || order_id, 1) < 0.07""",
)


@dataclass
class Shop:
    """What was learned, by name; the tables of the generator, and the analytic store."""

    folder: Path
    learned: dict[str, dict[str, Any]]
    truth: duckdb.DuckDBPyConnection
    store: duckdb.DuckDBPyConnection


def make(folder: Path, truth: duckdb.DuckDBPyConnection, *, shuffled: bool) -> Shop:
    for path in SHOP.iterdir():
        if path.suffix in (".yaml", ".journey"):
            shutil.copy(path, folder / path.name)
    for statement in SHUFFLES if shuffled else ():
        truth.execute(statement)
    generator().write(truth, folder / "data")
    code, learned, _ = said("learn", str(folder), *LEARNED, "--as-of", AS_OF, "--format", "json")
    assert code == (2 if shuffled else 0)
    outcomes = {one["name"]: one for one in json.loads(learned)}
    store = duckdb.connect(str(folder / "state" / "analytics.duckdb"), read_only=True)
    return Shop(folder, outcomes, truth, store)


def experiments(shop: Shop, state: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What came of the test, and of the hold-out, in a state."""
    code, told, _ = said("experiments", str(shop.folder), "--state", str(state), "--format", "json")
    assert code == 0
    test, hold_out = json.loads(told)
    assert (test["key"], hold_out["key"]) == ("ask_review/words", "ask_review/hold out")
    return test, hold_out


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with duckdb.connect() as truth:
        generator().build(truth, CONTACTS, 1)
        shop = make(tmp_path_factory.mktemp("planted"), truth, shuffled=False)
        yield shop
        shop.store.close()


@pytest.fixture(scope="module")
def shuffled(planted: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The same people. What is shuffled are tables that no test asks for the truth."""
    shop = make(tmp_path_factory.mktemp("shuffled"), planted.truth, shuffled=True)
    yield shop
    shop.store.close()


@pytest.fixture(scope="module")
def state(planted: Shop) -> Path:
    """A year of the journey. Who comes to its test depends on deliveries, which nothing shuffles."""
    path = planted.folder / "trial.duckdb"
    span = ("--from", "2025-04-01", "--to", "2026-03-31", "--every", "10 days")
    code, _, _ = said("simulate", str(planted.folder), *span, "--journey", "ask_review", "--state", str(path))
    assert code == 0
    return path


# ---- rules


def pairs(shop: Shop) -> set[frozenset[str]]:
    """The rules of one product and another; whatever was bought with both makes longer ones of them."""
    found = shop.store.execute("SELECT antecedent, consequent FROM rules_cross_sell").fetchall()
    return {frozenset((*antecedent, consequent)) for antecedent, consequent in found if len(antecedent) == 1}


def test_the_companions_are_found_and_no_other_pair(planted: Shop) -> None:
    planned = {
        frozenset(pair) for pair in planted.truth.execute("SELECT sku, companion FROM companion").fetchall()
    }
    found = pairs(planted)
    assert len(planned) == 60
    assert len(found & planned) >= 50
    # what is bought in summer only goes together in summer, too
    summer = planted.truth.execute("SELECT sku FROM products WHERE category = 'swimwear'").fetchall()
    others = found - planned
    assert len(others) <= 2
    assert {sku for pair in others for sku in pair} <= {sku for (sku,) in summer}


def test_in_shuffled_baskets_there_is_no_rule(shuffled: Shop) -> None:
    assert shuffled.learned["cross_sell"]["became"] == "learned"
    assert shuffled.store.execute("SELECT count(*) FROM rules_cross_sell").fetchall() == [(0,)]


# ---- clusters


def agreement(shop: Shop) -> float:
    """How far the groups are the manners of buying that were planted: 1 is all the way, 0 is chance."""
    groups = dict(shop.store.execute('SELECT contact, "group" FROM clusters_ways_to_buy').fetchall())
    manners = dict(shop.truth.execute("SELECT contact_id, manner FROM manner").fetchall())
    assert len(groups) > CONTACTS / 3
    return float(adjusted_rand_score([manners[contact] for contact in groups], list(groups.values())))


def test_the_manners_of_buying_are_found_and_named(planted: Shop) -> None:
    report = planted.learned["ways_to_buy"]["run"]["report"]
    assert len(report["groups"]) == 3
    assert agreement(planted) > 0.95
    assert report["silhouette"] > 0.7
    shares = sorted(round(one["share"], 1) for one in report["groups"])
    assert shares == [0.2, 0.3, 0.5]


def test_in_shuffled_orders_the_groups_are_no_better_than_chance(shuffled: Shop) -> None:
    assert abs(agreement(shuffled)) < 0.02


# ---- response by channel


def rates(shop: Shop) -> dict[tuple[str, str], tuple[int, float]]:
    """Messages and rate by segment and channel."""
    found = shop.store.execute("SELECT segment, channel, sends, rate FROM response_response").fetchall()
    return {(segment, channel): (sends, rate) for segment, channel, sends, rate in found}


def test_who_buys_answers_pushes_and_who_is_lost_answers_texts(planted: Shop) -> None:
    found = rates(planted)
    for stage, better, worse in (("active", "push", "sms"), ("lost", "sms", "push")):
        segment = f"customer is {stage}"
        assert found[segment, better][1] > found[segment, worse][1] + 0.01


def test_rates_are_those_that_were_planted(planted: Shop) -> None:
    """Of the messages of half a year, against the mean of what was planted for each of them."""
    planned = planted.truth.execute(
        """SELECT channel, count(*), avg(answers) FROM nudge
        WHERE instant > $1::TIMESTAMP - INTERVAL 180 DAY AND instant <= $1::TIMESTAMP - INTERVAL 2 DAY GROUP BY channel""",
        [datetime(2026, 2, 28, 23)],
    ).fetchall()
    found = rates(planted)
    for channel, sends, mean in planned:
        assert found["", channel][0] == pytest.approx(sends, rel=0.03)  # some are of contacts without a zone
        noise = (mean * (1 - mean) / sends) ** 0.5
        assert found["", channel][1] == pytest.approx(mean, abs=4 * noise)


def spread(shop: Shop, channel: str) -> float:
    """How far the rates of the segments lie apart."""
    found = [rate for (_, other), (_, rate) in rates(shop).items() if other == channel]
    assert len(found) >= 5
    return max(found) - min(found)


def test_when_answers_are_shuffled_all_segments_answer_alike(planted: Shop, shuffled: Shop) -> None:
    for channel in ("push", "sms"):
        assert spread(planted, channel) > 0.05
        assert spread(shuffled, channel) < 0.03


# ---- scores


def test_who_stops_buying_is_foretold(planted: Shop) -> None:
    assert planted.learned["churn"]["run"]["report"]["auc_low"] > 0.8


def test_when_orders_are_anybodys_the_score_is_refused(shuffled: Shop) -> None:
    churn = shuffled.learned["churn"]
    assert churn["became"] == "failed"
    assert churn["run"] is None
    assert "it is no better than chance" in churn["why"][0]


# ---- experiments


def test_the_arm_that_is_better_is_found_and_the_one_that_is_not_is_not(planted: Shop, state: Path) -> None:
    found, _ = experiments(planted, state)
    assert found["winner"] == "points"
    differences = {(one["arm"], one["against"]): one["rate"] for one in found["comparisons"]}
    points, warm = differences["points", "plain"], differences["warm", "plain"]
    assert 0 < points["low"] < 0.1 < points["high"]
    assert warm["low"] < 0 < warm["high"]


def test_to_ask_is_better_than_not_to_ask(planted: Shop, state: Path) -> None:
    _, found = experiments(planted, state)
    assert found["winner"] == "treated"
    rates = {arm["arm"]: arm["rate"] for arm in found["arms"]}
    assert rates["held_out"] < rates["treated"] / 2


def test_when_reviews_are_shuffled_no_arm_is_better(shuffled: Shop, state: Path) -> None:
    for found in experiments(shuffled, state):
        assert found["winner"] is None
        for one in found["comparisons"]:
            assert one["rate"]["low"] < 0 < one["rate"]["high"]


def test_what_was_found_is_finished_into_the_library_of_learnings(planted: Shop, state: Path) -> None:
    project = str(planted.folder)
    code, told, _ = said("experiments", project, "words", "--state", str(state), "--finish")
    assert (code, told.splitlines()[-1]) == (
        0,
        "the winner is `points`; change the journey yourself, nothing was switched on",
    )
    for search in (
        ("points",),
        ("--message", "review_points"),
        ("--topic", "service"),
        ("--channel", "email"),
    ):
        assert "points is better" in said("learnings", project, *search)[1]
    assert "nothing about that" in said("learnings", project, "--channel", "sms")[1]
    assert "test-finished" in said("check", project)[1]
