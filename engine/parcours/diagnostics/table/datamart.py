"""Codes of the datamart: the tables that parcours.yaml maps, held against what is there."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error, warning


def _mapping(bad: str, good: str, **beside: str) -> Example:
    """Two versions of one line of the datamart in parcours.yaml. What both lack is as in the little shop."""
    return Example(_shop(bad), _shop(good), file="parcours.yaml", beside=beside)


_ABOVE = ("time_zone", "holidays", "database", "contacts")


def _shop(line: str) -> str:
    lines = {
        "time_zone": "time_zone: Europe/Paris",
        "holidays": "holidays: FR",
        "database": "  database: shop.duckdb",
        "contacts": "  contacts: {table: customers, key: customer_id}",
        "order": "    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}",
    }
    key = line.split(":")[0].strip()
    lines[key] = line
    own = "".join(f"{said}\n" for known, said in lines.items() if known not in _ABOVE)
    return (
        f"name: shop\n{lines['time_zone']}\n{lines['holidays']}\n"
        f"datamart:\n{lines['database']}\n{lines['contacts']}\n  events:\n{own}"
    )


def _channel(address: str) -> str:
    return (
        f"channel email\n    address {address}\n    consent email_opt_in\n\n"
        "channel sms\n    address phone\n    consent sms_opt_in\n\n"
        'message hello\n    subject "Hello"\n    email "Hello"\n    sms "Hello"\n'
    )


DATAMART: Mapping[str, CodeEntry] = {
    "no-database": error(
        "The database that parcours.yaml names is not there.",
        "correct the path under `datamart:` in parcours.yaml",
        _mapping("  database: shops.duckdb", "  database: shop.duckdb"),
    ),
    "no-data-file": error(
        "A file of data that parcours.yaml names is not there.",
        "correct the path under `datamart:` in parcours.yaml",
    ),
    "not-a-database": error(
        "The file that parcours.yaml names as the database is none.",
        "name a DuckDB file; Parquet and CSV files go under `tables:`",
        _mapping("  database: policy.journey", "  database: shop.duckdb"),
    ),
    "database-locked": error(
        "Another process has the database open for writing.",
        "wait for the process that writes to it to end, or stop it",
    ),
    "bad-data-file": error(
        "A file of data cannot be read as Parquet or CSV.",
        "name Parquet files (.parquet) or CSV files (.csv, .csv.gz) that can be read",
    ),
    "different-keys": warning(
        "An event names its contact in another type than the contacts' own key has.",
        "convert one of the two in a view if events go missing",
    ),
    "unknown-table": error(
        "The datamart has no table of this name.",
        "name a table or view of the datamart, or a .parquet or .csv path",
        _mapping(
            "    order: {table: ordrs, contact: customer_id, at: ordered_at, id: order_id}",
            "    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}",
        ),
    ),
    "unknown-column": error(
        "A mapped table has no column of this name.",
        "name a column that the table has",
        _mapping(
            "  contacts: {table: customers, key: customer}",
            "  contacts: {table: customers, key: customer_id}",
        ),
    ),
    "wrong-column-type": error(
        "A column has a type that cannot be used here.",
        "map a column of the right type, or convert it in a view",
        _mapping(
            "    order: {table: orders, contact: customer_id, at: amount, id: order_id}",
            "    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}",
        ),
    ),
    "bad-view": error(
        "The SQL of a view of parcours.yaml cannot be used.",
        "a view is one SELECT statement over the tables of the datamart",
    ),
    "duplicate-key": error(
        "The key of the contacts is empty or the same for several rows.",
        "make the key unique in a view: one row for each contact",
        _mapping(
            "  contacts: {table: customers, key: country}",
            "  contacts: {table: customers, key: customer_id}",
        ),
    ),
    "unknown-country": error(
        "The holidays of the country are not known.",
        "write the code of a country, such as FR, or of a part of one, such as DE-BY",
        _mapping("holidays: DE-BZ", "holidays: DE-BY"),
    ),
    "bad-time-zone": error(
        "The time zone does not exist.",
        "use a name of the tz database, such as Europe/Paris",
        _mapping("time_zone: Europe/Pari", "time_zone: Europe/Paris"),
    ),
    "events-of-strangers": warning(
        "Many events are of contacts that the datamart does not have: nobody enters by them, and no predicate sees them.",
        "compare the keys of both tables, with their types and leading zeros; `parcours profile` counts them",
        _mapping(
            "    order: {table: orders, contact: invoice, at: ordered_at, id: order_id}",
            "    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}",
        ),
    ),
    "repeated-events": warning(
        "Many rows of an event without `id` are there more than once, and each counts as an event of its own.",
        "map `id: COLUMN`, or take the repeated rows out in a view",
        _mapping(
            "    order: {table: calls, contact: customer_id, at: called_at}",
            "    order: {table: calls, contact: customer_id, at: called_at, id: call_id}",
        ),
    ),
    "late-events": warning(
        "Most events become known more than a day after they happened: they start nothing, unless `within` says so.",
        "load them more often, or say `within D` where a journey is entered on them",
        _mapping(
            "    order: {table: orders, contact: customer_id, at: ordered_at, loaded: booked_at, id: order_id}",
            "    order: {table: orders, contact: customer_id, at: booked_at, loaded: booked_at, id: order_id}",
        ),
    ),
    "unlikely-addresses": warning(
        "Many addresses of a channel cannot be right: what is sent there does not arrive.",
        "name the column of the addresses, or clean it in a view; `parcours profile` tells more",
        Example(_channel("tier"), _channel("email"), file="policy.journey"),
    ),
    "datamart-failed": error(
        "The datamart could not answer a question.",
        "look at the datamart; nothing was written",
    ),
}
