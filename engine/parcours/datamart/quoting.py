"""Names and values inside SQL text.

SQL of this room is composed as text. Every name of the user's goes through `identifier` and every value
through `literal` or a parameter; the only SQL of the user's own is a view's SELECT, which is parsed and
counted by DuckDB before it is used (sources.py)."""

from datetime import datetime, timedelta


def identifier(*parts: str) -> str:
    """A quoted name, dotted when it has several parts."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def literal(value: str | int | datetime | timedelta) -> str:
    """A value as SQL: text, whole number, naive UTC instant or interval."""
    match value:
        case int():
            return str(int(value))
        case datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case timedelta():
            return f"to_microseconds({value // timedelta(microseconds=1)})"
        case str():
            return "'" + value.replace("'", "''") + "'"
