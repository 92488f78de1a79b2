"""From a folder to a checked project with its datamart open."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from parcours.workspace.load import Loaded, load

SETTINGS = "name: shop\ndatamart:\n  database: shop.duckdb\n  contacts: {table: people, key: id}\n"
JOURNEY = "journey j\n    enter every day at 09:00\n    exit\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE people AS SELECT 1 AS id")
    (tmp_path / "parcours.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "a.journey").write_text(JOURNEY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def opened(folder: Path) -> Iterator[list[Loaded]]:
    made: list[Loaded] = []
    yield made
    for one in made:
        if one.connection is not None:
            one.connection.close()


def test_a_project_without_mistakes_comes_checked_and_open(folder: Path, opened: list[Loaded]) -> None:
    opened.append(load(folder, {}))
    (loaded,) = opened
    assert loaded.diagnostics == ()
    assert loaded.checked is not None
    assert [journey.name for journey in loaded.checked.journeys] == ["j"]
    assert loaded.connection is not None
    assert loaded.connection.execute("SELECT _contact FROM contact").fetchall() == [(1,)]
    assert list(loaded.sources) == [f"{folder}/parcours.yaml", f"{folder}/a.journey"]


def test_mistakes_of_reading_and_of_checking_come_together(folder: Path, opened: list[Loaded]) -> None:
    (folder / "b.journey").write_text("journey k\n    enter every\n    exit\n", encoding="utf-8")
    (folder / "c.journey").write_text("segment s\n    nobody\n", encoding="utf-8")
    opened.append(load(folder, {}))
    assert opened[0].checked is None
    assert [d.code for d in opened[0].diagnostics] == ["syntax", "unknown-attribute"]


def test_without_a_datamart_nothing_is_checked(folder: Path) -> None:
    (folder / "shop.duckdb").unlink()
    loaded = load(folder, {})
    assert (loaded.connection, loaded.catalog, loaded.checked) == (None, None, None)
    assert [d.code for d in loaded.diagnostics] == ["no-database"]
    assert loaded.project is not None


def test_without_a_project_there_is_nothing(tmp_path: Path) -> None:
    loaded = load(tmp_path / "gone", {})
    assert (loaded.project, loaded.checked, dict(loaded.sources)) == (None, None, {})
    assert [d.code for d in loaded.diagnostics] == ["no-project"]
