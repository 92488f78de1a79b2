"""Recency, frequency, monetary and trend: against answers worked out by hand, and against plain Python."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from rfm_by_hand import Orders, Row, rfm_by_hand
from world import World, checked_project, instant

from parcours.analytics.learner import Run
from parcours.analytics.rfm import learn_rfm, make_rfm
from parcours.analytics.snapshot import Snapshot
from parcours.checking.checked import Rfm
from parcours.diagnostics import Problem

VALUE = """
rfm value
    of order.amount over 12 months
    trend over 90 days
"""


def _world(rfm: str = VALUE) -> World:
    return World(rfm)


def _declared(rfm: str) -> Rfm:
    (found,) = checked_project(rfm).learned
    assert isinstance(found, Rfm)
    return found


def _learned(world: World, at: str, *earlier: Run, rfm: str = VALUE) -> dict[str, Row]:
    """What is learned of each contact. Raw figures and scores are the same columns where nothing is scored."""
    declared = _declared(rfm)
    result = learn_rfm(declared, Snapshot(world.engine, world.project, instant(at)), earlier)
    assert list(result.columns) == [
        *("contact", "recency", "frequency", "monetary", "trend"),
        *("recency_days", "frequency_count", "monetary_sum"),
    ]
    rows = world.engine.run_text(f"SELECT {', '.join(result.columns)} FROM {result.table}")
    is_scored = declared.scored is not None
    found = {}
    for contact, recency, frequency, monetary, trend, days, count, money in rows:
        if not is_scored:
            assert (recency, frequency, monetary) == (days, count, None if money is None else float(money))
        scores = (recency, frequency, monetary) if is_scored else ()
        found[contact] = Row(days, count, money, trend, *scores)
    return found


def test_raw_figures_are_those_of_the_window() -> None:
    world = _world()
    for contact in ("ann", "bob", "cid", "dan"):
        world.contact(contact)
    world.contact("eva", known_since="2026-04-01 00:00:01")
    world.event("order", "ann", "2026-03-30 23:00", amount="10.10")
    world.event("order", "ann", "2026-03-30 00:00", amount="20.20")
    world.event("order", "ann", "2025-04-01 00:00", amount=1000)  # a year ago to the second: outside
    world.event("order", "ann", "2026-04-01 00:00:01", amount=1000)  # has not happened
    world.event("order", "ann", "2026-03-01 00:00", loaded="2026-04-02 00:00", amount=1000)  # is not known
    world.event("order", "bob", "2025-04-01 00:00:01", amount=None)
    world.event("order", "cid", "2025-03-31 00:00", amount=5)  # too long ago
    world.event("order", "eva", "2026-03-31 00:00", amount=5)  # is nobody yet
    world.event("order", "gone", "2026-03-31 00:00", amount=5)
    found = _learned(world, "2026-04-01 00:00")
    assert found == {
        "ann": Row(1, 2, Decimal("30.3000"), 1.0),
        "bob": Row(364, 1, None, None),
    }


@pytest.mark.parametrize(
    ("latest", "before", "trend"),
    [
        ((30,), (10,), 0.5),
        ((10,), (30,), -0.5),
        ((), (30,), -1.0),
        ((20,), (20,), 0.0),
        ((), (), None),
        ((-5,), (5,), -1.0),  # money given back is less than money taken
        ((5, -5), (), None),
    ],
)
def test_the_trend_is_this_window_against_the_one_before(latest, before, trend) -> None:
    world = _world()
    world.contact("ann")
    world.event("order", "ann", "2025-06-01 00:00", amount=99)  # within the year, in neither window
    for amount in latest:
        world.event("order", "ann", "2026-01-01 00:00:01", amount=amount)  # 90 days before, and a second
    for amount in before:
        world.event("order", "ann", "2026-01-01 00:00", amount=amount)
    assert _learned(world, "2026-04-01 00:00")["ann"].trend == trend


def test_a_trend_may_look_further_back_than_the_rest() -> None:
    rfm = "\nrfm value\n    of order.amount over 30 days\n    trend over 90 days\n"
    world = _world(rfm)
    world.contact("ann")
    world.contact("bob")
    world.event("order", "ann", "2026-03-31 00:00", amount=10)
    world.event("order", "ann", "2025-12-01 00:00", amount=30)
    world.event("order", "bob", "2025-12-01 00:00", amount=30)  # nothing in the window: no row
    assert _learned(world, "2026-04-01 00:00", rfm=rfm) == {"ann": Row(1, 1, Decimal(10), -0.5)}


def test_engagement_counts_the_events_of_all_kinds() -> None:
    rfm = "\nrfm engagement\n    of click, visit over 12 months\n    trend over 60 days\n"
    world = _world(rfm)
    world.contact("ann")
    world.event("click", "ann", "2026-03-30 00:00")
    world.event("visit", "ann", "2026-03-31 12:00")
    world.event("visit", "ann", "2026-01-15 12:00")
    (row,) = _learned(world, "2026-04-01 00:00", rfm=rfm).values()
    assert (row.recency_days, row.frequency_count, row.monetary_sum) == (0, 3, None)
    assert row.trend == pytest.approx(1 / 3)


# ---- scores

SCORED = """
rfm value
    of order.amount over 12 months
    scored 1 to 5 by quantile
"""


def _buyers(amounts: dict[str, list[int]], rfm: str = SCORED) -> World:
    """Contacts with orders, one a day, the last of them on 1 March."""
    world = _world(rfm)
    for contact, listed in amounts.items():
        world.contact(contact)
        for days, amount in enumerate(listed):
            world.event("order", contact, str(datetime(2026, 3, 1) - timedelta(days)), amount=amount)
    return world


def test_a_fifth_of_the_contacts_has_each_score() -> None:
    world = _buyers({f"c{n}": [10 * n] for n in range(1, 11)})
    found = _learned(world, "2026-04-01 00:00", rfm=SCORED)
    assert [found[f"c{n}"].monetary for n in range(1, 11)] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_those_who_tie_are_together_in_the_lowest_of_their_scores() -> None:
    counts = {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "g": 1, "h": 2, "i": 2, "j": 3}
    world = _buyers({contact: [10] * count for contact, count in counts.items()})
    found = _learned(world, "2026-04-01 00:00", rfm=SCORED)
    assert {contact: row.frequency for contact, row in found.items()} == {
        **dict.fromkeys("abcdefg", 1),
        **dict.fromkeys("hi", 4),
        "j": 5,
    }
    assert {row.recency for row in found.values()} == {1}  # all ordered last on the same day


def test_thresholds_stay_those_of_the_first_run() -> None:
    rfm = SCORED.replace("quantile", "thresholds")
    world = _buyers({f"c{n}": [10 * n] for n in range(1, 11)}, rfm)
    declared = _declared(rfm)
    first = learn_rfm(declared, Snapshot(world.engine, world.project, instant("2026-04-01 00:00")), ())
    assert first.report["limits"]["monetary"] == ["20.0000", "40.0000", "60.0000", "80.0000"]
    run = Run(1, "rfm", "value", "hash", instant("2026-04-01 00:00"), 10, first.report)
    for n in range(1, 11):
        world.event("order", f"c{n}", "2026-04-02 00:00", amount=100)
    later = _learned(world, "2026-05-01 00:00", run, rfm=rfm)
    assert {row.monetary for row in later.values()} == {5}
    anew = _learned(world, "2026-05-01 00:00", rfm=SCORED)
    assert sorted(row.monetary or 0 for row in anew.values()) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_score_of_money_is_unknown_where_no_amount_is_known() -> None:
    world = _buyers({f"c{n}": [10 * n] for n in range(1, 7)})
    world.contact("dan")
    world.event("order", "dan", "2026-03-01 00:00", amount=None)
    found = _learned(world, "2026-04-01 00:00", rfm=SCORED)
    assert (found["dan"].frequency, found["dan"].monetary) == (1, None)
    assert [found[f"c{n}"].monetary for n in range(1, 7)] == [1, 2, 3, 4, 5, 5]


def _drawn(contacts: int, seed: int) -> Orders:
    """Orders of skewed numbers and amounts, many of them the same, some unknown, some returned."""
    state = seed
    orders: dict[str, list[tuple[datetime, Decimal | None]]] = {}
    for number in range(contacts):
        listed: list[tuple[datetime, Decimal | None]] = []
        state = state * 6364136223846793005 % 2**64 + 1442695040888963407
        for _ in range((state >> 40) % 7 * ((state >> 50) % 3)):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            hours, cents = (state >> 20) % 18_000, (state >> 37) % 40 * 250 - 1000
            amount = None if cents == 1500 else Decimal(cents) / 100
            listed.append((datetime(2026, 4, 1) - timedelta(hours=hours), amount))
        orders[f"c{number}"] = listed
    return orders


@pytest.mark.parametrize("steps", [2, 3, 5, 10])
def test_the_same_as_in_plain_python(steps: int) -> None:
    rfm = f"\nrfm value\n    of order.amount over 300 days\n    scored 1 to {steps} by quantile\n    trend over 90 days\n"
    world = _world(rfm)
    orders = _drawn(150, seed=steps)
    rows = [(contact, at, amount) for contact, listed in orders.items() for at, amount in listed]
    world.rows(
        "INSERT INTO contact BY NAME SELECT unnest(?) AS _contact, 'UTC' AS _zone, TIMESTAMP '2000-01-01' AS _visible_at",
        list(orders),
    )
    world.rows(
        "INSERT INTO event_order BY NAME SELECT unnest(?) AS _contact, unnest(?) AS _at, unnest(?) AS _visible_at, "
        "unnest(?) AS amount",
        *([row[n] for row in rows] for n in (0, 1, 1, 2)),
    )
    now = instant("2026-03-20 07:00")
    seen = {c: [(at, amount) for at, amount in listed if at <= now] for c, listed in orders.items()}
    by_hand = rfm_by_hand(seen, now, now - timedelta(300), timedelta(90), steps)
    assert len(by_hand) > 50
    assert _learned(world, "2026-03-20 07:00", rfm=rfm) == by_hand


# ---- too little


def test_without_an_event_it_says_what_is_missing() -> None:
    world = _world()
    world.contact("ann")
    world.event("order", "ann", "2025-03-01 00:00", amount=10)
    with pytest.raises(Problem) as caught:
        _learned(world, "2026-04-01 00:00")
    (found,) = caught.value.diagnostics
    assert found.code == "cannot-learn"
    assert found.message == (
        "the rfm `value` cannot be learned: no contact has `order` in the 12 months before 2026-04-01 00:00"
    )
    assert found.place.line == 1


def test_one_contact_has_figures_and_no_scores() -> None:
    world = _buyers({"ann": [10, 20]})
    assert _learned(world, "2026-04-01 00:00") == {"ann": Row(31, 2, Decimal(30), 1.0)}
    with pytest.raises(Problem, match="cannot be scored 1 to 5: only 1 contact has `order`"):
        _learned(world, "2026-04-01 00:00", rfm=SCORED)
    snapshot = Snapshot(world.engine, world.project, instant("2026-04-01 00:00"))
    make_rfm(_declared(SCORED), snapshot, (), "values_then")
    assert snapshot.count("values_then") == 0
    make_rfm(_declared(VALUE), snapshot, (), "values_then")
    assert snapshot.count("values_then") == 1
