"""The products that were offered with messages, as texts fill them in (A10)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from parcours.engines.duckdb.engine import DuckDBEngine

Products = Mapping[str, Mapping[str, Any]]


_IS_MAPPED = """
    SELECT 1 FROM information_schema.tables
    WHERE table_catalog = 'memory' AND table_schema = 'main' AND table_name = 'product'"""


def products_of(engine: DuckDBEngine, offers: Iterable[str | None]) -> Products:
    """By its key, what the datamart says of every product that is offered. One that is not there any more is left out; of
    one that is there twice it is always the same row."""
    wanted = sorted({product for listed in offers if listed for product in json.loads(listed)})
    if not wanted or not engine.run_text(_IS_MAPPED):
        return {}
    asked = """
        SELECT p._product, min(p) FROM memory.main.product AS p WHERE p._product IN (SELECT unnest(?::VARCHAR[]))
        GROUP BY p._product"""
    return {
        key: {name: value for name, value in row.items() if not name.startswith("_")}
        for key, row in engine.run_text(asked, [wanted])
    }


def offers_of(listed: str | None, products: Products) -> tuple[Mapping[str, Any], ...]:
    """What was offered with one message, in the order in which it was chosen: the columns of each product, and its key as
    `product`."""
    keys: list[str] = json.loads(listed) if listed else []
    return tuple({**products.get(key, {}), "product": key} for key in keys)
