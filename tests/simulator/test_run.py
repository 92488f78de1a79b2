"""A simulation is the executor with a virtual clock: the same, always, and without a look ahead."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from small_projects import Simulate, history, loaded

from parcours.clock.chance import share_of, threshold
from parcours.clock.span import Span
from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.tick import Executor
from parcours.simulator.instants import instants
from parcours.simulator.options import first_instant, last_instant
from parcours.simulator.run import Simulation, only
from parcours.workspace.load import Loaded

FIRST, LAST, EVERY = "2026-01-05 02:00", "2026-01-10 02:00", Span(8, "hour")
EVENTS = ("journal", "outbox", "not_sent", "refused")

# when each row of the shop's files is known, as examples/shop/parcours.yaml maps it
KNOWN = {
    "contacts": "signed_up_at",
    "signups": "signed_up_at",
    "orders": "greatest(ordered_at, loaded_at)",
    "order_lines": "ordered_at",
    "visits": "visited_at",
    "carts": "updated_at",
    "sends": "sent_at",
    "opens": "opened_at",
    "clicks": "clicked_at",
    "opt_outs": "opted_out_at",
    "deliveries": "delivered_at",
}


@pytest.fixture(scope="module")
def week(shop: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the state after a simulated week of the shop."""
    project = loaded(shop)
    simulation = _simulated(project)
    rows = history(simulation.engine)
    simulation.engine.close()
    return rows


def _simulated(project: Loaded) -> Simulation:
    from parcours.simulator.options import Options
    from parcours.simulator.run import simulate

    assert project.checked is not None
    zone = project.checked.time_zone
    return simulate(project, Options(first_instant(FIRST, zone), last_instant(LAST, zone), EVERY))


def test_a_week_of_the_small_shop_is_worth_comparing(week: dict[str, list[tuple[object, ...]]]) -> None:
    assert len(week["tick"]) == 16
    sizes = {table: len(rows) for table, rows in week.items()}
    assert min(sizes.values()) > 1, sizes


def test_the_executor_over_the_same_ticks_gives_the_same_state_row_for_row(
    shop: Path, week: dict[str, list[tuple[object, ...]]], open_project: Callable[[Path], Loaded]
) -> None:
    # on the views of the datamart itself: nothing frozen, nothing left out
    project = open_project(shop)
    assert project.checked is not None and project.connection is not None and project.catalog is not None
    engine = DuckDBEngine(project.connection)
    engine.attach_state(None)
    executor = Executor(engine, project.checked, project.catalog.contact_type, "memory")
    zone = project.checked.time_zone
    for instant in instants(zone, first_instant(FIRST, zone), last_instant(LAST, zone), EVERY):
        executor.tick(instant)
    assert history(engine) == week


def test_the_same_simulation_gives_the_same_state_bit_for_bit(
    shop: Path, week: dict[str, list[tuple[object, ...]]], run: Simulate
) -> None:
    # T3: nothing depends on the order of rows or the number of threads
    assert history(run(shop, FIRST, LAST, EVERY, threads=3).engine) == week


def test_a_state_in_a_file_holds_the_same(
    shop: Path, week: dict[str, list[tuple[object, ...]]], run: Simulate, tmp_path: Path
) -> None:
    path = tmp_path / "run.duckdb"
    run(shop, FIRST, LAST, EVERY, state=path).engine.close()
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS state (READ_ONLY)")
        assert history(DuckDBEngine(connection)) == week


def test_what_becomes_known_after_an_instant_changes_nothing_up_to_it(
    shop: Path, week: dict[str, list[tuple[object, ...]]], run: Simulate, tmp_path: Path
) -> None:
    # E2: the data of the truncated shop end with an instant in the middle of the week
    cut = first_instant("2026-01-07 10:00", "Europe/Paris")
    known = tmp_path / "shop"
    (known / "data").mkdir(parents=True)
    for file in (*shop.glob("*.yaml"), *shop.glob("*.journey")):
        (known / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    with duckdb.connect() as connection:
        for file in (shop / "data").glob("*.parquet"):
            when = KNOWN.get(file.stem, f"TIMESTAMP '{cut}'")
            rows = f"SELECT * FROM '{file}' WHERE {when} <= TIMESTAMP '{cut}'"
            connection.execute(f"COPY ({rows}) TO '{known / 'data' / file.name}'")
        ((all_visits, known_visits),) = connection.execute(
            f"SELECT (SELECT count(*) FROM '{shop}/data/visits.parquet'), "
            f"(SELECT count(*) FROM '{known}/data/visits.parquet')"
        ).fetchall()
    assert known_visits < all_visits
    then = history(run(known, FIRST, "2026-01-07 10:00", EVERY).engine, standing=())
    ticks = len(then["tick"])
    assert 0 < ticks < len(week["tick"])
    for table in (*EVENTS, "tick"):
        here = [tuple(str(v).replace(str(known), str(shop)) for v in row) for row in then[table]]
        assert here == [tuple(map(str, row)) for row in week[table] if row[0] < ticks], table


def test_a_sample_is_a_part_of_the_whole_and_always_the_same(
    shop: Path, week: dict[str, list[tuple[object, ...]]], run: Simulate
) -> None:
    percent = Decimal("30")
    first = run(shop, FIRST, LAST, EVERY, sample=percent)
    rows = history(first.engine)
    assert history(run(shop, FIRST, LAST, EVERY, sample=percent).engine) == rows
    # T17: a contact is in the sample or not, whatever else is in the data
    place = {"journal": 2, "outbox": 2, "not_sent": 1, "refused": 2}
    for table, column in place.items():
        chosen = [row for row in week[table] if share_of(f"sample:{row[column]}") < threshold(percent)]
        assert rows[table] == chosen, table
        assert 0 < len(chosen) < len(week[table])
    ((everybody,),) = first.engine.run_text("SELECT count(*) FROM memory._source.contacts")
    assert 0 < first.contacts < everybody


def test_only_the_named_journeys_run(shop: Path, run: Simulate) -> None:
    simulation = run(shop, FIRST, FIRST, EVERY, journeys=("welcome", "cart"))
    assert simulation.engine.run_text("SELECT journey FROM state.version ORDER BY journey") == [
        ("cart",),
        ("welcome",),
    ]
    assert [journey.name for journey in simulation.project.journeys] == ["cart", "welcome"]


def test_an_unknown_journey_is_refused_with_the_nearest_name(kiosk: Path, run: Simulate) -> None:
    with pytest.raises(Problem) as caught:
        run(kiosk, "2026-03-02", "2026-03-03", EVERY, journeys=("after_oder",))
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("unknown-journey", "`after_oder` is no journey")
    assert found.mark == "did you mean `after_order`?"


def test_no_name_means_every_journey(kiosk: Path, open_project: Callable[[Path], Loaded]) -> None:
    project = open_project(kiosk).checked
    assert project is not None
    assert only(project, ()) is project


def test_history_starts_nobody(kiosk: Path, run: Simulate) -> None:
    # T2: only what is newer than the first tick
    simulation = run(kiosk, "2026-03-03", "2026-03-06", Span(1, "hour"))
    begun = simulation.engine.run_text("SELECT DISTINCT contact FROM state.journal ORDER BY contact")
    # contact 2's order of the second became known in the night to the third
    assert begun == [(2,), (3,), (4,)]


def test_progress_is_told_after_every_tick(kiosk: Path, open_project: Callable[[Path], Loaded]) -> None:
    from parcours.simulator.options import Options
    from parcours.simulator.run import simulate

    told: list[tuple[object, int, int]] = []
    first, last = first_instant("2026-03-02", "UTC"), last_instant("2026-03-02", "UTC")
    options = Options(first, last, Span(12, "hour"))
    simulate(open_project(kiosk), options, lambda *seen: told.append(seen))
    assert told == [(first + n * timedelta(hours=12), n + 1, 3) for n in range(3)]


def test_a_simulation_that_is_stopped_leaves_nothing_behind(
    kiosk: Path, open_project: Callable[[Path], Loaded], tmp_path: Path
) -> None:
    from parcours.simulator.options import Options
    from parcours.simulator.run import simulate

    def stop(instant: object, done: int, whole: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    first, last = first_instant("2026-03-02", "UTC"), last_instant("2026-03-04", "UTC")
    options = Options(first, last, Span(1, "hour"), state=tmp_path / "new" / "run.duckdb")
    with pytest.raises(KeyboardInterrupt):
        simulate(open_project(kiosk), options, stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kiosk"]


def test_nothing_is_written_into_the_project(kiosk: Path, run: Simulate) -> None:
    before = {path.name: path.read_bytes() for path in kiosk.iterdir()}
    run(kiosk, "2026-03-02", "2026-03-05", Span(1, "hour"))
    assert {path.name: path.read_bytes() for path in kiosk.iterdir()} == before
