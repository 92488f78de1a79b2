"""E4: what a user writes is data. Names and texts that look like SQL are compiled and run, and give the right rows."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from journey_check import findings

from parcours.clock.span import Span
from parcours.simulator.options import Options, first_instant, last_instant
from parcours.simulator.run import simulate
from parcours.workspace.load import load

TABLE = 'cust"omers; DROP TABLE x; --'
EVENT = "visit"
NUMBER = 'na"me; DROP TABLE x; --'
PAGE = """pa'ge"; --"""
TEXTS = (
    "O'Hara",
    'say "hi"',
    "x'; DROP TABLE customers; --",
    "back`quote",
    "two\nlines",
    "back\\slash",
    "/* not a comment */ $now {{ name }} %s",
    "' OR '1'='1",
    "größe 🎂",
)


def sql_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def written(text: str) -> str:
    """The text as the language writes it: \\" \\\\ and \\n stand for a quote, a backslash and a new line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


SETTINGS = f"""\
name: "it's; --"
time_zone: Europe/Paris
datamart:
  database: shop.duckdb
  contacts: {{table: '{TABLE}', key: 'k"ey'}}
  events:
    "{EVENT}": {{table: 'visits"', contact: 'k"ey', at: at}}
"""
# by name of the journey: the condition, and who enters
CONDITIONS: dict[str, tuple[str, set[int]]] = {
    **{f"text {n}": (f"`select` = {written(text)}", {n}) for n, text in enumerate(TEXTS)},
    **{f"list {n}": (f"`select` in ({written(text)})", {n}) for n, text in enumerate(TEXTS)},
    **{f"field {n}": (f"has `{EVENT}`[`{PAGE}` = {written(text)}]", {n}) for n, text in enumerate(TEXTS)},
    "word": ("`select` is `O'Hara`", {0}),
    "words": ("`select` in (`O'Hara`, `' OR '1'='1`)", {0, 7}),
    "not": (f"`select` != {written(TEXTS[7])}", set(range(9)) - {7}),
    "name": (f"`{NUMBER}` > 5", {6, 7, 8}),
    "order": (f"`{NUMBER}` > 5 and `order`", {6, 8}),
    "segment": ("in segment `vip'; --`", {1, 2}),
    "stage": ("`life\"; --` is `old'; --`", {0, 3, 4, 5, 6, 7, 8}),
    "first": (f"last `{EVENT}`.`{PAGE}` = {written(TEXTS[3])}", {3}),
}
GROUPS = """\
segment `vip'; --`
    `na"me; DROP TABLE x; --` between 1 and 2

lifecycle `life"; --`
    `new"`: in segment `vip'; --`
    `old'; --`: otherwise
"""


def one_day(zone: str) -> Options:
    return Options(first_instant("2026-03-02", zone), last_instant("2026-03-02", zone), Span(12, "hour"))


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, set[int]]]:
    """Who entered each journey in a simulated day."""
    folder = tmp_path_factory.mktemp("shop")
    with duckdb.connect(str(folder / "shop.duckdb")) as connection:
        columns = f'"k""ey" BIGINT, "select" VARCHAR, {sql_name(NUMBER)} INTEGER'
        connection.execute(f'CREATE TABLE {sql_name(TABLE)} ({columns}, "order" BOOLEAN)')
        connection.execute(
            f'CREATE TABLE "visits""" ("k""ey" BIGINT, "at" TIMESTAMP, {sql_name(PAGE)} VARCHAR)'
        )
        for number, text in enumerate(TEXTS):
            connection.execute(
                f"INSERT INTO {sql_name(TABLE)} VALUES (?, ?, ?, ?)", [number, text, number, number % 2 == 0]
            )
            connection.execute('INSERT INTO "visits""" VALUES (?, \'2026-03-01\', ?)', [number, text])
    (folder / "parcours.yaml").write_text(SETTINGS, encoding="utf-8")
    journeys = "\n".join(
        f"journey `{name}; --'`\n    enter every day at 09:00 for {condition}\n    exit `done'; --`\n"
        for name, (condition, _) in CONDITIONS.items()
    )
    (folder / "a.journey").write_text(f"{GROUPS}\n{journeys}", encoding="utf-8")
    loaded = load(folder, {})
    assert loaded.diagnostics == ()
    simulation = simulate(loaded, one_day("Europe/Paris"))
    rows = simulation.engine.run_text("SELECT journey, contact FROM state.ended", [])
    found: dict[str, set[int]] = {name: set() for name in CONDITIONS}
    for journey, contact in rows:
        found[journey.removesuffix("; --'")].add(contact)
    yield found
    simulation.engine.close()


@pytest.mark.parametrize("name", CONDITIONS)
def test_names_and_texts_that_look_like_sql_stay_data(entered: dict[str, set[int]], name: str) -> None:
    assert entered[name] == CONDITIONS[name][1]


@pytest.mark.parametrize("event", ["check-in", "a.b", "visit'; --", 'two "words"'])
def test_an_event_may_have_any_name(tmp_path: Path, event: str) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE people AS SELECT 1 AS id")
        connection.execute("CREATE TABLE happened AS SELECT 1 AS id, TIMESTAMP '2026-03-01' AS happened_at")
    settings = {
        "name": "shop",
        "datamart": {
            "database": "shop.duckdb",
            "contacts": {"table": "people", "key": "id"},
            "events": {event: {"table": "happened", "contact": "id", "at": "happened_at"}},
        },
    }
    (tmp_path / "parcours.yaml").write_text(json.dumps(settings), encoding="utf-8")
    journey = f"journey j\n    enter every day at 09:00 for has `{event}`\n    exit\n"
    (tmp_path / "a.journey").write_text(journey, encoding="utf-8")
    simulation = simulate(load(tmp_path, {}), one_day("UTC"))
    assert simulation.engine.run_text("SELECT journey, contact FROM state.ended", []) == [("j", 1)]
    simulation.engine.close()


@pytest.mark.parametrize(
    "condition",
    ["`select` = 'x'", "1 = 1; DROP TABLE x", "random() < 1", "now() > 2026-01-01", '`select` like "x"'],
)
def test_there_is_no_way_to_write_sql(condition: str) -> None:
    """E4: no SQL, no chance, no wall clock."""
    (found,) = findings(f"segment s\n    {condition}\n")
    assert found.code == "syntax"
