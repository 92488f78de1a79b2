"""A world in which something was tried: many contacts, a test, and orders that come as they are planted."""

from collections.abc import Mapping

import numpy as np
from world import CATALOG, World, instant

from parcours.analytics.experiments.analysis import Analysis, Question, analyse
from parcours.analytics.experiments.designs import Design, designs
from parcours.clock.chance import boundaries, share_of
from parcours.executor.flights import stored

SIGNED_UP = "2026-03-01 08:00"


def names_of(count: int) -> list[str]:
    return [f"c{number:06}" for number in range(count)]


def people(world: World, names: list[str], at: str = SIGNED_UP, source: str = "web") -> None:
    """Contacts whom every channel may reach, who sign up at the same instant."""
    world.connection.execute(
        """INSERT INTO contact (_contact, _zone, _visible_at, contact_id, email, email_opt_in)
        SELECT unnest($1), 'UTC', TIMESTAMP '2020-01-01', unnest($1), unnest($1) || '@example.org', true""",
        [names],
    )
    world.connection.execute(
        """INSERT INTO event_signup (_contact, _at, _visible_at, _id, source, "at")
        SELECT unnest($1), $2, $2, 's' || unnest($1), $3, $2""",
        [names, instant(at), source],
    )


def orders(world: World, names: list[str], amounts: list[float], at: str, loaded: str | None = None) -> None:
    world.connection.execute(
        """INSERT INTO event_order (_contact, _at, _visible_at, _id, amount, "at")
        SELECT unnest($1), $2, $4, 'o' || unnest($1) || $2, unnest($3), $2""",
        [names, instant(at), amounts, instant(loaded or at)],
    )


def arm_of(key: str, arms: Mapping[str, int], contact: str) -> str:
    """T17, once more and by hand."""
    share = share_of(f"{key}:{contact}")
    return next(arm for arm, bound in zip(arms, boundaries(arms.values()), strict=True) if share < bound)


def buyers(
    names: list[str], key: str, arms: Mapping[str, int], rates: Mapping[str, float], seed: int
) -> list[str]:
    """Of each arm so many as its rate says, drawn."""
    drawn = np.random.default_rng(seed).random(len(names))
    return [name for name, u in zip(names, drawn, strict=True) if u < rates[arm_of(key, arms, name)]]


def all_designs(world: World) -> tuple[Design, ...]:
    store = world.executor.store
    versions = [(v, stored(store, v, journey, "memory")) for v, journey, _ in store.versions()]
    return designs(versions, {journey.name: journey for journey in world.project.journeys})


def analysed(world: World, at: str, name: str | None = None, **asked: object) -> Analysis:
    """The only experiment of a world, or the one of a name, as of an instant."""
    (design,) = [d for d in all_designs(world) if name in (None, d.name)]

    question = Question(instant(at), **asked)  # type: ignore[arg-type]
    return analyse(world.engine, design, CATALOG, "UTC", question)
