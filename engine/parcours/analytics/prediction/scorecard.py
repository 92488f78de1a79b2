"""A score as data: each feature cut into bins, each bin worth points, the sum of all made into a probability.

In SQL and in Python the points are added from left to right, so that both give the same number."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import exp as exponential
from typing import Any, Literal

from sqlglot import exp

from parcours.compiler.expressions import call, case, column, double, text

UNKNOWN = 0
"""The bin of those of whom the feature is not known; it is there always."""


@dataclass(frozen=True, slots=True)
class Bins:
    """How a feature is cut. A number is in bin i when it is above edge i - 1 and at most edge i, and above all edges in the
    last; a text in bin i when it is value i, and in the last when it is another."""

    column: str
    name: str
    kind: Literal["number", "yes_no", "text"]
    edges: tuple[float, ...] = ()
    values: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.edges) + len(self.values) + 2

    def choose(self, results: Sequence[exp.Expr]) -> exp.Expr:
        """The result of the bin that a row is in; there is one for each bin."""
        value = column(self.column)
        pairs: list[tuple[exp.Expr, exp.Expr]] = [
            (exp.Is(this=value, expression=exp.null()), results[UNKNOWN])
        ]
        if self.kind == "text":
            tests: list[exp.Expr] = [exp.EQ(this=value.copy(), expression=text(one)) for one in self.values]
        else:
            tests = [exp.LTE(this=value.copy(), expression=double(edge)) for edge in self.edges]
        pairs += zip(tests, results[1:-1], strict=True)
        return case(pairs, results[-1])

    def place(self, value: float | str | None) -> int:
        """The bin of a value."""
        if value is None:
            return UNKNOWN
        if isinstance(value, str):
            return self.values.index(value) + 1 if value in self.values else len(self) - 1
        return next((n for n, edge in enumerate(self.edges, start=1) if value <= edge), len(self) - 1)

    def words(self) -> tuple[str, ...]:
        """How people call the bins."""
        if self.kind == "yes_no":
            return ("unknown", "no", "yes")[: len(self)]
        if self.kind == "text":
            return ("unknown", *self.values, "other" if self.values else "known")
        if not self.edges:
            return ("unknown", "known")
        shown = [f"{edge:.6g}" for edge in self.edges]
        between = [f"{low} to {high}" for low, high in pairwise(shown)]
        return ("unknown", f"up to {shown[0]}", *between, f"above {shown[-1]}")


@dataclass(frozen=True, slots=True)
class Card:
    """The points of the bins of one feature."""

    bins: Bins
    points: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """probability = 1 / (1 + e^-(shift + slope × (intercept + points of each card)))."""

    intercept: float
    cards: tuple[Card, ...]
    shift: float
    slope: float

    def probability(self) -> exp.Expr:
        """Of a row of a table of features."""
        total: exp.Expr = double(self.intercept)
        for card in self.cards:
            points = exp.paren(card.bins.choose([double(one) for one in card.points]))
            total = exp.Add(this=total, expression=points)
        scaled = exp.Mul(this=double(self.slope), expression=exp.paren(total))
        logit = exp.paren(exp.Add(this=double(self.shift), expression=scaled))
        odds = exp.paren(exp.Add(this=double(1.0), expression=call("exp", exp.Neg(this=logit))))
        return exp.Div(this=double(1.0), expression=odds, typed=False, safe=False)

    def probability_of(self, row: Mapping[str, float | str | None]) -> float:
        """The same in Python, of one contact: by column."""
        total = self.intercept
        for card in self.cards:
            total += card.points[card.bins.place(row[card.bins.column])]
        return 1.0 / (1.0 + exponential(-(self.shift + self.slope * total)))

    def as_data(self) -> dict[str, Any]:
        """Plain data that JSON can hold, with all the digits."""
        return asdict(self)

    @staticmethod
    def of_data(data: Mapping[str, Any]) -> "Scorecard":
        cards = tuple(Card(_bins(card["bins"]), tuple(card["points"])) for card in data["cards"])
        return Scorecard(data["intercept"], cards, data["shift"], data["slope"])


def _bins(data: Mapping[str, Any]) -> Bins:
    return Bins(**{**data, "edges": tuple(data["edges"]), "values": tuple(data["values"])})
