"""`parcours tick`: one real tick, its state, and the states that it refuses. What a tick means is tested with the
executor."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from corner_project import assert_told, held_open
from learned_rows import LearnedRows, write_runs

from parcours.compiler.analytic_store import hash_of
from parcours.datamart.memory import open_memory
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.workspace.load import load

STATE = Path("corner", "state", "state.duckdb")
BEFORE, AFTER = "2026-03-01 00:00", "2026-03-02 09:00"


@pytest.fixture
def ticked(corner, parcours) -> bytes:
    """The project with a state after one tick: the bytes of the state."""
    assert parcours("tick", "corner", "--at", BEFORE).code == 0
    return STATE.read_bytes()


def rows(query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(STATE), read_only=True) as state:
        return state.execute(query).fetchall()


def test_the_first_tick_is_the_base_line_and_starts_nobody(corner, parcours) -> None:
    """T2: the orders are older than the journey."""
    answer = parcours("tick", "corner", "--at", AFTER)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == (
        "tick 0 at 2026-03-02 09:00 (Europe/Paris): 0 entered, 0 refused, 0 ended; "
        "0 messages granted, 0 held, 0 not sent\n"
    )


@pytest.mark.usefixtures("ticked")
def test_the_next_tick_enters_and_grants(parcours) -> None:
    answer = parcours("tick", "corner", "--at", AFTER)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == (
        "tick 1 at 2026-03-02 09:00 (Europe/Paris): 2 entered, 0 refused, 0 ended; "
        "1 message granted, 0 held, 1 not sent\n"
    )
    assert rows("SELECT contact, message, channel FROM outbox") == [(1, "thanks", "email")]
    assert rows("SELECT DISTINCT contact FROM journal ORDER BY contact") == [(1,), (2,)]


def test_the_state_lies_in_the_project_unless_another_path_is_given(corner, parcours) -> None:
    parcours("tick", "corner", "--at", BEFORE, "--state", "else/where.duckdb")
    beside = {"else/where.duckdb", "else/where.duckdb.logbook", "else/where.duckdb.logbook/2026-02"}
    assert beside == {name for name in corner.files() if "state" in name or "where" in name}
    parcours("tick", "corner", "--at", BEFORE)
    assert str(STATE) in corner.files()


@pytest.mark.parametrize("at", [BEFORE, "2026-02-28 12:00"])
def test_the_clock_never_goes_back(ticked, parcours, at) -> None:
    answer = parcours("tick", "corner", "--at", at)
    message = f"a tick at {at}:00 cannot follow the one at {BEFORE}:00 (Europe/Paris)"
    assert_told(answer, "clock-back", message, f"{STATE}\n")
    assert STATE.read_bytes() == ticked


def test_the_state_of_another_project_is_refused(corner, ticked, parcours) -> None:
    corner.change("parcours.yaml", "name: corner", "name: other")
    answer = parcours("tick", "corner", "--at", AFTER)
    message = "the state belongs to the project `corner`, not `other`"
    assert_told(answer, "state-foreign", message, f"{STATE}\n")
    assert STATE.read_bytes() == ticked


def test_a_file_that_is_no_state_is_refused(corner, parcours) -> None:
    corner.write("precious.txt", "precious " * 2000)
    before = corner.files()
    answer = parcours("tick", "corner", "--at", AFTER, "--state", "corner/precious.txt")
    assert_told(answer, "state-foreign", "the file is no state of Parcours", "corner/precious.txt\n")
    assert (corner.folder / "precious.txt").read_text(encoding="utf-8") == "precious " * 2000
    assert corner.files() == before


@pytest.mark.usefixtures("ticked")
def test_a_state_of_a_newer_version_is_refused(parcours) -> None:
    with duckdb.connect(str(STATE)) as state:
        state.execute("UPDATE meta SET value = '999' WHERE name = 'schema'")
    newer = STATE.read_bytes()
    answer = parcours("tick", "corner", "--at", AFTER)
    message = answer.err.splitlines()[0].removeprefix("error[state-newer]: ")
    assert message.startswith("the state has the form 999, ")
    assert_told(answer, "state-newer", message, f"{STATE}\n")
    assert STATE.read_bytes() == newer


def test_a_state_that_another_process_holds_is_refused(ticked, parcours) -> None:
    with held_open(STATE):
        answer = parcours("tick", "corner", "--at", AFTER)
    assert_told(answer, "state-locked", "the state is open in another process", f"{STATE}\n")
    assert STATE.read_bytes() == ticked


# ---- a damaged state


@pytest.mark.usefixtures("ticked")
def test_a_state_edited_by_hand_is_refused(parcours) -> None:
    parcours("tick", "corner", "--at", AFTER)
    with duckdb.connect(str(STATE)) as state:
        state.execute("UPDATE instance SET node = 77; DELETE FROM outbox")
    damaged = STATE.read_bytes()
    answer = parcours("tick", "corner", "--at", "2026-03-03 09:00")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "error[state-damaged]: `instance` has 2 rows at a step where nobody can rest, such as contact 1\n"
        f"  {STATE}\n"
        "  help: restore the state file from a copy made before it was damaged\n\n"
        "error[state-damaged]: of messages granted the log of ticks counts 1, and 0 are there\n"
        f"  {STATE}\n"
        "  help: restore the state file from a copy made before it was damaged\n\n"
        "2 errors\n"
    )
    assert STATE.read_bytes() == damaged


@pytest.mark.parametrize(
    ("kept", "code", "message"),
    [
        (1, "state-foreign", "the file is no state of Parcours"),
        (4096, "state-damaged", "the state cannot be read: could not read enough bytes"),
        (12_288, "state-damaged", "the state cannot be read: could not read enough bytes"),
        (300_000, "state-damaged", "the state is cut short: it ends after 300,000 bytes"),
        (-1, "state-damaged", "the state is cut short: it ends after "),
    ],
)
def test_a_state_that_is_cut_short_is_refused(ticked, parcours, kept, code, message) -> None:
    STATE.write_bytes(ticked[:kept])
    answer = parcours("tick", "corner", "--at", AFTER)
    if kept < 0:
        message += f"{len(ticked) + kept:,} bytes"
    assert_told(answer, code, message, f"{STATE}\n")
    assert STATE.read_bytes() == ticked[:kept]


@pytest.mark.parametrize("at", [20, 5000, 12300, 13000, 280_000, 600_000, -260_000])
def test_a_state_with_a_byte_changed_is_refused_or_the_byte_was_not_in_use(ticked, parcours, at) -> None:
    there = bytearray(ticked)
    there[at] ^= 0xFF
    STATE.write_bytes(there)
    answer = parcours("tick", "corner", "--at", AFTER)
    if answer.code:
        assert answer.err.startswith(
            ("error[state-damaged]: the state cannot be read: ", "error[state-foreign]")
        )
        assert STATE.read_bytes() == there
    else:
        assert answer.err == "" and "2 entered" in answer.out


# ---- what was learned

SCORED = """\
score eager
    predict has order within 30 days
    from agreed

journey invite
    enter on order
        if score.eager > 50%
    send thanks by email
    exit done
"""
STORE = Path("corner", "state", "analytics.duckdb")


def learn(path: Path, probability: float) -> None:
    """A store in which the score has a run of 28 February."""
    checked = load(Path("corner"), {}).checked
    assert checked is not None
    engine = DuckDBEngine(open_memory())
    engine.attach_analytics(path)
    run = LearnedRows(
        "score",
        "eager",
        hash_of("score", "eager", checked),
        datetime(2026, 2, 28),
        {1: {"probability": probability}},
    )
    write_runs(engine, "corner", "BIGINT", [run])
    engine.close()


def test_a_tick_reads_what_was_learned_from_the_file_beside_the_state(corner, parcours) -> None:
    corner.write("welcome.journey", SCORED)
    learn(STORE, 0.9)
    parcours("tick", "corner", "--at", BEFORE)
    answer = parcours("tick", "corner", "--at", AFTER)
    assert (answer.code, answer.err) == (0, "")
    assert rows("SELECT contact, journey FROM outbox") == [(1, "invite")]


def test_or_from_the_file_that_the_settings_name(corner, parcours) -> None:
    corner.write("welcome.journey", SCORED)
    corner.change("parcours.yaml", "datamart:\n", "analytics: elsewhere/learned.duckdb\ndatamart:\n")
    learn(STORE, 0.1)
    learn(corner.folder / "elsewhere" / "learned.duckdb", 0.9)
    parcours("tick", "corner", "--at", BEFORE)
    parcours("tick", "corner", "--at", AFTER)
    assert rows("SELECT contact, journey FROM outbox") == [(1, "invite")]


def test_a_tick_that_reads_what_was_never_learned_says_so(corner, parcours) -> None:
    corner.write("welcome.journey", SCORED)
    assert parcours("tick", "corner", "--at", BEFORE).err == ""
    answer = parcours("tick", "corner", "--at", AFTER)
    assert answer.code == 0
    assert answer.err == (
        "warning[nothing-learned]: `score.eager` is unknown to `invite`: "
        "nothing was learned of it as of 2026-03-02 09:00 (Europe/Paris)\n"
        "  corner/welcome.journey:5:9\n"
        "    5 | journey invite\n"
        "      |         ^^^^^^\n"
        "  help: run `parcours learn`: where nothing can be learned, it says why\n"
    )


def test_a_store_that_another_process_writes_to_is_told(corner, parcours) -> None:
    corner.write("welcome.journey", SCORED)
    learn(STORE, 0.9)
    with held_open(STORE):
        answer = parcours("tick", "corner", "--at", AFTER)
    message = "the analytic store is open in another process"
    assert_told(answer, "analytics-locked", message, f"{STORE}\n")


def test_a_simulation_reads_what_was_learned_and_says_what_was_not(corner, parcours) -> None:
    corner.write("welcome.journey", SCORED)
    days = ("--from", "2026-03-01", "--to", "2026-03-02", "--every", "1h")
    unknown = parcours("simulate", "corner", *days)
    assert (unknown.code, unknown.err) == (0, "")
    line = next(line for line in unknown.out.splitlines() if line.startswith("score.eager"))
    assert line.split() == ["score.eager", "invite", "corner/welcome.journey:5:9", "all", "the", "time"]
    learn(STORE, 0.9)
    known = parcours("simulate", "corner", *days)
    assert "score.eager" not in known.out
    assert "1 message sent" in known.out and "0 messages sent" in unknown.out


# ---- metrics


def test_metrics_are_written_whole_beside_what_a_tick_says(corner, parcours) -> None:
    corner.write("old.prom", "old")
    for at in (BEFORE, AFTER):
        answer = parcours("tick", "corner", "--at", at, "--metrics", "corner/old.prom")
        assert (answer.code, answer.err) == (0, "")
    text = (corner.folder / "old.prom").read_text(encoding="utf-8")
    assert "\nparcours_ticks_total 2.0\n" in text and text.endswith("\n")
    assert '\nparcours_standing_runs{journey="welcome"} 2.0\n' in text
    assert [name for name in corner.files() if "unfinished" in name] == []


def test_metrics_that_cannot_be_written_are_told_and_the_tick_was_made(corner, parcours) -> None:
    answer = parcours("tick", "corner", "--at", BEFORE, "--metrics", "gone/m.prom")
    assert answer.code == 2
    assert answer.out.startswith("tick 0 at ")
    assert answer.err.startswith("error[output-unwritable]: ")
