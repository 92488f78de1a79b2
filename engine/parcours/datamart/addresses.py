# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""Whether contacts can be reached where the datamart says: e-mail addresses and phone numbers.

Of every address the shape is looked at, in SQL. Whether it is valid a library knows, at 70 microseconds for an address
and 35 for a phone number; so it is asked of a sample of contacts, the same ones each time. No address is ever shown: the
contacts are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import duckdb

from parcours.datamart.catalog import Catalog, ColumnKind
from parcours.datamart.memory import ask
from parcours.datamart.quoting import identifier, literal

AddressKind = Literal["email", "phone"]

SAMPLE = 10_000
"""Of so many contacts the addresses are shown to a library."""

_EXAMPLES = 3
_PHONE_CHANNELS = frozenset({"sms", "mms", "phone", "call", "voice", "whatsapp", "rcs"})
_TEXT: ColumnKind = "text"

_SHAPES: dict[AddressKind, str] = {
    # wider than any standard: what does not have this shape is no address anywhere
    "email": r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+",
    "phone": r"\s*\+?(\D{0,3}\d){5,17}\D{0,3}",
}


@dataclass(frozen=True, slots=True)
class AddressProfile:
    """The addresses of a channel. Of `known` ones, `shapeless` cannot be right; `shared` contacts have one that another
    contact has too. Of `looked_at` in the sample, `invalid` are refused by the library, e.g. those of `examples` (keys of
    contacts); `looked_at` is None when the library is not installed."""

    channel: str
    column: str
    kind: AddressKind
    known: int
    shapeless: int
    shared: int
    looked_at: int | None
    invalid: int
    examples: tuple[str, ...]


def address_kind(channel: str) -> AddressKind | None:
    """What the addresses of a channel are, by its name; None for those that nobody can judge, such as tokens."""
    words = channel.lower().split("_")
    if any("mail" in word for word in words):
        return "email"
    return "phone" if _PHONE_CHANNELS & set(words) else None


def has_shape(kind: AddressKind, value: str) -> str:
    """SQL that says whether a text may be such an address."""
    return f"regexp_full_match({value}, {literal(_SHAPES[kind])})"


def profile_addresses(
    connection: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    channel: str,
    column: str,
    country: str | None,
    sample: int = SAMPLE,
) -> AddressProfile | None:
    """The addresses of a channel in a column of the contacts; None when their kind is not known. `country` is where phone
    numbers without a country are: `FR`."""
    kind = address_kind(channel)
    known_column = catalog.contacts.columns.get(column)
    if kind is None or known_column is None or known_column.kind != _TEXT:
        return None
    name = f"CAST({identifier(column)} AS VARCHAR)"
    contacts = catalog.contacts
    query = f"""
        SELECT count(a), count(*) FILTER (WHERE NOT {has_shape(kind, "a")}), count(*) FILTER (WHERE often > 1)
        FROM (SELECT a, count(*) OVER (PARTITION BY lower(trim(a))) AS often
            FROM (SELECT {name} AS a FROM memory.main.contact) WHERE a IS NOT NULL)"""
    ((known, shapeless, shared),) = ask(connection, query, contacts.name, contacts.place)
    chosen = f"""
        SELECT CAST(_contact AS VARCHAR), {name} FROM memory.main.contact WHERE {name} IS NOT NULL
        ORDER BY md5(CAST(_contact AS VARCHAR)), _contact LIMIT {literal(sample)}"""
    is_valid = _email_judge() if kind == "email" else _phone_judge(country)
    rows = ask(connection, chosen, contacts.name, contacts.place) if is_valid else []
    wrong = [contact for contact, address in rows if is_valid and not is_valid(address)]
    looked_at = None if is_valid is None else len(rows)
    return AddressProfile(
        channel,
        column,
        kind,
        known,
        shapeless,
        shared,
        looked_at,
        len(wrong),
        tuple(sorted(wrong)[:_EXAMPLES]),
    )


def _email_judge() -> Callable[[str], bool] | None:
    try:
        from email_validator import EmailNotValidError, validate_email
    except ModuleNotFoundError:
        return None

    def judge(address: str) -> bool:
        try:
            validate_email(address, check_deliverability=False)
        except EmailNotValidError:
            return False
        return True

    return judge


def _phone_judge(country: str | None) -> Callable[[str], bool] | None:
    try:
        import phonenumbers
    except ModuleNotFoundError:
        return None
    region: Any = None if country is None else country.partition("-")[0]

    def judge(number: str) -> bool:
        try:
            return bool(phonenumbers.is_valid_number(phonenumbers.parse(number, region)))
        except phonenumbers.NumberParseException:
            return False

    return judge
