"""The analytic core as written: rfm, clusters, scores and association rules."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from parcours.model.node import Declared, Name, Node
from parcours.model.values import Duration, Path, Predicate, Value


class Rfm(Declared):
    kind: Literal["rfm"] = "rfm"
    name: Name
    doc: str = ""
    of: tuple[Path, ...] = ()
    over: Duration | None = None
    scored_from: int | None = None
    scored_to: int | None = None
    scored_by: Name | None = None
    trend: Duration | None = None


class Clusters(Declared):
    kind: Literal["clusters"] = "clusters"
    name: Name
    doc: str = ""
    features: tuple[Value, ...] = ()
    population: Predicate | None = None
    fewest: int | None = None
    most: int | None = None
    clip_low: Decimal | None = None
    clip_high: Decimal | None = None
    sample: int | None = None
    refresh: Duration | None = None


class ZoneWhere(Node):
    kind: Literal["where"] = "where"
    name: Name
    predicate: Predicate


class ZoneTop(Node):
    kind: Literal["top"] = "top"
    name: Name
    percent: Decimal


class ZoneBreakEven(Node):
    kind: Literal["break_even"] = "break_even"
    name: Name


class ZoneFrom(Node):
    kind: Literal["from"] = "from"
    name: Name
    percent: Decimal


class ZoneOtherwise(Node):
    kind: Literal["otherwise"] = "otherwise"
    name: Name


Zone = Annotated[ZoneWhere | ZoneTop | ZoneBreakEven | ZoneFrom | ZoneOtherwise, Field(discriminator="kind")]


class Score(Declared):
    kind: Literal["score"] = "score"
    name: Name
    doc: str = ""
    predict: Predicate | None = None
    within: Duration | None = None
    features: tuple[Value, ...] = ()
    population: Predicate | None = None
    learn_on: Duration | None = None
    refresh: Duration | None = None
    zones: tuple[Zone, ...] = ()


class Rules(Declared):
    """Association rules: `together_in` for baskets, `followed_within` for sequences; exactly one is set."""

    kind: Literal["rules"] = "rules"
    name: Name
    doc: str = ""
    item: Path | None = None
    event: Name | None = None
    together_in: Path | None = None
    followed_within: Duration | None = None
    support: Decimal | None = None
    confidence: Decimal | None = None
    lift: Decimal | None = None
    refresh: Duration | None = None
