"""What a check leaves in the user's cache folder for the next one."""

from pathlib import Path

import duckdb
import pytest
from edited_project import write

from parcours.workspace import memory, store
from parcours.workspace.fingerprint import fingerprint
from parcours.workspace.verdict import Verdict
from parcours.workspace.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "edited"
    write(folder)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed, as they are."""
    names: list[str] = []
    plain = memory.read_declarations

    def noted(text: str, name: str) -> memory.Reading:
        names.append(Path(name).name)
        return plain(text, name)

    monkeypatch.setattr(memory, "read_declarations", noted)
    return names


def check(folder: Path, cache: Path) -> Verdict:
    workspace = Workspace(folder, {}, cache)
    try:
        return workspace.check()
    finally:
        workspace.close()


def change(folder: Path, statement: str) -> None:
    with duckdb.connect(str(folder / "edited.duckdb")) as connection:
        connection.execute(statement)


def codes(verdict: Verdict) -> set[str]:
    return {diagnostic.code for diagnostic in verdict.diagnostics}


def test_nothing_is_read_again_when_nothing_changed(folder: Path, cache: Path, read: list[str]) -> None:
    first = check(folder, cache)
    assert len(read) == 9
    read.clear()
    assert check(folder, cache) == first
    assert read == []


def test_only_the_file_that_changed_is_read_again(folder: Path, cache: Path, read: list[str]) -> None:
    check(folder, cache)
    read.clear()
    with (folder / "back.journey").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    check(folder, cache)
    assert read == ["back.journey"]


def test_a_file_that_is_gone_is_forgotten(folder: Path, cache: Path) -> None:
    assert check(folder, cache).is_right
    (folder / "policy.journey").unlink()
    found = check(folder, cache)
    assert not found.is_right
    assert "unknown-channel" in codes(found)


def test_the_data_is_asked_each_time(folder: Path, cache: Path) -> None:
    assert "unknown-left-out" in codes(check(folder, cache))
    change(folder, "UPDATE people SET country = 'DE' WHERE country IS NULL")
    assert "unknown-left-out" not in codes(check(folder, cache))


def test_another_datamart_makes_everything_new(folder: Path, cache: Path) -> None:
    assert check(folder, cache).is_right
    change(folder, "ALTER TABLE people DROP COLUMN country")
    assert "unknown-attribute" in codes(check(folder, cache))


@pytest.mark.parametrize("what", ["verdict", "memory"])
def test_a_damaged_cache_is_made_anew(folder: Path, cache: Path, what: str) -> None:
    first = check(folder, cache)
    (file,) = (cache / "checks").glob(f"*.{what}")
    whole = file.read_bytes()
    for damaged in (b"", whole[:-1], whole + b"x", whole[:40] + b"x" + whole[41:]):
        file.write_bytes(damaged)
        assert check(folder, cache) == first


def test_what_another_parcours_kept_is_not_looked_at(
    folder: Path, cache: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = check(folder, cache)
    read.clear()
    monkeypatch.setattr(store, "fingerprint", lambda: fingerprint()[::-1])
    assert check(folder, cache) == first
    assert len(read) == 9


def test_a_folder_that_cannot_be_written_to_is_left_alone(folder: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "a file"
    nowhere.write_text("", encoding="utf-8")
    assert check(folder, nowhere / "cache").is_right


def test_no_value_of_the_environment_is_kept(folder: Path, cache: Path) -> None:
    settings = folder / "parcours.yaml"
    text = settings.read_text(encoding="utf-8").replace("database: edited", "database: ${WHERE}")
    settings.write_text(text.replace("name: edited", "name: other"), encoding="utf-8")
    (folder / "edited.duckdb").rename(folder / "s3cr3t.duckdb")
    workspace = Workspace(folder, {"WHERE": "s3cr3t"}, cache)
    assert workspace.check().is_right
    workspace.close()
    kept = list((cache / "checks").iterdir())
    assert len(kept) == 2
    assert not any(b"s3cr3t" in file.read_bytes() for file in kept)


def test_the_oldest_projects_are_cleared_out(
    folder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_FILES", 2)
    check(folder, cache)
    before = set((cache / "checks").iterdir())
    other = tmp_path / "other"
    write(other)
    check(other, cache)
    after = set((cache / "checks").iterdir())
    assert len(after) == 2
    assert not before & after
