"""The two years of the shop, and what its local times are in UTC."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable

import duckdb

from making.sql import values

FIRST_DAY = dt.date(2024, 4, 1)  # a Monday
END_DAY = dt.date(2026, 4, 1)  # the first day that is not in the data
WEEKS = (END_DAY - FIRST_DAY).days // 7 + 1


def utc(local: str) -> str:
    """The query `local` (columns zone and local_at among others) with `instant`, the UTC instant, added."""
    return f"""
        SELECT l.*, l.local_at - to_minutes(z.offset_minutes) AS instant
        FROM ({local}) l JOIN zone_day z ON z.zone = l.zone AND z.day = l.local_at::DATE"""


def make_zone_days(connection: duckdb.DuckDBPyConnection, zones: Iterable[str]) -> None:
    """zone_day(zone, day, offset_minutes): the offset from UTC at noon, from three years before."""
    periods: list[tuple] = []
    for zone in sorted(set(zones)):
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
