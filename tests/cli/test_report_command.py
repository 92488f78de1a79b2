"""`parcours report`, as people type it."""

import csv
import json
from pathlib import Path

import pytest
from corner_project import DAYS, Corner, Parcours

from parcours.cli.main import run


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The state that a simulation of the project has left."""
    folder = tmp_path_factory.mktemp("simulated")
    made = folder / "state.duckdb"
    command = [
        "simulate",
        str(Corner(folder / "corner").folder),
        *DAYS,
        "--state",
        str(made),
        "--format",
        "json",
    ]
    assert run(command) == 0
    return made.read_bytes()


@pytest.fixture
def simulated(corner: Corner, state: bytes) -> Corner:
    """The project with that state."""
    (corner.folder / "state").mkdir()
    (corner.folder / "state" / "state.duckdb").write_bytes(state)
    return corner


def test_the_text_is_told_when_nothing_is_asked_for(simulated: Corner, parcours: Parcours) -> None:
    answer = parcours("report", "corner")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(
        "corner: 2026-03-01 to 2026-03-04\n1 message granted to 1 contact, 1 sent, 1 delivered"
    )


def test_the_ending_of_the_file_says_how_it_is_written(simulated: Corner, parcours: Parcours) -> None:
    days = ("--from", "2026-03-01", "--to", "2026-03-01")
    for name in ("r.json", "r.csv", "r.html", "r.txt"):
        answer = parcours("report", "corner", *days, "--out", name)
        assert (answer.code, answer.out, answer.err) == (0, "", "")
    given = json.loads(Path("r.json").read_text(encoding="utf-8"))
    assert (given["from"], given["to"]) == ("2026-02-28T23:00:00Z", "2026-03-01T23:00:00Z")
    with Path("r.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["granted"] == "1"
    assert Path("r.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert Path("r.txt").read_text(encoding="utf-8").startswith("corner: 2026-03-01\n")
    assert parcours("report", "corner", *days, "--format", "json").out == Path("r.json").read_text(
        encoding="utf-8"
    )
    assert parcours("report", "corner", *days, "--format", "csv", "--out", "r.html").code == 0
    assert Path("r.html").read_text(encoding="utf-8").startswith("by,journey,name,")


def test_the_state_is_only_read(simulated: Corner, parcours: Parcours) -> None:
    state = simulated.folder / "state" / "state.duckdb"
    before, files = state.read_bytes(), simulated.files()
    assert parcours("report", "corner", "--format", "html").code == 0
    assert (state.read_bytes(), simulated.files()) == (before, files)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--state", "nowhere.duckdb"), "`nowhere.duckdb` is not there"),
        (("--from", "soon"), "`soon` is no date"),
        (("--from", "2026-03-05", "--to", "2026-03-04"), "the end of the span is not after its beginning"),
        (("--to", "2026-03-03", "--as-of", "2026-03-02"), "cannot be told before the span is over"),
        (("--out", "no/such/folder/r.html"), "the output cannot be written"),
    ],
)
def test_what_cannot_be_meant_is_told(
    simulated: Corner, parcours: Parcours, arguments: tuple[str, ...], said: str
) -> None:
    answer = parcours("report", "corner", *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert answer.out == ""


def test_before_the_first_tick_there_is_nothing_to_tell(corner: Corner, parcours: Parcours) -> None:
    assert parcours("apply", "corner").code == 0
    answer = parcours("report", "corner")
    assert answer.code == 2
    assert "`corner/state/state.duckdb` has no tick yet" in answer.err
