"""What is offered is kept with the message; and on any data it is what the rules A10 to A13 say, one contact at a time."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from learned_rows import LearnedRows, write_runs
from world import World, instant

from parcours.clock.chance import WHOLE, share_of
from parcours.compiler.analytic_store import hash_of
from parcours.oracle.data import Data, EventRow, LearnedRun
from parcours.oracle.oracle import Oracle

JOURNEY = """
rules together
    product of line together in order_id

clusters typology
    from age

journey j
    enter on signup
    send hello by email{}
    exit done
"""
BEGIN, NOW = "2026-03-01 00:00", "2026-03-02 10:00"


def world_of(offering: str, threads: int = 1) -> World:
    clause = f"\n        offering {offering}" if offering else ""
    return World(JOURNEY.format(clause), threads=threads)


def learn(world: World, *told: tuple[str, str, Mapping[Any, Mapping[str, Any]]]) -> list[LearnedRun]:
    """What was learned as of the begin: kind, name and rows of each declaration."""
    runs = []
    for kind, name, rows in told:
        digest = hash_of(kind, name, world.project)  # type: ignore[arg-type]
        runs.append(LearnedRows(kind, name, digest, instant(BEGIN), rows))  # type: ignore[arg-type]
    write_runs(world.engine, "test", "VARCHAR", runs)
    return [LearnedRun(run.hash, run.as_of, run.rows) for run in runs]


def product(world: World, name: str, **columns: Any) -> None:
    marks = ", ".join("?" * (len(columns) + 2))
    listed = ", ".join(("_product", "sku", *columns))
    world.connection.execute(
        f"INSERT INTO product ({listed}) VALUES ({marks})", [name, name, *columns.values()]
    )


def offered(world: World) -> dict[str, str | None]:
    """The column of the outbox, by contact."""
    return dict(world.rows("SELECT contact, offers FROM state.outbox ORDER BY contact"))


def test_names_are_kept_as_they_are() -> None:
    world = world_of("3 from together")
    odd = ['it\'s "odd"', "50% [x], y", "é\\n"]
    world.contact("ann")
    world.contact("bob")
    for name in odd:
        world.event("line", "bob", "2026-03-01 10:00", product=name)
    world.event("signup", "ann", NOW)
    world.tick(BEGIN, NOW)
    kept = offered(world)["ann"]
    assert kept is not None and json.loads(kept) == sorted(odd)


def test_a_message_without_an_offering_has_no_list_and_one_without_offers_an_empty_one() -> None:
    for offering, kept in (("", None), ("2 from together", "[]")):
        world = world_of(offering)
        world.contact("ann")
        world.event("signup", "ann", NOW)
        world.tick(BEGIN, NOW)
        assert offered(world) == {"ann": kept}


def test_what_happens_later_changes_no_offer() -> None:
    world = world_of("1 from together")
    world.contact("ann")
    world.event("line", "bob", "2026-03-01 10:00", product="tent")
    world.event("signup", "ann", NOW)
    world.tick(BEGIN, NOW)
    before = offered(world)
    world.event("line", "ann", "2026-03-02 11:00", product="tent")
    world.tick("2026-03-02 12:00")
    assert offered(world) == before == {"ann": '["tent"]'}


class Dice:
    def __init__(self, seed: str) -> None:
        self._seed, self._thrown = seed, 0

    def below(self, end: int) -> int:
        self._thrown += 1
        return share_of(f"{self._seed}/{self._thrown}") * end // WHOLE

    def one(self, items: Sequence[Any]) -> Any:
        return items[self.below(len(items))]


CONDITIONS = (
    "",
    " where product.stock > 0",
    ' where product.category = "x" or product.stock is unknown',
    " where product.price < age and product.stock > 0",
    " where no visit[page = product.category]",
    " where product.price < points and not product.price < 3",
    " where vip",
)
PRODUCTS = [f"p{n}" for n in range(9)]


@pytest.mark.parametrize("seed", range(21))
def test_offers_are_those_that_the_rules_name_one_by_one(seed: int) -> None:
    dice = Dice(f"offers {seed}")
    threads = 1 + seed % 2
    world = world_of(f"{1 + dice.below(4)} from together{CONDITIONS[seed % len(CONDITIONS)]}", threads)
    contacts = {
        f"c{n}": {
            "age": dice.one([1.0, 5.0, 9.0, None]),
            "points": dice.one([2, 6, None]),
            "vip": dice.one([True, False, None]),
        }
        for n in range(12)
    }
    rows = {
        name: {
            "category": dice.one(["x", "y", None]),
            "price": dice.below(10),
            "stock": dice.one([0, 3, None]),
        }
        for name in PRODUCTS[: 6 + dice.below(3)]
    }
    events: dict[str, list[EventRow]] = {"line": [], "signup": [], "visit": []}

    def event(kind: str, who: str, at: str, **fields: Any) -> None:
        number = f"{len(events[kind]):08}"
        world.event(kind, who, at, event_id=number, **fields)
        events[kind].append(EventRow(who, instant(at), instant(at), number, fields))

    for name, own in contacts.items():
        world.contact(name, **own)
        event("signup", name, NOW)
    for name, own in rows.items():
        product(world, name, **own)
    for _ in range(50):
        at = dice.one(["2026-03-01 10:00", "2026-03-02 10:00", "2026-03-02 10:01"])
        who = dice.one([*contacts, "nobody"])
        event("line", who, at, product=dice.one([*PRODUCTS, None]), order_id="o")
    for _ in range(8):
        event("visit", dice.one([*contacts]), "2026-03-01 09:00", page=dice.one(["x", "y"]))
    rules = {
        rank: {
            "antecedent": sorted({dice.one(PRODUCTS), dice.one(PRODUCTS)}),
            "consequent": dice.one(PRODUCTS),
        }
        for rank in range(1, 13)
    }
    groups = {name: {"group": dice.one(["g", "h", None])} for name in [*contacts, "nobody"] if dice.below(3)}
    runs = learn(world, ("rules", "together", rules), ("clusters", "typology", groups))
    world.tick(BEGIN, NOW)

    reached = {name: {"email": name, "email_opt_in": True, **own} for name, own in contacts.items()}
    zones = dict.fromkeys(contacts, "UTC")
    data = Data(reached, events, zones, learned=runs, products={name: [own] for name, own in rows.items()})
    oracle = Oracle(world.project, data)
    for at in (instant(BEGIN), instant(NOW)):
        oracle.tick(at)
    said = {line[3]: line[-1] for line in oracle.log if line[0] == "sent"}
    kept = {name: tuple(json.loads(text or "null")) for name, text in offered(world).items()}
    assert kept == said and len(kept) == 12
