"""What is bought by whom, in the three manners of buying that are planted, and when it is delivered."""

import duckdb

from making.days import END_DAY, FIRST_DAY, utc
from making.products import CATEGORIES, PRODUCTS_PER_CATEGORY
from making.sql import values, weighted, with_duplicates

COMPANION_SHARE = 0.45  # how often the product that goes with a core product is bought with it
# manner of buying: share of people in %, how often an order has a voucher, and something gift-wrapped
MANNERS = {"full_price": (50, 0.05, 0.04), "bargain": (30, 0.90, 0.04), "gifts": (20, 0.05, 0.85)}
LATE_SHARE = 0.0015  # orders that become known a day or more after


def make_orders(connection: duckdb.DuckDBPyConnection) -> None:
    """`bought`: an order a week at most. Summer buyers order from June to August only, one-timers once."""
    local = """
        SELECT contact_id, zone, signed_up_at, kind, name, moment(monday, 'order/' || name) AS local_at
        FROM person_week
        WHERE CASE kind WHEN 'one_timer' THEN only_order_on BETWEEN monday AND monday + 6
            ELSE monday <= stops_on AND u('order/' || name, 1) < orders * mood END"""
    connection.execute(f"""
        CREATE TABLE bought AS
        SELECT *, 100000 + row_number() OVER (ORDER BY instant, contact_id) AS order_id,
            pick(['web', 'web', 'web', 'web', 'web', 'web', 'app', 'app', 'app', 'store'],
                u('how/' || name, 1)) AS channel
        FROM ({utc(local)})
        WHERE instant >= signed_up_at AND instant < TIMESTAMP '{END_DAY}'
            AND instant >= TIMESTAMP '{FIRST_DAY}'
            AND (kind != 'summer' OR month(local_at) BETWEEN 6 AND 8)""")


def make_order_lines(connection: duckdb.DuckDBPyConnection) -> None:
    """One to five lines an order; what goes with a core product is often in the same basket."""
    shelves: list[tuple] = []
    for column, time in enumerate(("usual", "summer", "december")):
        start = 0
        for category, shares in CATEGORIES.items():
            shelves.append((time, category, start / 100, (start + shares[column]) / 100))
            start += shares[column]
    connection.execute(f"""
        CREATE TABLE basket AS
        WITH line AS (
            SELECT b.order_id, b.kind, b.order_id || '/' || n AS name,
                CASE WHEN month(b.local_at) = 12 THEN 'december'
                    WHEN month(b.local_at) BETWEEN 6 AND 8 THEN 'summer' ELSE 'usual' END AS time
            FROM bought b, range(5) r(n) WHERE n < 1 + floor(5 * pow(u('lines/' || b.order_id, 1), 2.5))),
        chosen AS (
            SELECT l.order_id, l.name, p.sku FROM line l
            JOIN ({values(shelves)}) s(time, category, low, high) ON s.time = l.time
                AND u('shelf/' || l.name, 1) >= s.low AND u('shelf/' || l.name, 1) < s.high
            JOIN product p ON p.popularity = floor({PRODUCTS_PER_CATEGORY} * pow(u('shelf/' || l.name, 2), 2))
                AND p.category = CASE WHEN l.kind = 'summer' AND u('shelf/' || l.name, 3) < 0.5
                    THEN 'swimwear' ELSE s.category END),
        attached AS (
            SELECT order_id, name || '/with', companion FROM chosen JOIN companion USING (sku)
            WHERE u('with/' || name, 1) < {COMPANION_SHARE})
        SELECT order_id, sku, min(name) AS name
        FROM (FROM chosen UNION ALL FROM attached) GROUP BY order_id, sku""")
    connection.execute("""
        CREATE TABLE order_lines AS
        SELECT row_number() OVER (ORDER BY l.order_id, l.sku) AS line_id, l.order_id, b.contact_id,
            b.instant AS ordered_at,
            l.sku, pick([1, 1, 1, 1, 1, 1, 1, 2, 2, 3], u('quantity/' || l.name, 1)) AS quantity, p.price
        FROM basket l JOIN bought b USING (order_id) JOIN product p USING (sku)""")


def make_manners(connection: duckdb.DuckDBPyConnection) -> None:
    """manner(contact_id, manner, vouchers, wraps): how a contact buys, whatever kind it is of."""
    connection.execute(f"""
        CREATE TABLE manner AS
        SELECT p.contact_id, m.* FROM person p
        JOIN ({values([(manner, *row[1:]) for manner, row in MANNERS.items()])}) m(manner, vouchers, wraps)
            ON m.manner = pick({weighted({manner: row[0] for manner, row in MANNERS.items()})},
                u('manner/' || contact_id, 1))""")


def finish_orders(connection: duckdb.DuckDBPyConnection) -> None:
    """Orders with their amount and cart, and what was paid by voucher or gift-wrapped. Most are known in minutes, some in
    hours, few a day or more late."""
    connection.execute(f"""
        CREATE TABLE clean_orders AS
        WITH paid AS (
            SELECT order_id, sum(quantity * price)::DECIMAL(10, 2) AS amount, sum(quantity)::INTEGER AS items
            FROM order_lines GROUP BY order_id)
        SELECT b.order_id, b.contact_id, b.instant AS ordered_at,
            least(TIMESTAMP '{END_DAY}' - INTERVAL 1 SECOND, b.instant
            + to_minutes(CASE WHEN u('late/' || b.order_id, 1) < {LATE_SHARE}
                    THEN 1440 + floor(2880 * u('late/' || b.order_id, 2))::BIGINT
                WHEN u('late/' || b.order_id, 1) < 0.05
                    THEN 60 + floor(420 * u('late/' || b.order_id, 2))::BIGINT
                ELSE 1 + floor(9 * u('late/' || b.order_id, 2))::BIGINT END)) AS loaded_at,
            p.amount, p.items, b.channel, c.cart_id,
            CASE WHEN u('voucher/' || b.order_id, 1) < m.vouchers
                THEN 8 + floor(17 * u('voucher/' || b.order_id, 2)) ELSE 0 END::DECIMAL(6, 2) AS voucher,
            CASE WHEN u('wrapped/' || b.order_id, 1) < m.wraps
                THEN 1 + floor(least(p.items, 2) * u('wrapped/' || b.order_id, 2)) ELSE 0 END::INTEGER AS wrapped
        FROM bought b JOIN paid p USING (order_id) JOIN manner m USING (contact_id)
            LEFT JOIN cart_number c USING (order_id)""")
    again = f"least(loaded_at + INTERVAL 1 HOUR, TIMESTAMP '{END_DAY}' - INTERVAL 1 SECOND) AS loaded_at"
    connection.execute(f"CREATE TABLE orders AS {with_duplicates('clean_orders', 'order_id', again)}")


def make_deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    """Parcels arrive two to six days later, by day."""
    local = """
        SELECT order_id, contact_id, zone,
            local_at::DATE::TIMESTAMP + to_days(2 + floor(5 * pow(u('parcel/' || order_id, 1), 2))::INTEGER)
            + to_minutes(540 + floor(540 * u('parcel/' || order_id, 2))::BIGINT) AS local_at
        FROM bought WHERE channel != 'store'"""
    connection.execute(f"""
        CREATE TABLE deliveries AS
        SELECT order_id, contact_id, instant AS delivered_at FROM ({utc(local)})
            WHERE instant < TIMESTAMP '{END_DAY}'""")
