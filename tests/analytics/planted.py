"""Contacts whose truth is known, drawn from a seed, as tables of an engine in memory."""

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np

from parcours.analytics.features import Feature
from parcours.engines.duckdb.engine import DuckDBEngine


def engine_in_memory() -> DuckDBEngine:
    return DuckDBEngine(duckdb.connect())


def numbers(*names: str) -> tuple[Feature, ...]:
    return tuple(Feature(f"f{place}", name, "number") for place, name in enumerate(names))


def put(engine: DuckDBEngine, name: str, **columns: Any) -> None:
    """A table of columns, each with a value for every row; None is unknown."""
    lists = {
        column: values.tolist() if isinstance(values, np.ndarray) else list(values)
        for column, values in columns.items()
    }
    listed = ", ".join(f'unnest(?) AS "{column}"' for column in lists)
    engine.connection.execute(
        f'CREATE OR REPLACE TEMP TABLE "{name}" AS SELECT {listed}', list(lists.values())
    )


def three_kinds(contacts: int, seed: int = 0) -> tuple[dict[str, Any], np.ndarray]:
    """Recency in days, frequency, money and age of three kinds of customers (best, occasional, gone), mixed up; and the kind
    of each. Money has a long tail; age says nothing."""
    chance = np.random.default_rng(seed)
    kinds = chance.choice(3, contacts, p=[0.2, 0.5, 0.3])
    recency = np.choose(kinds, [10.0, 60.0, 400.0]) * np.exp(chance.normal(0, 0.2, contacts))
    frequency = np.choose(kinds, [30.0, 4.0, 2.0]) * np.exp(chance.normal(0, 0.2, contacts))
    money = np.choose(kinds, [2000.0, 150.0, 60.0]) * np.exp(chance.normal(0, 0.3, contacts))
    age = np.round(chance.normal(45, 12, contacts))
    contact = [f"c{number:06}" for number in range(contacts)]
    return {"contact": contact, "f0": recency, "f1": frequency, "f2": money, "f3": age}, kinds


def rows(engine: DuckDBEngine, text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    return engine.run_text(text, values)
