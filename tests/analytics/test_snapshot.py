"""The datamart as it was visible: against answers worked out by hand."""

from datetime import date, datetime

import pytest
from world import World, checked_project, instant

from parcours.analytics.learner import Result
from parcours.analytics.snapshot import Snapshot
from parcours.analytics.store import AnalyticStore
from parcours.checking.checked import CheckedProject
from parcours.checking.terms import Events, Learned, Term, Window, happened
from parcours.clock.span import Span

DECLARATIONS = """
journey looked_at
    enter every day
        if {}
    exit done
"""


def _condition(predicate: str) -> Term:
    project: CheckedProject = checked_project(DECLARATIONS.format(predicate))
    condition = project.journeys[0].enter.condition
    assert condition is not None
    return condition


def _side(comparison: str) -> Term:
    """The value on the left of a comparison."""
    term = _condition(comparison)
    left = getattr(term, "left", None)
    assert left is not None
    return left  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def world() -> World:
    world = World(DECLARATIONS.format("vip"))
    world.contact("ann", age=30, vip=True, country="FR", birth_date=date(1996, 4, 15))
    world.contact("bob", age=float("nan"), vip=False, country=None)
    world.contact("cid", age=50, vip=None, known_since="2026-03-10 00:00")
    world.event("order", "ann", "2026-03-01 10:00", amount=30)
    world.event("order", "ann", "2026-03-05 10:00", amount=20)
    world.event("order", "bob", "2026-03-02 10:00", loaded="2026-03-08 00:00", amount=7)
    world.event("order", "nobody", "2026-03-01 10:00", amount=1)
    return world


def _snapshot(world: World, at: str) -> Snapshot:
    return Snapshot(world.engine, world.project, instant(at))


def _rows(world: World, name: str) -> list[tuple[object, ...]]:
    return world.engine.run_text(f"SELECT * FROM {name} ORDER BY contact")


def test_features_are_those_of_the_instant(world: World) -> None:
    features = (
        _side("count of order > 0"),
        _side("sum of order.amount > 0"),
        _side("age > 1"),
        _condition("vip"),
    )
    late = _snapshot(world, "2026-03-10 00:00")
    columns = late.table_of_features(features, None, "late")
    assert [(c.name, c.kind) for c in columns] == [
        ("f0", "number"),
        ("f1", "number"),
        ("f2", "number"),
        ("f3", "yes_no"),
    ]
    assert _rows(world, "late") == [
        ("ann", 2, 50, 30, True),
        ("bob", 1, 7, None, False),
        ("cid", 0, None, 50, None),
    ]
    # bob's order was not loaded, ann's second had not happened, cid was not known
    late.at(instant("2026-03-05 09:59:59")).table_of_features(features, None, "early")
    assert _rows(world, "early") == [("ann", 1, 30, 30, True), ("bob", 0, None, None, False)]


def test_a_population_is_those_for_whom_it_is_certain(world: World) -> None:
    snapshot = _snapshot(world, "2026-03-10 00:00")
    snapshot.table_of_features((), _condition("vip"), "vips")
    assert _rows(world, "vips") == [("ann",)]
    snapshot.table_of_features((), _condition("not vip"), "others")
    assert _rows(world, "others") == [("bob",)]
    assert snapshot.count("vips") == 1


def test_months_go_by_the_projects_calendar(world: World) -> None:
    snapshot = Snapshot(world.engine, world.project, datetime(2026, 4, 1, 10))
    snapshot.table_of_features((_side("count of order in last 1 month > 0"),), None, "months")
    assert _rows(world, "months") == [("ann", 1), ("bob", 1), ("cid", 0)]


def test_an_outcome_counts_from_the_instant_at_which_it_was_predicted(world: World) -> None:
    orders = happened(Events("order", None, Window("within_entry", Span(5, "day"))))
    now = _snapshot(world, "2026-03-10 00:00")
    past = now.at(instant("2026-03-01 10:00"))
    past.table_of_features((), None, "then")
    now.outcome(orders, past.as_of, "then", "came")
    # ann's first order happened at that very instant, her second 4 days later; bob's was loaded late
    assert _rows(world, "came") == [("ann", True), ("bob", True)]
    now.at(instant("2026-03-07 00:00")).outcome(orders, past.as_of, "then", "came")
    assert _rows(world, "came") == [("ann", True), ("bob", False)]
    now.outcome(orders, instant("2026-03-05 10:00"), "then", "came")
    assert _rows(world, "came") == [("ann", False), ("bob", False)]


def test_events_are_those_that_are_visible(world: World) -> None:
    query = _snapshot(world, "2026-03-05 10:00").events("order", "amount")
    rows = world.engine.run_tree(query.order_by("e._at"))
    assert [(row[0], str(row[3])) for row in rows if row[0] != "nobody"] == [
        ("ann", "30.00"),
        ("ann", "20.00"),
    ]


def test_nobody_looks_ahead(world: World) -> None:
    with pytest.raises(AssertionError, match="look-ahead"):
        _snapshot(world, "2026-03-05 10:00").at(instant("2026-03-05 10:00:01"))


# ---- what was learned

LEARNED = """
rfm value
    of order.amount over 12 months
    trend over 90 days

clusters typology
    from value, age
    refresh every 30 days

segment rising
    value.trend > 0

journey looked_at
    enter every day
        if {}
    exit done
"""


def _learned_world() -> World:
    world = World(LEARNED.format("vip"))
    for contact in ("ann", "bob", "cid"):
        world.contact(contact)
    world.event("order", "ann", "2026-01-01 00:00", amount=10)
    world.event("order", "ann", "2026-03-01 00:00", amount=30)
    world.event("order", "bob", "2026-02-01 00:00", amount=5)
    return world


def _on_learned(predicate: str) -> Term:
    condition = checked_project(LEARNED.format(predicate)).journeys[0].enter.condition
    assert condition is not None
    return condition


def _of_learned(comparison: str) -> Learned:
    """What is compared."""
    left = getattr(_on_learned(comparison), "left", None)
    assert isinstance(left, Learned)
    return left


def test_an_rfm_is_reckoned_as_of_the_instant() -> None:
    world = _learned_world()
    terms = (_of_learned("value.monetary > 0"), _on_learned("in segment rising"))
    now = _snapshot(world, "2026-03-01 00:00")
    now.table_of_features(terms, None, "now_")
    assert _rows(world, "now_") == [("ann", 40, True), ("bob", 5, True), ("cid", None, False)]
    now.at(instant("2026-01-31 00:00")).table_of_features(terms, None, "then_")
    assert _rows(world, "then_") == [("ann", 10, True), ("bob", None, False), ("cid", None, False)]
    now.table_of_features((), _on_learned("value.monetary >= 40"), "rich")
    assert _rows(world, "rich") == [("ann",)]


def test_groups_are_those_of_the_newest_run_at_or_before_the_instant() -> None:
    world = _learned_world()
    term = _of_learned('typology = "big"')
    _snapshot(world, "2026-03-01 00:00").table_of_features((term,), None, "before_any")
    assert _rows(world, "before_any") == [("ann", None), ("bob", None), ("cid", None)]
    store = AnalyticStore(world.engine, None, "test", "VARCHAR")
    columns = {"contact": "VARCHAR", "group": "VARCHAR", "distance": "DOUBLE"}
    for day, group, digest in (
        ("2026-02-01 00:00", "small", term.hash),
        ("2026-03-01 00:00", "big", term.hash),
        ("2026-03-01 00:00", "of another declaration", "0" * 16),
    ):
        world.engine.run_text(
            f"CREATE OR REPLACE TEMP TABLE made AS SELECT 'ann' AS contact, '{group}' AS \"group\", 1.5 AS distance"
        )
        store.write("clusters", "typology", digest, instant(day), Result(columns, "made", {"summary": ""}))
    for day, group in (
        ("2026-01-31 00:00", None),
        ("2026-02-28 23:59", "small"),
        ("2026-03-01 00:00", "big"),
    ):
        _snapshot(world, day).table_of_features((term,), None, "grouped")
        assert _rows(world, "grouped") == [("ann", group), ("bob", None), ("cid", None)]
