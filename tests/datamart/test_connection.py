"""Opening a datamart: the views, what they mean at an instant, and everything that can be wrong."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from parcours.datamart.memory import open_memory

At = Callable[[str], datetime]
ORDER = {"table": "orders", "contact": "customer_id", "at": "ordered_at"}


def digests(folder: Path) -> dict[str, str]:
    """Every file of a folder with what it holds."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


# ---- contacts


def test_a_contact_keeps_its_columns_and_gets_ours_in_front(shop) -> None:
    shop.contacts |= {"time_zone": "tz", "loaded": "created_at", "household": "household_id"}
    connection, catalog, warnings = shop.connect()
    described = connection.execute("DESCRIBE contact").fetchall()
    assert [row[0] for row in described] == [
        *("_contact", "_zone", "_visible_at", "_household"),
        *("customer_id", "country", "tz", "household_id", "created_at"),
    ]
    assert {row[0]: row[1] for row in described[:4]} == catalog.own_contact_columns()
    assert {name: column.kind for name, column in catalog.contacts.columns.items()} == {
        "customer_id": "number",
        "country": "text",
        "tz": "text",
        "household_id": "number",
        "created_at": "instant",
    }
    assert (catalog.contact_type, warnings) == ("BIGINT", ())


def test_a_contact_without_a_valid_zone_has_the_projects(shop) -> None:
    """T1."""
    shop.contacts["time_zone"] = "tz"
    assert shop.rows("SELECT _contact, _zone FROM contact ORDER BY 1") == [
        (1, "Europe/Paris"),
        (2, "America/New_York"),
        (3, "Europe/Paris"),
        (4, "Europe/Paris"),
    ]


def test_a_contact_is_known_since_it_was_loaded_or_always(shop, at: At) -> None:
    """E2."""
    shop.contacts["loaded"] = "created_at"
    assert shop.rows("SELECT _visible_at FROM contact WHERE _contact < 3 ORDER BY _contact") == [
        (at("2026-01-01"),),
        (at("0001-01-02"),),
    ]


def test_keys_of_text_stay_text(shop) -> None:
    shop.fill("CREATE TABLE people AS FROM (VALUES ('x'), ('007')) AS p(id)")
    shop.contacts = {"table": "people", "key": "id"}
    _, catalog, _ = shop.connect()
    assert catalog.contact_type == "VARCHAR"
    assert shop.rows("SELECT _contact FROM contact ORDER BY 1") == [("007",), ("x",)]


# ---- events


def test_an_event_keeps_its_columns_and_has_the_field_at(shop, at: At) -> None:
    shop.events["order"] = {**ORDER, "loaded": "loaded_at", "id": "order_id"}
    _, catalog, _ = shop.connect()
    table = catalog.events["order"]
    assert list(table.columns) == ["customer_id", "order_id", "ordered_at", "loaded_at", "total", "at"]
    assert (table.key, table.at, table.columns["at"].kind) == ("customer_id", "ordered_at", "instant")
    assert shop.rows('SELECT _contact, _id, "at", total FROM event_order ORDER BY 1')[0][:3] == (
        1,
        "a",
        at("2026-03-01 10:00"),
    )


def test_an_event_is_visible_from_the_later_of_at_and_loaded(shop, at: At) -> None:
    """E2: it is seen when at <= T and loaded <= T; without loaded, loaded is at."""
    shop.fill("INSERT INTO orders VALUES (3, 'c', '2026-03-05 00:00', '2026-03-04 00:00', 1)")
    shop.events["order"] = {**ORDER, "loaded": "loaded_at"}
    assert shop.rows("SELECT _visible_at FROM event_order ORDER BY _contact") == [
        (at("2026-03-02 10:00"),),
        (at("2026-03-01 11:00"),),
        (at("2026-03-05 00:00"),),
    ]


@pytest.mark.parametrize("kind", ["base table", "view"])
def test_of_events_with_one_id_the_first_visible_stays(shop, kind: str) -> None:
    """T4, whether DuckDB can promise that the rows stand still (a table of the file) or not (a view)."""
    shop.fill(
        "INSERT INTO orders VALUES (1, 'a', '2026-03-01 09:00', '2026-03-03', 99), "
        "(4, 'b', '2026-03-01 11:00', NULL, 21), (2, 'b', '2026-03-01 11:00', NULL, 22); "
        "CREATE VIEW seen AS FROM orders"
    )
    shop.events["order"] = {
        **ORDER,
        "loaded": "loaded_at",
        "id": "order_id",
        "table": "orders" if kind == "base table" else "seen",
    }
    assert [(row[0], int(row[1])) for row in shop.rows("SELECT _id, total FROM event_order ORDER BY 1")] == [
        ("a", 10),  # loaded a day before the other, though it happened later
        ("b", 20),  # of three at one instant: smallest contact, then by all columns as text
    ]


def test_events_without_an_id_are_all_kept(shop) -> None:
    """T4 speaks of the same id: none is not the same as none."""
    shop.fill("INSERT INTO orders VALUES (1, NULL, '2026-03-05', NULL, 1), (1, NULL, '2026-03-05', NULL, 1)")
    shop.events["order"] = {**ORDER, "id": "order_id"}
    assert shop.rows("SELECT count(*), count(DISTINCT _id) FROM event_order") == [(4, 3)]


def test_without_a_mapped_id_the_whole_row_is_the_id(shop) -> None:
    """T3: the order of events with the same time must not depend on the order of rows."""
    shop.events["order"] = ORDER
    first = shop.rows("SELECT _id FROM event_order ORDER BY _contact")
    assert len({row[0] for row in first}) == 2
    shop.connection.close()
    shop.connection = None
    shop.fill("CREATE OR REPLACE TABLE orders AS FROM orders ORDER BY customer_id DESC")
    assert shop.rows("SELECT _id FROM event_order ORDER BY _contact") == first


def test_events_without_contact_or_time_are_left_out(shop) -> None:
    shop.fill("INSERT INTO orders VALUES (NULL, 'x', '2026-03-05', NULL, 1), (1, 'y', NULL, NULL, 1)")
    shop.events["order"] = {**ORDER, "id": "order_id"}
    assert shop.rows("SELECT _id FROM event_order ORDER BY 1") == [("a",), ("b",)]


def test_the_send_that_caused_an_event_is_its_text(shop) -> None:
    shop.fill("CREATE TABLE clicks AS SELECT 1 AS customer_id, TIMESTAMP '2026-03-01' AS at, 5 AS send_id")
    shop.events["click"] = {"table": "clicks", "contact": "customer_id", "at": "at", "send": "send_id"}
    _, catalog, _ = shop.connect()
    assert (catalog.event_has_send, catalog.events["click"].at) == ({"click"}, "at")
    assert shop.rows("SELECT _send FROM event_click") == [("5",)]


def test_keys_that_do_not_match_in_type_are_a_warning_and_what_cannot_be_a_key_is_left_out(shop) -> None:
    shop.fill(
        "CREATE TABLE visits AS FROM (VALUES ('1', DATE '2026-03-01'), ('?', '2026-03-01')) AS v(who, day)"
    )
    shop.events["visit"] = {"table": "visits", "contact": "who", "at": "day"}
    _, _, warnings = shop.connect()
    assert [(w.code, w.severity, w.place.line) for w in warnings] == [
        ("different-keys", "warning", shop.lines["who"])
    ]
    assert shop.rows("SELECT _contact FROM event_visit") == [(1,)]


# ---- local times


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-01-15 12:00", "2026-01-15 11:00"),
        ("2026-07-15 12:00", "2026-07-15 10:00"),
        ("2026-03-29 02:30", "2026-03-29 01:00"),  # does not exist: the first that does
        ("2026-10-25 02:30", "2026-10-25 00:30"),  # exists twice: the first
        ("2026-10-25 03:00", "2026-10-25 02:00"),
        ("1985-07-15 12:00", "1985-07-15 11:00"),  # before the periods that are looked for
    ],
)
def test_times_without_a_zone_are_in_the_one_that_the_mapping_names(
    shop, at: At, written: str, instant: str
) -> None:
    """T12; `also` is an instant of the user's that has no part in the mapping."""
    shop.fill(
        f"CREATE TABLE local AS SELECT 1 AS who, TIMESTAMP '{written}' AS \"when\", "
        f"TIMESTAMP_S '{written}' AS also, DATE '2026-07-01' AS day, NULL::TIMESTAMP AS never"
    )
    shop.events["local"] = {"table": "local", "contact": "who", "at": "when", "time_zone": "Europe/Paris"}
    _, catalog, _ = shop.connect()
    columns = catalog.events["local"].columns
    assert (columns["also"].sql_type, columns["day"].kind) == ("TIMESTAMP", "date")
    assert shop.rows('SELECT _at, _visible_at, "when", also, day, never FROM event_local') == [
        (*[at(instant)] * 4, at("2026-07-01").date(), None)
    ]


def test_a_zone_that_never_changes_needs_no_table(shop, at: At) -> None:
    shop.fill("CREATE TABLE local AS SELECT 1 AS who, TIMESTAMP '2026-01-01 05:45' AS at")
    shop.events["local"] = {"table": "local", "contact": "who", "at": "at", "time_zone": "Asia/Kathmandu"}
    assert shop.rows('SELECT _at, "at" FROM event_local') == [(at("2026-01-01"), at("2026-01-01"))]


def test_times_with_a_zone_are_what_they_say_whatever_the_mapping(shop, at: At) -> None:
    shop.fill("CREATE TABLE zoned AS SELECT 1 AS who, TIMESTAMPTZ '2026-07-01 12:00:00+05:30' AS at")
    shop.events["zoned"] = {"table": "zoned", "contact": "who", "at": "at", "time_zone": "Europe/Paris"}
    assert shop.rows('SELECT _at, "at" FROM event_zoned') == [(at("2026-07-01 06:30"),) * 2]


def test_a_date_as_time_of_an_event_is_the_start_of_that_day(shop, at: At) -> None:
    shop.fill("CREATE TABLE daily AS SELECT 1 AS who, DATE '2026-07-01' AS day")
    shop.events["daily"] = {"table": "daily", "contact": "who", "at": "day", "time_zone": "Europe/Paris"}
    assert shop.rows("SELECT _at, day FROM event_daily") == [
        (at("2026-06-30 22:00"), at("2026-07-01").date())
    ]


# ---- products


def test_products_have_their_key_as_text(shop) -> None:
    shop.products = {"table": "goods", "key": "sku"}
    _, catalog, _ = shop.connect()
    assert catalog.products is not None
    assert catalog.products.columns["in_stock"].kind == "yes_no"
    assert shop.rows("FROM product ORDER BY 1")[0] == ("100", 100, "tea", True)


# ---- nothing is written


def test_nothing_of_the_users_is_written(shop, tmp_path: Path) -> None:
    shop.copy("SELECT 1 AS customer_id, TIMESTAMP '2026-01-01' AS at", "visits.parquet")
    shop.events = {"order": ORDER, "visit": {"table": "visits.parquet", "contact": "customer_id", "at": "at"}}
    before = digests(tmp_path)
    connection, _, _ = shop.connect()
    for view in ("contact", "event_order", "event_visit"):
        assert connection.execute(f"SELECT * FROM {view}").fetchall()
    with pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("INSERT INTO datamart.main.goods VALUES (1, 'x', true)")
    connection.close()
    assert digests(tmp_path) == before


def test_a_state_file_can_be_attached_and_parquet_written_beside_it(shop, tmp_path: Path) -> None:
    connection, _, _ = shop.connect()
    connection.execute(f"ATTACH '{tmp_path / 'state.duckdb'}' AS state")
    connection.execute("CREATE TABLE state.kept AS SELECT _contact FROM contact")
    connection.execute(f"COPY state.kept TO '{tmp_path / 'kept.parquet'}'")
    assert connection.execute(f"SELECT count(*) FROM '{tmp_path / 'kept.parquet'}'").fetchall() == [(4,)]


def test_nothing_is_downloaded_and_rows_are_not_kept_in_order_of_insertion(shop) -> None:
    """The second against DuckDB's silent loss of rows."""
    names = (
        "autoinstall_known_extensions",
        "autoload_known_extensions",
        "preserve_insertion_order",
        "TimeZone",
    )
    found = dict(shop.rows(f"SELECT name, value FROM duckdb_settings() WHERE name IN {names}"))
    assert found == dict(zip(names, ("false", "false", "false", "UTC"), strict=True))


# ---- what can be wrong with the mapping


def test_every_mistake_is_told_at_once_each_in_its_place(shop) -> None:
    shop.time_zone = "Europe/Pariss"
    shop.contacts |= {"time_zone": "tzz", "household": "home"}
    shop.events = {
        "order": {**ORDER, "contact": "customer", "time_zone": "Mars"},
        "click": {"table": "click", "contact": "customer_id", "at": "x"},
    }
    shop.products = {"table": "good", "key": "sku"}
    findings = shop.findings()
    assert [(f.code, f.place.line, f.mark) for f in findings] == [
        ("bad-time-zone", shop.lines["Europe/Pariss"], "did you mean `Europe/Paris`?"),
        ("unknown-column", shop.lines["tzz"], "did you mean `tz`?"),
        ("unknown-column", shop.lines["home"], ""),
        ("bad-time-zone", shop.lines["Mars"], ""),
        ("unknown-column", shop.lines["customer"], "did you mean `customer_id`?"),
        ("unknown-table", shop.lines["click"], ""),
        ("unknown-table", shop.lines["good"], "did you mean `goods`?"),
    ]


@pytest.mark.parametrize(
    ("role", "column", "message"),
    [
        ("at", "order_id", "`order_id` is text, not an instant or a date"),
        ("loaded", "total", "`total` is a number, not an instant or a date"),
        (
            "contact",
            "total",
            "`total` cannot say which contact it is: DECIMAL(10,2) is neither a whole number nor text",
        ),
    ],
)
def test_a_column_of_the_wrong_type_is_told(shop, role: str, column: str, message: str) -> None:
    shop.events["order"] = {**ORDER, role: column}
    assert shop.errors() == [("wrong-column-type", shop.lines[column], message)]


def test_a_time_zone_column_must_be_text(shop) -> None:
    shop.contacts["time_zone"] = "household_id"
    assert shop.errors() == [
        ("wrong-column-type", shop.lines["household_id"], "`household_id` is a number, not text")
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("NULL", "1 contacts have no `customer_id`"),
        ("1", "`customer_id` is no key: 1 of its values repeat"),
    ],
)
def test_a_contact_key_must_be_there_and_not_repeat(shop, row: str, message: str) -> None:
    shop.fill(f"INSERT INTO customers (customer_id) VALUES ({row})")
    assert shop.errors() == [("duplicate-key", shop.lines["customer_id"], message)]


@pytest.mark.parametrize("column", ["_contact", "_AT"])
def test_a_column_with_a_name_of_ours_is_refused(shop, column: str) -> None:
    shop.fill(f"ALTER TABLE customers ADD COLUMN {column} INTEGER")
    assert [(code, line) for code, line, _ in shop.errors()] == [("reserved-name", shop.lines["customers"])]


def test_a_column_at_that_is_not_the_time_would_have_two_meanings(shop) -> None:
    shop.fill('ALTER TABLE orders ADD COLUMN "At" TIMESTAMP')
    shop.events["order"] = ORDER
    assert [(code, line) for code, line, _ in shop.errors()] == [("reserved-name", shop.lines["orders"])]


def test_names_of_the_executors_own_events_are_taken(shop) -> None:
    shop.events["sent"] = ORDER
    assert [(code, line) for code, line, _ in shop.errors()] == [("reserved-name", shop.lines["sent"])]


def test_two_events_cannot_differ_in_case_alone(shop) -> None:
    shop.events = {"order": ORDER, "Order": ORDER}
    assert [(code, line) for code, line, _ in shop.errors()] == [("duplicate-name", shop.lines["Order"])]


def test_duckdb_draws_no_progress_bar_into_what_a_command_prints() -> None:
    with open_memory() as connection:
        assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
