"""What the checker lets through, DuckDB takes: its EXPLAIN over an empty datamart is a second net that catches nothing.

PARCOURS_NET is the number of projects drawn, of 30 conditions each; 24 if it is not set."""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from wild_predicates import Dice, Wild
from world import CATALOG, full_text, project_of

from parcours.checking.check import CheckResult, check
from parcours.checking.checked import CheckedProject
from parcours.checking.terms import Attribute, Known
from parcours.compiler.entries import firing
from parcours.datamart.blank import add_zone, blank
from parcours.datamart.catalog import Catalog
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.tick import Executor
from parcours.workspace.load import load

PROJECTS = int(os.environ.get("PARCOURS_NET", "24"))
JOURNEYS = 6
SHOP = Path(__file__).parents[2] / "examples" / "shop"
ZONE = "Europe/Paris"
NOW = datetime(2026, 3, 1, 9)
PLAIN = ("gift", "vip", "vip", "vip", "vip")  # of the event that triggers, of the entry, of the run

_NUMBERS = ("tick", "round", "arbitrated", "rank")
_TRUTHS = ("base_line", "first")


def binding(name: str) -> Any:
    return 1 if name in _NUMBERS else True if name in _TRUTHS else NOW


def plan_all(project: CheckedProject, catalog: Catalog) -> int:
    """Has DuckDB plan every statement of a tick over empty tables, and run it, since the later ones read what the earlier
    ones make; how many there were."""
    connection = blank(catalog)
    try:
        engine = DuckDBEngine(connection)
        engine.attach_state(None)
        add_zone(connection, project.time_zone)
        executor = Executor(engine, project, catalog.contact_type, "the state in memory")
        engine.run_tree(firing(()))  # a tick makes it anew for each schedule
        statements = [s for _, stage in executor.program.stages() for s in stage]
        statements.append(executor.program.waking_due)
        for statement in statements:
            values = {name: binding(name) for name in statement.parameters}
            engine.connection.execute(f"EXPLAIN {engine.render(statement.tree)}", values or None)
            engine.run(statement, values)
        return len(statements)
    finally:
        connection.close()


def drawn_conditions(number: int) -> list[str]:
    """Five for each journey: of the triggering event, of the entry, of the run (three)."""
    found: list[str] = []
    for journey in range(JOURNEYS):
        dice = Dice(f"net/{number}/{journey}")
        outside, run = Wild(f"net/{number}/{journey}/o"), Wild(f"net/{number}/{journey}/r", run=True)
        depth = dice.between(1, 4)
        found.append(outside.predicate(1, inside=True))
        found.append(outside.predicate(depth))
        found += [run.predicate(depth) for _ in range(3)]
    return found


def text_of(conditions: list[str]) -> tuple[str, list[int]]:
    """Journeys with these conditions, and the line of each condition."""
    lines: list[str] = []
    places: list[int] = []
    for number in range(JOURNEYS):
        first, second, third, fourth, fifth = conditions[5 * number : 5 * number + 5]
        for line, holds in (
            (f"journey j{number}", False),
            (f"    enter on order[{first}]", True),
            (f"        if {second}", True),
            ("        again", False),
            (f"    leave when {third} as gone", True),
            (f"    if {fourth}", True),
            ("        send hello by email", False),
            (f"            unless {fifth}", True),
            ("    wait 1 day", False),
            ("    exit done", False),
            ("", False),
        ):
            lines.append(line)
            if holds:
                places.append(len(lines))
    return full_text("\n".join(lines)), places


def without_mistakes(conditions: list[str]) -> tuple[CheckResult, int]:
    """The project of those of the conditions in which the checker finds nothing wrong, and how many
    these are."""
    kept = list(conditions)
    while True:
        text, places = text_of(kept)
        project, found = project_of(text, ZONE)
        result = check(project, CATALOG, found)
        errors = [d for d in (*found, *result.diagnostics) if d.severity == "error"]
        bad = {d.place.line for d in errors}
        if not bad:
            return result, sum(one == drawn for one, drawn in zip(kept, conditions, strict=True))
        wrong = {at for at, place in enumerate(places) if place in bad}
        if all(kept[at] == PLAIN[at % 5] for at in wrong):  # others of the same journey speak against it
            wrong = {5 * (at // 5) + n for at in wrong for n in range(5)}
        kept = [PLAIN[at % 5] if at in wrong else one for at, one in enumerate(kept)]


@pytest.mark.parametrize("number", range(PROJECTS))
def test_what_the_checker_lets_through_can_be_planned(number: int) -> None:  # E3
    result, _ = without_mistakes(drawn_conditions(number))
    assert result.project is not None
    assert plan_all(result.project, CATALOG) > 30


def test_many_of_the_conditions_are_let_through() -> None:  # E3
    counts = [without_mistakes(drawn_conditions(number))[1] for number in range(min(PROJECTS, 8))]
    assert sum(counts) > len(counts) * JOURNEYS


@pytest.mark.skipif(not (SHOP / "data").is_dir(), reason="the example shop has no data yet")
def test_the_example_shop_can_be_planned() -> None:
    loaded = load(SHOP, {})
    assert loaded.checked is not None and loaded.catalog is not None and loaded.connection is not None
    loaded.connection.close()
    assert plan_all(loaded.checked, loaded.catalog) > 30


def test_the_net_holds_what_is_not_there() -> None:
    result, _ = without_mistakes([*PLAIN] * JOURNEYS)
    assert result.project is not None
    first, *others = result.project.journeys
    wrong = Known(Attribute("no_such_column", "text"))
    broken = replace(first, enter=replace(first.enter, condition=wrong))
    with pytest.raises(duckdb.BinderException):
        plan_all(replace(result.project, journeys=(broken, *others)), CATALOG)
