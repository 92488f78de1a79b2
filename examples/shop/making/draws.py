"""The choices: each comes from md5 of the seed and of a name for the choice."""

import duckdb

from making.sql import weighted

DAYS = {0: 12, 1: 12, 2: 13, 3: 13, 4: 14, 5: 18, 6: 18}  # day of the week, Monday 0: weight
HOURS = dict(enumerate([0] * 7 + [2, 4, 4, 5, 5, 8, 8, 5, 4, 4, 6, 8, 9, 11, 10, 5, 2]))  # by the local hour


def make_draws(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """u(name, part): a number from 0 up to 1 for a name, which has four; pick(list, number) chooses."""
    connection.execute(f"""
        CREATE MACRO u(name, part) AS
            ('0x' || substr(md5('{seed}/' || name), 8 * part - 7, 8))::UBIGINT / 4294967296::DOUBLE""")
    connection.execute("CREATE MACRO pick(items, number) AS items[1 + floor(number * len(items))::INTEGER]")
    # the moment of a person's free choice within the week that starts on `monday`
    connection.execute(f"""
        CREATE MACRO moment(monday, name) AS
            monday::TIMESTAMP + to_days(pick({weighted(DAYS)}, u(name, 2))::INTEGER)
            + to_hours(pick({weighted(HOURS)}, u(name, 3))) + to_seconds(floor(u(name, 4) * 3600)::BIGINT)""")
