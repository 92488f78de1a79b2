"""Clusters learned: the planted kinds are found, names stay, and what is missing is said."""

import json
from typing import Any

import numpy as np
import pytest
from planted import engine_in_memory, numbers, put, rows, three_kinds
from sklearn.metrics import adjusted_rand_score

from parcours.analytics.clusters.learning import Asked, group_contacts
from parcours.diagnostics import Problem

FEATURES = numbers("value.recency_days", "value.frequency", "value.monetary", "age")
ASKED = Asked("typology", groups=(2, 6))


def _learned(columns: dict[str, Any], asked: Asked = ASKED) -> tuple[dict[str, Any], dict[str, str]]:
    engine = engine_in_memory()
    put(engine, "people", **columns)
    features = FEATURES[: len(columns) - 1]
    report = group_contacts(engine, "people", features, asked, "found")
    return report, dict(rows(engine, 'SELECT contact, "group" FROM found'))


@pytest.fixture(scope="module")
def planted() -> tuple[dict[str, Any], np.ndarray]:
    columns, kinds = three_kinds(900)
    return {name: columns[name] for name in ("contact", "f0", "f1", "f2")}, kinds


@pytest.fixture(scope="module")
def learned(planted: tuple[dict[str, Any], np.ndarray]) -> tuple[dict[str, Any], dict[str, str]]:
    return _learned(planted[0])


def test_the_planted_kinds_are_found_and_named(planted: Any, learned: Any) -> None:
    report, groups = learned
    columns, kinds = planted
    assert adjusted_rand_score(kinds, [groups[contact] for contact in columns["contact"]]) > 0.95
    names = [one["name"] for one in report["groups"]]
    assert "high_frequency_high_monetary" in names
    assert all(name.isidentifier() for name in names)
    assert sum(one["contacts"] for one in report["groups"]) == 900


def test_the_kinds_are_found_beside_a_feature_that_says_nothing() -> None:
    columns, kinds = three_kinds(900)
    _, groups = _learned(columns, Asked("typology", groups=(3, 8)))
    assert adjusted_rand_score(kinds, [groups[contact] for contact in columns["contact"]]) > 0.95


def test_in_shuffled_data_the_report_says_that_there_is_nothing(planted: Any) -> None:
    chance = np.random.default_rng(1)
    cloud = {name: chance.normal(size=900) for name in ("f0", "f1", "f2")}
    report, _ = _learned({"contact": planted[0]["contact"], **cloud})
    assert report["silhouette"] < 0.25
    assert any("shade into one another" in note for note in report["notes"])


def test_the_same_data_in_another_order_gives_the_same_bits(planted: Any, learned: Any) -> None:
    columns = planted[0]
    order = np.random.default_rng(5).permutation(900)
    shuffled = {name: np.asarray(values)[order] for name, values in columns.items()}
    report, groups = _learned(shuffled)
    assert json.dumps(report["model"]) == json.dumps(learned[0]["model"])
    assert groups == learned[1]


def test_names_stay_with_their_groups_when_the_data_moves(planted: Any, learned: Any) -> None:
    columns, _ = three_kinds(900, seed=9)
    before = json.loads(json.dumps(learned[0]))
    moved = {**{name: columns[name] for name in ("contact", "f0", "f1")}, "f2": columns["f2"] * 1.5}
    report, _ = _learned(moved, Asked("typology", groups=(2, 6), before=before))
    sizes = {one["name"]: one["share"] for one in report["groups"]}
    assert sizes.keys() == {one["name"] for one in before["groups"]}
    assert report["new"] == report["gone"] == []
    for one in before["groups"]:
        assert sizes[one["name"]] == pytest.approx(one["share"], abs=0.06)


def test_learned_on_a_sample_everybody_is_grouped(planted: Any, learned: Any) -> None:
    report, groups = _learned(planted[0], Asked("typology", groups=(3, 6), sample=300))
    assert report["sample"] == 300
    assert len(groups) == 900
    same = [learned[1][contact] for contact in groups]
    assert adjusted_rand_score(same, list(groups.values())) > 0.95


@pytest.mark.parametrize(
    ("contacts", "said"),
    [
        ([], "there is no contact to group, and at least 2 groups are asked for"),
        (["a"], "there is 1 contact to group, and at least 2 groups are asked for"),
    ],
)
def test_too_few_contacts_are_told(contacts: list[str], said: str) -> None:
    engine = engine_in_memory()
    engine.connection.execute("CREATE TEMP TABLE people (contact VARCHAR, f0 DOUBLE)")
    for contact in contacts:
        engine.run_text("INSERT INTO people VALUES (?, 1)", [contact])
    with pytest.raises(Problem) as raised:
        group_contacts(engine, "people", FEATURES[:1], ASKED, "found")
    assert raised.value.diagnostics[0].message == f"the clusters `typology` cannot be learned: {said}"


def test_contacts_who_are_all_the_same_are_told() -> None:
    with pytest.raises(Problem, match=r"`value\.recency_days` is the same for everybody"):
        _learned({"contact": range(50), "f0": [1.0] * 50})


def test_fewer_kinds_of_contacts_than_groups_are_told() -> None:
    with pytest.raises(Problem, match="there are 2 kinds of contacts that differ, and at least 3 groups"):
        _learned({"contact": range(50), "f0": [1.0, 2.0] * 25}, Asked("typology", groups=(3, 5)))
