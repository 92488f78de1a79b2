"""Shares: T17."""

from hashlib import md5

import pytest
from world import World, refusals

TENTHS = """
journey j
    enter on cart
        again
    split tenth
""" + "\n".join(f"        10% t{n}\n            exit t{n}" for n in range(10))


def share(key: str, contact: str) -> float:
    """T17, told once more."""
    return int(md5(f"{key}:{contact}".encode()).hexdigest()[:8], 16) / 2**32


def crowd(text: str, size: int, day: str = "2026-03-01") -> World:
    world = World(text)
    for n in range(size):
        world.contact(f"c{n}")
        world.event("cart", f"c{n}", f"{day} 10:00")
    world.tick(f"{day} 00:00", f"{day} 10:00")
    return world


def test_t17_ten_times_a_tenth_put_everybody_where_the_hash_says() -> None:
    world = crowd(TENTHS, 150)
    expected = {f"c{n}": f"t{int(share('j/tenth', f'c{n}') * 10)}" for n in range(150)}
    assert {contact: outcome for contact, outcome, _ in world.exits()} == expected
    assert len(set(expected.values())) == 10


def test_t17_a_contact_falls_into_the_same_share_every_time() -> None:
    world = crowd(TENTHS, 20)
    for n in range(20):
        world.event("cart", f"c{n}", "2026-03-02 10:00")
    world.tick("2026-03-02 10:00")
    arms: dict[str, set[str]] = {}
    for contact, outcome, _ in world.exits():
        arms.setdefault(contact, set()).add(outcome)
    assert len(world.exits()) == 40
    assert all(len(found) == 1 for found in arms.values())


def test_t17_shares_are_exact_at_their_borders() -> None:
    # a share of nearly nothing, and the rest
    world = crowd(
        """
        journey j
            enter on cart
            split s
                0% nobody
                    exit nobody
                12.5% eighth
                    exit eighth
                87.5% others
                    exit others
        """,
        150,
    )
    found = {contact: outcome for contact, outcome, _ in world.exits()}
    assert found == {f"c{n}": "eighth" if share("j/s", f"c{n}") < 0.125 else "others" for n in range(150)}


def test_t17_two_splits_of_one_journey_are_decided_apart() -> None:
    world = crowd(
        """
        journey j
            enter on cart
            split first
                50% a
                    split second
                        50% c
                            exit ac
                        50% d
                            exit ad
                50% b
                    exit b
        """,
        60,
    )
    assert {outcome for _, outcome, _ in world.exits()} == {"ac", "ad", "b"}


@pytest.mark.parametrize(
    ("shares", "right"),
    [(["33.3%"] * 3, False), (["33.3%", "33.3%", "33.4%"], True), (["50%", "60%"], False), (["100%"], True)],
)
def test_t17_shares_must_add_up_to_100(shares: list[str], right: bool) -> None:
    arms = "\n".join(f"        {percent} arm{n}" for n, percent in enumerate(shares))
    found = refusals(f"journey j\n    enter on cart\n    split s\n{arms}\n    send hello by email\n")
    assert found == ([] if right else [("share-sum", 3)])
