"""The user's folder for what can be made again, and what is kept in it."""

from pathlib import Path

import pytest

from parcours.language import cache as module
from parcours.language.cache import cache_folder, keep, kept


def test_what_is_kept_comes_back_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "below" / "a"
    assert kept(file) is None
    keep(file, b"\0one")
    assert kept(file) == b"\0one"
    keep(file, b"")
    assert kept(file) == b""


def test_what_was_changed_by_others_is_taken_for_absent(tmp_path: Path) -> None:
    file = tmp_path / "a"
    keep(file, b"journeys")
    whole = file.read_bytes()
    for other in (b"", whole[:-1], whole + b" ", b"foreign", bytes([whole[0] ^ 1]) + whole[1:]):
        file.write_bytes(other)
        assert kept(file) is None


def test_the_cache_folder_is_the_one_that_the_user_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "parcours"


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(module.Path, "home", homeless)
    assert cache_folder() is None
