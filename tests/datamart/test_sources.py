"""The user's tables: the database, Parquet and CSV files, views over them, and what is wrong with each."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

At = Callable[[str], datetime]


# ---- files


@pytest.mark.parametrize("ending", ["parquet", "csv", "csv.gz"])
def test_contacts_can_lie_in_a_file(shop, ending: str, at: At) -> None:
    shop.copy("SELECT 7 AS customer_id, TIMESTAMP '2026-01-01 10:00' AS joined", f"people.{ending}")
    shop.database = None
    shop.tables["people"] = f"people.{ending}"
    shop.contacts["table"] = "people"
    assert shop.rows("FROM contact") == [(7, "Europe/Paris", at("0001-01-02"), 7, at("2026-01-01 10:00"))]


def test_a_table_can_be_a_glob_over_files_without_a_name_of_its_own(shop, tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    for number in (1, 2):
        shop.copy(f"SELECT {number} AS customer_id", f"parts/{number}.parquet")
    shop.contacts["table"] = "parts/*.parquet"
    assert shop.rows("SELECT _contact FROM contact ORDER BY 1") == [(1,), (2,)]


def test_a_folder_may_have_glob_signs_in_its_own_name(shop, tmp_path: Path) -> None:
    shop.folder = tmp_path / "shop [1]*"
    shop.folder.mkdir()
    shop.copy("SELECT 7 AS customer_id", "people.parquet")
    shop.database, shop.contacts["table"] = None, "*.parquet"
    assert shop.rows("SELECT _contact FROM contact") == [(7,)]


def test_the_types_of_a_csv_are_found_from_all_of_its_rows(shop) -> None:
    shop.write(
        "people.csv", "customer_id,code\n" + "".join(f"{n},{n}\n" for n in range(30_000)) + "30000,x\n"
    )
    shop.contacts["table"] = "people.csv"
    _, catalog, _ = shop.connect()
    assert catalog.contacts.columns["code"].kind == "text"
    assert shop.rows("SELECT code FROM contact WHERE _contact = 30000") == [("x",)]


def test_a_csv_without_a_row_says_that_its_types_are_not_known(shop) -> None:
    shop.write("empty.csv", "customer_id,ordered_at\n")
    shop.events["order"] = {"table": "empty.csv", "contact": "customer_id", "at": "ordered_at"}
    (found,) = shop.findings()
    assert (found.code, found.message, found.advice) == (
        "wrong-column-type",
        "`ordered_at` is to be an instant or a date, and the file has no row from which its type could be told",
        "put a row into it, or write it as Parquet, which has types without rows",
    )


def test_a_missing_file_is_told_once_with_what_to_do_and_nothing_built_on_it(shop) -> None:
    shop.tables["raw"] = "data/raw.parquet"
    shop.write("clean.sql", "SELECT * FROM raw")
    shop.views["clean"] = ("clean.sql", None)
    shop.contacts["table"] = "clean"
    shop.missing = "run generate.py"
    (found,) = shop.findings()
    assert (found.code, found.place.line, found.advice) == (
        "no-data-file",
        shop.lines["data/raw.parquet"],
        "run generate.py",
    )


@pytest.mark.parametrize("name", ["people.xlsx", "people.parquet"])
def test_a_file_that_is_not_what_it_should_be_is_told(shop, name: str) -> None:
    shop.write(name, "hello")
    shop.tables["people"] = name
    assert [(code, line) for code, line, _ in shop.errors()] == [("bad-data-file", shop.lines[name])]


# ---- the database


def test_a_missing_database_is_told_once_with_what_to_do(shop) -> None:
    shop.database, shop.missing = "gone.duckdb", "run generate.py"
    (found,) = shop.findings()
    assert (found.code, found.place.line, found.message, found.advice) == (
        "no-database",
        shop.lines["gone.duckdb"],
        "there is no file `gone.duckdb`",
        "run generate.py",
    )


@pytest.mark.parametrize("content", ["", "hello", "x" * 20_000])
def test_a_file_that_is_no_database_is_told(shop, content: str) -> None:
    shop.write("notes.duckdb", content)
    shop.database = "notes.duckdb"
    assert shop.errors() == [
        ("not-a-database", shop.lines["notes.duckdb"], "`notes.duckdb` is no DuckDB database")
    ]


def test_a_database_that_another_process_writes_to_is_told(shop, tmp_path: Path) -> None:
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE x (a INTEGER)'); "
        "print('open', flush=True); sys.stdin.read()"
    )
    with Popen([sys.executable, "-c", code, str(tmp_path / "shop.duckdb")], stdin=PIPE, stdout=PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert shop.errors() == [
            ("database-locked", shop.lines["shop.duckdb"], "`shop.duckdb` is in use by another process")
        ]


def test_a_table_of_another_schema_is_named_with_it(shop) -> None:
    shop.fill("CREATE SCHEMA crm; CREATE TABLE crm.people AS SELECT 9 AS customer_id")
    shop.contacts["table"] = "crm.people"
    assert shop.rows("SELECT _contact FROM contact") == [(9,)]


def test_names_that_need_quotes_are_names_like_others(shop) -> None:
    shop.fill('CREATE TABLE "my ""best"" people" AS SELECT 9 AS "the key", 1 AS "order"')
    shop.contacts = {"table": 'my "best" people', "key": "the key"}
    assert shop.rows('SELECT _contact, "the key", "order" FROM contact') == [(9, 9, 1)]


def test_a_view_of_the_database_that_is_broken_matters_only_to_who_maps_it(shop) -> None:
    shop.fill("CREATE TABLE t AS SELECT 1 AS a; CREATE VIEW broken AS SELECT a FROM t; DROP TABLE t")
    shop.write("all.sql", "SELECT * FROM customers")
    shop.views["everyone"] = ("all.sql", None)
    assert len(shop.rows("FROM contact")) == 4
    shop.contacts["table"] = "broken"
    assert [(code, line) for code, line, _ in shop.errors()] == [("datamart-failed", shop.lines["broken"])]


# ---- views


def test_views_read_tables_files_and_the_views_before_them(shop) -> None:
    shop.copy("SELECT 2 AS customer_id", "blocked.parquet")
    shop.tables["blocked"] = "blocked.parquet"
    shop.fill("CREATE SCHEMA crm; CREATE TABLE crm.gone AS SELECT 3 AS customer_id")
    shop.write(
        "allowed.sql", "-- not the blocked\nSELECT * FROM customers ANTI JOIN blocked USING (customer_id);\n"
    )
    shop.write(
        "here.sql", "SELECT * FROM allowed WHERE customer_id NOT IN (SELECT customer_id FROM crm.gone)"
    )
    shop.views = {"allowed": ("allowed.sql", None), "here": ("here.sql", None)}
    shop.contacts["table"] = "here"
    assert shop.rows("SELECT _contact FROM contact ORDER BY 1") == [(1,), (4,)]


@pytest.mark.parametrize("stored", [True, False])
def test_a_table_of_the_users_may_have_a_name_of_ours(shop, stored: bool) -> None:
    """DuckDB looks names in a view up when it is used: the user's `contact` must not become our view."""
    shop.fill("CREATE TABLE contact AS SELECT 5 AS customer_id; CREATE TABLE zone_period AS SELECT 6 AS x")
    query = "SELECT c.*, x FROM contact AS c, zone_period"
    if stored:
        shop.fill(f"CREATE VIEW people AS {query}")
    else:
        shop.write("people.sql", query)
        shop.views["people"] = ("people.sql", None)
    shop.contacts["table"] = "people"
    connection, catalog, _ = shop.connect()
    connection.execute("ATTACH ':memory:' AS state; USE state; CREATE TABLE contact AS SELECT 'state' AS s")
    assert list(catalog.contacts.columns) == ["customer_id", "x"]
    assert [row[3:] for row in shop.rows("FROM memory.main.contact")] == [(5, 6)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "`v.sql` is not one single SELECT"),
        ("-- nothing", "`v.sql` is not one single SELECT"),
        ("SELECT 1 AS a; SELECT 2 AS a", "`v.sql` is not one single SELECT"),
        ("DROP TABLE customers", "`v.sql` is not one single SELECT"),
        ("COPY customers TO 'x.csv'", "`v.sql` is not one single SELECT"),
        ("ATTACH 'other.duckdb'", "`v.sql` is not one single SELECT"),
        ("SELEC 1", '`v.sql` is no SQL: syntax error at or near "SELEC"'),
        ("SELECT * FROM custmers", "`v.sql` cannot be a view: Table with name custmers does not exist!"),
    ],
)
def test_a_view_is_one_select_that_works(shop, text: str, message: str) -> None:
    shop.write("v.sql", text)
    shop.views["v"] = ("v.sql", None)
    assert shop.errors() == [("bad-view", shop.lines["v.sql"], message)]


def test_a_view_whose_file_is_gone_is_told(shop) -> None:
    shop.views["v"] = ("v.sql", None)
    assert shop.errors() == [("unreadable-file", shop.lines["v.sql"], "`v.sql` cannot be read")]


def test_a_view_cannot_take_the_name_of_a_table(shop) -> None:
    """It would read itself."""
    shop.write("v.sql", "SELECT * FROM orders")
    shop.views["Orders"] = ("v.sql", None)
    assert shop.errors() == [("duplicate-name", shop.lines["Orders"], "there is a table `Orders` already")]


def test_a_view_that_fails_over_the_data_is_told_as_such(shop) -> None:
    shop.write("v.sql", "SELECT CAST(country AS INTEGER) AS customer_id FROM customers")
    shop.views["v"] = ("v.sql", None)
    shop.contacts["table"] = "v"
    ((code, line, message),) = shop.errors()
    assert (code, line) == ("datamart-failed", shop.lines["customer_id"])
    assert message.startswith("`customer_id` cannot be read: Could not convert string")


def test_what_a_view_drops_is_two_columns(shop) -> None:
    shop.write("v.sql", "SELECT * FROM customers")
    shop.write("d.sql", "SELECT 'why' AS reason, 'many' AS rows")
    shop.views["v"] = ("v.sql", "d.sql")
    assert [(code, line) for code, line, _ in shop.errors()] == [("bad-view", shop.lines["d.sql"])]
