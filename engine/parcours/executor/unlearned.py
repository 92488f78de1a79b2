"""What ticks had to take as unknown because nothing was learned of it, and what reads it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcours.checking import checked
from parcours.checking.checked import Offering
from parcours.checking.parts import parts
from parcours.checking.terms import Learned
from parcours.clock.zones import to_local
from parcours.compiler.learned import hash_of_parameter
from parcours.diagnostics import Diagnostic, Place
from parcours.graph.wording import term_words

POLICY = "the policy"
"""The reader that is no journey."""

_Rule = checked.Channel | checked.Never | checked.Cap | checked.Wish


@dataclass(frozen=True, slots=True)
class Unlearned:
    """`names` are those that are unknown, as they are written; `readers` the journeys that speak of them, and `the
    policy`. `until`: when something was learned of it after all; None: never. `place` is the first reader's.
    `changed`: something had been learned of it by then, before its declaration was changed (A2)."""

    names: tuple[str, ...]
    readers: tuple[str, ...]
    last: datetime
    until: datetime | None
    place: Place
    changed: bool = False


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

    def told(
        self,
        journeys: Iterable[checked.Journey],
        policy: checked.Policy,
        learned: Mapping[tuple[str, str], datetime],
    ) -> tuple[Unlearned, ...]:
        """All of it, in the order of the names. `learned`: as of when something was first learned of a kind and name,
        whatever its declaration was then."""
        rules: tuple[_Rule, ...] = (*policy.channels, *policy.never, *policy.caps, *policy.wishes)
        things: list[tuple[str, Place, Any]] = [
            *((journey.name, journey.place, journey) for journey in journeys),
            *((POLICY, rule.place, rule) for rule in rules),
        ]
        found = [self._of(digest, things, learned) for digest in self._last]
        return tuple(sorted((one for one in found if one is not None), key=lambda one: one.names))

    def _of(
        self,
        digest: str,
        things: Iterable[tuple[str, Place, Any]],
        learned: Mapping[tuple[str, str], datetime],
    ) -> Unlearned | None:
        names: set[str] = set()
        keys: set[tuple[str, str]] = set()
        readers: dict[str, Place] = {}
        for name, place, thing in things:
            for words, key, of in _reads(thing):
                if of == digest:
                    names.add(words)
                    keys.add(key)
                    readers.setdefault(name, place)
        if not readers:
            return None
        last = self._last[digest]
        return Unlearned(
            tuple(sorted(names)),
            tuple(readers),
            last,
            self._until.get(digest),
            next(iter(readers.values())),
            changed=any(key in learned and learned[key] <= last for key in keys),
        )


def _reads(thing: Any) -> Iterator[tuple[str, tuple[str, str], str]]:
    """What a journey or a rule reads that is learned: how that is written, its kind and name, and its hash."""
    for part in parts(thing):
        if isinstance(part, Learned):
            yield term_words(part), (part.source, part.name), part.hash
        elif isinstance(part, Offering):
            yield part.rules, ("rules", part.rules), part.hash
        elif isinstance(part, checked.Send) and part.best_hour is not None:
            yield "best hour", ("response", "best_hour"), checked.response_hash("best_hour")


def warning(unlearned: Unlearned, zone: str) -> Diagnostic:
    """For people: what is unknown, as of when, who reads it, and what to do."""
    names = ", ".join(f"`{name}`" for name in unlearned.names)
    are, them = ("is", "it") if len(unlearned.names) == 1 else ("are", "them")
    since = f" since {them} {'was' if are == 'is' else 'were'} changed" if unlearned.changed else ""
    readers = ", ".join(name if name == POLICY else f"`{name}`" for name in unlearned.readers)
    message = (
        f"{names} {are} unknown to {readers}: nothing was learned of {them}{since} "
        f"as of {to_local(zone, unlearned.last):%Y-%m-%d %H:%M} ({zone})"
    )
    return Diagnostic("nothing-learned", message, unlearned.place)
