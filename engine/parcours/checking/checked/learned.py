"""Checked declarations of the analytic core: what is learned, of whom and from what.

All that the result of learning depends on is compared, and is in the `repr`, the hashes of the declarations that a term
reads included; how often it is learned anew, what it says of itself and where it stands are not."""

from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Literal

from parcours.checking.terms import Field, Term
from parcours.clock.span import Span
from parcours.diagnostics import Place


@dataclass(frozen=True, slots=True)
class Source:
    """The events of one kind that an rfm looks at; `field` is the number of them that is added up, None for none."""

    event: str
    field: Field | None


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores from `low` to `high`, dealt out by quantile or by thresholds."""

    low: int
    high: int
    by: Literal["quantile", "thresholds"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One value that is looked at. `name` is how people call it: `value.recency`, `customer is active`, or as written.

    What stands for several is several features: an rfm its dimensions, a lifecycle one yes or no for each stage."""

    name: str = field(compare=False, repr=False)
    term: Term


@dataclass(frozen=True, slots=True)
class Rfm:
    """Recency, frequency, `monetary` with a number to add up, `trend` with a window for it. `scored` None: raw."""

    name: str
    sources: tuple[Source, ...]
    over: Span
    scored: Scored | None
    trend: Span | None
    place: Place = field(compare=False, repr=False)
    doc: str = field(compare=False, repr=False)
    kind: Literal["rfm"] = field(default="rfm", init=False)


@dataclass(frozen=True, slots=True)
class Clusters:
    """`population`: who is grouped, None for everybody. `groups`: (fewest, most); `clip`: percentiles (low, high) beyond
    which values count as those; `sample`: so many contacts are learned from; None of these is said by the user."""

    name: str
    features: tuple[Feature, ...]
    population: Term | None
    groups: tuple[int, int] | None
    clip: tuple[Decimal, Decimal] | None
    sample: int | None
    refresh: Span | None = field(compare=False, repr=False)
    place: Place = field(compare=False, repr=False)
    doc: str = field(compare=False, repr=False)
    kind: Literal["clusters"] = field(default="clusters", init=False)


@dataclass(frozen=True, slots=True)
class WhereZone:
    """Those for whom the condition is yes."""

    name: str
    condition: Term


@dataclass(frozen=True, slots=True)
class TopZone:
    """So many percent of the population, those with the highest probability."""

    name: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class FromZone:
    """Those with a probability of at least so many percent."""

    name: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class BreakEvenZone:
    """Those of whom more is to be expected than to speak to them costs."""

    name: str


@dataclass(frozen=True, slots=True)
class OtherwiseZone:
    """Everybody else of the population."""

    name: str


Zone = WhereZone | TopZone | FromZone | BreakEvenZone | OtherwiseZone


@dataclass(frozen=True, slots=True)
class Score:
    """How probable `label` is. Learned for a contact and an instant t as the entry of a run at t: what of the label has
    no window of its own is `Window("within_entry", within)`, so events with t < at <= t + within; all else in it is as
    of t + within. Features and population are as of t. `zones`: the first that holds."""

    name: str
    label: Term
    within: Span
    features: tuple[Feature, ...]
    population: Term | None
    learn_on: Span | None
    zones: tuple[Zone, ...]
    refresh: Span | None = field(compare=False, repr=False)
    place: Place = field(compare=False, repr=False)
    doc: str = field(compare=False, repr=False)
    kind: Literal["score"] = field(default="score", init=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """What goes together: `item` of `event`, in one `basket` (a field of it too), or, without one, `within` so long after
    one another. Least support and confidence in percent, least lift; None where the user does not say."""

    name: str
    event: str
    item: Field
    basket: Field | None
    within: Span | None
    support: Decimal | None
    confidence: Decimal | None
    lift: Decimal | None
    refresh: Span | None = field(compare=False, repr=False)
    place: Place = field(compare=False, repr=False)
    doc: str = field(compare=False, repr=False)
    kind: Literal["rules"] = field(default="rules", init=False)


@dataclass(frozen=True, slots=True)
class Response:
    """How messages are answered: `response` by segment and channel, `best_hour` by contact. Nobody declares it."""

    name: Literal["response", "best_hour"]
    place: Place = field(compare=False, repr=False)
    refresh: Span = field(default=Span(1, "week"), compare=False, repr=False)
    kind: Literal["response"] = field(default="response", init=False)


Declared = Rfm | Clusters | Score | Rules


def declared_hash(declared: Declared) -> str:
    """16 hex digits that are others when anything is that the result depends on: what is learned of the one is never read
    for another. A term holds the hash of what it reads, so a changed rfm changes the scores that look at it."""
    return sha256(repr(declared).encode()).hexdigest()[:16]


def response_hash(name: str) -> str:
    """The same for what is learned of answers by this name: nobody declares it, so it is always the same one."""
    return sha256(f"response {name}".encode()).hexdigest()[:16]
