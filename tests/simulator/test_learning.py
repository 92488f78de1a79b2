"""A simulation that learns on the way: what each tick reads was learned by then, from what was known by then."""

from datetime import datetime, timedelta
from pathlib import Path

from small_projects import Simulate, history, loaded, make_kiosk

from parcours.analytics.learn import learn
from parcours.analytics.store import AnalyticStore
from parcours.clock.span import Span
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.opening import open_executor
from parcours.simulator.report import report
from parcours.simulator.run import Simulation
from parcours.simulator.text import as_text
from parcours.workspace.analytics import analytics_place

JOURNEYS = """
rfm value
    of order.amount over 30 days
    trend over 1 day

rfm seen
    of visit over 30 days
    scored 1 to 3 by quantile

segment rising
    value.monetary >= 20 and value.trend > 0

journey buyers
    enter every day at 12:00 for value.monetary >= 25
        again after 7 days
    send thanks by email
    exit done

journey risers
    enter on joining rising
    exit done
"""
DAYS = ("2026-03-01", "2026-03-05", Span(6, "hour"))


def _entries(simulation: Simulation, journey: str) -> list[tuple[int, str]]:
    return simulation.engine.run_text(
        "SELECT contact, CAST(left_at AS VARCHAR) FROM state.ended WHERE journey = ? ORDER BY ALL", [journey]
    )


def test_a_tick_reads_what_was_learned_by_then(tmp_path: Path, run: Simulate) -> None:
    folder = make_kiosk(tmp_path / "kiosk", JOURNEYS)
    simulation = run(folder, *DAYS, learn=True)
    assert not (folder / "state").exists()  # what it learned was in memory
    # bob's order of the evening of the 2nd was loaded on the 3rd at 01:00, and the day's learning had been at 00:00
    # (Paris) by then; cid's and dan's came on the 3rd; ann's two are 25.5 together on the 4th at 09:00
    assert _entries(simulation, "buyers") == [
        (1, "2026-03-05 11:00:00"),
        (2, "2026-03-04 11:00:00"),
        (3, "2026-03-04 11:00:00"),
        (4, "2026-03-04 17:00:00"),  # noon in New York
    ]


def test_it_is_the_same_as_learning_and_ticking_by_turns(tmp_path: Path, run: Simulate) -> None:
    folder = make_kiosk(tmp_path / "kiosk", JOURNEYS)
    simulated = run(folder, "2026-03-02 12:00", "2026-03-05 12:00", Span(1, "day"), learn=True)
    assert _entries(simulated, "risers")
    at, last = datetime(2026, 3, 2, 11), datetime(2026, 3, 5, 11)
    while at <= last:
        project = loaded(folder)
        assert project.connection is not None and project.checked is not None and project.project is not None
        engine = DuckDBEngine(project.connection)
        store = AnalyticStore(engine, analytics_place(project.project), "kiosk", "BIGINT")
        learn(engine, project.checked, store, at)
        engine.close()
        executor = open_executor(loaded(folder), tmp_path / "state.duckdb")
        executor.tick(at)
        if at == last:
            assert history(simulated.engine) == history(executor.engine)
        executor.engine.close()
        at += timedelta(days=1)


def test_without_it_what_was_learned_before_is_read_and_nothing_is_learned(
    tmp_path: Path, run: Simulate
) -> None:
    folder = make_kiosk(tmp_path / "kiosk", JOURNEYS)
    simulation = run(folder, *DAYS)
    assert _entries(simulation, "buyers") == []
    assert simulation.learned == ()


def test_the_report_says_what_was_learned_and_what_could_not_be(tmp_path: Path, run: Simulate) -> None:
    made = report(run(make_kiosk(tmp_path / "kiosk", JOURNEYS), *DAYS, learn=True))
    seen, value = made.learned
    assert (seen.name, seen.learned, seen.not_learned, seen.as_of) == ("seen", 0, 6, None)
    assert seen.why == "the rfm `seen` cannot be scored 1 to 3: only 2 contacts have `visit`"
    # nobody had ordered on the first two days
    assert (value.name, value.learned, value.not_learned, value.rows) == ("value", 4, 2, 4)
    assert value.as_of == datetime(2026, 3, 5, 23)
    (section,) = (part for part in as_text(made).split("\n\n") if part.startswith("Learned on the way"))
    assert section.split("\n") == [
        "Learned on the way",
        "            learned        last as of  rows  not learned",
        "seen   rfm        0             never                  6  the rfm `seen` cannot be scored 1 to 3:",
        "                                                          only 2 contacts have `visit`",
        "value  rfm        4  2026-03-06 00:00     4            2  raw figures",
    ]
