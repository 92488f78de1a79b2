"""What is learned of contacts, by chance: declarations of all kinds, and runs of them dated before, at and after ticks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dice import Dice
from learned_rows import LearnedRows

from differential.shop import Kind, Lane
from parcours.checking.checked import CheckedProject
from parcours.compiler.analytic_store import hash_of

ZONES = ("high", "middle", "low")
GROUPS = ("gold", "silver", "lead")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "rfm": ("recency", "frequency", "monetary", "trend"),
    "clusters": ("group", "distance"),
    "score": ("probability", "zone"),
}
_WHEN = (
    *(timedelta(0), timedelta(0), timedelta(microseconds=1), timedelta(seconds=-1)),
    *(timedelta(minutes=30), timedelta(hours=-1), timedelta(hours=6), timedelta(days=-1), timedelta(days=2)),
)


@dataclass(frozen=True)
class Told:
    """A run of the declaration `kind name`: what each part says, by contact. What is not there is unknown. Of `response` it is
    as `LearnedRows` has it."""

    kind: str
    name: str
    as_of: datetime
    says: Mapping[Any, Mapping[str, Any]]


@dataclass(frozen=True)
class Declares:
    """What of all this a project declares: the names, or None."""

    rfm: str | None = None
    clusters: str | None = None
    score: str | None = None

    def names(self) -> Iterator[tuple[str, str]]:
        """(kind, name) of each."""
        for kind in _PARTS:
            if (name := getattr(self, kind)) is not None:
                yield kind, name

    def readable(self) -> dict[Kind, tuple[str, ...]]:
        """How what is learned is written, by the kind of its value."""
        numbers = [f"{self.rfm}.{part}" for part in _PARTS["rfm"]] if self.rfm else []
        numbers += [f"{self.clusters}.distance"] if self.clusters else []
        numbers += [f"score.{self.score}"] if self.score else []
        texts = [*([self.clusters] if self.clusters else []), *([f"zone.{self.score}"] if self.score else [])]
        return {kind: tuple(found) for kind, found in (("number", numbers), ("text", texts)) if found}

    def words(self) -> dict[str, tuple[str, ...]]:
        """What its texts may be, by the last part of how they are written."""
        return {name: words for name, words in ((self.clusters, GROUPS), (self.score, ZONES)) if name}

    def text(self, lane: Lane) -> str:
        """The declarations."""
        blocks = []
        if self.rfm:
            blocks.append(
                f"rfm {self.rfm}\n    of {lane('order')}.amount over 12 months\n    trend over 90 days\n"
            )
        if self.clusters:
            looked_at = f"{self.rfm}, age" if self.rfm else "age"
            blocks.append(f"clusters {self.clusters}\n    from {looked_at}\n    between 2 and 3 groups\n")
        if self.score:
            zones = "        high top 10%\n        middle from 30%\n        low otherwise\n"
            blocks.append(
                f"score {self.score}\n    predict no {lane('order')} within 60 days\n    from age\n    zones\n{zones}"
            )
        return "\n".join(blocks)


def declares(team: str, lane: Lane) -> Declares:
    """Half of all projects learn nothing."""
    dice = Dice(f"declares {team}")
    if dice.percent(50):
        return Declares()
    named = {
        kind: lane(word)
        for kind, word in (("rfm", "value"), ("clusters", "typology"), ("score", "churn"))
        if dice.percent(60)
    }
    return Declares(**named)


def told(
    team: str, declared: Declares, contacts: Sequence[str], ticks: Sequence[datetime]
) -> tuple[Told, ...]:
    """Of each declaration none or some runs, no two dated alike; most often one before the first tick."""
    dice = Dice(f"told {team}")
    found: list[Told] = []
    for kind, name in declared.names():
        dates = {dice.one(ticks) + dice.one(_WHEN) for _ in range(dice.one((0, 1, 1, 2, 3)))}
        if dice.percent(65):
            dates.add(ticks[0] - timedelta(days=dice.one((1, 3, 40))))
        for as_of in sorted(dates, reverse=dice.percent(50)):
            says = {contact: _said(dice, kind) for contact in contacts if dice.percent(85)}
            found.append(Told(kind, name, as_of, says))
    return tuple(found)


def _said(dice: Dice, kind: str) -> dict[str, Any]:
    words = {"group": GROUPS, "zone": ZONES}
    numbers = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 30.0, -0.25)
    return {
        part: dice.one(words[part]) if part in words else dice.one(numbers)
        for part in _PARTS[kind]
        if dice.percent(88)
    }


def rows_of(learned: Iterable[Told], project: CheckedProject) -> list[LearnedRows]:
    """The runs with the hashes of their declarations; those of declarations that are gone are left out."""
    there = {(declared.kind, declared.name) for declared in project.learned}
    return [
        LearnedRows(one.kind, one.name, hash_of(one.kind, one.name, project), one.as_of, one.says)  # type: ignore[arg-type]
        for one in learned
        if one.kind == "response" or (one.kind, one.name) in there
    ]
