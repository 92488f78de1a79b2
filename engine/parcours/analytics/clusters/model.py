"""Clusters as data: the axes of the space in which contacts are compared, and the groups with their centres."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import expm1, log1p
from typing import Any, Literal

from sqlglot import exp

from parcours.compiler.expressions import call, case, column, double, text


@dataclass(frozen=True, slots=True)
class Axis:
    """One coordinate: a number (or yes and no as 1 and 0), or whether a text is `value`.

    A number that is unknown counts as `unknown`; one outside of `low` to `high` as the nearer of them; then comes the
    logarithm of 1 + x where there is one, and `mean` and `deviation` are of what that gives. A text's deviation is such
    that all of its values together weigh as much as one number."""

    column: str
    name: str
    kind: Literal["number", "yes_no", "text"]
    mean: float
    deviation: float
    unknown: float = 0.0
    low: float | None = None
    high: float | None = None
    logarithm: bool = False
    value: str | None = None

    def clipped(self) -> exp.Expr:
        """The known number within its bounds; for a text 1 or 0."""
        if self.value is not None:
            is_it = exp.EQ(this=column(self.column), expression=text(self.value))
            return case([(is_it, double(1.0))], double(0.0))
        made: exp.Expr = exp.Coalesce(this=column(self.column), expressions=[double(self.unknown)])
        if self.low is not None:
            made = call("greatest", made, double(self.low))
        if self.high is not None:
            made = call("least", made, double(self.high))
        return made

    def standardised(self) -> exp.Expr:
        """The coordinate of a contact."""
        made = self.clipped()
        if self.logarithm:
            made = call("ln", exp.Add(this=double(1.0), expression=made))
        shifted = exp.paren(exp.Sub(this=made, expression=double(self.mean)))
        return exp.Div(this=shifted, expression=double(self.deviation), typed=False, safe=False)

    def coordinate(self, original: float) -> float:
        """Where a value in the feature's own units lies. A centre may lie outside of the bounds."""
        return ((log1p(max(original, 0.0)) if self.logarithm else original) - self.mean) / self.deviation

    def original(self, coordinate: float) -> float:
        """The value in the feature's own units that lies there."""
        made = coordinate * self.deviation + self.mean
        return expm1(made) if self.logarithm else made


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group: its name and, axis by axis, its centre."""

    name: str
    centre: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ClusterModel:
    axes: tuple[Axis, ...]
    clusters: tuple[Cluster, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain data that JSON can hold, with all the digits."""
        return asdict(self)

    @staticmethod
    def of_data(data: Mapping[str, Any]) -> "ClusterModel":
        axes: Sequence[Mapping[str, Any]] = data["axes"]
        clusters: Sequence[Mapping[str, Any]] = data["clusters"]
        return ClusterModel(
            tuple(Axis(**axis) for axis in axes),
            tuple(Cluster(one["name"], tuple(one["centre"])) for one in clusters),
        )
