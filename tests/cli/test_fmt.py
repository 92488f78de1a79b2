"""`parcours fmt`: one canonical form, and nothing of the author's is lost on the way."""

import os
from pathlib import Path

import pytest

ROUGH = "journey j\n  enter by hand # when asked\n  exit"
SMOOTH = "journey j\n    enter by hand  # when asked\n\n    exit\n"


@pytest.fixture
def rough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "below" / "rough.journey"
    file.parent.mkdir()
    file.write_text(ROUGH)
    return file


def test_files_are_written_in_canonical_form_and_named(rough, parcours) -> None:
    answer = parcours("fmt")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "formatted below/rough.journey\n1 of 1 file formatted\n"
    assert rough.read_text() == SMOOTH


def test_a_canonical_file_is_not_touched(rough, parcours) -> None:
    rough.write_text(SMOOTH)
    before = rough.stat().st_mtime_ns
    answer = parcours("fmt", "below/rough.journey")
    assert (answer.code, answer.out) == (0, "1 file: in canonical form\n")
    assert rough.stat().st_mtime_ns == before


def test_check_changes_nothing_and_fails(rough, parcours) -> None:
    answer = parcours("fmt", "--check", "below")
    assert answer.code == 1
    assert answer.out == "would format below/rough.journey\n1 of 1 file would be formatted\n"
    assert rough.read_text() == ROUGH


def test_check_of_canonical_files_is_content(rough, parcours) -> None:
    rough.write_text(SMOOTH)
    assert parcours("fmt", "--check").code == 0


def test_a_file_with_a_mistake_stays_as_it_is_while_others_are_formatted(rough, parcours) -> None:
    wrong = rough.with_name("wrong.journey")
    wrong.write_text("journey j\n  sned hello\n  exit")
    answer = parcours("fmt")
    assert answer.code == 1
    assert "error[syntax]" in answer.err
    assert "below/wrong.journey:2" in answer.err
    assert wrong.read_text() == "journey j\n  sned hello\n  exit"
    assert rough.read_text() == SMOOTH


def test_names_and_types_are_not_looked_at(rough, parcours) -> None:
    rough.write_text("segment s\n    nothing_like_it = 1\n")
    assert parcours("fmt", "--check").code == 0


@pytest.mark.parametrize(
    ("path", "code"), [("nowhere.journey", "unreadable-file"), ("parcours.yaml", "no-journey-file")]
)
def test_a_path_that_is_no_journey_file_is_told_of(rough, parcours, path, code) -> None:
    rough.parent.parent.joinpath("parcours.yaml").write_text("name: x\n")
    answer = parcours("fmt", path)
    assert answer.code == 2
    assert f"error[{code}]" in answer.err


def test_a_folder_without_journey_files_is_no_mistake(tmp_path, monkeypatch, parcours) -> None:
    monkeypatch.chdir(tmp_path)
    answer = parcours("fmt")
    assert (answer.code, answer.out) == (0, "no journey files here\n")


def test_projects_below_the_folder_are_formatted_too_and_hidden_folders_are_not(rough, parcours) -> None:
    rough.with_name("parcours.yaml").write_text("name: x\n")
    hidden = rough.parent / ".hidden" / "h.journey"
    hidden.parent.mkdir()
    hidden.write_text(ROUGH)
    parcours("fmt")
    assert rough.read_text() == SMOOTH
    assert hidden.read_text() == ROUGH


@pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")
def test_the_file_keeps_its_mode_and_a_link_stays_a_link(rough, parcours) -> None:
    rough.chmod(0o640)
    link = rough.with_name("link.journey")
    link.symlink_to(rough)
    parcours("fmt", str(link))
    assert link.is_symlink()
    assert rough.read_text() == SMOOTH
    assert rough.stat().st_mode & 0o777 == 0o640


def test_the_library_and_the_examples_are_canonical(parcours) -> None:
    top = Path(__file__).parents[2]
    answer = parcours("fmt", "--check", str(top / "journeys"), str(top / "examples"))
    assert answer.code == 0, answer.out
