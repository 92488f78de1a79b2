"""Kinds of columns: what the language takes a DuckDB type for."""

import pytest

from parcours.datamart.catalog import Catalog, Table, key_type, kind_of


@pytest.mark.parametrize(
    ("sql_type", "kind"),
    [
        ("VARCHAR", "text"),
        ("UUID", "text"),
        ("ENUM('low', 'high (very)')", "text"),
        ("TINYINT", "number"),
        ("HUGEINT", "number"),
        ("DOUBLE", "number"),
        ("DECIMAL(10,2)", "number"),
        ("BOOLEAN", "yes_no"),
        ("DATE", "date"),
        ("TIME", "time"),
        ("TIMESTAMP", "instant"),
        ("TIMESTAMP_NS", "instant"),
        ("TIMESTAMP WITH TIME ZONE", "instant"),
        ("INTEGER[]", "other"),
        ("DECIMAL(10,2)[3]", "other"),
        ("STRUCT(a INTEGER)", "other"),
        ("BLOB", "other"),
        ("INTERVAL", "other"),
    ],
)
def test_a_type_of_duckdb_is_of_one_kind(sql_type: str, kind: str) -> None:
    assert kind_of(sql_type) == kind


@pytest.mark.parametrize(
    ("sql_type", "kept_in"),
    [
        ("INTEGER", "BIGINT"),
        ("UINTEGER", "BIGINT"),
        ("UBIGINT", "VARCHAR"),
        ("HUGEINT", "VARCHAR"),
        ("VARCHAR", "VARCHAR"),
        ("UUID", "VARCHAR"),
        ("DOUBLE", None),
        ("DATE", None),
        ("INTEGER[]", None),
    ],
)
def test_a_key_is_a_whole_number_that_fits_or_text(sql_type: str, kept_in: str | None) -> None:
    assert key_type(sql_type) == kept_in


def test_household_and_send_are_columns_of_ours_only_when_mapped() -> None:
    bare = Catalog(Table("customers", {}), "BIGINT", {"order": Table("orders", {})})
    full = Catalog(
        Table("customers", {}),
        "BIGINT",
        {"order": Table("orders", {})},
        event_has_send=frozenset({"order"}),
        has_household=True,
    )
    assert set(full.own_contact_columns()) - set(bare.own_contact_columns()) == {"_household"}
    assert set(full.own_event_columns("order")) - set(bare.own_event_columns("order")) == {"_send"}
