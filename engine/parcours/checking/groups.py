"""Segments, stages and seasons as checked terms, each resolved once however many use it."""

from collections.abc import Callable
from typing import Literal

from parcours.checking.checked import Group
from parcours.checking.findings import Findings
from parcours.checking.parts import parts
from parcours.checking.scope import OUTSIDE, Scope
from parcours.checking.terms import And, Constant, Events, Holds, Not, Term
from parcours.checking.vocabulary import Vocabulary
from parcours.diagnostics import Place
from parcours.model.node import Name
from parcours.model.values import Predicate
from parcours.model.vocabulary import Lifecycle

Stages = tuple[tuple[str, Term], ...]
MonthAndDay = tuple[int, int]

_Group = tuple[Literal["segment", "lifecycle"], str]
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Groups:
    """`predicate` turns a written predicate into a term. What is wrong in a group is said once."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        findings: Findings,
        predicate: Callable[[Predicate, Scope], Term | None],
    ) -> None:
        self._vocabulary = vocabulary
        self._findings = findings
        self._predicate = predicate
        self._segments: dict[str, Term | None] = {}
        self._stages: dict[str, Stages | None] = {}
        self._open: dict[
            _Group, Name
        ] = {}  # what is being resolved, outermost first, and the name that asked for it

    def segment(self, name: Name) -> Term | None:
        """Membership, never unknown."""
        declared = self._vocabulary.segments.get(name.text)
        if declared is None:
            self._findings.unknown(
                "unknown-segment", f"`{name}` is no segment", name.place, name.text, self._vocabulary.segments
            )
            return None
        group: _Group = ("segment", name.text)
        if self._is_circular(group, name):
            return None
        if name.text not in self._segments:
            self._open[group] = name
            term = self._predicate(declared.predicate, OUTSIDE)
            self._segments[name.text] = None if term is None else Holds(term, name=f"in segment {name}")
            del self._open[group]
        return self._segments[name.text]

    def stages(self, lifecycle: Lifecycle, user: Name) -> Stages | None:
        """(stage, term that is yes when the contact is in it), in order; never unknown. The first line that
        holds is the stage; a contact for whom none holds is in none. `user` is the name that asks."""
        name = lifecycle.name.text
        group: _Group = ("lifecycle", name)
        if self._is_circular(group, user):
            return None
        if name not in self._stages:
            self._open[group] = user
            self._stages[name] = self._resolve_stages(lifecycle)
            del self._open[group]
        return self._stages[name]

    def stage(self, lifecycle: Lifecycle, stage: Name) -> Term | None:
        """The term of `LIFECYCLE is STAGE`."""
        names = [str(s.name) for s in lifecycle.stages]
        if stage.text not in names:
            self._findings.unknown(
                "unknown-stage",
                f"`{stage}` is no stage of `{lifecycle.name}`",
                stage.place,
                stage.text,
                names,
            )
            return None
        stages = self.stages(lifecycle, stage)
        return None if stages is None else dict(stages)[stage.text]

    def season(self, name: str, place: Place) -> tuple[MonthAndDay, MonthAndDay] | None:
        """The (month, day) of the first and the last day."""
        declared = self._vocabulary.seasons.get(name)
        if declared is None:
            self._findings.unknown(
                "unknown-season", f"`{name}` is no season", place, name, self._vocabulary.seasons
            )
            return None
        for end in (declared.start, declared.end):
            if not 1 <= end.month <= 12 or not 1 <= end.day <= _LONGEST[end.month - 1]:
                self._findings.add(
                    "impossible-date",
                    f"`{end.month:02}-{end.day:02}` is no day of a year",
                    end.place,
                    advice="write month and day: `06-01 to 08-31`",
                )
                return None
        return (declared.start.month, declared.start.day), (declared.end.month, declared.end.day)

    def _is_circular(self, group: _Group, user: Name) -> bool:
        """Tells of a circle where it is closed. It is told of at the same place wherever one comes into it: where
        the first of its groups (by kind and name) is used."""
        if group not in self._open:
            return False
        opened = list(self._open)
        circle = {group: user, **{key: self._open[key] for key in opened[opened.index(group) + 1 :]}}
        kind, name = min(circle, key=lambda one: (one[0] != "segment", one[1]))
        message = f"the {kind} `{name}` is defined by way of itself"
        self._findings.add("circular-segment", message, circle[kind, name].place)
        return True

    def _resolve_stages(self, lifecycle: Lifecycle) -> Stages | None:
        stages: list[tuple[str, Term]] = []
        earlier: list[Term] = []
        complete, taken = True, False
        for stage in lifecycle.stages:
            if any(stage.name.text == name for name, _ in stages):
                self._findings.add(
                    "duplicate-name", f"the stage `{stage.name}` is there twice", stage.name.place
                )
                complete = False
                continue
            if taken:
                self._findings.add(
                    "unreachable-stage",
                    f"nobody can be in the stage `{stage.name}`: the one before it takes everybody",
                    stage.name.place,
                )
            taken = taken or stage.predicate is None
            always = Constant(True, "yes_no")
            term = self._predicate(stage.predicate, OUTSIDE) if stage.predicate else always
            if term is None:
                complete = False
                continue
            here: Term = Holds(term, name=f"{lifecycle.name} is {stage.name}")
            stages.append((stage.name.text, And((*(Not(e) for e in earlier), here)) if earlier else here))
            earlier.append(here)
        return tuple(stages) if complete else None


def can_run(group: Group) -> bool:
    """Whether nothing in it is only understood yet: other events or groups within the brackets of an event."""
    for _, term in group.stages:
        for part in parts(term):
            inside = list(parts(part.filter)) if isinstance(part, Events) else []
            if any(isinstance(one, Events | Holds) for one in inside):
                return False
    return True
