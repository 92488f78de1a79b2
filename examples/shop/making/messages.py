"""What was sent, and the answers, which depend on the channel as it is planted."""

import duckdb

from making.days import END_DAY, FIRST_DAY, utc
from making.sql import values

OPT_OUT_SHARE = 0.003  # of the messages sent
# channel: message, every so many weeks; share answered of those who ordered in the 90 days before it, and of others
NUDGES = {"push": ("app_news", 4, 0.16, 0.05), "sms": ("sms_offer", 6, 0.05, 0.12)}


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
