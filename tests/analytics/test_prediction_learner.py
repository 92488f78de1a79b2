"""`score`, from its declaration to every contact's probability and zone, with nothing read that came later."""

from datetime import datetime
from typing import Any

import pytest
from shoppers import DECLARATIONS, add_orders, shop
from sklearn.metrics import roc_auc_score
from world import World, instant

from parcours.analytics.learner import Result
from parcours.analytics.prediction import learner
from parcours.analytics.prediction.learner import learn_score
from parcours.analytics.prediction.scorecard import Scorecard
from parcours.analytics.snapshot import Snapshot
from parcours.checking.checked import Score
from parcours.diagnostics import Problem

AS_OF = instant("2026-02-01 00:00")


def learned(world: World, name: str = "appetency", as_of: datetime = AS_OF) -> Result:
    (declared,) = (one for one in world.project.learned if isinstance(one, Score) and one.name == name)
    return learn_score(declared, Snapshot(world.engine, world.project, as_of), ())


@pytest.fixture(scope="module")
def world() -> World:
    return shop()


@pytest.fixture(scope="module")
def result(world: World) -> Result:
    return learned(world)


def _scored(world: World) -> dict[str, tuple[float, str]]:
    return {name: (p, zone) for name, p, zone in world.rows("SELECT contact, probability, zone FROM _score")}


def test_everybody_of_the_population_is_scored_and_ranked_as_they_order(world: World, result: Result) -> None:
    scored = _scored(world)
    assert len(scored) == 399  # the child is not
    assert result.columns == {"contact": "VARCHAR", "probability": "DOUBLE", "zone": "VARCHAR"}
    # what happened in the month after, which nobody knew
    later = world.rows(
        "SELECT c._contact, count(o._at) > 0 FROM contact AS c LEFT JOIN event_order AS o ON o._contact = c._contact "
        "AND o._at > '2026-02-01' AND o._at <= '2026-03-03' WHERE c.age >= 18 GROUP BY ALL"
    )
    found = roc_auc_score([yes for _, yes in later], [scored[name][0] for name, _ in later])
    assert found == pytest.approx(result.report["auc"], abs=0.06)
    assert result.report["importance"][0]["feature"] == "points"


def test_the_stored_scorecard_says_what_the_table_says(world: World, result: Result) -> None:
    learned(world)
    scorecard = Scorecard.of_data(result.report["model"])
    people = world.rows(
        "SELECT c._contact, c.points, c.country, count(o._at) FROM contact AS c LEFT JOIN event_order AS o "
        "ON o._contact = c._contact AND o._at > TIMESTAMP '2026-02-01' - INTERVAL 90 DAY AND o._at <= '2026-02-01' "
        "WHERE c.age >= 18 GROUP BY ALL"
    )
    scored = _scored(world)
    for name, points, country, orders in people:
        by_hand = scorecard.probability_of({"f0": float(points), "f1": float(orders), "f2": country})
        assert scored[name][0] == pytest.approx(by_hand, abs=1e-12)


def test_zones_are_the_first_that_hold(world: World, result: Result) -> None:
    learned(world)
    scored = _scored(world)
    vips = {f"c{number:04}" for number in range(1, 400, 50)}
    assert {name for name, (_, zone) in scored.items() if zone == "warm"} == vips
    tenth = sorted((p for p, _ in scored.values()), reverse=True)[39]
    high = {name for name, (p, _) in scored.items() if p >= tenth} - vips
    assert {name for name, (_, zone) in scored.items() if zone == "high"} == high
    counts = {one["name"]: one["contacts"] for one in result.report["zones"]}
    assert sum(counts.values()) == 399


def test_what_happens_later_changes_nothing(result: Result) -> None:
    changed = shop()
    changed.connection.execute("DELETE FROM event_order WHERE _at > '2026-02-01'")
    add_orders(changed, [(f"c{number:04}", instant("2026-02-01 00:01"), 1e6) for number in range(400)])
    again = learned(changed)
    assert again.report == result.report


def test_what_was_loaded_later_was_not_known() -> None:
    world = shop()
    world.connection.execute("UPDATE event_order SET _visible_at = '2026-02-02'")
    with pytest.raises(Problem, match="what it predicts happened never"):
        learned(world)


def test_the_dates_are_monthly_and_the_check_comes_last(result: Result) -> None:
    dates = result.report["dates"]
    assert dates["check"] == ["2026-01-02T00:00:00"]
    assert [date[:10] for date in (*dates["fit"], *dates["calibrate"])] == [
        "2025-08-02",
        "2025-09-02",
        "2025-10-02",
        "2025-11-02",
        "2025-12-02",
    ]


def test_dates_before_there_was_anybody_are_none() -> None:
    """A year is asked for; the first orders of the shop are of June, and only who has ordered is learned from."""
    text = DECLARATIONS.replace("for age >= 18", "for has order ever").replace("on 6 months", "on 12 months")
    dates = learned(shop(text)).report["dates"]
    assert dates["fit"][0][:7] == "2025-06"


def test_of_many_contacts_a_share_is_learned_from_and_all_are_scored(
    world: World, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learner, "MOST_ROWS", 1200)
    some = learned(world)
    rows = sum(some.report["rows"].values())
    assert rows == pytest.approx(1200, rel=0.2)
    assert sum(result.report["rows"].values()) == 399 * 6
    assert len(_scored(world)) == 399


def _refused(text: str, as_of: str) -> str:
    with pytest.raises(Problem) as raised:
        learned(shop(text), as_of=instant(as_of))
    (found,) = raised.value.diagnostics
    assert found.code == "cannot-learn"
    assert found.place.line > 1
    return found.message


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "learn on 6 months",
            "learn on 1 month",
            "in 1 month there is 1 date, and it takes two that are 30 days apart",
        ),
        ("for age >= 18", "for age > 99", "there is no contact to score"),
        ("from points, count of order in last 90 days, country", "from age", "it is no better than chance"),
        ("for age >= 18", "for vip", "what it predicts happened only"),
    ],
)
def test_what_is_missing_is_said(before: str, after: str, said: str) -> None:
    text = DECLARATIONS.replace(before, after)
    if after == "from age":
        # an age that differs, and says nothing
        world = shop(text)
        world.connection.execute("UPDATE contact SET age = 18 + ascii(md5(_contact))")
        with pytest.raises(Problem, match=said):
            learned(world)
        return
    assert said in _refused(text, "2026-02-01 00:00")


def test_without_what_it_is_worth_nobody_is_profitable_and_that_is_said() -> None:
    text = DECLARATIONS.replace("rfm value\n    of order.amount over 12 months\n", "").replace(
        "value, points", "points"
    )
    report: dict[str, Any] = dict(learned(shop(text)).report)
    assert report["notes"] == [
        "nobody is in the zone `profitable`: what it is worth is not known: no `rfm` adds up a number of `order`"
    ]
    assert "stake" not in report
