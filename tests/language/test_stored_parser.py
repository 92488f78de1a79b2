"""The parser in the cache folder: used when whole, made anew when not."""

from hashlib import sha256
from pathlib import Path

import pytest
from lark import Lark

from parcours.language import stored_parser as module
from parcours.language.stored_parser import journey_parser, stored_parser

GRAMMAR = 'start: WORD _NL\nWORD: /[a-z]+/\n_NL: "\\n"\n%declare _INDENT _DEDENT\n'


def read(parser: Lark) -> list[str]:
    return [str(child) for child in parser.parse("a\n").children]


def stored_files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_the_second_process_loads_what_the_first_has_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(stored_parser(GRAMMAR, tmp_path)) == ["a"]

    def never(grammar: str) -> Lark:
        raise AssertionError("made again")

    monkeypatch.setattr(module, "_made", never)
    assert read(stored_parser(GRAMMAR, tmp_path)) == ["a"]


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    stored_parser(GRAMMAR, tmp_path)
    (file,) = stored_files(tmp_path)
    whole = file.read_bytes()
    for damaged in (b"", b"x" * 40, whole[: len(whole) // 2], whole[:-1] + b"?"):
        file.write_bytes(damaged)
        assert read(stored_parser(GRAMMAR, tmp_path)) == ["a"]
        mended = file.read_bytes()
        assert sha256(mended[32:]).digest() == mended[:32]
        assert stored_files(tmp_path) == [file]


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert read(stored_parser(GRAMMAR, tmp_path / "file" / "below")) == ["a"]


def test_no_folder_keeps_nothing() -> None:
    assert read(stored_parser(GRAMMAR, None)) == ["a"]


def test_another_grammar_is_another_file(tmp_path: Path) -> None:
    stored_parser(GRAMMAR, tmp_path)
    stored_parser(GRAMMAR.replace("a-z", "a-y"), tmp_path)
    assert len(stored_files(tmp_path)) == 2


def test_nothing_half_written_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    assert read(stored_parser(GRAMMAR, tmp_path)) == ["a"]
    assert stored_files(tmp_path) == []


def test_one_process_has_one_parser() -> None:
    assert journey_parser() is journey_parser()
