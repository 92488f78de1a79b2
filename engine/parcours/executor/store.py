"""The state: opened, migrated, and asked what it knows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.integrity import check_form, check_rows, read_meta
from parcours.executor.migrations import MIGRATIONS, RELAY

_LEAVE_OLD_OUTBOX = """
    INSERT INTO state.claim SELECT max(tick), max(ticked_at), 0 FROM state.tick HAVING count(*) > 0"""
"""What was granted before there was a relay, others have delivered: a claim of nothing, up to the last tick."""


def must_be_current(engine: DuckDBEngine, project: str, where: str) -> None:
    """`Problem` when what is attached is no state of the project, or not in the form of today."""
    meta = _known(engine, project, where)
    form = int(meta["schema"])
    _must_be_of_today(form, where)
    check_form(engine, form, meta["contact_type"], where)


def _known(engine: DuckDBEngine, project: str, where: str) -> dict[str, str]:
    """What the state says of itself; of one that is still empty, that it has the form 0. `Problem` when it is none of the
    project, or newer than we are."""
    tables = engine.run_text("SELECT table_name FROM duckdb_tables() WHERE database_name = 'state'")
    names = {name for (name,) in tables}
    if not names:
        return {"schema": "0"}
    if not names & {"meta", "instance", "journal"}:
        raise problem("state-foreign", "the file is no state of Parcours", where)
    meta = read_meta(engine, where)
    if int(meta["schema"]) > len(MIGRATIONS):
        raise problem(
            "state-newer",
            f"the state has the form {meta['schema']}, this version of Parcours knows forms up to {len(MIGRATIONS)}",
            where,
        )
    if meta["project"] != project:
        raise problem(
            "state-foreign", f"the state belongs to the project `{meta['project']}`, not `{project}`", where
        )
    return meta


def _must_be_of_today(form: int, where: str) -> None:
    if form < len(MIGRATIONS):
        raise problem(
            "state-older", f"the state has the form {form}, made before the form {len(MIGRATIONS)}", where
        )


class Store:
    """The state attached to an engine. Every write of a tick goes through the tick's own transaction. With `trusting` the
    rows are not looked at, which takes as long as there are many: for those who read a few of them and write nothing."""

    def __init__(
        self, engine: DuckDBEngine, project: str, contact_type: str, where: str, *, trusting: bool = False
    ) -> None:
        self._engine = engine
        self._where = where
        self._trusting = trusting
        self._open(project, contact_type)

    def _open(self, project: str, contact_type: str) -> None:
        meta = _known(self._engine, project, self._where)
        form = int(meta["schema"])
        if form and meta["contact_type"] != contact_type:
            raise problem(
                "state-foreign",
                f"the state was made for contact keys of type {meta['contact_type']}, not {contact_type}",
                self._where,
            )
        if form:
            check_form(self._engine, form, contact_type, self._where)
        if self._engine.reads_only:
            _must_be_of_today(form, self._where)
        if form < len(MIGRATIONS):
            self._migrate(form, project, contact_type)
        if form and not self._trusting:
            check_rows(self._engine, self._where)

    def _migrate(self, form: int, project: str, contact_type: str) -> None:
        with self._engine.transaction():
            for migration in MIGRATIONS[form:]:
                for text in migration:
                    self._engine.run_text(text.replace("{contact}", contact_type))
            if 0 < form < RELAY:
                self._engine.run_text(_LEAVE_OLD_OUTBOX)
            self._engine.run_text("DELETE FROM state.meta")
            rows = {"project": project, "contact_type": contact_type, "schema": str(len(MIGRATIONS))}
            for name, value in rows.items():
                self._engine.run_text("INSERT INTO state.meta VALUES (?, ?)", [name, value])

    def last_tick(self) -> tuple[int, datetime] | None:
        """The number and instant of the last tick, None before the first."""
        rows = self._engine.run_text("SELECT tick, ticked_at FROM state.tick ORDER BY tick DESC LIMIT 1")
        return rows[0] if rows else None

    def versions(self) -> list[tuple[int, str, str]]:
        """(version, journey, hash), in the order in which they were applied."""
        return self._engine.run_text("SELECT version, journey, hash FROM state.version ORDER BY version")

    def standing(self) -> dict[int, int]:
        """How many instances run in each version in which there are some."""
        return dict(self._engine.run_text("SELECT version, count(*) FROM state.instance GROUP BY version"))

    def standing_at(self, version: int) -> dict[int, int]:
        """How many instances of a version rest at each node."""
        return dict(
            self._engine.run_text(
                "SELECT node, count(*) FROM state.instance WHERE version = ? GROUP BY node ORDER BY node",
                [version],
            )
        )

    def tried_at(self, version: int, node: int) -> Iterator[tuple[dict[str, str], int]]:
        """What is decided, by channel, of sends on several channels at which instances of a version are held, and of how
        many."""
        rows = self._engine.run_text(
            """SELECT tried, count(*) FROM state.instance
            WHERE version = ? AND node = ? AND tried IS NOT NULL GROUP BY tried ORDER BY tried""",
            [version, node],
        )
        yield from ((json.loads(tried), number) for tried, number in rows)

    def text(self, version: int) -> str | None:
        """A version as data (T18); None when it is not kept."""
        ((text,),) = self._engine.run_text("SELECT max(text) FROM state.version WHERE version = ?", [version])
        return text  # type: ignore[no-any-return]

    def applied(self) -> dict[str, datetime]:
        """Since when each journey is known, in whatever version (T2)."""
        return dict(
            self._engine.run_text("SELECT journey, min(applied_at) FROM state.version GROUP BY journey")
        )

    def paused(self) -> dict[str, datetime]:
        """The journeys that are paused, and since when (T19)."""
        return dict(
            self._engine.run_text("SELECT journey, paused_at FROM state.pause WHERE resumed_at IS NULL")
        )

    def looked(self) -> int:
        """At how many instances the next tick looks, whatever they wait for."""
        return int(self._engine.run_text("SELECT count(*) FROM state.look")[0][0])

    def skips(self) -> bool:
        """Whether the next tick skips what some instances would send (T19)."""
        return bool(self._engine.run_text("SELECT count(*) FROM state.look WHERE skip")[0][0])

    def forget_looked(self) -> None:
        self._engine.run_text("DELETE FROM state.look")

    def last_command(self) -> datetime | None:
        """When somebody asked for something last."""
        ((last,),) = self._engine.run_text("SELECT max(asked_at) FROM state.command")
        return last  # type: ignore[no-any-return]

    def add_command(self, asked_at: datetime, command: str, journey: str) -> None:
        self._engine.run_text("INSERT INTO state.command VALUES (?, ?, ?)", [asked_at, command, journey])

    def set_attributes(self) -> list[str]:
        """The attributes of which something was set."""
        rows = self._engine.run_text("SELECT DISTINCT name FROM state.attribute ORDER BY name")
        return [name for (name,) in rows]

    def refreshed(self) -> dict[str, tuple[str, datetime]]:
        """For each group: the hash it had, and when it was refreshed last."""
        rows = self._engine.run_text(
            "SELECT name, arg_max(hash, refreshed_at), max(refreshed_at) FROM state.refresh GROUP BY name"
        )
        return {name: (digest, instant) for name, digest, instant in rows}

    def add_version(self, version: int, journey: str, digest: str, applied_at: datetime, text: str) -> None:
        self._engine.run_text(
            "INSERT INTO state.version VALUES (?, ?, ?, ?, ?)", [version, journey, digest, applied_at, text]
        )

    def add_nodes(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            self._engine.run_text("INSERT INTO state.node VALUES (?, ?, ?, ?, ?, ?)", row)

    def add_routes(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            self._engine.run_text("INSERT INTO state.route VALUES (?, ?, ?, ?, ?, ?)", row)

    def add_refresh(self, name: str, digest: str, refreshed_at: datetime) -> None:
        self._engine.run_text("INSERT INTO state.refresh VALUES (?, ?, ?)", [name, digest, refreshed_at])

    def add_costs(self, rows: Sequence[tuple[int, str, int, int]]) -> None:
        """`rows` in the order of state.cost."""
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            self._engine.run_text(
                "INSERT INTO state.cost SELECT unnest(?), unnest(?), unnest(?), unnest(?)", columns
            )

    def add_tick(self, row: tuple[Any, ...]) -> None:
        self._engine.run_text("INSERT INTO state.tick VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
