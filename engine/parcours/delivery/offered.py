"""The products that were offered with messages, as texts fill them in (A10)."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parcours.engines.duckdb.engine import DuckDBEngine


@dataclass(frozen=True, slots=True)
class Products:
    """What the datamart says now of the products that are offered: the columns that there are, and the rows by product. A
    product that is not there any more has none."""

    columns: frozenset[str] = frozenset()
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


_COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_catalog = 'memory' AND table_schema = 'main' AND table_name = 'product'"""


def products_of(engine: DuckDBEngine, offers: Iterable[str | None]) -> Products:
    """Of every product that is offered; of one that is there twice it is always the same row."""
    wanted = sorted({product for listed in offers if listed for product in json.loads(listed)})
    columns = [name for (name,) in engine.run_text(_COLUMNS)] if wanted else []
    if not columns:
        return Products()
    asked = """
        SELECT p._product, min(p) FROM memory.main.product AS p WHERE p._product IN (SELECT unnest(?::VARCHAR[]))
        GROUP BY p._product"""
    found = {
        key: {name: value for name, value in row.items() if not name.startswith("_")}
        for key, row in engine.run_text(asked, [wanted])
    }
    return Products(frozenset(columns), found)


def offers_of(
    listed: str | None, products: Products, live: Collection[str] = ()
) -> tuple[Mapping[str, Any], ...]:
    """What is offered with one message, in the order in which it was chosen: the columns of each product, and its key as
    `product`. Of columns that are `live`, a product stays away of which one is unknown, 0 or no by now."""
    asked = [name for name in live if name in products.columns]
    keys: list[str] = json.loads(listed) if listed else []
    rows = ((key, products.rows.get(key, {})) for key in keys)
    return tuple({**row, "product": key} for key, row in rows if all(row.get(name) for name in asked))
