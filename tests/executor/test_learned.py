"""What ticks read of the analytic store. What it means is told by the cases of A1 to A3; here is how it is found."""

from pathlib import Path
from typing import Any

import pytest
from learned_rows import LearnedRows, write_runs
from world import CATALOG, World, checked_project, instant

from parcours.compiler.analytic_store import Kind, hash_of
from parcours.compiler.learned import run_parameter
from parcours.datamart.memory import open_memory
from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.learned import attach_learned, runs_at

SCORE = """
    score churn
        predict no order within 60 days
        from age
        zones
            high from 70%
            low otherwise
"""
JOURNEY = """
    journey ask
        enter on signup
            again
        if score.churn > 70%
            exit high
        if score.churn <= 70%
            exit low
        exit unknown
"""


def run_of(text: str, kind: Kind, name: str, as_of: str, **rows: dict[str, Any]) -> LearnedRows:
    return LearnedRows(kind, name, hash_of(kind, name, checked_project(text)), instant(as_of), rows)


def asking(text: str, *runs: LearnedRows, contacts: tuple[str, ...] = ("ann",)) -> World:
    """A world with these runs; whoever signs up at 10:00 of 1 March is asked."""
    world = World(text)
    world.engine.attach_analytics(None)
    write_runs(world.engine, "test", CATALOG.contact_type, runs)
    for name in contacts:
        world.contact(name)
        world.event("signup", name, "2026-03-01 10:00")
    return world


def outcomes(world: World) -> dict[str, str]:
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    return {name: outcome for name, outcome, _ in world.exits()}


def test_without_a_store_all_that_is_learned_is_unknown() -> None:
    world = World(SCORE + JOURNEY)
    world.contact("ann")
    world.event("signup", "ann", "2026-03-01 10:00")
    assert outcomes(world) == {"ann": "unknown"}


def test_an_empty_store_is_like_none() -> None:
    assert outcomes(asking(SCORE + JOURNEY)) == {"ann": "unknown"}


def test_what_is_learned_for_the_first_time_is_seen_when_the_program_is_made_anew() -> None:
    text = SCORE + JOURNEY
    world = asking(text)
    world.event("signup", "ann", "2026-03-01 12:00")
    assert outcomes(world) == {"ann": "unknown"}
    run = run_of(text, "score", "churn", "2026-03-01 11:00", ann={"probability": 0.9})
    write_runs(world.engine, "test", CATALOG.contact_type, [run])
    world.executor.load()
    world.tick("2026-03-01 12:00")
    assert world.exits()[-1] == ("ann", "high", "2026-03-01 12:00")


def test_a_later_run_is_seen_at_once() -> None:
    text = SCORE + JOURNEY
    world = asking(text, run_of(text, "score", "churn", "2026-02-01 00:00", ann={"probability": 0.9}))
    world.event("signup", "ann", "2026-03-01 12:00")
    assert outcomes(world) == {"ann": "high"}
    later = run_of(text, "score", "churn", "2026-03-01 11:00", ann={"probability": 0.1})
    write_runs(world.engine, "test", CATALOG.contact_type, [later])
    world.tick("2026-03-01 12:00")
    assert world.exits()[-1] == ("ann", "low", "2026-03-01 12:00")


@pytest.mark.parametrize("name", ["`Churn`", "`at`", "`select`", '`o\'clock "x"`'])
def test_a_declaration_may_have_any_name(name: str) -> None:
    text = (SCORE + JOURNEY).replace("score churn", f"score {name}").replace("score.churn", f"score.{name}")
    (declared,) = checked_project(text).learned
    run = run_of(text, "score", declared.name, "2026-02-01 00:00", ann={"probability": 0.9})
    assert outcomes(asking(text, run)) == {"ann": "high"}


def test_a_run_that_reads_it_in_every_place_of_a_journey_is_read_in_all_of_them() -> None:
    text = (
        SCORE
        + """
    journey j
        enter on order[amount > 100 * score.churn]
            again
            if zone.churn is high
        goal back: click[link is known and score.churn > 0]
        leave when score.churn > 95%
        wait until zone.churn is low or has visit since entry up to 2 days
        set points to score.churn * 10
        send hello by email
            unless score.churn < 1%
        repeat up to 2 times until points = 9
            exit wrong
        exit done
    """
    )
    run = run_of(
        text,
        "score",
        "churn",
        "2026-02-01 00:00",
        ann={"probability": 0.9, "zone": "high"},
        bob={"probability": 0.99, "zone": "high"},
        cleo={"probability": 0.9, "zone": "low"},
    )
    world = asking(text, run, contacts=("ann", "bob", "cleo"))
    for name in ("ann", "bob", "cleo"):
        world.event("order", name, "2026-03-01 10:00", amount=91)
        world.event("visit", name, "2026-03-01 11:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 11:00")
    # bob's order is too small; cleo is in the wrong zone
    assert world.exits() == [("ann", "done", "2026-03-01 11:00")]
    assert world.messages() == ["hello"]
    assert world.refused() == [("cleo", "not_eligible", "2026-03-01 10:00")]


def test_whoever_reads_nothing_is_asked_nothing() -> None:
    world = asking(SCORE + "    journey j\n        enter on signup\n        exit done\n")
    assert runs_at(world.engine, world.executor.program.parameters, instant("2026-03-01 00:00")) == {}


def test_the_run_of_an_instant_is_the_newest_up_to_it() -> None:
    text = SCORE + JOURNEY
    days = [
        run_of(text, "score", "churn", f"2026-02-{day:02} 00:00", ann={"probability": 0.5})
        for day in (3, 1, 2)
    ]
    world = asking(text, *days)
    parameter = run_parameter(days[0].hash)

    def found(at: str) -> int | None:
        return runs_at(world.engine, [parameter, "now"], instant(at))[parameter]

    assert [found(f"2026-02-{day:02} 00:00") for day in (1, 2, 3, 4)] == [2, 3, 1, 1]
    assert found("2026-01-31 23:59:59") is None


# ---- the file


def written(path: Path, project: str = "test", contact_type: str = "VARCHAR") -> Path:
    engine = DuckDBEngine(open_memory())
    engine.attach_analytics(path)
    write_runs(engine, project, contact_type, [])
    engine.close()
    return path


def attached(path: Path) -> DuckDBEngine:
    engine = DuckDBEngine(open_memory())
    try:
        attach_learned(engine, path, "test", "VARCHAR")
    except BaseException:
        engine.close()
        raise
    return engine


def test_a_store_is_only_read(tmp_path: Path) -> None:
    path = written(tmp_path / "analytics.duckdb")
    before = path.read_bytes()
    engine = attached(path)
    with pytest.raises(Exception, match="read-only"):
        engine.run_text("CREATE TABLE analytics.more (x INTEGER)")
    engine.close()
    assert path.read_bytes() == before


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    attached(tmp_path / "gone" / "analytics.duckdb").close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("project", "contact_type", "message"),
    [
        ("other", "VARCHAR", "the analytic store belongs to the project `other`, not `test`"),
        ("test", "BIGINT", "the analytic store was made for contact keys of type BIGINT, not VARCHAR"),
    ],
)
def test_a_store_of_something_else_is_refused(
    tmp_path: Path, project: str, contact_type: str, message: str
) -> None:
    path = written(tmp_path / "analytics.duckdb", project, contact_type)
    with pytest.raises(Problem) as found:
        attached(path)
    (told,) = found.value.diagnostics
    assert (told.code, told.message, told.place.file) == ("analytics-foreign", message, str(path))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE store.meta SET value = '99' WHERE name = 'form'", "analytics-newer"),
        ("DELETE FROM store.meta", "analytics-damaged"),
        ("DROP TABLE store.run", "analytics-foreign"),
    ],
)
def test_a_store_that_is_not_as_it_was_made_is_refused(tmp_path: Path, change: str, code: str) -> None:
    path = written(tmp_path / "analytics.duckdb")
    connection = open_memory()
    connection.execute(f"ATTACH '{path}' AS store")
    connection.execute(change)
    connection.close()
    with pytest.raises(Problem) as found:
        attached(path)
    assert [told.code for told in found.value.diagnostics] == [code]


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "analytics.duckdb"
    path.write_text("precious " * 2000)
    with pytest.raises(Problem) as found:
        attached(path)
    assert [told.code for told in found.value.diagnostics] == ["analytics-foreign"]
