"""What is offered with a message that is granted (A10–A13)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from parcours.checking import checked
from parcours.oracle.terms import Scene, holds, text


def offers(offering: checked.Offering, scene: Scene) -> tuple[str, ...]:
    """The names of the products, in order; fewer than asked for when there are no more."""
    found: list[str] = []
    owned = {product for who, product in _bought(offering, scene) if who == scene.contact}
    for product in (*_by_rules(offering, scene, owned), *_by_sales(offering, scene)):
        if (
            len(found) < offering.count
            and product not in (*owned, *found)
            and _fits(offering, product, scene)
        ):
            found.append(product)
    return tuple(found)


def _bought(offering: checked.Offering, scene: Scene) -> Iterator[tuple[Any, str]]:
    """Who bought what, as far as it is visible at T."""
    for (kind, contact), rows in scene.world.rows.items():
        for row in rows if kind == offering.event else ():
            product = text(row[offering.item])
            if product is not None and row.visible <= scene.at:
                yield contact, product


def _by_rules(offering: checked.Offering, scene: Scene, owned: set[str]) -> Iterator[str]:
    """A11: of the rules whose whole antecedent was bought, in the order of their rank."""
    run = scene.world.learned(offering.hash, scene.at)
    for _, rule in sorted(run.parts.items()) if run else ():
        if owned.issuperset(rule["antecedent"]):
            yield rule["consequent"]


def _by_sales(offering: checked.Offering, scene: Scene) -> Iterator[str]:
    """A13: what the contact's group has bought most often, then what all have; as often: by name."""
    run = scene.world.learned(offering.group.hash, scene.at) if offering.group else None
    groups = {contact: parts.get("group") for contact, parts in run.parts.items()} if run else {}
    own = groups.get(scene.contact)
    near = Counter(p for who, p in _bought(offering, scene) if own is not None and groups.get(who) == own)
    for sold in (near, Counter(product for _, product in _bought(offering, scene))):
        yield from sorted(sold, key=lambda product: (-sold[product], product))


def _fits(offering: checked.Offering, product: str, scene: Scene) -> bool:
    """A12: a product that is in the table twice fits when one of its rows does."""
    rows = scene.world.data.products.get(product, ())
    return offering.where is None or any(holds(offering.where, replace(scene, product=row)) for row in rows)
