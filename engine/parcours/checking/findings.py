"""Where the checker collects what it finds, and the text of the user's that it speaks of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from parcours.diagnostics import Diagnostic, Place, nearest


@dataclass
class Findings:
    """Diagnostics in the order found; one place gets one diagnostic of a code."""

    sources: Mapping[str, str]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, code: str, message: str, place: Place, *, mark: str = "", advice: str = "") -> None:
        found = Diagnostic(code, message, place, mark, advice)
        if found not in self.diagnostics:
            self.diagnostics.append(found)

    def unknown(self, code: str, message: str, place: Place, name: str, known: Iterable[str]) -> None:
        """A name that does not exist: with the nearest that does, or with all of them when they are few."""
        names = sorted(set(known))
        near = nearest(name, names)
        advice = f"there is: {', '.join(names)}" if names and not near and len(names) <= 12 else ""
        self.add(code, message, place, mark=f"did you mean `{near}`?" if near else "", advice=advice)

    def unsupported(self, what: str, place: Place) -> None:
        """The language has it and the executor has not: refused, never ignored."""
        self.add("not-supported-yet", f"not supported yet: {what}", place)

    @property
    def failed(self) -> bool:
        return any(d.severity == "error" for d in self.diagnostics)

    def text(self, place: Place) -> str:
        """What the user wrote at a place, on one line."""
        lines = self.sources.get(place.file, "").splitlines()[place.line - 1 : place.end_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][: place.end_column - 1]
        lines[0] = lines[0][place.column - 1 :]
        return " ".join(" ".join(lines).split())
