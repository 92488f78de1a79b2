"""Constants of Python as text of SQL."""

DUPLICATE_SHARE = 0.002


def literal(value: object) -> str:
    """A SQL literal of one of the constants above."""
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def weighted(weights: dict) -> str:
    """A SQL list in which each key stands as often as its weight says: what `pick` draws from."""
    return "[" + ", ".join(literal(key) for key, weight in weights.items() for _ in range(weight)) + "]"


def values(rows: list[tuple]) -> str:
    """Rows as a SQL VALUES list."""
    return "VALUES " + ", ".join("(" + ", ".join(literal(value) for value in row) + ")" for row in rows)


def with_duplicates(table: str, key: str, changes: str = "") -> str:
    """The table with a few of its rows twice, as queues deliver them; `changes` is for the second copy."""
    return f"""
        SELECT * FROM {table} UNION ALL
        SELECT * {f"REPLACE ({changes})" if changes else ""} FROM {table}
        WHERE u('twice/{table}/' || {key}, 1) < {DUPLICATE_SHARE}"""
