"""Data from which nothing can be learned: each declaration says what is missing, and the journey that needs it says which
predicate is unknown because of it. A refresh that dies is told in test_store.py, a declaration that was changed in
test_unlearned.py of the executor."""

from datetime import timedelta

import numpy as np
import pytest
from shoppers import add_orders, shop
from world import World, instant

from parcours.analytics.learn import Outcome, learn
from parcours.analytics.store import AnalyticStore
from parcours.executor.unlearned import warning

NOW = "2026-04-01 00:00"
VALUE = """
rfm value
    of order.amount over 12 months
    scored 1 to 5 by quantile
"""
TYPOLOGY = """
clusters typology
    from points, age
    between 2 and 5 groups
"""
APPETENCY = """
score appetency
    predict has order within 30 days
    from points, age
    learn on 6 months
"""
TOGETHER = """
rules together
    product of line together in order_id
"""
JOURNEY = """
journey ask
    enter on signup
    if {}
        exit yes
    send hello by email
        offering 3 from together
    exit no
"""
READ = {
    "value": "value.recency >= 3",
    "typology": "typology.distance < 2",
    "appetency": "score.appetency > 50%",
}
# the offering looks at the group, too
TELLS = {
    "value": "`value.recency` is",
    "typology": "`typology`, `typology.distance` are",
    "appetency": "`score.appetency` is",
}


def project(name: str) -> str:
    """The declaration of a name, and a journey that reads it; `together` is there always."""
    declared = {"value": VALUE, "typology": TYPOLOGY, "appetency": APPETENCY, "together": ""}[name]
    return declared + TOGETHER + JOURNEY.format(READ.get(name, "age > 200"))


def learned(world: World, name: str) -> tuple[str, tuple[str, ...]]:
    """Why the declaration was not learned, and what the tick after it says of the journey."""
    store = AnalyticStore(world.engine, None, "test", "VARCHAR")
    outcomes: dict[str, Outcome] = {
        one.learnable.declared.name: one for one in learn(world.engine, world.project, store, instant(NOW))
    }
    assert outcomes[name].became == "failed", outcomes[name]
    (why,) = outcomes[name].why
    assert (why.code, why.place.line > 0) == ("cannot-learn", True)
    world.tick("2026-04-01 00:00")
    world.contact("new", points=1, age=30)
    world.event("signup", "new", "2026-04-01 01:00")
    world.tick("2026-04-01 01:00")
    told = world.executor.unlearned_reads()
    assert {reader for one in told for reader in one.readers} <= {"ask"}
    return why.message, tuple(warning(one, "UTC").message for one in told)


def unknown(name: str) -> str:
    what = TELLS.get(name, f"`{name}` is")
    them = "them" if what.endswith("are") else "it"
    return f"{what} unknown to `ask`: nothing was learned of {them} as of 2026-04-01 01:00 (UTC)"


def people(world: World, contacts: int, *, constant: bool = False) -> None:
    for n in range(contacts):
        world.contact(f"c{n}", points=1 if constant else n, age=40 if constant else 20 + n % 50)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "value",
            "the rfm `value` cannot be learned: no contact has `order` in the 12 months before 2026-04-01 00:00",
        ),
        (
            "appetency",
            "the score `appetency` cannot be learned: what it predicts happened never in 90 snapshots to learn from",
        ),
        (
            "together",
            "the rules `together` cannot be learned: no `line` with a `product` was known by then",
        ),
    ],
)
def test_no_orders_at_all(name: str, why: str) -> None:
    world = World(project(name))
    people(world, 30)
    said, told = learned(world, name)
    assert said == why
    assert unknown(name) in told


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (
            "value",
            "the rfm `value` cannot be scored 1 to 5: only 1 contact has `order`",
        ),
        (
            "typology",
            "the clusters `typology` cannot be learned: there is 1 contact to group, and at least 2 groups are asked for",
        ),
        (
            "appetency",
            "the score `appetency` cannot be learned: what it predicts happened never in 3 snapshots to learn from",
        ),
        (
            "together",
            "the rules `together` cannot be learned: the only basket has one product: nothing is together",
        ),
    ],
)
def test_one_contact(name: str, why: str) -> None:
    world = World(project(name))
    people(world, 1)
    world.event("order", "c0", "2025-09-20 00:00", amount=10)
    world.event("line", "c0", "2025-09-20 00:00", product="A", order_id="1")
    said, told = learned(world, name)
    assert said == why
    assert unknown(name) in told


def test_a_label_that_always_happens() -> None:
    world = World(project("appetency"))
    people(world, 30)
    days = [instant("2025-08-02 00:00") + timedelta(days=14 * n) for n in range(18)]
    add_orders(world, [(f"c{n}", day, 1.0) for n in range(30) for day in days])
    said, told = learned(world, "appetency")
    assert said == (
        "the score `appetency` cannot be learned: what it predicts happened always in 90 snapshots to learn from"
    )
    assert unknown("appetency") in told


@pytest.mark.parametrize("name", ["typology", "appetency"])
def test_features_that_are_the_same_for_everybody(name: str) -> None:
    world = shop(project(name))
    world.connection.execute("UPDATE contact SET points = 1, age = 40")
    said, told = learned(world, name)
    what = {"typology": "clusters", "appetency": "score"}[name]
    assert said.startswith(f"the {what} `{name}` cannot be learned: ")
    assert "`points` is the same for everybody" in said and "`age` is the same for everybody" in said
    assert said.count("nothing tells contacts apart") == 1
    assert unknown(name) in told


def test_baskets_with_one_product() -> None:
    world = World(project("together"))
    people(world, 40)
    for n in range(40):
        world.event("line", f"c{n}", "2026-03-01 00:00", product=f"P{n % 3}", order_id=str(n))
    said, told = learned(world, "together")
    assert said == (
        "the rules `together` cannot be learned: none of 40 baskets has two products: nothing is together"
    )
    assert told == (unknown("together"),)
    # the message goes out all the same, with what sells best
    assert world.rows("SELECT contact FROM state.outbox") == [("new",)]


def test_outcomes_that_nothing_foretells() -> None:
    world = shop(project("appetency"))
    chance = np.random.default_rng(7)
    world.connection.execute(
        "UPDATE contact SET points = s.points FROM (SELECT unnest(?) AS name, unnest(?) AS points) s WHERE _contact = name",
        [[f"c{n:04}" for n in range(400)], chance.permutation(400).tolist()],
    )
    said, told = learned(world, "appetency")
    assert said.startswith("the score `appetency` cannot be learned: it is no better than chance: on ")
    assert unknown("appetency") in told
