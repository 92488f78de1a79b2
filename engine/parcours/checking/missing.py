"""Names that are declared nowhere, each told once for the whole project."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from parcours.diagnostics import Diagnostic

# what these miss is declared in journey files: the slip may be in the declaration, and not in all that use it
_DECLARED = frozenset(
    (
        *("unknown-journey", "unknown-segment", "unknown-stage", "unknown-season"),
        *("unknown-message", "unknown-channel"),
    )
)
_NAMED = 3  # places told beside the first


def told_once(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings without those that only say again, of another place, that a name is declared nowhere. The first
    place has them in its help."""
    missing: dict[tuple[str, str], list[Diagnostic]] = {}
    others: list[Diagnostic] = []
    for diagnostic in found:
        if diagnostic.code in _DECLARED:
            missing.setdefault((diagnostic.code, diagnostic.message), []).append(diagnostic)
        else:
            others.append(diagnostic)
    return (*others, *map(_at_its_first_place, missing.values()))


def _at_its_first_place(missing: Sequence[Diagnostic]) -> Diagnostic:
    first = min(missing, key=lambda d: d.place)
    others = sorted({d.place for d in missing} - {first.place})
    if not others:
        return first
    said = ", ".join(map(str, others[:_NAMED]))
    rest = len(others) - _NAMED
    more = f" and {rest} more place{'' if rest == 1 else 's'}" if rest > 0 else ""
    return replace(first, help=f"{first.advice}; it is used in {said}{more} too")
