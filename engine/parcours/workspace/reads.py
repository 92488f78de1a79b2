"""What the check of a file reads of the other files: name by name, each with a signature of what it stood for.

A check that reads the same again finds the same. So as long as every signature is what it was, and the file too, its
findings are what they were."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from parcours.checking.unread import Unread
from parcours.checking.vocabulary import Vocabulary
from parcours.diagnostics import Place
from parcours.model.node import Node
from parcours.workspace.fingerprint import digest

T = TypeVar("T")
Key = tuple[str, str | None]
"""What is read: a mapping of the vocabulary and a name in it; None: which names it has. `lost in` and `may declare`
are of `Unread`."""

_NAMED = (
    *("segments", "lifecycles", "seasons", "messages", "channels", "journeys"),
    *("rfms", "clusters", "scores", "rules"),
)
_MAPPINGS = (*_NAMED, "recorded")
LOST_IN, MAY_DECLARE = "lost in", "may declare"
PRESSURES: Key = ("pressures", None)


def watched(vocabulary: Vocabulary, lost: Unread, reads: set[Key]) -> tuple[Vocabulary, Unread]:
    """Both as they are; whoever reads in them leaves a key in `reads`. Settings, catalog and pressure are not
    watched."""
    mappings: Any = {name: _Watched(name, getattr(vocabulary, name), reads) for name in _MAPPINGS}
    return replace(vocabulary, **mappings), _WatchedUnread(lost.places, lost.names, lost.any_name, reads)


class _Watched(Mapping[str, T]):
    """`get`, `in`, `items` and `values` come from `Mapping`, which makes them of these three."""

    def __init__(self, kind: str, inner: Mapping[str, T], reads: set[Key]) -> None:
        self._kind, self._inner, self._reads = kind, inner, reads

    def __getitem__(self, name: str) -> T:
        self._reads.add((self._kind, name))
        return self._inner[name]

    def __iter__(self) -> Iterator[str]:
        self._reads.add((self._kind, None))
        return iter(self._inner)

    def __len__(self) -> int:
        self._reads.add((self._kind, None))
        return len(self._inner)


@dataclass(frozen=True, slots=True)
class _WatchedUnread(Unread):
    reads: set[Key] = field(default_factory=set)

    def covers(self, place: Place) -> bool:
        self.reads.add((LOST_IN, place.file))
        return Unread.covers(self, place)

    def may_declare(self, name: str) -> bool:
        self.reads.add((MAY_DECLARE, name))
        return Unread.may_declare(self, name)


class Signatures:
    """What each key stands for in one state of a project. `mark_of` tells the words of the declaration at a place from
    all others."""

    def __init__(self, vocabulary: Vocabulary, lost: Unread, mark_of: Callable[[Place], str]) -> None:
        self._vocabulary = vocabulary
        self._lost = lost
        self._mark_of = mark_of
        self.known: dict[Key, str | None] = {}

    def carry_over(self, before: "Signatures") -> None:
        """Makes everything known that was known before: what has not changed is what it was."""
        stale = set(before._stale_in(self._vocabulary))
        self.known = {key: signature for key, signature in before.known.items() if key not in stale}
        self.of(key for key in before.known if key in stale)

    def of(self, keys: Iterable[Key]) -> dict[Key, str | None]:
        return {key: self._one(key) for key in keys}

    def _stale_in(self, vocabulary: Vocabulary) -> Iterator[Key]:
        for kind in _NAMED:
            old, new = getattr(self._vocabulary, kind), getattr(vocabulary, kind)
            changed = [name for name in old.keys() | new.keys() if old.get(name) is not new.get(name)]
            yield from ((kind, name) for name in changed)
            if changed:
                yield kind, None
        for key in self.known:
            if key[0] not in _NAMED:
                yield key

    def _one(self, key: Key) -> str | None:
        if key not in self.known:
            self.known[key] = self._find(*key)
        return self.known[key]

    def _find(self, kind: str, name: str | None) -> str | None:
        if kind == LOST_IN:
            return repr(sorted(place for place in self._lost.places if place.file == name))
        if kind == MAY_DECLARE:
            return str(self._lost.may_declare(name or ""))
        if kind == PRESSURES[0]:
            return "\n".join(map(self._declared, self._vocabulary.pressures))
        mapping: Mapping[str, Any] = getattr(self._vocabulary, kind)
        if name is None:
            return digest("\n".join(mapping))
        found = mapping.get(name)
        return None if found is None else repr(found) if kind == "recorded" else self._declared(found)

    def _declared(self, declaration: Node) -> str:
        """What a declaration says, and where: places are part of what is found."""
        return f"{self._mark_of(declaration.place)}:{declaration.place}"
