"""The one query that a tick is compared with: it reads the instances that are due, their contacts, and of these the same
orders, visits and messages as the tick of `tick_world` does, aggregates them, and leaves one row."""

BARE = """
WITH due AS (
    SELECT version, contact, entry_at, arrived_at, due_at, node FROM state.instance WHERE due_at <= $now
),
who AS (SELECT DISTINCT contact FROM due),
of_order AS (
    SELECT contact_id, count(*) AS n, sum(amount) FILTER (WHERE ordered_at > $now - INTERVAL 365 DAY) AS year,
        max(amount) FILTER (WHERE ordered_at > $now - INTERVAL 365 DAY) AS largest,
        count(*) FILTER (WHERE ordered_at > $now - INTERVAL 14 DAY) AS recent,
        count(*) FILTER (WHERE ordered_at > $now - INTERVAL 30 DAY AND amount > 150) AS goal,
        max(ordered_at) AS last
    FROM datamart.orders WHERE ordered_at <= $now AND contact_id IN (FROM who) GROUP BY contact_id
),
of_visit AS (
    SELECT contact_id, count(*) FILTER (WHERE visited_at > $now - INTERVAL 30 DAY AND pages > 8) AS long,
        max(visited_at) AS last, count(*) FILTER (WHERE visited_at > $now - INTERVAL 90 DAY) AS quarter,
        avg(pages) FILTER (WHERE visited_at > $now - INTERVAL 30 DAY) AS pages,
        count(*) FILTER (WHERE visited_at > $now - INTERVAL 30 DAY AND pages > 28) AS goal
    FROM datamart.visits WHERE visited_at <= $now AND contact_id IN (FROM who) GROUP BY contact_id
),
log AS (
    SELECT contact, count(*) FILTER (WHERE sent_at > $now - INTERVAL 7 DAY) AS week,
        count(*) FILTER (WHERE sent_at > $now - INTERVAL 1 DAY) AS day,
        count(*) FILTER (WHERE sent_at > $now - INTERVAL 14 DAY AND channel = 'sms') AS sms
    FROM state.outbox WHERE sent_at > $now - INTERVAL 14 DAY AND contact IN (FROM who) GROUP BY contact
)
SELECT count(*), count(*) FILTER (WHERE o.n >= 4), sum(o.year), max(o.largest), sum(o.recent), sum(o.goal),
    max(o.last), sum(v.long), max(v.last), sum(v.quarter), sum(v.pages), sum(v.goal), sum(l.week), sum(l.day), sum(l.sms),
    count(*) FILTER (WHERE c.email_opt_in AND c.email <> ''), count(*) FILTER (WHERE c.sms_opt_in AND c.phone <> ''),
    count(*) FILTER (WHERE c.country = 'FR'), count(*) FILTER (WHERE c.zone = 'Europe/Paris'), min(d.entry_at),
    min(d.arrived_at), sum(d.version), sum(d.node), min(d.due_at)
FROM due AS d
JOIN datamart.contacts AS c ON c.contact_id = d.contact
LEFT JOIN of_order AS o ON o.contact_id = d.contact
LEFT JOIN of_visit AS v ON v.contact_id = d.contact
LEFT JOIN log AS l ON l.contact = d.contact
"""
