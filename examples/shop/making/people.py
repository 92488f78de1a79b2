"""Who people are: what kind of buyer, where they live, how they can be reached; and each of their weeks."""

import duckdb

from making.days import END_DAY, FIRST_DAY, WEEKS, utc
from making.draws import HOURS
from making.sql import values, weighted

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
SEASON = [0.8, 0.8, 0.95, 1.0, 1.0, 1.05, 0.95, 0.85, 1.0, 1.05, 1.25, 1.7]  # January to December

PHONE_PREFIXES = "MAP {" + ", ".join(f"'{country}': '{prefix}'" for country, prefix in PHONES.items()) + "}"


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
