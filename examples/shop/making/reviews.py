"""Reviews, which depend on the hold-out and the arm of a test as they are planted."""

import duckdb

from making.days import END_DAY
from making.sql import values

# the journey `ask_review` holds out so many percent; of their deliveries this share is reviewed
HELD_OUT = (10, 0.02)
# arm of its test `words`: share in %, how many deliveries are reviewed
REVIEW_ARMS = {"plain": (34, 0.05), "warm": (33, 0.05), "points": (33, 0.15)}


def make_reviews(connection: duckdb.DuckDBPyConnection) -> None:
    """Reviews of what was delivered, days later. How many deliveries are reviewed depends on what the journey that asks for
    reviews does with the contact: by its shares (rule T17 of the language), as if it had asked after every delivery."""
    arms, start = [], 0
    for arm, (percent, reviews) in REVIEW_ARMS.items():
        arms.append((arm, start / 100, (start + percent) / 100, reviews))
        start += percent
    percent, reviews = HELD_OUT
    connection.execute(f"""
        CREATE TABLE arm AS
        SELECT contact_id, p.held < {percent / 100} AS held_out, a.arm, if(held_out, {reviews}, a.reviews) AS reviews
        FROM (SELECT contact_id, {_share("ask_review/hold out")} AS held, {_share("ask_review/words")} AS share FROM person) p
        JOIN ({values(arms)}) a(arm, low, high, reviews) ON p.share >= a.low AND p.share < a.high""")
    connection.execute(f"""
        CREATE TABLE reviews AS
        SELECT order_id AS review_id, contact_id, order_id,
            delivered_at + to_minutes(600 + floor(14000 * u('review/' || order_id, 2))::BIGINT) AS reviewed_at,
            pick([5, 5, 5, 5, 4, 4, 4, 3, 2, 1], u('review/' || order_id, 3)) AS stars
        FROM deliveries JOIN arm USING (contact_id)
        WHERE u('review/' || order_id, 1) < reviews AND reviewed_at < TIMESTAMP '{END_DAY}'""")


def _share(name: str) -> str:
    """The share of a contact, as rule T17 computes it."""
    return f"('0x' || substr(md5('{name}:' || contact_id), 1, 8))::UBIGINT / 4294967296::DOUBLE"
