"""The little shop in which the examples of the code table stand: what `check` says of a text put into it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from parcours.diagnostics import Diagnostic
from parcours.workspace.workspace import Workspace

FILES: Mapping[str, str] = {
    "parcours.yaml": """\
name: shop
time_zone: Europe/Paris
datamart:
  database: shop.duckdb
  contacts: {table: customers, key: customer_id, time_zone: zone, household: household_id}
  events:
    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}
    cart: {table: carts, contact: customer_id, at: updated_at, id: cart_id}
    click: {table: clicks, contact: customer_id, at: clicked_at, id: click_id}
    open: {table: clicks, contact: customer_id, at: clicked_at, id: click_id, send: send_id}
  products: {table: products, key: sku}
""",
    "policy.journey": """\
channel email
    address email
    consent email_opt_in

channel sms
    address phone
    consent sms_opt_in

message hello
    subject "Hello"
    email "Hello"
    sms "Hello"
""",
    "thanks.journey": """\
journey thanks
    enter on order
        again
    send hello by email else sms
""",
}
_TABLES = """
CREATE TABLE customers AS SELECT
    n AS customer_id, 'c' || n || '@example.com' AS email, '+336' || (10000000 + n) AS phone, n // 2 AS household_id,
    CASE n % 3 WHEN 0 THEN 'FR' WHEN 1 THEN 'BE' ELSE 'DE' END AS country,
    'Europe/Paris' AS zone, n % 2 = 0 AS email_opt_in, n % 4 = 0 AS sms_opt_in, 20 + n AS age,
    DATE '1990-01-01' + n::INTEGER AS birth_date, TIMESTAMP '2026-01-01' + INTERVAL (n) HOUR AS signed_up,
    ['a', 'b'] AS tags, CASE n % 5 WHEN 0 THEN 'gold' WHEN 1 THEN 'silver' END AS tier
FROM range(1, 301) AS r(n);
CREATE TABLE orders AS SELECT
    'o' || n AS order_id, 1 + n % 30 AS customer_id, TIMESTAMP '2026-02-01' + INTERVAL (n) HOUR AS ordered_at,
    (10 * n)::DECIMAL(10, 2) AS amount, n % 2 = 0 AS paid, CASE n % 2 WHEN 0 THEN 'web' ELSE 'shop' END AS source,
    1000 + n AS invoice, ordered_at + INTERVAL 2 DAY AS booked_at
FROM range(1, 61) AS r(n);
CREATE TABLE carts AS SELECT
    n AS cart_id, n AS customer_id, TIMESTAMP '2026-02-01' + INTERVAL (n) HOUR AS updated_at,
    (5 * n)::DECIMAL(10, 2) AS total, 'o' || n AS order_id
FROM range(1, 31) AS r(n);
CREATE TABLE clicks AS SELECT
    's' || n AS send_id,
    n AS click_id, n AS customer_id, TIMESTAMP '2026-02-01' + INTERVAL (n) HOUR AS clicked_at, '/a' AS link
FROM range(1, 31) AS r(n);
CREATE TABLE calls AS SELECT
    n // 2 AS call_id, 1 + n // 2 AS customer_id, TIMESTAMP '2026-02-01' + INTERVAL (n // 2) HOUR AS called_at
FROM range(60) AS r(n);
CREATE TABLE products AS SELECT 's' || n AS sku, 'shoes' AS category FROM range(1, 11) AS r(n);
"""


def make_database(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(_TABLES)


class LittleShop:
    """`folder` holds nothing but the database when it is given, and is left like that."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def findings(self, files: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        """Everything that `check` says of the shop with these files put into it, in place of its own where the names
        are the same. Places name files without the folder."""
        with (
            self._written({**FILES, **files}),
            _current_folder(self.folder),
            closing(Workspace(Path(), {})) as workspace,
        ):
            return (*workspace.check().diagnostics, *workspace.doubts())

    @contextmanager
    def _written(self, files: Mapping[str, str]) -> Iterator[None]:
        paths = [self.folder / name for name in files]
        for path, text in zip(paths, files.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            for path in paths:
                path.unlink()


@contextmanager
def _current_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
