"""Where the checker collects what it finds, and the text of the user's that it speaks of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from parcours.checking.unread import NOTHING_UNREAD, Unread
from parcours.diagnostics import Diagnostic, Place, nearest

# a name that one of these misses may stand in a declaration that could not be read
_OF_DECLARATIONS = frozenset(
    (
        *("unknown-journey", "unknown-segment", "unknown-stage", "unknown-season", "unknown-message"),
        *("unknown-channel", "unknown-name", "unknown-attribute"),
    )
)
_FEW = 12


@dataclass
class Findings:
    """Diagnostics in the order found, each once. What only follows from `unread` is left out."""

    sources: Mapping[str, str]
    unread: Unread = NOTHING_UNREAD
    _found: dict[Diagnostic, None] = field(default_factory=dict)

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
        self.add(code, message, place, mark=f"did you mean `{near}`?" if near else "", advice=advice)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self._found)

    def text(self, place: Place) -> str:
        """What the user wrote at a place, on one line."""
        lines = self.sources.get(place.file, "").split("\n")[place.line - 1 : place.end_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][: place.end_column - 1]
        lines[0] = lines[0][place.column - 1 :]
        return " ".join(" ".join(lines).split())
