"""Visits to the shop."""

import duckdb

from making.days import END_DAY, FIRST_DAY, utc
from making.sql import with_duplicates


def make_visits(connection: duckdb.DuckDBPyConnection) -> None:
    """Visits around sign-ups, carts, orders and clicks, and the many that lead to nothing."""
    browsing = """
        SELECT contact_id, zone, signed_up_at, moment(monday, 'visit/' || name || '/' || n) AS local_at,
            'visit/' || name || '/' || n AS name
        FROM person_week, range(3) r(n)
        WHERE u('visit/' || name || '/' || n, 1) < visits * mood * alive / 3"""
    connection.execute(f"""
        CREATE TABLE clean_visits AS
        WITH came AS (
            SELECT contact_id, instant, name, NULL AS source FROM ({utc(browsing)})
                WHERE instant > signed_up_at AND instant < TIMESTAMP '{END_DAY}'
            UNION ALL
            SELECT contact_id, signed_up_at - INTERVAL 4 MINUTE, 'signup/' || contact_id, NULL
            FROM person WHERE kind != 'never'
            UNION ALL
            SELECT contact_id, instant - INTERVAL 9 MINUTE, 'order/' || order_id, NULL
            FROM bought WHERE channel != 'store'
            UNION ALL
            SELECT contact_id, started_at - INTERVAL 6 MINUTE, 'cart/' || cart, NULL FROM cart_number
            UNION ALL
            SELECT contact_id, clicked_at + INTERVAL 1 SECOND, 'click/' || send_id, 'email' FROM clicks)
        SELECT row_number() OVER (ORDER BY instant, contact_id, name) AS visit_id, contact_id,
            instant AS visited_at,
            1 + floor(19 * pow(u('pages/' || name, 1), 3))::INTEGER AS pages,
            coalesce(source,
                pick(['direct', 'direct', 'search', 'search', 'search', 'app', 'app', 'advert', 'social'],
                u('pages/' || name, 2))) AS source
        FROM came WHERE instant >= TIMESTAMP '{FIRST_DAY}' AND instant < TIMESTAMP '{END_DAY}'""")
    connection.execute(f"CREATE TABLE visits AS {with_duplicates('clean_visits', 'visit_id')}")
