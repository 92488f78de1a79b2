"""What is at stake: the dearest channel, and what those order who order, by hand."""

from datetime import datetime
from decimal import Decimal

import pytest
from shoppers import DECLARATIONS
from world import World, instant

from parcours.analytics.prediction.splitting import Date
from parcours.analytics.prediction.stakes import stake_of
from parcours.analytics.prediction.zones import Stake
from parcours.analytics.snapshot import Snapshot
from parcours.checking.checked import Score

DATES = (
    Date(datetime(2026, 1, 1), datetime(2026, 1, 31)),
    Date(datetime(2026, 2, 1), datetime(2026, 3, 3)),
)


def _stake(name: str, text: str = DECLARATIONS) -> Stake | str:
    world = World(text)
    for contact in ("ann", "bob"):
        world.contact(contact)
    world.event("order", "ann", "2026-01-01 00:00", amount=999)  # not after the date
    world.event("order", "ann", "2026-01-05 00:00", amount=10)
    world.event("order", "ann", "2026-01-31 00:00", amount=20)
    world.event("order", "ann", "2026-02-05 00:00", amount=9)
    world.event("order", "bob", "2026-02-06 00:00", amount=500)  # of him it is not asked
    world.connection.execute(
        "CREATE TEMP TABLE people AS SELECT * FROM (VALUES ('ann', 0, true), ('ann', 1, true), ('bob', 0, false)) "
        "AS v(contact, date, outcome)"
    )
    (declared,) = (one for one in world.project.learned if isinstance(one, Score) and one.name == name)
    return stake_of(
        declared, Snapshot(world.engine, world.project, instant("2026-04-01 00:00")), "people", DATES
    )


def test_an_order_is_worth_what_those_order_in_that_time_who_order() -> None:
    found = _stake("appetency")
    assert isinstance(found, Stake)
    assert found.worth == Decimal("19.50")  # (10 + 20 + 9) in two snapshots
    assert "who does it is worth 19.50, the sum of `order.amount`" in found.words


def test_only_orders_within_the_brackets_are_worth_something() -> None:
    text = DECLARATIONS.replace(
        "predict has order within 30 days", "predict has order[amount >= 10] within 30 days"
    )
    found = _stake("appetency", text)
    assert isinstance(found, Stake)
    assert found.worth == Decimal("30.00")  # 10 + 20 in the one snapshot that has any


def test_brackets_that_ask_of_the_contact_say_of_nobody_what_it_is_worth() -> None:
    text = DECLARATIONS.replace(
        "predict has order within 30 days", "predict has order[contact.vip = yes] within 30 days"
    )
    assert str(_stake("appetency", text)) == (
        "what it is worth is not known: the brackets of `order` ask for more than its own fields"
    )


def test_a_customer_who_goes_is_worth_what_the_policy_says() -> None:
    found = _stake("churn")
    assert isinstance(found, Stake)
    assert found.worth == 40


@pytest.mark.parametrize(
    ("predicted", "worth"),
    [
        ("has order", "19.50"),
        ("count of order >= 1", "19.50"),
        ("not no order", "19.50"),
        ("no order", "40"),
        ("not has order", "40"),
        ("count of order = 0", "40"),
        ("count of order < 3", None),  # who orders twice is not lost
        ("count of order = 2", None),
        ("not count of order > 3", None),
    ],
)
def test_only_who_does_it_never_again_is_lost(predicted: str, worth: str | None) -> None:
    text = DECLARATIONS.replace("predict has order within 30 days", f"predict {predicted} within 30 days")
    found = _stake("appetency", text)
    if worth is None:
        assert str(found).startswith("what it is worth is not known: it predicts more than that an event")
    else:
        assert isinstance(found, Stake) and found.worth == Decimal(worth)


def test_what_is_not_known_is_said() -> None:
    text = DECLARATIONS.replace("pressure\n    a lost contact costs 40 EUR\n", "")
    assert _stake("churn", text) == "what it is worth is not known: no `a lost contact costs` in `pressure`"
    text = DECLARATIONS.replace("predict has order within 30 days", "predict vip within 30 days")
    assert str(_stake("appetency", text)).startswith("what it is worth is not known: it predicts more than")


@pytest.mark.parametrize(("cost", "worth", "share"), [("4", "16", 0.25), ("0", "16", 0.0), ("4", "0", 2.0)])
def test_break_even_is_cost_by_worth(cost: str, worth: str, share: float) -> None:
    assert Stake(Decimal(cost), Decimal(worth), "").break_even == share
