"""What a row of the code table holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Example:
    """A text that gives the code, just once, and nothing else; and the same text repaired, which gives nothing.

    `file` is the name that the text has in the little shop (tests/diagnostics/little_shop.py), whose own file of
    that name it replaces; `beside` are further files, the same for both texts.
    """

    bad: str
    good: str
    file: str = "example.journey"
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A row of the table. `title` says in one line what the code means wherever it appears; `help` what to do, used
    when the diagnostic has nothing more exact to say. Without `examples` it is a scenario of the tests that shows
    the code: it is about a machine, a state or a command, and not about a text."""

    severity: Severity
    title: str
    help: str
    examples: tuple[Example, ...] = ()


def error(title: str, help: str, *examples: Example) -> CodeEntry:  # noqa: A002
    return CodeEntry("error", title, help, examples)


def warning(title: str, help: str, *examples: Example) -> CodeEntry:  # noqa: A002
    return CodeEntry("warning", title, help, examples)
