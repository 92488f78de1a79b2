"""Makes the data of the example shop: two years of a believable online shop, as Parquet files.

    python examples/shop/generate.py [--contacts 20000] [--seed 1] [--to FOLDER]

Every choice comes from md5 of the seed and of a name for the choice: the same seed and size, the same bytes.
Who people are is decided first (`person`), then what each does in each week (`person_week`); all other tables
follow from these two. People live by their own wall clock; what is written is UTC without a zone.
"""

import argparse
import pathlib

import duckdb
from making.carts import make_carts
from making.days import make_zone_days
from making.draws import make_draws
from making.messages import make_nudges, make_responses, make_sends
from making.orders import finish_orders, make_deliveries, make_manners, make_order_lines, make_orders
from making.people import PLACES, make_contacts, make_persons, make_signups
from making.products import make_products
from making.reviews import make_reviews
from making.sql import literal
from making.visits import make_visits

# file: the order of its rows
FILES = {
    "contacts": "contact_id",
    "signups": "signed_up_at, contact_id",
    "products": "sku",
    "orders": "ordered_at, order_id, loaded_at",
    "order_lines": "line_id",
    "visits": "visit_id",
    "carts": "update_id",
    "sends": "send_id",
    "opens": "opened_at, send_id",
    "clicks": "clicked_at, send_id",
    "taps": "tapped_at, send_id",
    "opt_outs": "opted_out_at, contact_id",
    "deliveries": "delivered_at, order_id",
    "reviews": "reviewed_at, order_id",
}


def build(connection: duckdb.DuckDBPyConnection, contacts: int, seed: int) -> None:
    """Makes every table of FILES in the connection's database, and those that they are made from."""
    make_draws(connection, seed)
    make_zone_days(connection, (place[3] for place in PLACES.values()))
    make_products(connection)
    make_persons(connection, contacts)
    make_contacts(connection)
    make_signups(connection)
    make_orders(connection)
    make_order_lines(connection)
    make_carts(connection)
    make_manners(connection)
    finish_orders(connection)
    make_sends(connection)
    make_responses(connection)
    make_nudges(connection)
    make_visits(connection)
    make_deliveries(connection)
    make_reviews(connection)


def write(connection: duckdb.DuckDBPyConnection, folder: pathlib.Path) -> dict[str, int]:
    """Writes the tables of FILES as Parquet into the folder, made when it is not there. Returns the rows of each."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, int] = {}
    for table, order in FILES.items():
        path, rows_in_order = literal(str(folder / f"{table}.parquet")), f"FROM {table} ORDER BY {order}"
        connection.execute(f"COPY ({rows_in_order}) TO {path} (FORMAT parquet, COMPRESSION zstd)")
        rows[table] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    return rows


def generate(contacts: int, seed: int, folder: pathlib.Path) -> dict[str, int]:
    """Makes the data and writes it. Returns the rows of each file."""
    # one thread: the same rows in the same row groups
    with duckdb.connect(config={"threads": 1}) as connection:
        build(connection, contacts, seed)
        return write(connection, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the data of the example shop as Parquet files.")
    parser.add_argument("--contacts", type=int, default=20_000, help="how many contacts (20000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other people (1)")
    data = pathlib.Path(__file__).parent / "data"
    parser.add_argument(
        "--to", type=pathlib.Path, default=data, metavar="FOLDER", help="data/ beside this file"
    )
    options = parser.parse_args()
    if options.contacts < 1:
        parser.error("--contacts must be 1 or more")
    rows = generate(options.contacts, options.seed, options.to)
    print(f"{'file':<22}{'rows':>10}")
    for table, count in rows.items():
        print(f"{table + '.parquet':<22}{count:>10,}")


if __name__ == "__main__":
    main()
