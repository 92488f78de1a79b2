"""Messages and what became of them, many at a time, in the world of the executor's tests."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from world import World, instant

from parcours.analytics.snapshot import Snapshot


def people(world: World, names: Sequence[str], zone: str = "UTC", country: str = "FR") -> None:
    world.connection.execute(
        """INSERT INTO contact (_contact, _zone, _visible_at, contact_id, country)
        SELECT unnest($1), $2, TIMESTAMP '2020-01-01', unnest($1), $3""",
        [list(names), zone, country],
    )


def history(world: World) -> None:
    """Makes room for what journeys have sent, and for clicks that say what caused them."""
    world.connection.execute(
        """CREATE TABLE IF NOT EXISTS event_sent (_contact VARCHAR, _at TIMESTAMP, _visible_at TIMESTAMP, _id VARCHAR,
        message VARCHAR, channel VARCHAR, journey VARCHAR)"""
    )
    world.connection.execute("ALTER TABLE event_click ADD COLUMN IF NOT EXISTS _send VARCHAR")


def sends(
    world: World,
    contacts: Sequence[str],
    at: Sequence[datetime],
    channel: str,
    answered: Sequence[bool],
    message: str = "hello",
) -> None:
    """A message to each contact at its instant; those answered are clicked an hour later."""
    ((before,),) = world.rows("SELECT count(*) FROM event_sent")
    ids = [f"j:{before + n}:0:{message}:{channel}" for n in range(len(contacts))]
    world.connection.execute(
        "INSERT INTO event_sent SELECT unnest($1), unnest($2), unnest($2), unnest($3), $4, $5, 'j'",
        [list(contacts), list(at), ids, message, channel],
    )
    clicked = [n for n, yes in enumerate(answered) if yes]
    if clicked:
        world.connection.execute(
            """INSERT INTO event_click (_contact, _at, _visible_at, _id, _send, "at")
            SELECT unnest($1), unnest($2) + INTERVAL 1 HOUR, unnest($2) + INTERVAL 1 HOUR, 'click ' || unnest($3), unnest($3),
                unnest($2) + INTERVAL 1 HOUR""",
            [[contacts[n] for n in clicked], [at[n] for n in clicked], [ids[n] for n in clicked]],
        )


def snapshot(world: World, at: str) -> Snapshot:
    from dataclasses import replace

    project = replace(world.project, answering=("click",), events=(*world.project.events, "sent"))
    return Snapshot(world.engine, project, instant(at))


def drawn(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)
