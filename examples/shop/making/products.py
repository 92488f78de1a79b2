"""What is sold, and the companions that are planted: what goes with what."""

import duckdb

from making.sql import values

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
CORE_EVERY = 5  # every fifth product of a category is a core product


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
