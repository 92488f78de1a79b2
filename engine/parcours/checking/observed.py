"""What conditions presume of the data: values that a column holds, and that it is known.

The check itself reads no data. It asks; `answered` makes findings of the answers of whoever can look."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from parcours.diagnostics import Diagnostic, Place, nearest

_SHOWN = 12


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """Whether a column of an event, or of contacts (None), holds a value; without a `value`, how often it is unknown."""

    place: Place
    event: str | None
    column: str
    value: str | None = None


class Seen(Protocol):
    """How a column looks: `unknown` of `rows` have no value; `values` when they are few, else None."""

    @property
    def rows(self) -> int: ...
    @property
    def unknown(self) -> int: ...
    @property
    def values(self) -> tuple[str, ...] | None: ...


class Observer(Protocol):
    def column(self, event: str | None, name: str) -> Seen: ...
    def has(self, event: str | None, name: str, value: str) -> bool: ...


def answered(asked: Iterable[Question], observer: Observer) -> tuple[Diagnostic, ...]:
    """A warning for each presumption that the data does not bear out."""
    found = (
        _unknown(question, observer) if question.value is None else _value(question, question.value, observer)
        for question in asked
    )
    return tuple(diagnostic for diagnostic in found if diagnostic is not None)


def _value(question: Question, value: str, observer: Observer) -> Diagnostic | None:
    values = observer.column(question.event, question.column).values
    if values is None or value in values or observer.has(question.event, question.column, value):
        return None
    near = nearest(value, values)
    more = "" if len(values) <= _SHOWN else " …"
    listed = ", ".join(f'"{one}"' for one in values[:_SHOWN])
    return Diagnostic(
        "unknown-value",
        f'`{question.column}` is never "{value}" in the data',
        question.place,
        f'did you mean "{near}"?' if near else "",
        f"its values are {listed}{more}" if values else "it has no values at all",
    )


def _unknown(question: Question, observer: Observer) -> Diagnostic | None:
    seen = observer.column(question.event, question.column)
    if not seen.unknown:
        return None
    share = seen.unknown / seen.rows
    said = "all" if seen.unknown == seen.rows else "fewer than 1%" if share < 0.01 else f"{share:.0%}"
    whose = "contacts" if question.event is None else f"the events `{question.event}`"
    return Diagnostic(
        "unknown-left-out",
        f"`{question.column}` is unknown for {said} of {whose}: they are left out here",
        question.place,
        help=f"write `or {question.column} is unknown` where they are meant, `and {question.column} is known` where not",
    )
