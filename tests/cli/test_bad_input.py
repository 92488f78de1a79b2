"""What the world may hand to Parcours instead of a good project: each time one clear message, the exit code 2, no stack
trace, and nothing written."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pytest
from corner_project import DAYS, Corner, assert_told, held_open

from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.store import Store

SIMULATE = ("simulate", "corner", *DAYS)
COMMANDS = (
    ("check", "corner"),
    ("test", "corner"),
    SIMULATE,
    ("graph", "welcome", "--project", "corner"),
    ("sql", "welcome", "--project", "corner"),
)
RUNNING = tuple(command for command in COMMANDS if command[0] != "check")
NAMES = [command[0] for command in COMMANDS]
RUNNING_NAMES = [command[0] for command in RUNNING]


@pytest.fixture(autouse=True)
def nothing_is_written(corner: Corner) -> Iterator[None]:
    """After each of these tests the folder holds what it held when `corner` was last touched by the test."""
    yield
    left_over = [name for name in corner.files() if name.endswith((".wal", ".tmp", "state", ".unfinished"))]
    assert left_over == []


# ---- the project


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_no_such_folder(corner, parcours, command) -> None:
    corner.folder.rename(corner.folder.with_name("elsewhere"))
    assert_told(parcours(*command), "no-project", "there is no folder `corner`", "corner\n")


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_an_empty_folder(corner, parcours, command) -> None:
    corner.folder.rename(corner.folder.with_name("elsewhere"))
    corner.folder.mkdir()
    assert_told(parcours(*command), "no-project", "`corner` holds no parcours.yaml", "corner\n")


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_a_folder_without_journeys(corner, parcours, command) -> None:
    corner.remove("welcome.journey")
    corner.remove("policy.journey")
    assert_told(parcours(*command), "no-journeys", "`corner` holds no journey file", "corner\n")


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_journey_files_in_which_no_journey_is(corner, parcours, command) -> None:
    corner.remove("welcome.journey")
    assert_told(parcours(*command), "no-journeys", "`corner` holds no journey", "corner\n")


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_a_file_instead_of_a_folder(corner, parcours, command) -> None:
    file = "corner/parcours.yaml"
    words = [file if word == "corner" else word for word in command]
    assert_told(parcours(*words), "no-project", f"`{file}` is a file, not a folder", f"{file}\n")


@pytest.mark.parametrize("command", RUNNING, ids=RUNNING_NAMES)
def test_broken_yaml(corner, parcours, command) -> None:
    corner.change("parcours.yaml", "name: corner", "name: [corner")
    answer = parcours(*command)
    assert_told(
        answer, "yaml", answer.err.splitlines()[0].removeprefix("error[yaml]: "), "corner/parcours.yaml:"
    )


@pytest.mark.parametrize("command", RUNNING, ids=RUNNING_NAMES)
def test_a_broken_journey_file(corner, parcours, command) -> None:
    corner.change("welcome.journey", "wait 2 days", "wait two days")
    answer = parcours(*command)
    message = answer.err.splitlines()[0].removeprefix("error[syntax]: ")
    assert_told(answer, "syntax", message, "corner/welcome.journey:5:")
    assert "    wait two days\n" in answer.err


def test_a_journey_file_that_is_no_text(corner, parcours) -> None:
    (corner.folder / "welcome.journey").write_bytes(b"journey \xff\n")
    answer = parcours(*SIMULATE)
    assert_told(answer, "unreadable-file", "this file is no UTF-8 text", "corner/welcome.journey:1:9")


# ---- the datamart


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_a_database_that_is_gone(corner, parcours, command) -> None:
    corner.remove("corner.duckdb")
    answer = parcours(*command)
    assert_told(answer, "no-database", "there is no file `corner.duckdb`", "corner/parcours.yaml:5:13")
    assert "  help: run make-the-data\n" in answer.err


def test_an_empty_database_file(corner, parcours) -> None:
    (corner.folder / "corner.duckdb").write_bytes(b"not a database at all")
    answer = parcours(*SIMULATE)
    assert_told(
        answer, "not-a-database", "`corner.duckdb` is no DuckDB database", "corner/parcours.yaml:5:13"
    )


@pytest.mark.parametrize("command", RUNNING, ids=RUNNING_NAMES)
def test_a_table_that_is_gone(corner, parcours, command) -> None:
    corner.fill("ALTER TABLE orders RENAME TO ordrs")
    answer = parcours(*command)
    assert_told(answer, "unknown-table", "there is no table `orders`", "corner/parcours.yaml:8:20")
    assert "did you mean `ordrs`?" in answer.err


@pytest.mark.parametrize("command", RUNNING, ids=RUNNING_NAMES)
def test_a_column_of_another_type_than_the_predicate_needs(corner, parcours, command) -> None:
    """E3."""
    corner.fill("ALTER TABLE orders ALTER total TYPE VARCHAR")
    corner.change("welcome.journey", " with total = 20", "")
    answer = parcours(*command)
    message = answer.err.splitlines()[0].removeprefix("error[wrong-type]: ")
    assert_told(answer, "wrong-type", message, "corner/welcome.journey:2:")


def test_a_datamart_that_another_process_writes_to(corner, parcours) -> None:
    with held_open(corner.folder / "corner.duckdb"):
        answer = parcours(*SIMULATE)
    assert_told(
        answer, "database-locked", "`corner.duckdb` is in use by another process", "corner/parcours.yaml:5:13"
    )


# ---- the state


def test_an_end_before_the_beginning(corner, parcours) -> None:
    answer = parcours(
        "simulate", "corner", "--from", "2026-03-02", "--to", "2026-02-01", "--state", "s.duckdb"
    )
    assert_told(answer, "bad-option", "`--to 2026-02-01` is not after `--from 2026-03-02`", "--to\n")
    assert "s.duckdb" not in corner.files()


def test_a_state_that_is_there_already(corner, parcours) -> None:
    """A simulation begins with an empty state: what is there is never touched, whoever made it."""
    (corner.folder / "s.duckdb").write_bytes(b"precious")
    answer = parcours(*SIMULATE, "--state", "corner/s.duckdb")
    assert_told(answer, "state-used", "`corner/s.duckdb` is there already", "corner/s.duckdb\n")
    assert (corner.folder / "s.duckdb").read_bytes() == b"precious"


def test_a_state_that_another_process_holds(corner, parcours) -> None:
    with held_open(corner.folder / "s.duckdb"):
        answer = parcours(*SIMULATE, "--state", "corner/s.duckdb")
    assert_told(answer, "state-used", "`corner/s.duckdb` is there already", "corner/s.duckdb\n")
    assert (corner.folder / "s.duckdb").exists()


@contextmanager
def engine() -> Iterator[DuckDBEngine]:
    """An engine as `simulate` has one; commands to come will open states that are there."""
    with duckdb.connect() as connection:
        yield DuckDBEngine(connection)


def test_an_open_state_is_told_by_the_engine_too(corner) -> None:
    with held_open(corner.folder / "s.duckdb"), engine() as ours, pytest.raises(Problem) as caught:
        ours.attach_state(corner.folder / "s.duckdb")
    assert [found.code for found in caught.value.diagnostics] == ["state-locked"]


def test_a_state_of_a_newer_version_is_left_alone(corner) -> None:
    with duckdb.connect(str(corner.folder / "s.duckdb")) as state:
        state.execute("CREATE TABLE meta (name VARCHAR, value VARCHAR)")
        state.execute(
            "INSERT INTO meta VALUES ('project', 'corner'), ('contact_type', 'INTEGER'), ('schema', '999')"
        )
    before = (corner.folder / "s.duckdb").read_bytes()
    with engine() as ours, pytest.raises(Problem) as caught:
        ours.attach_state(corner.folder / "s.duckdb")
        Store(ours, "corner", "INTEGER", "corner/s.duckdb")
    assert [found.code for found in caught.value.diagnostics] == ["state-newer"]
    assert (corner.folder / "s.duckdb").read_bytes() == before


class FullDisk:
    """A connection whose every statement finds the disk full, in DuckDB's words."""

    def execute(self, *_: object) -> None:
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")


def test_no_space_left_on_the_device_is_no_fault_of_ours() -> None:
    with pytest.raises(Problem) as caught:
        DuckDBEngine(FullDisk()).run_text("CHECKPOINT state")
    assert [found.code for found in caught.value.diagnostics] == ["state-unwritable"]
    assert "No space left on device" in str(caught.value)


def test_a_state_below_a_file(corner, parcours) -> None:
    before = corner.files()
    answer = parcours(*SIMULATE, "--state", "corner/parcours.yaml/s.duckdb")
    message = "the state cannot be written: file exists"
    assert_told(answer, "state-unwritable", message, "corner/parcours.yaml/s.duckdb\n")
    assert corner.files() == before


@pytest.mark.parametrize("size", [60_000, 400_000])
def test_a_disk_that_is_full(corner, parcours_alone, size) -> None:
    """The kernel lets the process write files of no more than so many bytes: the first time a new DuckDB file fits
    and its tables do not, the second time the log of the ticks becomes too long, somewhere among them."""
    before = corner.files()
    limit = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    answer = parcours_alone(*SIMULATE, "--state", "made/for/it/s.duckdb", before=limit)
    message = answer.err.splitlines()[0].removeprefix("error[state-unwritable]: ")
    assert message.startswith("the state cannot be written: ")
    assert_told(answer, "state-unwritable", message, "made/for/it/s.duckdb\n")
    assert corner.files() == before


def test_stopping_by_ctrl_c_leaves_nothing(corner, parcours_alone) -> None:
    before = corner.files()
    stop = (
        "import os, signal\nfrom parcours.executor.tick import Executor\n"
        # as in a terminal, also where the tests themselves were started with the signal ignored
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "Executor.tick = lambda *_: os.kill(os.getpid(), signal.SIGINT)"
    )
    answer = parcours_alone(*SIMULATE, "--state", "made/s.duckdb", before=stop)
    assert (answer.code, answer.out, answer.err) == (130, "", "stopped\n")
    assert corner.files() == before
