"""What is remembered is what would be found out anew: after every edit, in this process and in the next."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from edited_project import FILES, Dice, edited, write

from parcours.workspace.verdict import Verdict
from parcours.workspace.workspace import Workspace

EDITS = int(os.environ.get("PARCOURS_EDITS", "45"))
SPELL = 30  # edits before everything is as it was in the beginning


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = Path("edited")
    write(folder)
    return folder


@pytest.fixture
def lasting(folder: Path) -> Iterator[Workspace]:
    workspace = Workspace(folder, {})
    workspace.check()
    yield workspace
    workspace.close()


def said(verdict: Verdict) -> tuple[object, ...]:
    found = sorted(verdict.diagnostics, key=lambda d: (d.place, d.code, d.message, d.mark, d.help))
    return found, verdict.counts, verdict.sources


def anew(folder: Path, cache: Path | None = None) -> Verdict:
    workspace = Workspace(folder, {}, cache)
    try:
        return workspace.check()
    finally:
        workspace.close()


def put(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("spell", range(0, EDITS, SPELL))
def test_after_every_edit_all_ways_find_the_same(
    folder: Path, lasting: Workspace, tmp_path: Path, spell: int
) -> None:
    cache = tmp_path / "cache"
    texts = dict(FILES)
    for number in range(spell, min(spell + SPELL, EDITS)):
        dice = Dice(f"edits/{number}")
        name = dice.one(sorted(texts))
        texts[name] = FILES[name] if dice.percent(35) else edited(texts[name], dice)
        put(folder, name, texts[name])
        found = said(anew(folder))
        assert said(lasting.update(folder / name, texts[name])) == found, (number, name)
        assert said(anew(folder, cache)) == found, (number, name)
        assert said(anew(folder, cache)) == found, (number, name)


def test_the_edited_project_has_no_error_to_begin_with(folder: Path) -> None:
    found = anew(folder)
    assert found.is_right, [str(d) for d in found.diagnostics if d.severity == "error"]
    assert found.counts == {"journey": 4, "message": 6, "channel": 3}


def test_a_new_file_stands_where_it_would_on_disk(folder: Path, lasting: Workspace) -> None:
    text = "segment buyers\n    has visit in last 3 days\n"
    put(folder, "another.journey", text)
    assert said(lasting.update(folder / "another.journey", text)) == said(anew(folder))
