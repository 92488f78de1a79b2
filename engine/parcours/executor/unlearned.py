"""What ticks had to take as unknown because nothing was learned of it, and what reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcours.checking import checked
from parcours.checking.parts import parts
from parcours.checking.terms import Learned
from parcours.clock.zones import to_local
from parcours.compiler.learned import hash_of_parameter
from parcours.diagnostics import Diagnostic, Place
from parcours.graph.wording import term_words

_Rule = checked.Channel | checked.Never | checked.Cap | checked.Wish


@dataclass(frozen=True, slots=True)
class Unlearned:
    """`names` are those that are unknown, as they are written; `readers` the journeys that speak of them, and `the
    policy`. `until`: when something was learned of it after all; None: never. `place` is the first reader's."""

    names: tuple[str, ...]
    readers: tuple[str, ...]
    last: datetime
    until: datetime | None
    place: Place


class UnlearnedReads:
    """Takes note, tick by tick, of the runs that were read and not there."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}
        self._until: dict[str, datetime] = {}

    def note(self, runs: Mapping[str, int | None], at: datetime) -> None:
        """`runs` by parameter, as they are bound at an instant."""
        for parameter, run in runs.items():
            digest = hash_of_parameter(parameter) or ""
            if run is None:
                self._last[digest] = at
                self._until.pop(digest, None)
            elif digest in self._last:
                self._until.setdefault(digest, at)

    def told(self, journeys: Iterable[checked.Journey], policy: checked.Policy) -> tuple[Unlearned, ...]:
        """All of it, in the order of the names."""
        rules: tuple[_Rule, ...] = (*policy.channels, *policy.never, *policy.caps, *policy.wishes)
        things: list[tuple[str, Place, Any]] = [
            *((journey.name, journey.place, journey) for journey in journeys),
            *(("the policy", rule.place, rule) for rule in rules),
        ]
        found = [self._of(digest, things) for digest in self._last]
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.names))

    def _of(self, digest: str, things: Iterable[tuple[str, Place, Any]]) -> Unlearned | None:
        names: set[str] = set()
        readers: dict[str, Place] = {}
        for name, place, thing in things:
            read = [part for part in parts(thing) if isinstance(part, Learned) and part.hash == digest]
            names |= {term_words(term) for term in read}
            if read:
                readers.setdefault(name, place)
        if not readers:
            return None
        until = self._until.get(digest)
        return Unlearned(
            tuple(sorted(names)), tuple(readers), self._last[digest], until, next(iter(readers.values()))
        )


def warning(unlearned: Unlearned, zone: str) -> Diagnostic:
    """For people: what is unknown, as of when, and what to do."""
    names = ", ".join(f"`{name}`" for name in unlearned.names)
    is_one = len(unlearned.names) == 1
    what = f"{names} {'is' if is_one else 'are'} unknown: nothing was learned of {'it' if is_one else 'them'}"
    message = f"{what} as of {to_local(zone, unlearned.last):%Y-%m-%d %H:%M} ({zone})"
    return Diagnostic("nothing-learned", message, unlearned.place)
