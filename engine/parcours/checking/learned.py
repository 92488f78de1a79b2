"""Names of the analytic core ─► what is learned of a contact: `value.recency`, `typology`, `score.churn`, `zone.churn`."""

from collections.abc import Callable
from typing import Literal

from parcours.checking.findings import Findings
from parcours.checking.terms import Kind, Learned
from parcours.checking.vocabulary import Vocabulary
from parcours.diagnostics import Place
from parcours.model.analytics import Rfm

DeclaredKind = Literal["rfm", "clusters", "score", "rules"]

_DIMENSIONS = ("recency", "frequency", "monetary", "trend")


class LearnedNames:
    """Every method that meets an error adds a finding and gives None. `hash_of` a declaration, by kind and name, goes into
    what is read of it."""

    def __init__(
        self, vocabulary: Vocabulary, findings: Findings, hash_of: Callable[[DeclaredKind, str], str]
    ) -> None:
        self._vocabulary = vocabulary
        self._findings = findings
        self._hash_of = hash_of

    def is_declared(self, first: str) -> bool:
        """Whether a dotted name that begins so is for this class."""
        return first in ("score", "zone", *self._vocabulary.rfms, *self._vocabulary.clusters)

    def part(self, first: str, rest: str, place: Place) -> Learned | None:
        """`value.recency`, `typology.distance`, `score.churn`, `zone.churn`."""
        if first == "score":
            return self._score(rest, place)
        if first == "zone":
            return self._zone(rest, place)
        if first in self._vocabulary.rfms:
            return self._dimension(self._vocabulary.rfms[first], rest, place)
        if rest != "distance":
            self._findings.unknown("unknown-name", f"`{first}` has no `{rest}`", place, rest, ("distance",))
            return None
        return self._made("clusters", first, "distance", "number")

    def group(self, name: str) -> Learned:
        """The group of a contact; which there are is known when they are learned."""
        return self._made("clusters", name, "group", "text")

    def _score(self, name: str, place: Place) -> Learned | None:
        if name not in self._vocabulary.scores:
            self._unknown_score(name, place)
            return None
        return self._made("score", name, "probability", "number")

    def _zone(self, name: str, place: Place) -> Learned | None:
        declared = self._vocabulary.scores.get(name)
        if declared is None:
            self._unknown_score(name, place)
            return None
        if not declared.zones:
            self._findings.add(
                "unknown-zone",
                f"the score `{name}` has no zones",
                place,
                advice=f"give it some: `zones` in `score {name}`",
            )
            return None
        zones = tuple(zone.name.text for zone in declared.zones)
        return self._made("score", name, "zone", "text", zones)

    def _unknown_score(self, name: str, place: Place) -> None:
        message = f"`{name}` is no score"
        self._findings.unknown("unknown-score", message, place, name, self._vocabulary.scores)

    def _dimension(self, rfm: Rfm, dimension: str, place: Place) -> Learned | None:
        name = rfm.name.text
        if dimension not in _DIMENSIONS:
            message = f"`{name}` has no `{dimension}`"
            self._findings.unknown("unknown-name", message, place, dimension, dimensions(rfm))
            return None
        if dimension not in dimensions(rfm):
            needed = "`trend over 90 days`" if dimension == "trend" else "a number: `of order.amount over …`"
            self._findings.add(
                "unknown-name",
                f"`{name}` has no `{dimension}`",
                place,
                advice=f"give `rfm {name}` {needed}",
            )
            return None
        return self._made("rfm", name, dimension, "number")

    def _made(
        self,
        source: Literal["rfm", "clusters", "score"],
        name: str,
        part: str,
        kind: Kind,
        values: tuple[str, ...] = (),
    ) -> Learned:
        return Learned(source, name, part, kind, values, self._hash_of(source, name))


def dimensions(rfm: Rfm) -> tuple[str, ...]:
    """What an rfm says of a contact: no money without a number to add up, no trend without a window for it."""
    has_money = any(len(source.parts) > 1 for source in rfm.of)
    money, trend = ("monetary",) * has_money, ("trend",) * (rfm.trend is not None)
    return ("recency", "frequency", *money, *trend)
