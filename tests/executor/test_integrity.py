"""A state that somebody has edited by hand is found when it is opened: each kind of damage, in plain words."""

import re
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import pytest
from busy_world import TICKS, busy_world

from parcours.datamart.memory import open_memory
from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.integrity import CONSERVED, INSTANCES, OTHERS, UNIQUE
from parcours.executor.migrations import MIGRATIONS
from parcours.executor.store import Store

Damaged = Callable[..., list[str]]
"""What the next process says of a state with some damage; the state is as before for the next question."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a world in which much has happened, as a file."""
    path = tmp_path_factory.mktemp("state") / "state.duckdb"
    world = busy_world()
    world.tick(*TICKS[:12])
    world.rows("INSERT INTO state.attribute VALUES ('c01', 'country', 'FR')")
    world.rows("INSERT INTO state.entries VALUES ('carts', TIMESTAMP '2026-03-01 09:30', 3)")
    world.rows(
        "INSERT INTO state.recorded VALUES (3, 'seen', 'c01', TIMESTAMP '2026-03-01 09:30', 'x', '{}')"
    )
    world.rows("INSERT INTO state.transfer VALUES ('2026-03-01 09:40', 'c01', '', '2026-03-01', 1, 1, 2, 1)")
    world.rows("INSERT INTO state.look VALUES (1, 'c01', '', '2026-03-01 09:30', false)")
    world.rows("INSERT INTO state.pause VALUES ('carts', '2026-03-01 09:35', '2026-03-01 09:40', 'sent')")
    world.rows("INSERT INTO state.cost VALUES (3, 'look', 10, 10)")
    world.rows(f"ATTACH '{path}' AS kept")
    world.rows("COPY FROM DATABASE state TO kept")
    world.close()
    return path


@pytest.fixture
def told(whole: Path, tmp_path: Path) -> Damaged:
    def told(*damage: str) -> list[str]:
        path = tmp_path / "state.duckdb"
        copyfile(whole, path)
        engine = DuckDBEngine(open_memory())
        engine.attach_state(path)
        for statement in damage:
            engine.run_text(statement)
        return said(engine, str(path))

    return told


def said(engine: DuckDBEngine, where: str) -> list[str]:
    try:
        Store(engine, "test", "VARCHAR", where)
    except Problem as problem:
        assert {(d.code, d.place.file) for d in problem.diagnostics} == {("state-damaged", where)}
        return [d.message for d in problem.diagnostics]
    finally:
        engine.close()
    return []


def test_a_state_as_ticks_leave_it_is_opened(told: Damaged) -> None:
    assert told() == []


ONE = "WHERE rowid = (SELECT min(rowid) FROM state.{})"
SOMEBODY = ONE.format("instance")


def changed(table: str, what: str) -> str:
    """One row of a table changed by hand."""
    return f"UPDATE state.{table} SET {what} {ONE.format(table)}"


def added(table: str, what: str = "*") -> str:
    """A row of a table once more, or a little different."""
    return f"INSERT INTO state.{table} SELECT {what} FROM state.{table} {ONE.format(table)}"


def waiting(tick: int = 3, entry: str = "{}", times: int = 1) -> str:
    """A send in the queue that nobody took out of the outbox."""
    at = "TIMESTAMP '2026-03-01 09:30'"
    row = f"('s', {tick}, {at}, 'c01', 'j', '', {at}, 'x', 1, 'm', 'email', '', '', '{entry}', '{{}}', 0, {at}, NULL, NULL)"
    return f"INSERT INTO state.queue VALUES {', '.join([row] * times)}"


BOUNCE = "INSERT INTO state.bounce VALUES ('s', 'r', 'c01', 'email', TIMESTAMP '2026-01-01', 'why')"
RECEIPT = """INSERT INTO state.receipt VALUES
    ('s', 12, 'c01', 'j', 'm', 'email', 'accepted', '', '', '', '', 1, NULL, TIMESTAMP '2026-03-01 09:30')"""
NOTHING = "0 AS entered, 0 AS refused, 0 AS granted, 0 AS held, 0 AS not_sent"
DAMAGE = {
    # ticks
    "DELETE FROM state.tick WHERE tick = 5": "`tick` has 1 row out of order, the first is tick 6",
    "UPDATE state.tick SET tick = tick + 1": "`tick` has 1 row out of order, the first is tick 1",
    "UPDATE state.tick SET ticked_at = TIMESTAMP '2026-03-01 03:30' WHERE tick = 2": (
        "`tick` has 1 row out of order, the first is tick 2"
    ),
    f"INSERT INTO state.tick SELECT * REPLACE ({NOTHING}) FROM state.tick WHERE tick = 3": (
        "`tick` has 1 row out of order, the first is tick 3"
    ),
    "UPDATE state.tick SET moved = -1 WHERE tick = 4": (
        "`tick` has 1 row with a count below nothing, such as tick 4"
    ),
    # versions
    added("version"): "`version` has 1 row twice, such as `1` (version)",
    added("node", "* REPLACE (9 AS version)"): "`node` has 1 row of an unknown version, such as enter",
    added("node"): "`node` has 1 row twice, such as `1 0` (version, node)",
    added("route", "* REPLACE (9 AS version)"): "`route` has 1 row of an unknown version, such as next",
    added("route"): "`route` has 1 row twice, such as `1 0` (version, route)",
    changed("route", "target = 77"): "`route` has 1 row from or to an unknown step, such as next",
    changed("route", "source = -1"): "`route` has 1 row from or to an unknown step, such as next",
    # instances
    changed("instance", "version = 9"): "`instance` has 1 row of an unknown version, such as contact c",
    changed(
        "instance", "node = 77"
    ): "`instance` has 1 row at a step where nobody can rest, such as contact c",
    changed(
        "instance", "node = 0"
    ): "`instance` has 1 row at a step where nobody can rest, such as contact c",
    changed("instance", "entered_at = '2026-03-02 12:31', arrived_at = '2026-03-02 12:31'"): (
        "`instance` has 1 row that entered after the last tick, such as contact c"
    ),
    changed("instance", "entry_at = '2026-03-05'"): (
        "`instance` has 1 row that entered before what started it, such as contact c"
    ),
    changed("instance", "arrived_at = '2026-02-01'"): (
        "`instance` has 1 row that arrived before entering, such as contact c"
    ),
    changed(
        "instance", "due_at = '2026-02-01'"
    ): "`instance` has 1 row due before arriving, such as contact c",
    changed("instance", "keep_until = '2026-02-01'"): (
        "`instance` has 1 row with a message kept until before it came, such as contact c"
    ),
    changed("instance", "entry = 'x'"): (
        "`instance` has 1 row whose kept fields cannot be read, such as contact c"
    ),
    changed("instance", "tried = '{'"): (
        "`instance` has 1 row whose kept fields cannot be read, such as contact c"
    ),
    # the relay
    "INSERT INTO state.claim VALUES (12, TIMESTAMP '2026-03-01 09:30', 0)": (
        "`claim` has 1 row of an unknown tick, such as tick 12"
    ),
    waiting(tick=12): "`queue` has 1 row of an unknown tick, such as contact c01",
    waiting(entry="x"): "`queue` has 1 row whose kept fields cannot be read, such as contact c01",
    waiting(times=2): "`queue` has 1 row twice, such as `s` (send)",
    waiting(): "of 0 messages in the outbox the relay took 0, and 1 are there",
    RECEIPT: "`receipt` has 1 row of an unknown tick, such as contact c01",
    "INSERT INTO state.logbook VALUES ('2026-01', -1)": (
        "`logbook` has 1 row that has read less than nothing, such as 2026-01"
    ),
    BOUNCE: "`bounce` has 1 row without a receipt that says so, such as contact c01",
    f"{BOUNCE}, {BOUNCE[BOUNCE.index('(') :]}": "`bounce` has 1 row twice, such as `s` (send)",
    # what ticks have written for good
    changed("journal", "tick = 99"): "`journal` has 1 row of an unknown tick, such as contact c",
    changed("outbox", "tick = -1"): "`outbox` has 1 row of an unknown tick, such as contact c",
    changed(
        "outbox", "sent_at = '2027-01-01'"
    ): "`outbox` has 1 row sent after the last tick, such as contact c",
    changed("not_sent", "tick = 12"): "`not_sent` has 1 row of an unknown tick, such as contact c",
    changed("not_sent", "decision = 'lost'"): (
        "`not_sent` has 1 row that were neither held nor not sent, such as contact c"
    ),
    changed("outbox", "offers = '{}'"): "`outbox` has 1 row whose offers cannot be read, such as contact c",
    changed("outbox", "offers = 'tent'"): "`outbox` has 1 row whose offers cannot be read, such as contact c",
    changed("refused", "tick = 12"): "`refused` has 1 row of an unknown tick, such as contact c",
    changed("transfer", "version = 9"): "`transfer` has 1 row of an unknown version, such as contact c01",
    changed("look", "version = 9"): "`look` has 1 row of an unknown version, such as contact c01",
    changed(
        "pause", "paused_at = '2027-01-01'"
    ): "`pause` has 1 row that ended before it began, such as carts",
    changed("cost", "tick = 12"): "`cost` has 1 row of an unknown tick, such as look",
    changed("recorded", "tick = 12"): "`recorded` has 1 row of an unknown tick, such as contact c01",
    changed(
        "recorded", "fields = ''"
    ): "`recorded` has 1 row whose fields cannot be read, such as contact c01",
    changed("ended", "left_at = '2027-01-01'"): (
        "`ended` has 1 row that left after the last tick, such as contact c"
    ),
    changed("ended", "entry_at = '2027-01-01'"): (
        "`ended` has 1 row that left before what started them, such as contact c"
    ),
    changed("entries", "entered_at = '2027-01-01'"): (
        "`entries` has 1 row that entered after the last tick, such as carts"
    ),
    added("entries"): "`entries` has 1 row twice, such as `carts 2026-03-01 09:30:00` (journey, entered_at)",
    added("attribute"): "`attribute` has 1 row twice, such as `country c01` (name, contact)",
    changed("membership", "since = '2027-01-01'"): (
        "`membership` has 1 row since after the last tick, such as contact c"
    ),
    added("membership"): "`membership` has 1 row twice, such as `rich c",
    added("membership", "* REPLACE ('poor' AS name)"): (
        "`membership` has 1 row of a group that was never refreshed, such as contact c"
    ),
    changed(
        "refresh", "refreshed_at = '2027-01-01'"
    ): "`refresh` has 1 row after the last tick, such as rich",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_does_not_fit_is_said_with_how_many_rows_and_one_of_them(told: Damaged, damage: str) -> None:
    found = told(damage)
    assert any(message.startswith(DAMAGE[damage]) for message in found), found


def test_every_question_is_tried_by_a_damage() -> None:
    said = "\n".join(DAMAGE.values())
    assert [
        rows for rows in (*INSTANCES, *OTHERS) if f"`{rows.table}` has 1 row {rows.what}," not in said
    ] == []
    once = [table for table, _ in UNIQUE if f"`{table}` has 1 row twice" not in said]
    assert once == ["instance"]  # below


@pytest.mark.parametrize(
    ("damage", "what", "more"),
    [
        (f"DELETE FROM state.instance {SOMEBODY}", "runs that entered", -1),
        (f"DELETE FROM state.ended {ONE.format('ended')}", "runs that entered", -1),
        (f"DELETE FROM state.outbox {ONE.format('outbox')}", "messages granted", -1),
        (f"DELETE FROM state.not_sent {ONE.format('not_sent')}", "messages held or not sent", -1),
        (f"DELETE FROM state.refused {ONE.format('refused')}", "triggers refused", -1),
        (added("outbox"), "messages granted", 1),
        (added("ended"), "runs that entered", 1),
    ],
)
def test_rows_that_are_gone_or_too_many_are_missed(told: Damaged, damage: str, what: str, more: int) -> None:
    (message,) = told(damage)
    counted, there = (int(number) for number in re.findall(r"\d+", message))
    assert message == f"of {what} the log of ticks counts {counted}, and {counted + more} are there"
    assert there == counted + more


def test_an_instance_twice_is_told_as_such_and_by_the_count(told: Damaged) -> None:
    twice, counted = told(added("instance"))
    assert re.fullmatch(
        r"`instance` has 1 row twice, such as `\d c\d\d .*` \(version, contact, key, entry_at\)", twice
    )
    assert "runs that entered" in counted
    assert len(CONSERVED) == 4


def test_versions_that_are_gone_are_missed_by_all_that_speaks_of_them(told: Damaged) -> None:
    found = told("DELETE FROM state.version WHERE version = 2")
    assert [message.partition(" has ")[0] for message in found] == ["`instance`", "`node`", "`route`"]


def test_all_that_is_wrong_is_said_at_once(told: Damaged) -> None:
    found = told("DELETE FROM state.refused", "UPDATE state.not_sent SET tick = 12, decision = 'x'")
    assert len(found) == 3


# ---- tables and columns


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("DROP TABLE state.outbox", "the table `outbox` is not there"),
        (
            "ALTER TABLE state.instance DROP due_at",
            "the column `due_at` of the table `instance` is not there",
        ),
        (
            "ALTER TABLE state.tick ADD COLUMN mine INTEGER",
            "the column `mine` of the table `tick` is none of ours",
        ),
        (
            "ALTER TABLE state.journal ALTER route TYPE VARCHAR",
            "the column `route` of the table `journal` is of type VARCHAR, not INTEGER",
        ),
        (
            "ALTER TABLE state.node ALTER kind DROP NOT NULL",
            "the column `kind` of the table `node` is allowed to be unknown",
        ),
        (
            "ALTER TABLE state.attribute ALTER value SET NOT NULL",
            "the column `value` of the table `attribute` is not allowed to be unknown",
        ),
        ("DROP TABLE state.meta", "the table `meta` is not there or not as it was made"),
        ("DELETE FROM state.meta WHERE name = 'project'", "`meta` does not say what the state is"),
        ("INSERT INTO state.meta FROM state.meta", "`meta` does not say what the state is"),
        (
            "UPDATE state.meta SET value = 'x' WHERE name = 'schema'",
            "`meta` says that the state has the form `x`",
        ),
        (
            "UPDATE state.meta SET value = '0' WHERE name = 'schema'",
            "`meta` says that the state has the form `0`",
        ),
    ],
)
def test_tables_and_columns_are_those_that_were_made(told: Damaged, damage: str, message: str) -> None:
    assert told(damage) == [message]


def test_two_columns_that_have_changed_places_are_found(told: Damaged) -> None:
    swap = "ALTER TABLE state.entries RENAME {} TO {}"
    found = told(
        "CREATE OR REPLACE TABLE state.request (contact VARCHAR NOT NULL, journey VARCHAR NOT NULL, asked_at TIMESTAMP NOT NULL)",
    )
    assert found == [
        "the column `contact` of the table `request` is not in its place",
        "the column `journey` of the table `request` is not in its place",
    ]
    assert told(swap.format("journey", "journal")) == [
        "the column `journal` of the table `entries` is none of ours",
        "the column `journey` of the table `entries` is not there",
    ]


def test_a_table_of_somebody_else_in_the_file_does_not_matter(told: Damaged) -> None:
    assert told("CREATE TABLE state.mine (x INTEGER)") == []


def test_an_older_state_is_compared_with_what_it_was_then() -> None:
    for damage, message in (
        (
            "ALTER TABLE state.instance ADD COLUMN laps INTEGER[]",
            "the column `laps` of the table `instance` is none of ours",
        ),
        ("", ""),
    ):
        engine = DuckDBEngine(open_memory())
        engine.attach_state(None)
        for text in (*MIGRATIONS[0], damage) if damage else MIGRATIONS[0]:
            engine.run_text(text.replace("{contact}", "VARCHAR"))
        engine.run_text(
            "INSERT INTO state.meta VALUES ('project', 'test'), ('contact_type', 'VARCHAR'), ('schema', '1')"
        )
        assert said(engine, "memory") == ([message] if message else [])


def test_what_was_asked_for_after_the_last_tick_may_have_happened_after_it(told: Damaged) -> None:
    later = changed("ended", "left_at = '2026-03-02 15:00'")
    assert len(told(later)) == 1
    assert told(later, "INSERT INTO state.command VALUES ('2026-03-02 15:00', 'apply', '')") == []


def test_whoever_an_edit_moved_to_a_moment_that_has_passed_is_no_damage(told: Damaged) -> None:
    """T18: he goes on in the next tick."""
    passed = changed("instance", "due_at = '2026-02-01'")
    look = (
        f"INSERT INTO state.look SELECT version, contact, key, entry_at, false FROM state.instance {SOMEBODY}"
    )
    assert told(passed, look) == []
