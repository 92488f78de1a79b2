# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""Times of the user's columns as instants, in SQL: naive UTC, whatever they were written in (T1, T12)."""

from parcours.clock import periods
from parcours.datamart.catalog import kind_of
from parcours.datamart.quoting import identifier, literal


class LocalTimes:
    """Collects the joins with `zone_period` that the columns of one table need.

    `alias` is the table's in the statement, `zone` the one in which its times without a zone are written."""

    def __init__(self, alias: str, zone: str) -> None:
        self._alias = alias
        self._zone = zone
        self._joined: dict[str, str] = {}

    @property
    def joins(self) -> str:
        """What to put behind the table in FROM."""
        return "".join(self._joined.values())

    def instant(self, column: str, sql_type: str) -> str:
        """The expression for a column of a TIMESTAMP type, or for the start of the day of a DATE."""
        name = identifier(self._alias, column)
        if sql_type == "TIMESTAMP WITH TIME ZONE":
            return f"make_timestamp(epoch_us({name}))"  # no ICU: its tz database is not ours
        assert kind_of(sql_type) in ("instant", "date"), sql_type
        local = f"CAST({name} AS TIMESTAMP)"
        spans = periods(self._zone)
        if len(spans) == 1:
            return f"{local} - {literal(spans[0].offset)}" if spans[0].offset else local
        period = f"_period_{column}"
        # The year makes it a join by equality: 12 times faster than one by range alone over a million rows.
        self._joined[column] = (
            " LEFT JOIN (SELECT *, unnest(range(year(local_from), year(local_to) + 1)) AS local_year "
            f"FROM memory.main.zone_period WHERE zone = {literal(self._zone)}) AS {identifier(period)} "
            f"ON year({local}) = {identifier(period, 'local_year')} "
            f"AND {local} >= {identifier(period, 'local_from')} AND {local} < {identifier(period, 'local_to')}"
        )
        # T12: see clock.zones.ZonePeriod.
        return f"greatest({local} - {identifier(period, 'utc_offset')}, {identifier(period, 'utc_from')})"
