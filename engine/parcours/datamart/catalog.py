"""Names and types of the datamart, as the checker and the compiler read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from parcours.diagnostics import Place

ColumnKind = Literal["text", "number", "yes_no", "date", "instant", "time", "other"]
ContactType = Literal["BIGINT", "VARCHAR"]

_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
_WIDE_INTEGERS = frozenset({"HUGEINT", "UHUGEINT", "UBIGINT"})
_KINDS: dict[str, ColumnKind] = {
    "VARCHAR": "text",
    "ENUM": "text",
    "UUID": "text",
    "BOOLEAN": "yes_no",
    "DATE": "date",
    "TIME": "time",
    "FLOAT": "number",
    "DOUBLE": "number",
    "DECIMAL": "number",
    **dict.fromkeys(_INTEGERS | _WIDE_INTEGERS, "number"),
}


def kind_of(sql_type: str) -> ColumnKind:
    """What the language takes a DuckDB type for; lists, structs, blobs and the like are `other`."""
    if sql_type.endswith("]"):
        return "other"
    if sql_type.startswith("TIMESTAMP"):
        return "instant"
    return _KINDS.get(sql_type.partition("(")[0], "other")


def key_type(sql_type: str) -> ContactType | None:
    """The type that a key of this DuckDB type is kept in: BIGINT when every value fits, else its text; None
    for a type whose values are no good keys (fractions, dates, lists)."""
    if sql_type in _INTEGERS:
        return "BIGINT"
    return "VARCHAR" if sql_type in _WIDE_INTEGERS or kind_of(sql_type) == "text" else None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view of ours. `sql_type` is its type there: instants are naive UTC, so TIMESTAMP.
    `place` is where parcours.yaml names the table."""

    name: str
    kind: ColumnKind
    sql_type: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The user's columns of contacts, of one event or of products, without ours.

    `name` is the table as parcours.yaml names it and `place` where, `key` the column that says which contact
    (or product) and `at` the column of an event's time."""

    name: str
    columns: Mapping[str, Column]
    key: str | None = None
    at: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that is mapped. Every table of `events` has the field `at` (instant) besides its own columns.
    `event_has_send` names the events that link to the send that caused them."""

    contacts: Table
    contact_type: ContactType
    events: Mapping[str, Table] = field(default_factory=dict)
    event_has_send: frozenset[str] = frozenset()
    products: Table | None = None
    has_household: bool = False

    def own_contact_columns(self) -> dict[str, str]:
        """Our columns of the view `contact`, with their SQL types."""
        household = {"_household": "VARCHAR"} if self.has_household else {}
        return {"_contact": self.contact_type, "_zone": "VARCHAR", "_visible_at": "TIMESTAMP", **household}

    def own_event_columns(self, name: str) -> dict[str, str]:
        """Our columns of the view `event_<name>`, with their SQL types."""
        send = {"_send": "VARCHAR"} if name in self.event_has_send else {}
        return {
            "_contact": self.contact_type,
            "_at": "TIMESTAMP",
            "_visible_at": "TIMESTAMP",
            "_id": "VARCHAR",
            **send,
        }

    def own_product_columns(self) -> dict[str, str]:
        """Our columns of the view `product`, with their SQL types."""
        return {"_product": "VARCHAR"}


def described(catalog: Catalog) -> str:
    """All that a catalog says, as a text that is the same in every process."""
    parts = (catalog.contacts, catalog.contact_type, tuple(catalog.events.items()), catalog.products)
    return repr((*parts, sorted(catalog.event_has_send), catalog.has_household))


def event_view(name: str) -> str:
    """The view or table that holds the events of a name."""
    return f"event_{name}"
