"""Notes beside a state: written whole, read back as they were, and gone at the end."""

from pathlib import Path

import pytest
from running_notes import failure, notes

from parcours.delivery.notes import notes_of, read_notes, remove_notes, write_notes


def test_what_is_written_is_read(tmp_path: Path) -> None:
    state = tmp_path / "state.duckdb"
    assert read_notes(state) is None
    for one in (notes(), notes(status=None, failure=failure(2), left_alone=("email", "sms"))):
        write_notes(state, one)
        assert read_notes(state) == one
    assert [path.name for path in tmp_path.iterdir()] == ["state.duckdb.run"]
    # it may name a contact
    assert notes_of(state).stat().st_mode & 0o007 == 0
    remove_notes(state)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"process": 1}'])
def test_what_is_no_note_of_ours_is_none(tmp_path: Path, text: str) -> None:
    notes_of(tmp_path / "state.duckdb").write_text(text)
    assert read_notes(tmp_path / "state.duckdb") is None


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_notes(tmp_path / "gone" / "state.duckdb", notes())
    remove_notes(tmp_path / "gone" / "state.duckdb")
