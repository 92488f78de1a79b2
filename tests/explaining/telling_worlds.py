"""Small worlds in which something has happened to ann on the first of March, a Sunday."""

from typing import Any

from world import World

DAY = "2026-03-01"
Event = tuple[str, str, dict[str, Any]]

CART: Event = ("cart", f"{DAY} 10:00", {"cart_id": "c1", "total": 120})


def event(kind: str, at: str, **values: Any) -> Event:
    return kind, at, values


def happened(
    text: str,
    *ticks: str,
    contact: dict[str, Any] | None = None,
    events: tuple[Event, ...] = (CART,),
) -> World:
    """Ticks at midnight, at ten, or at the instants that are given besides midnight."""
    world = World(text)
    world.contact("ann", **(contact or {}))
    for kind, at, values in events:
        world.event(kind, "ann", at, **values)
    world.tick(f"{DAY} 00:00", *(ticks or (f"{DAY} 10:00",)))
    return world
