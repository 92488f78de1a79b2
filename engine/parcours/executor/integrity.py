# ruff: noqa: S608 - every statement is made of our own words alone
"""Whether a state is as it was written: asked once, when it is opened.

Somebody may have edited the file by hand, or restored half of it. Ticks trust the state, so what does not fit
together is an error before anything moves. All questions are counts of rows that are wrong; 0 is right."""

from collections.abc import Sequence
from dataclasses import dataclass

from parcours.diagnostics import Diagnostic, Problem, problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.migrations import MIGRATIONS

DAMAGED = "state-damaged"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table, called `t`, that must not be there. `what` says what is wrong with them, `example` shows one
    of them as text. {tick} stands for the number of the last tick, {at} for its instant,
    or that of what somebody asked for after it."""

    table: str
    what: str
    where: str
    example: str = "'contact ' || t.contact"


_RESTING = "('wait', 'wait_event', 'send')"
_VERSION_UNKNOWN = "t.version NOT IN (SELECT version FROM state.version)"
_TICK_UNKNOWN = "t.tick < 0 OR t.tick > {tick}"
_TICK = "'tick ' || t.tick"
_NAME = "t.name"

INSTANCES: tuple[Rows, ...] = (
    Rows("instance", "of an unknown version", _VERSION_UNKNOWN),
    Rows(
        "instance",
        "at a step where nobody can rest",
        f"""t.version IN (SELECT version FROM state.version)
        AND (t.version, t.node) NOT IN (SELECT (version, node) FROM state.node WHERE kind IN {_RESTING})""",
    ),
    Rows("instance", "that entered after the last tick", "t.entered_at > {at}"),
    Rows("instance", "that entered before what started it", "t.entry_at > t.entered_at"),
    Rows("instance", "that arrived before entering", "t.arrived_at < t.entered_at"),
    # whoever an edit has moved to a moment that has passed goes on in the next tick
    Rows(
        "instance",
        "due before arriving",
        """t.due_at < t.arrived_at
        AND (t.version, t.contact, t.key) NOT IN (SELECT (version, contact, key) FROM state.look)""",
    ),
    Rows("instance", "with a message kept until before it came", "t.keep_until < t.arrived_at"),
    Rows(
        "instance",
        "whose kept fields cannot be read",
        "NOT (json_valid(t.entry) AND json_valid(t.event) AND coalesce(json_valid(t.tried), true))",
    ),
)
"""Looked for in one pass over the instances, which may be many."""

OTHERS: tuple[Rows, ...] = (
    Rows(
        "tick",
        "with a count below nothing",
        "least(t.woken, t.entered, t.refused, t.moved, t.ended, t.granted, t.held, t.not_sent) < 0",
        _TICK,
    ),
    Rows("node", "of an unknown version", _VERSION_UNKNOWN, _NAME),
    Rows("route", "of an unknown version", _VERSION_UNKNOWN, "t.label"),
    Rows(
        "route",
        "from or to an unknown step",
        """t.version IN (SELECT version FROM state.version)
        AND ((t.version, t.source) NOT IN (SELECT (version, node) FROM state.node)
        OR (t.version, t.target) NOT IN (SELECT (version, node) FROM state.node))""",
        "t.label",
    ),
    Rows("journal", "of an unknown tick", _TICK_UNKNOWN),
    Rows("outbox", "of an unknown tick", _TICK_UNKNOWN),
    Rows("outbox", "sent after the last tick", "t.sent_at > {at}"),
    Rows(
        "outbox",
        "whose offers cannot be read",
        "CASE WHEN json_valid(t.offers) THEN json_type(t.offers) <> 'ARRAY' ELSE t.offers IS NOT NULL END",
    ),
    Rows("claim", "of an unknown tick", _TICK_UNKNOWN, _TICK),
    Rows("queue", "of an unknown tick", _TICK_UNKNOWN),
    Rows("queue", "whose kept fields cannot be read", "NOT (json_valid(t.entry) AND json_valid(t.event))"),
    Rows("receipt", "of an unknown tick", _TICK_UNKNOWN),
    Rows(
        "bounce",
        "without a receipt that says so",
        "t.send NOT IN (SELECT send FROM state.receipt WHERE kind = 'address')",
    ),
    Rows("logbook", "that has read less than nothing", "t.bytes < 0", "t.file"),
    Rows("not_sent", "of an unknown tick", _TICK_UNKNOWN),
    Rows("not_sent", "that were neither held nor not sent", "t.decision NOT IN ('held', 'not_sent')"),
    Rows("transfer", "of an unknown version", _VERSION_UNKNOWN),
    Rows("look", "of an unknown version", _VERSION_UNKNOWN),
    Rows("pause", "that ended before it began", "t.resumed_at < t.paused_at", "t.journey"),
    Rows("refused", "of an unknown tick", _TICK_UNKNOWN),
    Rows("cost", "of an unknown tick", _TICK_UNKNOWN, "t.stage"),
    Rows("recorded", "of an unknown tick", _TICK_UNKNOWN),
    Rows("recorded", "whose fields cannot be read", "NOT json_valid(t.fields)"),
    Rows("ended", "that left after the last tick", "t.left_at > {at}"),
    Rows("ended", "that left before what started them", "t.left_at < t.entry_at"),
    Rows("entries", "that entered after the last tick", "t.entered_at > {at}", "t.journey"),
    Rows("membership", "since after the last tick", "t.since > {at}"),
    Rows(
        "membership", "of a group that was never refreshed", "t.name NOT IN (SELECT name FROM state.refresh)"
    ),
    Rows("refresh", "after the last tick", "t.refreshed_at > {at}", _NAME),
)

UNIQUE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("version", ("version",)),
    ("node", ("version", "node")),
    ("route", ("version", "route")),
    ("instance", ("version", "contact", "key", "entry_at")),
    ("attribute", ("name", "contact")),
    ("membership", ("name", "contact")),
    ("entries", ("journey", "entered_at")),
    ("queue", ("send",)),
    ("bounce", ("send",)),
)
"""Columns that tell the rows of a table apart."""

CONSERVED: tuple[tuple[str, str, str], ...] = (
    (
        "runs that entered",
        "entered",
        "(SELECT count(*) FROM state.instance) + (SELECT count(*) FROM state.ended)",
    ),
    ("messages granted", "granted", "(SELECT count(*) FROM state.outbox)"),
    ("messages held or not sent", "held + not_sent", "(SELECT count(*) FROM state.not_sent)"),
    ("triggers refused", "refused", "(SELECT count(*) FROM state.refused)"),
)
"""What the log of ticks counts, and what is there of it."""


def read_meta(engine: DuckDBEngine, where: str) -> dict[str, str]:
    """What a state says of itself: `project`, `contact_type` and `schema`, a number. `Problem` when it does not."""
    columns = engine.run_text(
        """SELECT column_name FROM duckdb_columns()
        WHERE database_name = 'state' AND table_name = 'meta' AND data_type = 'VARCHAR'"""
    )
    if not {("name",), ("value",)} <= set(columns):
        raise problem(DAMAGED, "the table `meta` is not there or not as it was made", where)
    rows = engine.run_text("SELECT name, value FROM state.meta ORDER BY name")
    if [name for name, _ in rows] != ["contact_type", "project", "schema"]:
        raise problem(DAMAGED, "`meta` does not say what the state is", where)
    meta = dict(rows)
    if not meta["schema"].isdecimal() or not int(meta["schema"]):
        raise problem(DAMAGED, f"`meta` says that the state has the form `{meta['schema']}`", where)
    return meta


def check_form(engine: DuckDBEngine, form: int, contact_type: str, where: str) -> None:
    """`Problem` when tables or columns are not those that the migrations up to `form` have made."""
    engine.run_text("ATTACH ':memory:' AS expected")
    try:
        for migration in MIGRATIONS[:form]:
            for text in migration:
                engine.run_text(
                    text.replace("{contact}", contact_type).replace("TABLE state.", "TABLE expected.")
                )
        found = engine.run_text(_FORM)
    finally:
        engine.run_text("DETACH expected")
    _raise(
        [
            f"the table `{table}` is not there"
            if there == 0
            else f"the column `{column}` of the table `{table}` is {words}"
            for table, column, there, words in found
        ],
        where,
    )


_FORM = """
    WITH wanted AS (FROM duckdb_columns() WHERE database_name = 'expected'),
    found AS (
        FROM duckdb_columns()
        WHERE database_name = 'state' AND table_name IN (SELECT table_name FROM wanted)
    ),
    there AS (SELECT table_name, count(*) AS columns FROM found GROUP BY table_name),
    compared AS (
        SELECT coalesce(w.table_name, f.table_name) AS name,
            coalesce(w.column_name, f.column_name) AS column_name,
            CASE WHEN f.column_name IS NULL THEN 'not there'
                WHEN w.column_name IS NULL THEN 'none of ours'
                WHEN f.data_type <> w.data_type THEN 'of type ' || f.data_type || ', not ' || w.data_type
                WHEN f.is_nullable AND NOT w.is_nullable THEN 'allowed to be unknown'
                WHEN w.is_nullable AND NOT f.is_nullable THEN 'not allowed to be unknown'
                WHEN f.column_index <> w.column_index THEN 'not in its place'
                ELSE '' END AS words
        FROM wanted AS w FULL JOIN found AS f USING (table_name, column_name)
    )
    SELECT DISTINCT name, if(columns IS NULL, '', column_name), coalesce(columns, 0), if(columns IS NULL, '', words)
    FROM compared LEFT JOIN there ON table_name = name
    WHERE words <> ''
    -- where a column is missing or too many, those behind it are out of place
    QUALIFY words <> 'not in its place' OR NOT bool_or(words IN ('not there', 'none of ours')) OVER (PARTITION BY name)
    ORDER BY ALL"""


def check_rows(engine: DuckDBEngine, where: str) -> None:
    """`Problem` with everything in the rows of a state that does not fit together."""
    ((tick, at),) = engine.run_text(
        """SELECT coalesce(max(tick), -1), greatest(max(ticked_at), (SELECT max(asked_at) FROM state.command),
        TIMESTAMP '0001-01-01') FROM state.tick"""
    )
    ask = _Asking(engine, f"{tick}", f"TIMESTAMP '{at}'")
    _raise(
        [
            *_ticks(engine),
            *ask.instances(),
            *ask.others(),
            *_repeated(engine),
            *_lost(engine),
            *_mislaid(engine),
        ],
        where,
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """`tick` is the last tick, `at` its instant or that of what was asked for after it, as SQL."""

    engine: DuckDBEngine
    tick: str
    at: str

    def instances(self) -> list[str]:
        counts = ", ".join(f"count(*) FILTER (WHERE {self._where(rows)})" for rows in INSTANCES)
        (row,) = self.engine.run_text(f"SELECT {counts} FROM state.instance AS t")
        return self._told(INSTANCES, row)

    def others(self) -> list[str]:
        counts = " UNION ALL ".join(
            f"SELECT {n} AS n, count(*) AS wrong FROM state.{rows.table} AS t WHERE {self._where(rows)}"
            for n, rows in enumerate(OTHERS)
        )
        return self._told(OTHERS, [wrong for _, wrong in self.engine.run_text(f"{counts} ORDER BY n")])

    def _told(self, asked: Sequence[Rows], counts: Sequence[int]) -> list[str]:
        return [
            f"`{rows.table}` has {_rows(wrong)} {rows.what}, such as {self._example(rows)}"
            for rows, wrong in zip(asked, counts, strict=True)
            if wrong
        ]

    def _example(self, rows: Rows) -> str:
        ((example,),) = self.engine.run_text(
            f"SELECT min({rows.example}) FROM state.{rows.table} AS t WHERE {self._where(rows)}"
        )
        return str(example)

    def _where(self, rows: Rows) -> str:
        return rows.where.replace("{tick}", self.tick).replace("{at}", self.at)


def _ticks(engine: DuckDBEngine) -> list[str]:
    """Ticks are numbered from 0 without a gap, and their instants increase (T2)."""
    ((wrong, first),) = engine.run_text(
        """SELECT count(*), min(tick) FROM (
            SELECT tick, ticked_at, lag(tick, 1, -1) OVER w AS before, lag(ticked_at) OVER w AS earlier
            FROM state.tick WINDOW w AS (ORDER BY tick, ticked_at)
        ) WHERE tick <> before + 1 OR ticked_at <= earlier"""
    )
    return [f"`tick` has {_rows(wrong)} out of order, the first is tick {first}"] if wrong else []


def _repeated(engine: DuckDBEngine) -> list[str]:
    counted = " UNION ALL ".join(
        f"""SELECT {n} AS n, count(*) AS wrong, any_value(shown) FROM (
            SELECT ({" || ' ' || ".join(f"{column}::VARCHAR" for column in columns)}) AS shown
            FROM state.{table} GROUP BY {", ".join(columns)} HAVING count(*) > 1
        )"""
        for n, (table, columns) in enumerate(UNIQUE)
    )
    return [
        f"`{UNIQUE[n][0]}` has {_rows(wrong)} twice, such as `{shown}` ({', '.join(UNIQUE[n][1])})"
        for n, wrong, shown in engine.run_text(f"{counted} ORDER BY n")
        if wrong
    ]


def _lost(engine: DuckDBEngine) -> list[str]:
    """Whatever the ticks have counted is there, once."""
    columns = ", ".join(f"coalesce(sum({counted}), 0), {there}" for _, counted, there in CONSERVED)
    (row,) = engine.run_text(f"SELECT {columns} FROM state.tick")
    pairs = zip(CONSERVED, row[::2], row[1::2], strict=True)
    return [
        f"of {what} the log of ticks counts {counted:,}, and {there:,} are there"
        for (what, _, _), counted, there in pairs
        if counted != there
    ]


def _mislaid(engine: DuckDBEngine) -> list[str]:
    """Whatever the relay took out of the outbox waits, or something has become of it: once. A claim of nothing says that
    what there was before is no business of the relay's."""
    ((claimed, there, granted),) = engine.run_text(
        """SELECT coalesce(sum(sends), 0),
            (SELECT count(*) FROM state.queue) + (SELECT count(*) FROM state.receipt),
            (SELECT count(*) FROM state.outbox WHERE tick <= (SELECT max(tick) FROM state.claim)
                AND tick > (SELECT coalesce(max(tick) FILTER (sends = 0), -1) FROM state.claim))
        FROM state.claim"""
    )
    if claimed == there == granted:
        return []
    return [f"of {granted:,} messages in the outbox the relay took {claimed:,}, and {there:,} are there"]


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _raise(found: Sequence[str], where: str) -> None:
    findings: list[Diagnostic] = [
        diagnostic for message in found for diagnostic in problem(DAMAGED, message, where).diagnostics
    ]
    if findings:
        raise Problem(findings)
