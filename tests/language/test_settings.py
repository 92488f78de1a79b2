"""parcours.yaml as a model."""

import pytest

from parcours.clock.span import Span
from parcours.diagnostics import Place
from parcours.language.settings import read_settings

WHOLE = """\
name: shop
time_zone: Europe/Paris
currency: GBP
holidays: NO
library: [welcome, cart]
analytics: "${FOLDER}/learned.duckdb"
datamart:
  database: shop.duckdb
  missing: "run examples/shop/generate.py"
  tables: {raw: "${RETAIL:-data/retail.parquet}", other: "${FOLDER}/*.csv"}
  views:
    lines: lines.sql
    buyers: {sql: buyers.sql, dropped: dropped.sql}
  contacts: {table: customers, key: customer_id, time_zone: tz, loaded: created_at, household: household_id}
  events:
    order: {table: orders, contact: customer_id, at: ordered_at, loaded: loaded_at, id: order_id, send: send_id, time_zone: Europe/London}
    click: {table: clicks, contact: customer_id, at: clicked_at}
  products: {table: products, key: sku}
"""
LEAST = "name: s\ndatamart:\n  contacts: {table: c, key: k}\n"


def test_everything_that_can_be_said_is_read() -> None:
    settings, diagnostics = read_settings(WHOLE, "p/parcours.yaml", {"FOLDER": "/there"})
    assert diagnostics == ()
    assert settings is not None
    assert (settings.name, str(settings.time_zone), settings.currency, str(settings.holiday_country)) == (
        "shop",
        "Europe/Paris",
        "GBP",
        "NO",
    )
    assert [str(name) for name in settings.library] == ["welcome", "cart"]
    assert settings.analytics is not None
    assert str(settings.analytics.file) == "/there/learned.duckdb"
    assert settings.analytics.keep == Span(12, "month")
    mart = settings.datamart
    assert (str(mart.database), mart.missing) == ("shop.duckdb", "run examples/shop/generate.py")
    assert [(str(t.name), str(t.path)) for t in mart.tables] == [
        ("raw", "data/retail.parquet"),
        ("other", "/there/*.csv"),
    ]
    assert [(str(v.name), str(v.file), v.dropped and str(v.dropped)) for v in mart.views] == [
        ("lines", "lines.sql", None),
        ("buyers", "buyers.sql", "dropped.sql"),
    ]
    assert [str(n) for n in (mart.contacts.table, mart.contacts.key, mart.contacts.household)] == [
        "customers",
        "customer_id",
        "household_id",
    ]
    order, click = mart.events
    assert [str(n) for n in (order.name, order.at, order.loaded, order.id, order.send, order.time_zone)] == [
        *("order", "ordered_at", "loaded_at", "order_id", "send_id", "Europe/London"),
    ]
    assert (click.loaded, click.id, click.send, click.time_zone) == (None,) * 4
    assert mart.products is not None
    assert str(mart.products.key) == "sku"


def test_little_must_be_said() -> None:
    settings, diagnostics = read_settings(LEAST, "parcours.yaml")
    assert diagnostics == ()
    assert settings is not None
    assert (str(settings.time_zone), settings.currency, settings.holiday_country) == ("UTC", "EUR", None)
    assert settings.analytics is None
    assert (settings.datamart.events, settings.datamart.products, settings.datamart.database) == (
        (),
        None,
        None,
    )


@pytest.mark.parametrize(
    ("said", "file", "keep"),
    [
        ("learned.duckdb", "learned.duckdb", Span(12, "month")),
        ("{file: learned.duckdb}", "learned.duckdb", Span(12, "month")),
        ("{keep: 24 months}", None, Span(24, "month")),
        ("{keep: 1 year}", None, Span(1, "year")),
        ("{file: a.duckdb, keep: all}", "a.duckdb", None),
    ],
)
def test_where_what_is_learned_is_kept_and_how_long(said: str, file: str | None, keep: Span | None) -> None:
    settings, diagnostics = read_settings(f"analytics: {said}\n{LEAST}", "p")
    assert diagnostics == ()
    assert settings is not None and settings.analytics is not None
    assert (settings.analytics.file and str(settings.analytics.file), settings.analytics.keep) == (file, keep)


def test_what_is_learned_may_be_kept_in_a_schema_of_the_datamarts_file() -> None:
    text = LEAST.replace("datamart:\n", "datamart:\n  database: w.duckdb\n")
    settings, diagnostics = read_settings(f"analytics: {{schema: learned}}\n{text}", "p")
    assert diagnostics == ()
    assert settings is not None and settings.analytics is not None
    assert str(settings.analytics.in_schema) == "learned"


@pytest.mark.parametrize(
    ("said", "database", "message"),
    [
        (
            "{schema: learned}",
            "",
            "`analytics.schema` is a schema of the DuckDB file that `datamart.database` names, and there is none",
        ),
        (
            "{schema: main}",
            "  database: w.duckdb\n",
            "`analytics.schema` must be a name of small letters, digits and _, and not `main`",
        ),
        (
            "{schema: s, file: f}",
            "  database: w.duckdb\n",
            "what is learned is kept in a `file` or in a `schema` of the datamart's, not in both",
        ),
    ],
)
def test_a_schema_that_cannot_be_is_told(said: str, database: str, message: str) -> None:
    text = LEAST.replace("datamart:\n", f"datamart:\n{database}")
    settings, (found,) = read_settings(f"analytics: {said}\n{text}", "p")
    assert settings is None
    assert (found.code, found.message) == ("bad-setting", message)


@pytest.mark.parametrize("said", ["0 days", "12", "a year", "-1 months", "[1]", "3 hours"])
def test_a_length_that_is_none_is_told(said: str) -> None:
    settings, (found,) = read_settings(f"analytics: {{keep: {said}}}\n{LEAST}", "p")
    assert settings is None
    assert found.code == "bad-setting"


def test_parts_know_their_places() -> None:
    settings, _ = read_settings(WHOLE, "p", {"FOLDER": "f"})
    assert settings is not None
    assert settings.time_zone.place == Place("p", 2, 12, 2, 24)
    assert settings.datamart.contacts.key.place == Place("p", 14, 37, 14, 48)
    assert settings.datamart.events[0].place == Place("p", 16, 5, 16, 10)
    assert settings.datamart.views[1].dropped is not None
    assert settings.datamart.views[1].dropped.place == Place("p", 13, 40, 13, 51)


def test_all_mistakes_are_told_at_once() -> None:
    text = (
        "nam: shop\ncurrency: euro\nholidays: France\nlibrary: {a: b}\nstate: x\ndatamart:\n"
        "  contacts: {table: c}\n  events: {order: {tabel: o, at: x}, click: 3}\n  views: {v: {}}\n"
    )
    settings, diagnostics = read_settings(text, "p")
    assert settings is None
    assert [(d.code, d.place.line, d.place.column) for d in diagnostics] == [
        ("unknown-setting", 1, 1),
        ("bad-setting", 2, 11),
        ("bad-setting", 3, 11),
        ("bad-setting", 4, 10),
        ("unknown-setting", 5, 1),
        ("missing-setting", 7, 3),
        ("missing-setting", 8, 12),
        ("unknown-setting", 8, 20),
        ("bad-setting", 8, 45),
        ("missing-setting", 9, 11),
    ]
    assert diagnostics[7].mark == "did you mean `table`?"


def test_a_variable_without_value_is_told_at_its_path() -> None:
    settings, findings = read_settings(WHOLE, "p", {"RETAIL": "x"})
    assert settings is None
    assert [(f.code, f.place.line, "`${FOLDER}`" in f.message) for f in findings] == [
        ("bad-setting", line, True) for line in (6, 10)
    ]


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_lacks_what_must_be_said(text: str) -> None:
    settings, diagnostics = read_settings(text, "p")
    assert settings is None
    assert [d.message for d in diagnostics] == ["`name` is missing", "`datamart` is missing"]


@pytest.mark.parametrize("text", ["- a\n", "a\n", "3\n"])
def test_a_file_that_is_no_mapping_is_told(text: str) -> None:
    settings, (finding,) = read_settings(text, "p")
    assert (settings, finding.code, finding.place.line) == (None, "bad-setting", 1)


def test_a_key_said_twice_is_told_beside_the_rest() -> None:
    settings, diagnostics = read_settings(LEAST + "name: t\nsize: 3\n", "p")
    assert settings is None
    assert [(d.code, d.place.line) for d in diagnostics] == [("yaml", 4), ("unknown-setting", 5)]
