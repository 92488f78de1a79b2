"""Reviews, which depend on the arm of a test as it is planted."""

import duckdb

from making.days import END_DAY
from making.sql import values

# arm of the test `words` of the journey `ask_review`: share in %, how many deliveries are reviewed
REVIEW_TEST = "ask_review/words"
REVIEW_ARMS = {"plain": (34, 0.05), "warm": (33, 0.05), "points": (33, 0.15)}


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
