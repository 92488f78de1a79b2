"""Carts that became orders, and those left behind."""

import duckdb

from making.days import END_DAY, FIRST_DAY, utc
from making.sql import with_duplicates

CART_SHARE = 0.45  # of the orders on the web and in the app, how many we saw as a cart before


def make_carts(connection: duckdb.DuckDBPyConnection) -> None:
    """Updates of carts: of those that became orders within hours (`from_order`), and of those left behind."""
    local = """
        SELECT contact_id, zone, signed_up_at, 'left/' || name AS name,
            moment(monday, 'cart/' || name) AS local_at
        FROM person_week WHERE u('cart/' || name, 1) < carts * mood * alive"""
    connection.execute(f"""
        CREATE TABLE cart AS
        WITH ordered AS (
            SELECT b.contact_id, b.order_id, b.order_id || '/' || n AS name, b.instant
                - to_seconds(120 + floor((n * 2400 + 15000 * pow(u('ago/' || b.order_id, 1), 3)))::BIGINT)
                    AS instant,
                (sum(l.quantity * l.price) OVER whole * (10 - 3 * n) / 10)::DECIMAL(10, 2) AS total,
                greatest(sum(l.quantity) OVER whole - n, 1)::INTEGER AS items,
                row_number() OVER (whole ORDER BY l.line_id) AS number
            FROM bought b JOIN order_lines l USING (order_id), range(3) r(n)
            WHERE b.channel != 'store' AND u('cart/' || b.order_id, 1) < {CART_SHARE}
                AND b.instant - INTERVAL 6 HOUR > greatest(b.signed_up_at, TIMESTAMP '{FIRST_DAY}')
                AND n < 1 + floor(3 * u('cart/' || b.order_id, 2))
            WINDOW whole AS (PARTITION BY b.order_id, n)),
        dropped AS (
            SELECT contact_id, name || '/' || n AS name, name AS cart,
                instant + to_seconds(n * (300 + floor(2400 * u(name, 1)))::BIGINT) AS instant,
                (9 + (1 + n) * floor(9000 * pow(u(name, 2), 2)) / 100)::DECIMAL(10, 2) AS total,
                1 + n::INTEGER AS items
            FROM ({utc(local)}), range(3) r(n) WHERE instant > greatest(signed_up_at, TIMESTAMP '{FIRST_DAY}')
                AND n < 1 + floor(3 * u(name, 3)))
        SELECT contact_id, instant, total, items, order_id AS from_order, 'order/' || order_id AS cart
        FROM ordered WHERE number = 1
        UNION ALL
        SELECT contact_id, instant, total, items, NULL, cart FROM dropped
            WHERE instant < TIMESTAMP '{END_DAY}'""")
    connection.execute("""
        CREATE TABLE cart_number AS
        SELECT cart, contact_id, any_value(from_order) AS order_id, min(instant) AS started_at,
            'c' || lpad(row_number() OVER (ORDER BY min(instant), cart)::VARCHAR, 7, '0') AS cart_id
        FROM cart GROUP BY cart, contact_id""")
    connection.execute("""
        CREATE TABLE cart_updates AS
        SELECT row_number() OVER (ORDER BY c.instant, n.cart_id) AS update_id, n.cart_id, c.contact_id,
            c.instant AS updated_at,
            c.total, c.items
        FROM cart c JOIN cart_number n USING (cart)""")
    connection.execute(f"CREATE TABLE carts AS {with_duplicates('cart_updates', 'update_id')}")
