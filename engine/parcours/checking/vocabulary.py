"""The declared names of a project: segments, stages and seasons as checked terms, each resolved once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from parcours.checking.findings import Findings
from parcours.checking.scope import OUTSIDE
from parcours.checking.terms import And, Constant, Holds, Not, Term
from parcours.datamart.catalog import Catalog
from parcours.diagnostics import Place
from parcours.model.analytics import Clusters, Rfm, Rules, Score
from parcours.model.journey import Journey
from parcours.model.node import Name
from parcours.model.policy import Channel
from parcours.model.project import Project
from parcours.model.vocabulary import Lifecycle, Message, Season, Segment

if TYPE_CHECKING:
    from parcours.checking.values import Values

_ANALYTIC_WORDS = {"rfm": "rfm", "clusters": "clusters", "score": "scores", "rules": "association rules"}
_UNFINISHED: Any = object()
D = TypeVar("D", Segment, Lifecycle, Season, Message, Channel, Journey)


class Vocabulary:
    """Looks names up. Resolved segments and stages are remembered, so that what is wrong in one is said once."""

    def __init__(self, project: Project, catalog: Catalog, findings: Findings) -> None:
        self.catalog = catalog
        self.time_zone = project.settings.time_zone.text
        self.currency = project.settings.currency
        self._findings = findings
        declared = project.declarations
        self.segments = _by_name(findings, "segment", (d for d in declared if isinstance(d, Segment)))
        self.lifecycles = _by_name(findings, "lifecycle", (d for d in declared if isinstance(d, Lifecycle)))
        self.seasons = _by_name(findings, "season", (d for d in declared if isinstance(d, Season)))
        self.messages = _by_name(findings, "message", (d for d in declared if isinstance(d, Message)))
        self.channels = _by_name(findings, "channel", (d for d in declared if isinstance(d, Channel)))
        self.journeys = _by_name(findings, "journey", (d for d in declared if isinstance(d, Journey)))
        self._analytics = {
            str(d.name): _ANALYTIC_WORDS[d.kind]
            for d in declared
            if isinstance(d, Rfm | Clusters | Score | Rules)
        }
        self._segment_terms: dict[str, Term | None] = {}
        self._stage_terms: dict[str, tuple[tuple[str, Term], ...] | None] = {}

    def analytic(self, first: str) -> str | None:
        """What of the analytic core a dotted name starts with, in words; None when it is nothing of it."""
        if first in ("score", "zone"):
            return "scores"
        return self._analytics.get(first)

    def segment(self, name: Name, values: "Values") -> Term | None:
        """Membership, never unknown."""
        declared = self.segments.get(name.text)
        if declared is None:
            self._findings.unknown(
                "unknown-segment", f"`{name}` is no segment", name.place, name.text, self.segments
            )
            return None
        resolved = self._segment_terms.get(name.text, NotImplemented)
        if resolved is _UNFINISHED:
            self._findings.add("circular-segment", f"`{name}` is defined by way of itself", name.place)
            return None
        if resolved is NotImplemented:
            self._segment_terms[name.text] = _UNFINISHED
            term = values.predicate(declared.predicate, OUTSIDE)
            resolved = self._segment_terms[name.text] = term and Holds(term)
        return resolved

    def stages(self, lifecycle: Lifecycle, values: "Values") -> tuple[tuple[str, Term], ...] | None:
        """(stage, term that is yes when the contact is in it), in order; never unknown. The first line that
        holds is the stage; a contact for whom none holds is in none."""
        key = lifecycle.name.text
        resolved = self._stage_terms.get(key, NotImplemented)
        if resolved is _UNFINISHED:
            self._findings.add(
                "circular-segment", f"`{key}` is defined by way of itself", lifecycle.name.place
            )
            return None
        if resolved is NotImplemented:
            self._stage_terms[key] = _UNFINISHED
            resolved = self._stage_terms[key] = self._resolve_stages(lifecycle, values)
        return resolved

    def _resolve_stages(self, lifecycle: Lifecycle, values: "Values") -> tuple[tuple[str, Term], ...] | None:
        stages: list[tuple[str, Term]] = []
        earlier: list[Term] = []
        complete = True
        for stage in lifecycle.stages:
            if any(stage.name.text == name for name, _ in stages):
                self._findings.add(
                    "duplicate-name", f"the stage `{stage.name}` is there twice", stage.name.place
                )
                complete = False
                continue
            term = values.predicate(stage.predicate, OUTSIDE) if stage.predicate else Constant(True, "yes_no")
            if term is None:
                complete = False
                continue
            here: Term = Holds(term)
            stages.append((stage.name.text, And((*(Not(e) for e in earlier), here)) if earlier else here))
            earlier.append(here)
        return tuple(stages) if complete else None

    def stage(self, lifecycle: str, stage: Name, values: "Values") -> Any:
        """The term of `LIFECYCLE is STAGE`; NotImplemented when there is no such lifecycle."""
        declared = self.lifecycles.get(lifecycle)
        if declared is None:
            return NotImplemented
        names = [str(s.name) for s in declared.stages]
        if stage.text not in names:
            self._findings.unknown(
                "unknown-stage", f"`{stage}` is no stage of `{lifecycle}`", stage.place, stage.text, names
            )
            return None
        stages = self.stages(declared, values)
        return stages and dict(stages)[stage.text]

    def season(self, name: str, place: Place) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """The (month, day) of the first and the last day."""
        declared = self.seasons.get(name)
        if declared is None:
            self._findings.unknown("unknown-season", f"`{name}` is no season", place, name, self.seasons)
            return None
        for end in (declared.start, declared.end):
            if not 1 <= end.month <= 12 or not 1 <= end.day <= _LONGEST[end.month - 1]:
                self._findings.add(
                    "impossible-date", f"`{end.month:02}-{end.day:02}` is no day of a year", end.place
                )
                return None
        return (declared.start.month, declared.start.day), (declared.end.month, declared.end.day)


_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _by_name(findings: Findings, what: str, declared: Iterable[D]) -> dict[str, D]:
    found: dict[str, D] = {}
    for declaration in declared:
        name = declaration.name
        if name.text in found:
            findings.add(
                "duplicate-name",
                f"the {what} `{name}` is declared twice",
                name.place,
                mark=f"first in {found[name.text].name.place}",
            )
        else:
            found[name.text] = declaration
    return found
