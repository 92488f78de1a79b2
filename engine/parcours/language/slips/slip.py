"""What is known of a slip: how it looks, and what to write instead."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

Said = str | Callable[[re.Match[str]], str | None]
"""A text in which `{0}`, `{1}` … or the name of a group stand for what was matched, or a function that makes one; None
when it was no such slip after all."""

_BESIDE = frozenset(("_DEDENT", "_REFRESH", "DOC"))  # what may stand in many blocks


@dataclass(frozen=True, slots=True)
class Slip:
    """`looks` is searched in the line, as it stands in the file. The group `at` of it, or else all of it, is what the
    mark stands under, with what to write instead behind it; `help` says the rule. `message` replaces the usual one.

    It counts where the parser stopped at it or beside it, and where it would have taken the terminal `wants`: with
    `alone`, hardly anything else."""

    looks: str
    mark: Said
    help: str
    wants: str = ""
    message: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A slip in a line: columns `column` to `end_column` (from 1, exclusive) are marked."""

    column: int
    end_column: int
    message: str
    mark: str
    help: str


def found(slip: Slip, line: str, column: int, end_column: int, expected: Collection[str]) -> Found | None:
    """The slip in the line, if it touches the columns at which the parser stopped."""
    if slip.wants and slip.wants not in expected:
        return None
    if slip.alone and set(expected) - {slip.wants, *_BESIDE}:
        return None
    for match in re.finditer(slip.looks, line):
        start, end = match.start() + 1, match.end() + 1
        mark = _text(slip.mark, match) if start <= end_column and column <= end else None
        if mark is not None:
            named = "at" in match.re.groupindex and match["at"] is not None
            first, last = match.span("at") if named else match.span()
            return Found(first + 1, last + 1, slip.message, mark, slip.help)
    return None


def _text(said: Said, match: re.Match[str]) -> str | None:
    if not isinstance(said, str):
        return said(match)
    return said.format(match.group(), *match.groups(""), **match.groupdict(""))
