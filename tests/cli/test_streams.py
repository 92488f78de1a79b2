"""Colours and widths: only where somebody looks."""

import io
from datetime import datetime

import pytest

from parcours.cli.progress import progress_bar
from parcours.cli.streams import WIDEST, columns, is_coloured


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def a_good_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_terminal_has_colours() -> None:
    assert is_coloured(Terminal())


def test_a_pipe_has_none() -> None:
    assert not is_coloured(io.StringIO())


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_whoever_wants_no_colours_gets_none(monkeypatch, name, value) -> None:
    monkeypatch.setenv(name, value)
    assert not is_coloured(Terminal())


@pytest.mark.parametrize(("width", "wide"), [("70", 70), ("300", WIDEST)])
def test_a_text_is_as_wide_as_the_terminal_but_good_to_read(monkeypatch, width, wide) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert columns(Terminal()) == wide
    assert columns(io.StringIO()) == WIDEST


def test_no_terminal_no_progress_bar(monkeypatch) -> None:
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with progress_bar("UTC") as show:
        assert show is None


def test_the_progress_bar_shows_the_virtual_date_on_the_projects_clock(monkeypatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)

    with progress_bar("Europe/Paris") as show:
        assert show is not None
        show(datetime(2026, 1, 1, 23), 2, 10)
    assert "2026-01-02 00:00" in terminal.getvalue()
    assert "2 of 10 ticks" in terminal.getvalue()
