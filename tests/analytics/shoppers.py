"""A shop whose customers order as often as their points say, drawn from a seed, as a world of the executor's tests."""

from datetime import datetime, timedelta

import numpy as np
from world import World

START = datetime(2025, 6, 1)
DAYS = 330

DECLARATIONS = """
rfm value
    of order.amount over 12 months

clusters typology
    from value, points
    for has order ever
    between 2 and 5 groups

score appetency
    predict has order within 30 days
    from points, count of order in last 90 days, country
    for age >= 18
    learn on 6 months
    zones
        warm where vip
        high top 10%
        profitable from break even
        low otherwise

score churn
    predict no order within 30 days
    from points
    learn on 6 months
    zones
        dear from break even

pressure
    a lost contact costs 40 EUR
"""


def shop(text: str = DECLARATIONS, contacts: int = 400, seed: int = 0) -> World:
    """From the start a contact with 0 points orders once in 200 days, one with 99 once in 20. Contact 0 is a child."""
    chance = np.random.default_rng(seed)
    world = World(text)
    points = chance.integers(0, 100, contacts)
    people = [
        (f"c{n:04}", int(points[n]), 12.0 if n == 0 else 40.0, bool(n % 50 == 1), "FR" if n % 3 else None)
        for n in range(contacts)
    ]
    orders = []
    for name, point, *_ in people:
        rate = 1 / (200 - 180 * point / 99)
        days = np.flatnonzero(chance.random(DAYS) < rate)
        orders += [(name, START + timedelta(days=int(day), hours=12), float(20 + point)) for day in days]
    world.connection.execute(
        "INSERT INTO contact BY NAME SELECT unnest(?) AS _contact, 'UTC' AS _zone, "
        "TIMESTAMP '2020-01-01' AS _visible_at, unnest(?) AS points, unnest(?) AS age, unnest(?) AS vip, "
        "unnest(?) AS country",
        [list(column) for column in zip(*people, strict=True)],
    )
    add_orders(world, orders)
    return world


def add_orders(world: World, orders: list[tuple[str, datetime, float]]) -> None:
    """Each of (contact, at, amount)."""
    names, moments, amounts = (list(column) for column in zip(*orders, strict=True))
    world.connection.execute(
        "INSERT INTO event_order BY NAME SELECT unnest(?) AS _contact, unnest(?) AS _at, unnest(?) AS _visible_at, "
        "'o' || unnest(?) AS _id, unnest(?)::DECIMAL(18, 2) AS amount",
        [names, moments, moments, [f"{name} {at}" for name, at, _ in orders], amounts],
    )
