"""What a term, or any other frozen dataclass, is made of."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any


def parts(node: object) -> Iterator[object]:
    """The node and everything in it, a node before what is in it, in the order of the fields. Tuples are looked into."""
    if isinstance(node, tuple):
        for item in node:
            yield from parts(item)
        return
    yield node
    kind: Any = type(node)
    for name in _names(kind):
        yield from parts(getattr(node, name))


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
