"""What a datamart's own rows mean to a tick: the same event twice (T4), clocks (T1), times of loading (E2)."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from world import CHANNELS, MESSAGES, instant

from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.tick import Executor
from parcours.workspace.load import load

SETTINGS = """
name: shop
time_zone: Europe/Paris
datamart:
  database: shop.duckdb
  contacts: {table: customers, key: customer_id, time_zone: tz}
  events:
    cart: {table: carts, contact: customer_id, at: filled_at, loaded: loaded_at, id: cart_id}
"""

JOURNEY = """
journey j
    enter on cart
        again
    wait until 09:00
    send hello by email
"""

CUSTOMERS = """
    CREATE TABLE customers AS SELECT id AS customer_id, tz, 'a@b.c' AS email, '1' AS phone, 't' AS push_token,
    true AS email_opt_in, true AS sms_opt_in, true AS push_opt_in
    FROM (VALUES (1, 'Asia/Tokyo'), (2, 'Mars/Olympus'), (3, NULL), (4, '')) AS v(id, tz)
"""


def running(folder: Path, carts: str) -> tuple[DuckDBEngine, Executor]:
    """`carts`: rows (customer, cart, filled, loaded)."""
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        connection.execute(CUSTOMERS)
        connection.execute(
            "CREATE TABLE carts AS SELECT c AS customer_id, k AS cart_id, f::TIMESTAMP AS filled_at, "
            f"l::TIMESTAMP AS loaded_at FROM (VALUES {carts}) AS v(c, k, f, l)"
        )
    (folder / "parcours.yaml").write_text(SETTINGS)
    (folder / "shop.journey").write_text(JOURNEY + CHANNELS + MESSAGES)
    loaded = load(folder, {})
    assert loaded.checked is not None and loaded.connection is not None, loaded.diagnostics
    engine = DuckDBEngine(loaded.connection)
    engine.attach_state(folder / "state" / "state.duckdb")
    return engine, Executor(engine, loaded.checked, "BIGINT", "state.duckdb")


def tick(executor: Executor, *instants: str) -> None:
    for at in instants:
        executor.tick(instant(at))


def entered(engine: DuckDBEngine) -> list[tuple[Any, ...]]:
    found = engine.run_text(
        "SELECT contact, strftime(entry_at, '%d %H:%M') FROM state.journal WHERE route = 0 ORDER BY ALL"
    )
    return list(found)


def test_t4_events_with_the_same_id_are_one_event_the_first_that_was_loaded(tmp_path: Path) -> None:
    engine, executor = running(
        tmp_path,
        """(1, 'a', '2026-03-01 08:00', '2026-03-01 08:00'), (1, 'a', '2026-03-01 08:00', '2026-03-02 08:00'),
        (1, 'a', '2026-03-02 12:00', '2026-03-02 12:00'), (3, 'b', '2026-03-01 10:00', NULL)""",
    )
    tick(
        executor,
        "2026-03-01 00:00",
        "2026-03-01 09:00",
        "2026-03-02 09:00",
        "2026-03-02 13:00",
        "2026-03-03 09:00",
    )
    assert entered(engine) == [(1, "01 08:00"), (3, "01 10:00")]
    assert engine.run_text("SELECT count(*) FROM state.refused") == [(0,)]
    engine.close()


def test_t1_a_contact_with_no_clock_or_an_invalid_one_has_the_projects(tmp_path: Path) -> None:
    engine, executor = running(
        tmp_path, ", ".join(f"({n}, 'k{n}', '2026-03-01 12:00', '2026-03-01 12:00')" for n in (1, 2, 3, 4))
    )
    tick(executor, "2026-03-01 00:00", "2026-03-01 12:00")
    found = engine.run_text(
        "SELECT contact, strftime(due_at, '%d %H:%M') FROM state.instance ORDER BY contact"
    )
    assert found == [(1, "02 00:00"), (2, "02 08:00"), (3, "02 08:00"), (4, "02 08:00")]
    engine.close()


def test_t2_a_state_file_goes_on_where_it_was_and_the_datamart_is_left_as_it_was(tmp_path: Path) -> None:
    engine, executor = running(tmp_path, "(1, 'a', '2026-03-01 08:00', '2026-03-01 08:00')")
    before = (tmp_path / "shop.duckdb").read_bytes()
    tick(executor, "2026-03-01 00:00", "2026-03-01 09:00")
    engine.close()
    loaded = load(tmp_path, {})
    assert loaded.checked is not None and loaded.connection is not None
    engine = DuckDBEngine(loaded.connection)
    engine.attach_state(tmp_path / "state" / "state.duckdb")
    executor = Executor(engine, loaded.checked, "BIGINT", "state.duckdb")
    tick(executor, "2026-03-02 09:00")
    assert engine.run_text("SELECT contact, message FROM state.outbox") == [(1, "hello")]
    engine.close()
    assert (tmp_path / "shop.duckdb").read_bytes() == before


@pytest.mark.parametrize("table", ["contact", "event_cart"])
def test_e4_what_the_executor_reads_are_views_that_cannot_be_written(tmp_path: Path, table: str) -> None:
    engine, _ = running(tmp_path, "(1, 'a', '2026-03-01 08:00', '2026-03-01 08:00')")
    with pytest.raises(duckdb.Error):
        engine.run_text(f"DELETE FROM {table}")
    with pytest.raises(duckdb.Error):
        engine.run_text("DELETE FROM datamart.carts")
    engine.close()
