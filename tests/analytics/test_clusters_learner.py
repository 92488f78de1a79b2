"""`clusters`, from its declaration to every contact's group and distance."""

import json

import pytest
from shoppers import shop
from world import World, instant

from parcours.analytics.clusters.learner import learn_clusters
from parcours.analytics.learner import Result, Run
from parcours.analytics.snapshot import Snapshot
from parcours.checking.checked import Clusters


def learned(world: World, at: str, *earlier: Run) -> Result:
    (declared,) = (one for one in world.project.learned if isinstance(one, Clusters))
    return learn_clusters(declared, Snapshot(world.engine, world.project, instant(at)), earlier)


@pytest.fixture(scope="module")
def world() -> World:
    return shop()


def test_those_of_the_population_have_a_group_and_a_distance(world: World) -> None:
    result = learned(world, "2026-02-01 00:00")
    assert result.columns == {"contact": "VARCHAR", "group": "VARCHAR", "distance": "DOUBLE"}
    found = dict(world.rows(f'SELECT contact, "group" FROM {result.table} WHERE distance >= 0'))
    buyers = {
        name for (name,) in world.rows("SELECT DISTINCT _contact FROM event_order WHERE _at <= '2026-02-01'")
    }
    assert found.keys() == buyers
    assert set(found.values()) == {one["name"] for one in result.report["groups"]}
    features = [row["feature"] for row in result.report["groups"][0]["features"]]
    assert features == ["value.recency", "value.frequency", "value.monetary", "points"]


def test_the_next_run_keeps_the_names(world: World) -> None:
    before = learned(world, "2026-01-01 00:00")
    names = {one["name"] for one in before.report["groups"]}
    report = json.loads(json.dumps(before.report))  # as the store has it
    run = Run(1, "clusters", "typology", "", instant("2026-01-01 00:00"), 400, report)
    after = learned(world, "2026-02-01 00:00", run)
    assert {one["name"] for one in after.report["groups"]} - set(after.report["new"]) <= names
    assert len(names & {one["name"] for one in after.report["groups"]}) >= 2


def test_what_happens_later_changes_nothing(world: World) -> None:
    before = learned(world, "2025-12-01 00:00").report
    other = shop()
    other.connection.execute("DELETE FROM event_order WHERE _at > '2025-12-01'")
    assert learned(other, "2025-12-01 00:00").report == before
