"""The page of a run: what a person should see is there, in the words of the declaration."""

from typing import Any

import pytest
from shoppers import shop
from world import World, instant

from parcours.analytics.clusters.learner import learn_clusters
from parcours.analytics.learner import Result
from parcours.analytics.prediction.learner import learn_score
from parcours.analytics.reports import Block, blocks
from parcours.analytics.snapshot import Snapshot


@pytest.fixture(scope="module")
def world() -> World:
    return shop(contacts=250)


def _learned(world: World, kind: str, learner: Any) -> Result:
    declared = next(one for one in world.project.learned if one.kind == kind)
    result: Result = learner(declared, Snapshot(world.engine, world.project, instant("2026-02-01 00:00")), ())
    return result


def _block(found: tuple[Block, ...], title: str) -> Block:
    return next(block for block in found if block.title.startswith(title))


def test_clusters_show_sizes_and_each_profile_against_everybody(world: World) -> None:
    report = _learned(world, "clusters", learn_clusters).report
    found = blocks("clusters", report)
    assert found[0].rows == ((report["summary"],),)
    groups = _block(found, "groups")
    assert [row[0] for row in groups.rows] == [one["name"] for one in report["groups"]]
    profile = _block(found, report["groups"][0]["name"])
    assert [row[0] for row in profile.rows][-1] == "points"
    assert all(len(row) == len(profile.header) for row in profile.rows)


def test_a_score_shows_how_good_it_is(world: World) -> None:
    report = _learned(world, "score", learn_score).report
    found = blocks("score", report)
    how = [line for (line,) in _block(found, "how").rows]
    assert f"AUC {report['auc']:.3f}, with a confidence of 99%" in "\n".join(how)
    assert [row[0] for row in _block(found, "zones").rows] == ["warm", "high", "profitable", "low"]
    assert len(_block(found, "lift").rows) == 10
    assert _block(found, "what it goes by").rows[0][0] == "points"
    assert all(len(row) == len(block.header) for block in found if block.header for row in block.rows)


def test_of_another_kind_there_is_the_summary_and_what_to_know() -> None:
    found = blocks("rfm", {"summary": "raw figures", "notes": ["look out"]})
    assert found == (Block("", (), (("raw figures",),)), Block("what to know", (), (("look out",),)))
