"""Where the checker collects what it finds, and the text of the user's that it speaks of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from parcours.checking.unread import NOTHING_UNREAD, Unread
from parcours.diagnostics import Diagnostic, Place, nearest

# a name that one of these misses is declared in journey files, if anywhere
_DECLARED = frozenset(
    (
        *("unknown-journey", "unknown-segment", "unknown-stage", "unknown-season"),
        *("unknown-message", "unknown-channel"),
    )
)
# a name that one of these misses may stand in a declaration that could not be read
_OF_DECLARATIONS = _DECLARED | {"unknown-name", "unknown-attribute"}
_FEW = 12
_PLACES = 3  # named of those where a name is missing again


@dataclass
class Findings:
    """Diagnostics in the order found, each once. What only follows from `unread` is left out.

    `not_runnable` is what the language has and the executor has not: nothing is wrong with it, but nothing that holds
    it can run."""

    sources: Mapping[str, str]
    unread: Unread = NOTHING_UNREAD
    _found: dict[Diagnostic, None] = field(default_factory=dict)
    _not_runnable: dict[Diagnostic, None] = field(default_factory=dict)
    _missing: dict[tuple[str, str], list[Diagnostic]] = field(default_factory=dict)

    def add(self, code: str, message: str, place: Place, *, mark: str = "", advice: str = "") -> None:
        found = Diagnostic(code, message, place, mark, advice)
        if not self.unread.covers(place):
            self._found[found] = None

    def unknown(self, code: str, message: str, place: Place, name: str, known: Iterable[str]) -> None:
        """A name that does not exist: with the nearest that does, or with all of them when they are few."""
        if code in _OF_DECLARATIONS and self.unread.may_declare(name):
            return
        names = sorted(set(known))
        near = nearest(name, names)
        advice = f"there is: {', '.join(names)}" if names and not near and len(names) <= _FEW else ""
        found = Diagnostic(code, message, place, f"did you mean `{near}`?" if near else "", advice)
        if self.unread.covers(place):
            return
        if code in _DECLARED:
            self._missing.setdefault((code, name), []).append(found)
        else:
            self._found[found] = None

    def unsupported(self, what: str, place: Place) -> None:
        """The language has it and the executor has not: no finding here, but refused when it is to run."""
        self._not_runnable[Diagnostic("not-supported-yet", f"not supported yet: {what}", place)] = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return (*self._found, *map(_at_its_first_place, self._missing.values()))

    @property
    def not_runnable(self) -> tuple[Diagnostic, ...]:
        return tuple(self._not_runnable)

    def text(self, place: Place) -> str:
        """What the user wrote at a place, on one line."""
        lines = self.sources.get(place.file, "").split("\n")[place.line - 1 : place.end_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][: place.end_column - 1]
        lines[0] = lines[0][place.column - 1 :]
        return " ".join(" ".join(lines).split())


def _at_its_first_place(missing: Sequence[Diagnostic]) -> Diagnostic:
    """One finding for a name that is declared nowhere, however often it is used: the slip may be in what should have
    declared it."""
    first = min(missing, key=lambda d: d.place)
    others = sorted({d.place for d in missing} - {first.place})
    if not others:
        return first
    said = ", ".join(map(str, others[:_PLACES]))
    rest = len(others) - _PLACES
    more = f" and {rest} more place{'' if rest == 1 else 's'}" if rest > 0 else ""
    return replace(first, help=f"{first.advice}; it is used in {said}{more} too")
