"""Makes the data of the example shop: two years of a believable online shop, as Parquet files.

    python examples/shop/generate.py [--contacts 20000] [--seed 1] [--to FOLDER]

Every choice comes from md5 of the seed and of a name for the choice: the same seed and size, the same bytes.
Who people are is decided first (`person`), then what each does in each week (`person_week`); all other tables
follow from these two. People live by their own wall clock; what is written is UTC without a zone.
"""

import argparse
import datetime as dt
import pathlib
import zoneinfo

import duckdb

FIRST_DAY = dt.date(2024, 4, 1)  # a Monday
END_DAY = dt.date(2026, 4, 1)  # the first day that is not in the data
WEEKS = (END_DAY - FIRST_DAY).days // 7 + 1

# kind: share of people in %, orders a week, visits a week, abandoned carts a week, share of messages opened
KINDS = {
    "loyal": (12, 0.48, 1.05, 0.060, 0.45),
    "regular": (22, 0.17, 0.60, 0.050, 0.28),
    "fading": (14, 0.24, 0.60, 0.050, 0.30),
    "lost": (10, 0.22, 0.45, 0.040, 0.20),
    "never": (18, 0.00, 0.00, 0.000, 0.00),
    "one_timer": (16, 0.00, 0.20, 0.020, 0.12),
    "summer": (8, 0.30, 0.45, 0.040, 0.15),
}
# place: share of people in %, country, language, time zone
PLACES = {
    "paris": (48, "FR", "fr", "Europe/Paris"),
    "london": (18, "GB", "en", "Europe/London"),
    "new_york": (13, "US", "en", "America/New_York"),
    "los_angeles": (8, "US", "en", "America/Los_Angeles"),
    "tokyo": (7, "JP", "ja", "Asia/Tokyo"),
    "sydney": (6, "AU", "en", "Australia/Sydney"),
}
FIRST_NAMES = {
    "fr": "Camille Léa Manon Chloé Inès Jeanne Louise Alice Hugo Louis Gabriel Jules Arthur Paul Théo",
    "en": "Olivia Amelia Grace Emily Ruby Sophie Ella Mia Jack Oliver Harry George Noah Leo Thomas James",
    "ja": "Yui Hina Aoi Sakura Rin Mei Akari Yuna Haruto Sota Yuto Riku Ren Minato Itsuki Kaito",
}
# numbers that the authorities keep for fiction, or that nobody can have
PHONES = {"FR": "+336399800", "GB": "+447700900", "US": "+120255501", "JP": "+819000000", "AU": "+614915700"}
STREETS = ["Rue des Lilas", "High Street", "Maple Avenue", "Station Road", "Rue du Moulin", "Park Lane"]

DAYS = {0: 12, 1: 12, 2: 13, 3: 13, 4: 14, 5: 18, 6: 18}  # day of the week, Monday 0: weight
HOURS = dict(enumerate([0] * 7 + [2, 4, 4, 5, 5, 8, 8, 5, 4, 4, 6, 8, 9, 11, 10, 5, 2]))  # by the local hour
SEASON = [0.8, 0.8, 0.95, 1.0, 1.0, 1.05, 0.95, 0.85, 1.0, 1.05, 1.25, 1.7]  # January to December

PRODUCTS_PER_CATEGORY = 25
# category: share of lines in % in most months, in summer, in December; dearest price
CATEGORIES = {
    "dresses": (14, 12, 10, 120),
    "shirts": (14, 12, 10, 70),
    "trousers": (12, 8, 8, 95),
    "knitwear": (10, 2, 14, 110),
    "coats": (8, 1, 8, 260),
    "shoes": (12, 12, 9, 150),
    "bags": (8, 7, 9, 180),
    "jewellery": (6, 5, 14, 140),
    "home": (7, 4, 10, 90),
    "socks": (5, 3, 5, 18),
    "swimwear": (2, 30, 1, 75),
    "travel": (2, 4, 2, 160),
}
COMPANION_SHARE = 0.45  # how often the product that goes with a core product is bought with it
CORE_EVERY = 5  # every fifth product of a category is a core product
CART_SHARE = 0.45  # of the orders on the web and in the app, how many we saw as a cart before
OPT_OUT_SHARE = 0.003  # of the messages sent
DUPLICATE_SHARE = 0.002

# manner of buying: share of people in %, how often an order has a voucher, and something gift-wrapped
MANNERS = {"full_price": (50, 0.05, 0.04), "bargain": (30, 0.90, 0.04), "gifts": (20, 0.05, 0.85)}
# channel: message, every so many weeks; share answered of those who ordered in the 90 days before it, and of others
NUDGES = {"push": ("app_news", 4, 0.16, 0.05), "sms": ("sms_offer", 6, 0.05, 0.12)}
# arm of the test `words` of the journey `ask_review`: share in %, how many deliveries are reviewed
REVIEW_TEST = "ask_review/words"
REVIEW_ARMS = {"plain": (34, 0.05), "warm": (33, 0.05), "points": (33, 0.15)}
LATE_SHARE = 0.0015  # orders that become known a day or more after


def literal(value: object) -> str:
    """A SQL literal of one of the constants above."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


PHONE_PREFIXES = "MAP {" + ", ".join(f"'{country}': '{prefix}'" for country, prefix in PHONES.items()) + "}"


def weighted(weights: dict) -> str:
    """A SQL list in which each key stands as often as its weight says: what `pick` draws from."""
    return "[" + ", ".join(literal(key) for key, weight in weights.items() for _ in range(weight)) + "]"


def values(rows: list[tuple]) -> str:
    """Rows as a SQL VALUES list."""
    return "VALUES " + ", ".join("(" + ", ".join(literal(value) for value in row) + ")" for row in rows)


def utc(local: str) -> str:
    """The query `local` (columns zone and local_at among others) with `instant`, the UTC instant, added."""
    return f"""
        SELECT l.*, l.local_at - to_minutes(z.offset_minutes) AS instant
        FROM ({local}) l JOIN zone_day z ON z.zone = l.zone AND z.day = l.local_at::DATE"""


def with_duplicates(table: str, key: str, changes: str = "") -> str:
    """The table with a few of its rows twice, as queues deliver them; `changes` is for the second copy."""
    return f"""
        SELECT * FROM {table} UNION ALL
        SELECT * {f"REPLACE ({changes})" if changes else ""} FROM {table}
        WHERE u('twice/{table}/' || {key}, 1) < {DUPLICATE_SHARE}"""


def make_draws(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """u(name, part): a number from 0 up to 1 for a name, which has four; pick(list, number) chooses."""
    connection.execute(f"""
        CREATE MACRO u(name, part) AS
            ('0x' || substr(md5('{seed}/' || name), 8 * part - 7, 8))::UBIGINT / 4294967296::DOUBLE""")
    connection.execute("CREATE MACRO pick(items, number) AS items[1 + floor(number * len(items))::INTEGER]")
    # the moment of a person's free choice within the week that starts on `monday`
    connection.execute(f"""
        CREATE MACRO moment(monday, name) AS
            monday::TIMESTAMP + to_days(pick({weighted(DAYS)}, u(name, 2))::INTEGER)
            + to_hours(pick({weighted(HOURS)}, u(name, 3))) + to_seconds(floor(u(name, 4) * 3600)::BIGINT)""")


def make_zone_days(connection: duckdb.DuckDBPyConnection) -> None:
    """zone_day(zone, day, offset_minutes): the offset from UTC at noon, from three years before."""
    periods: list[tuple] = []
    for zone in sorted({place[3] for place in PLACES.values()}):
        day, previous = FIRST_DAY - dt.timedelta(days=1100), None
        while day < END_DAY + dt.timedelta(days=15):
            noon = dt.datetime.combine(day, dt.time(12), zoneinfo.ZoneInfo(zone))
            offset = int((noon.utcoffset() or dt.timedelta()).total_seconds()) // 60
            if offset != previous:
                periods.append((zone, offset, day.isoformat(), ""))
            periods[-1] = (*periods[-1][:3], day.isoformat())
            day, previous = day + dt.timedelta(days=1), offset
    connection.execute(f"""
        CREATE TABLE zone_day AS
        SELECT zone, offset_minutes, unnest(generate_series(first::DATE, last::DATE, INTERVAL 1 DAY))::DATE
            AS day
        FROM ({values(periods)}) p(zone, offset_minutes, first, last)""")


def make_products(connection: duckdb.DuckDBPyConnection) -> None:
    """Few products sell much and many little: `popularity` 0 sells best. Some are out of stock."""
    categories = [(number, name, shares[3]) for number, (name, shares) in enumerate(CATEGORIES.items())]
    connection.execute(f"""
        CREATE TABLE product AS
        SELECT 'P' || lpad((c.number * {PRODUCTS_PER_CATEGORY} + popularity + 1)::VARCHAR, 4, '0') AS sku,
            c.category || ' no. ' || (popularity + 1) AS name, c.category, popularity,
            (4.95 + floor(dearest
                * (0.1 + 0.9 * pow(u('price/' || c.category || popularity, 1), 2))))::DECIMAL(8, 2)
                AS price,
            CASE WHEN u('stock/' || c.category || popularity, 1) < 0.06 THEN 0
                ELSE floor(400 * u('stock/' || c.category || popularity, 2))::INTEGER END AS stock
        FROM ({values(categories)}) c(number, category, dearest),
            range({PRODUCTS_PER_CATEGORY}) r(popularity)""")
    connection.execute("CREATE TABLE products AS SELECT sku, name, category, price, stock FROM product")
    # a core product and the one that goes with it, in the category after its own
    connection.execute(f"""
        CREATE TABLE companion AS
        WITH numbered AS (
            SELECT sku, row_number() OVER (ORDER BY sku) - 1 AS n, count(*) OVER () AS size FROM product)
        SELECT core.sku, other.sku AS companion FROM numbered core JOIN numbered other
            ON other.n = (core.n + {PRODUCTS_PER_CATEGORY} + 3) % core.size
        WHERE core.n % {CORE_EVERY} = 0""")


def make_persons(connection: duckdb.DuckDBPyConnection, contacts: int) -> None:
    """One row a contact with what no table of the shop says: the kind of person and when its orders stop."""
    connection.execute(f"""
        CREATE TABLE kind AS SELECT * FROM ({values([(kind, *row[1:]) for kind, row in KINDS.items()])})
            k(kind, orders, visits, carts, opens)""")
    placed = f"""
        SELECT n.*, p.country, p.language, p.zone,
            pick({weighted({kind: row[0] for kind, row in KINDS.items()})}, u('kind/' || contact_id, 1))
                AS kind,
            0.5 + u('kind/' || contact_id, 2) AS tempo,
            CASE WHEN u('signup/' || contact_id, 1) < 1 / 3
                THEN DATE '{FIRST_DAY}' - 1 - floor(u('signup/' || contact_id, 2) * 1090)::INTEGER
                ELSE DATE '{FIRST_DAY}' + floor(u('signup/' || contact_id, 2)
                    * {(END_DAY - FIRST_DAY).days})::INTEGER
            END AS signup_day
        FROM (
            SELECT id + 1 AS contact_id,
                CASE WHEN u('household/' || (id + 1) // 2, 1) < 0.3 THEN (id + 1) // 2 * 2 ELSE id + 1 END
                    AS household_id
            FROM range({contacts}) r(id)) n
        JOIN ({values([(place, *row[1:]) for place, row in PLACES.items()])})
            p(place, country, language, zone)
            ON p.place = pick({weighted({place: row[0] for place, row in PLACES.items()})},
                u('place/' || household_id, 1))"""
    local = f"""
        SELECT *, greatest(signup_day, DATE '{FIRST_DAY}') AS joined,
            signup_day::TIMESTAMP + to_hours(pick({weighted(HOURS)}, u('signup/' || contact_id, 3)))
                + to_seconds(floor(u('signup/' || contact_id, 4) * 3600)::BIGINT) AS local_at
        FROM ({placed})"""
    # the last evening of the data is still the last day in the west: nobody signs up after the end
    connection.execute(f"""
        CREATE TABLE person AS
        SELECT contact_id, household_id, country, language, zone, kind, tempo,
            least(instant, TIMESTAMP '{END_DAY}' - INTERVAL 1 MINUTE) AS signed_up_at, joined,
            CASE kind
                WHEN 'lost' THEN joined + 14 + floor(60 * u('stop/' || contact_id, 1))::INTEGER
                WHEN 'fading' THEN joined + 90
                    + floor((DATE '{END_DAY}' - joined) * u('stop/' || contact_id, 1))::INTEGER
                ELSE DATE '9999-01-01' END AS stops_on,
            joined + floor((CASE WHEN signed_up_at < TIMESTAMP '{FIRST_DAY}' THEN 700 ELSE 45 END)
                * pow(u('stop/' || contact_id, 2), 2))::INTEGER AS only_order_on
        FROM ({utc(local)})""")
    # a row for each week of each person; `alive` is what is left of the habit of coming by
    connection.execute(f"""
        CREATE TABLE person_week AS
        SELECT p.contact_id, p.zone, p.signed_up_at, p.stops_on, p.only_order_on, w.number AS week, w.monday,
            p.contact_id || '/' || w.number AS name, p.tempo * {SEASON}[month(w.monday + 3)] AS mood, k.*,
            CASE WHEN w.monday <= p.stops_on THEN 1 WHEN w.monday < p.stops_on + 120 THEN 0.3 ELSE 0.03 END
                AS alive
        FROM person p JOIN kind k USING (kind)
        JOIN (SELECT number, DATE '{FIRST_DAY}' + 7 * number::INTEGER AS monday
            FROM range({WEEKS}) r(number)) w
            ON w.monday + 6 >= p.joined""")


def make_contacts(connection: duckdb.DuckDBPyConnection) -> None:
    """What the shop knows of its contacts, with the gaps and the odd mistake of a real table."""
    names = [(language, text.split()) for language, text in FIRST_NAMES.items()]
    connection.execute(f"""
        CREATE TABLE contacts AS
        WITH drawn AS (
            SELECT p.*, pick(n.names, u('name/' || contact_id, 1)) AS name,
                'reach/' || contact_id AS reach, 'consent/' || contact_id AS consent,
                'born/' || contact_id AS born
            FROM person p JOIN ({values(names)}) n(language, names) USING (language))
        SELECT contact_id, signed_up_at,
            CASE WHEN u('name/' || contact_id, 2) < 0.95 THEN name END AS first_name,
            CASE WHEN u(reach, 1) < 0.97 THEN strip_accents(lower(name)) || contact_id || '@example.com' END
                AS email,
            CASE WHEN u(reach, 2) < 0.65
                THEN {PHONE_PREFIXES}[country] || lpad((contact_id % 1000)::VARCHAR, 3, '0')
                END AS phone,
            CASE WHEN u(reach, 3) < 0.35 THEN 'token-' || substr(md5(reach), 1, 16) END AS push_token,
            CASE WHEN u(reach, 4) < 0.8 THEN (1 + household_id % 90) || ' '
                || pick({STREETS}, u('street/' || household_id, 1)) END AS postal_address,
            country, language,
            CASE WHEN u('zone/' || contact_id, 1) < 0.015 THEN NULL WHEN u('zone/' || contact_id, 1) < 0.018
                THEN pick(['Europe/Pariss', 'GMT+25', 'Paris'], u('zone/' || contact_id, 2)) ELSE zone END
                    AS time_zone,
            CASE WHEN u(born, 1) < 0.003 THEN make_date(1960 + 4 * floor(u(born, 2) * 11)::INTEGER, 2, 29)
                WHEN u(born, 1) < 0.72 THEN DATE '1946-01-01' + floor(u(born, 2) * 22000)::INTEGER END
                    AS birth_date,
            household_id,
            CASE WHEN u(consent, 1) < 0.62 THEN true WHEN u(consent, 1) < 0.9 THEN false END AS email_opt_in,
            CASE WHEN u(consent, 2) < 0.25 THEN true WHEN u(consent, 2) < 0.7 THEN false END AS sms_opt_in,
            CASE WHEN u(reach, 3) < 0.35 THEN u(consent, 3) < 0.7 END AS push_opt_in,
            CASE WHEN u(consent, 4) < 0.12 THEN true WHEN u(consent, 4) < 0.6 THEN false END AS phone_opt_in,
            CASE WHEN u('letter/' || contact_id, 1) < 0.85 THEN u('letter/' || contact_id, 1) < 0.15 END
                AS postal_opt_out
        FROM drawn""")


def make_signups(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE signups AS
        SELECT contact_id, signed_up_at,
            pick(['web', 'web', 'web', 'app', 'app', 'store', 'advert', 'referral'],
            u('source/' || contact_id, 1)) AS source
        FROM person""")


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


def make_sends(connection: duckdb.DuckDBPyConnection) -> None:
    """What the shop sent before it had journeys: newsletters every other Tuesday, welcomes, cart reminders.

    Who opts out hears no more; `alive` is the share of the habit of opening that is left."""
    newsletter = """
        SELECT w.contact_id, w.zone, w.monday::TIMESTAMP + INTERVAL 33 HOUR AS local_at,
            'newsletter' AS message,
            'news/' || w.name AS name, w.opens * w.alive AS opens, w.signed_up_at
        FROM person_week w WHERE w.week % 2 = 0"""
    connection.execute(f"""
        CREATE TABLE sent AS
        WITH planned AS (
            SELECT contact_id, instant, message, name, opens FROM ({utc(newsletter)})
                WHERE instant > signed_up_at
            UNION ALL
            SELECT contact_id, signed_up_at + INTERVAL 1 HOUR, 'welcome', 'welcome/' || contact_id,
                k.opens + 0.15
            FROM person JOIN kind k USING (kind)
            WHERE signed_up_at >= TIMESTAMP '{FIRST_DAY}' AND kind != 'never'
            UNION ALL
            SELECT contact_id, started_at + INTERVAL 20 HOUR, 'cart_reminder', cart, 0.4
            FROM cart_number WHERE order_id IS NULL AND u('remind/' || cart, 1) < 0.4),
        allowed AS (
            SELECT p.* FROM planned p JOIN contacts c USING (contact_id)
            WHERE c.email_opt_in AND c.email IS NOT NULL AND p.instant < TIMESTAMP '{END_DAY}'),
        ended AS (
            SELECT contact_id, min(instant) AS last_at FROM allowed
            WHERE u('opt_out/' || name, 1) < {OPT_OUT_SHARE} GROUP BY contact_id)
        SELECT a.*, e.last_at, row_number() OVER (ORDER BY instant, contact_id, message) AS send_id
        FROM allowed a LEFT JOIN ended e USING (contact_id)
            WHERE a.instant <= coalesce(e.last_at, a.instant)""")
    connection.execute("""
        CREATE TABLE sends AS
        SELECT send_id, contact_id, instant AS sent_at, message, 'email' AS channel FROM sent""")


def make_responses(connection: duckdb.DuckDBPyConnection) -> None:
    """Opens come within a day, most of them soon; clicks minutes after; opt-outs within the hour."""
    end = f"TIMESTAMP '{END_DAY}'"
    connection.execute(f"""
        CREATE TABLE opens AS
        SELECT contact_id, send_id,
            instant + to_seconds(60 + floor(80000 * pow(u('open/' || name, 2), 3))::BIGINT) AS opened_at
        FROM sent WHERE u('open/' || name, 1) < opens AND opened_at < {end}""")
    connection.execute(f"""
        CREATE TABLE clicks AS
        SELECT contact_id, send_id,
            opened_at + to_seconds(10 + floor(300 * u('click/' || send_id, 2))::BIGINT) AS clicked_at
        FROM opens WHERE u('click/' || send_id, 1) < 0.2 AND clicked_at < {end}""")
    connection.execute(f"""
        CREATE TABLE opt_outs AS
        SELECT contact_id,
            instant + to_seconds(60 + floor(3500 * u('out/' || contact_id, 1))::BIGINT) AS opted_out_at,
            CASE WHEN u('out/' || contact_id, 2) < 0.8 THEN 'email' END AS channel
        FROM sent WHERE instant = last_at AND opted_out_at < {end}""")


def make_nudges(connection: duckdb.DuckDBPyConnection) -> None:
    """What the shop sent by push and SMS, on Wednesday evenings, to those who had not opted out; and their `taps`.

    Whoever ordered in the 90 days before taps on pushes, everybody else rather on an SMS: `answers` is how probably."""
    rows = [(channel, *row) for channel, row in NUDGES.items()]
    local = f"""
        SELECT w.contact_id, w.zone, w.signed_up_at, n.channel, n.message, n.buyers, n.others,
            n.channel || '/' || w.name AS name, w.monday::TIMESTAMP + INTERVAL 66 HOUR AS local_at
        FROM person_week w JOIN ({values(rows)}) n(channel, message, weeks, buyers, others)
            ON w.week % n.weeks = w.contact_id % n.weeks"""
    connection.execute(f"""
        CREATE TABLE nudge AS
        WITH allowed AS (
            SELECT n.* FROM ({utc(local)}) n JOIN contacts c USING (contact_id)
                LEFT JOIN (SELECT contact_id, min(opted_out_at) AS out_at FROM opt_outs GROUP BY contact_id)
                    USING (contact_id)
            WHERE instant > n.signed_up_at AND instant < coalesce(out_at, TIMESTAMP '{END_DAY}')
                AND instant >= TIMESTAMP '{FIRST_DAY}' AND instant < TIMESTAMP '{END_DAY}'
                AND CASE n.channel WHEN 'push' THEN c.push_opt_in AND c.push_token IS NOT NULL
                    ELSE c.sms_opt_in AND c.phone IS NOT NULL END),
        ordered AS (
            SELECT DISTINCT a.name FROM allowed a JOIN bought b ON b.contact_id = a.contact_id
                AND b.instant <= a.instant AND b.instant > a.instant - INTERVAL 90 DAY)
        SELECT contact_id, instant, channel, message, name,
            CASE WHEN name IN (FROM ordered) THEN buyers ELSE others END AS answers,
            (SELECT count(*) FROM sends) + row_number() OVER (ORDER BY instant, name) AS send_id
        FROM allowed""")
    connection.execute(
        "INSERT INTO sends SELECT send_id, contact_id, instant AS sent_at, message, channel FROM nudge"
    )
    connection.execute(f"""
        CREATE TABLE taps AS
        SELECT contact_id, send_id,
            instant + to_seconds(5 + floor(40000 * pow(u('tap/' || name, 2), 4))::BIGINT) AS tapped_at
        FROM nudge WHERE u('tap/' || name, 1) < answers AND tapped_at < TIMESTAMP '{END_DAY}'""")


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


def make_reviews(connection: duckdb.DuckDBPyConnection) -> None:
    """Reviews of what was delivered, days later. How many deliveries are reviewed depends on the arm in which the test of
    a journey that asks for reviews puts the contact: by its share (rule T17 of the language), as if it had asked."""
    arms, start = [], 0
    for arm, (percent, reviews) in REVIEW_ARMS.items():
        arms.append((arm, start / 100, (start + percent) / 100, reviews))
        start += percent
    share = f"('0x' || substr(md5('{REVIEW_TEST}:' || contact_id), 1, 8))::UBIGINT / 4294967296::DOUBLE"
    connection.execute(f"""
        CREATE TABLE arm AS
        SELECT contact_id, a.arm, a.reviews FROM (SELECT contact_id, {share} AS share FROM person) p
        JOIN ({values(arms)}) a(arm, low, high, reviews) ON p.share >= a.low AND p.share < a.high""")
    connection.execute(f"""
        CREATE TABLE reviews AS
        SELECT order_id AS review_id, contact_id, order_id,
            delivered_at + to_minutes(600 + floor(14000 * u('review/' || order_id, 2))::BIGINT) AS reviewed_at,
            pick([5, 5, 5, 5, 4, 4, 4, 3, 2, 1], u('review/' || order_id, 3)) AS stars
        FROM deliveries JOIN arm USING (contact_id)
        WHERE u('review/' || order_id, 1) < reviews AND reviewed_at < TIMESTAMP '{END_DAY}'""")


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
    make_zone_days(connection)
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
