"""What there is to learn in a project: in which order, and when it is due."""

from dataclasses import dataclass
from datetime import datetime

from parcours.checking import checked
from parcours.checking.checked import CheckedProject, Declared
from parcours.checking.parts import parts
from parcours.checking.terms import Events, Learned, Window
from parcours.clock.refreshing import is_refresh_due
from parcours.clock.span import Span
from parcours.clock.zones import to_local
from parcours.compiler.analytic_store import hash_of
from parcours.diagnostics import Place

DEFAULT_REFRESH = Span(1, "day")
"""How often something is learned that does not say it."""

_ORDER = ("rfm", "clusters", "score", "rules", "response")

Key = tuple[str, str]
"""Kind and name."""


@dataclass(frozen=True, slots=True)
class Learnable:
    """A declaration, with the hash of its runs, and what is to be learned before it."""

    declared: Declared | checked.Response
    hash: str
    refresh: Span
    reads: tuple[Key, ...]

    @property
    def key(self) -> Key:
        return self.declared.kind, self.declared.name


def learnables(project: CheckedProject) -> tuple[Learnable, ...]:
    """All that a project declares, each after what it reads, else by kind and name; and how messages are answered, where
    the mapping says what answers them. A circle is an error of `check`."""
    everything = [*project.learned, *responses(project)]
    waiting: dict[Key, Learnable] = {
        (made.kind, made.name): Learnable(
            made,
            hash_of(made.kind, made.name, project),
            getattr(made, "refresh", None) or DEFAULT_REFRESH,
            _reads(made),
        )
        for made in sorted(everything, key=lambda made: (_ORDER.index(made.kind), made.name))
    }
    ordered: list[Learnable] = []
    while waiting:
        ready = [one for one in waiting.values() if not waiting.keys() & set(one.reads)]
        assert ready, "what is learned from itself is refused before it comes here"
        ordered.append(ready[0])
        del waiting[ready[0].key]
    return tuple(ordered)


def responses(project: CheckedProject) -> tuple[checked.Response, ...]:
    """What is learned of answers: nothing where no event says which message caused it."""
    if not project.answering:
        return ()
    here = Place("parcours.yaml")
    return (checked.Response("best_hour", here), checked.Response("response", here))


def messages_read(project: CheckedProject) -> tuple[Events, ...]:
    """What `responses` read of what journeys have done."""
    return (Events("sent", None, Window("ever")),) if project.answering else ()


def with_what_they_read(learnable: tuple[Learnable, ...], names: tuple[str, ...]) -> tuple[Learnable, ...]:
    """Those of these names and all that they are learned from, in the same order; everything for ()."""
    if not names:
        return learnable
    wanted: set[Key] = set()
    for one in reversed(learnable):
        if one.declared.name in names or one.key in wanted:
            wanted |= {one.key, *one.reads}
    return tuple(one for one in learnable if one.key in wanted)


def is_due(learnable: Learnable, last: datetime | None, as_of: datetime, zone: str) -> bool:
    """Whether a declaration is to be learned anew, after it was learned `last` (None: never): once in each stretch of its
    `refresh`, counted as those of segments are (T10)."""
    day = to_local(zone, as_of).toordinal()
    last_day = to_local(zone, last).toordinal() if last else 0
    return is_refresh_due(learnable.refresh, last, as_of, day, last_day)


def _reads(declared: Declared | checked.Response) -> tuple[Key, ...]:
    return tuple(sorted({(part.source, part.name) for part in parts(declared) if isinstance(part, Learned)}))
