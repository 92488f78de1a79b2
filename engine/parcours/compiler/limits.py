"""Rules of pressure that look at what was granted before: caps, spacing, and how often contacts want to hear from us
(LANGUAGE.md P4-P6, P10)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.terms import Attribute, Term
from parcours.clock.span import Span, SpanUnit
from parcours.compiler.calendars import since
from parcours.compiler.expressions import least, own, text
from parcours.compiler.gates import Gates, SendStep, is_exempt, is_meant
from parcours.compiler.instants import ago

_LONGEST: dict[str, Span] = {
    "day": Span(2, "day"),
    "week": Span(9, "day"),
    "month": Span(33, "day"),
    "year": Span(368, "day"),
}
"""No calendar period on any clock is longer, with a day for the difference between the clocks."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`count` messages of what is `counted`, granted within `period`, close `gate` to a message of what is `pressed`, in journeys
    with a priority of at least `least` and below `below`. `condition`, `per` and `counting_exempt` as of a cap."""

    gate: int
    pressed: checked.Selector
    counted: checked.Selector
    period: checked.Period
    count: int
    condition: Term | None = None
    per: Attribute | None = None
    counting_exempt: bool = False
    least: int | None = None
    below: int | None = None
    number: int = 0  # its place among the limits

    @property
    def unit(self) -> SpanUnit | None:
        """The unit of a period of the contact's calendar; None for a window that rolls."""
        return self.period.span.unit if self.period.kind == "calendar" else None

    @property
    def by_month(self) -> bool:
        """It rolls by steps of the project's calendar."""
        return self.unit is None and self.period.span.is_calendar

    def presses(self, send: SendStep, channel: str) -> bool:
        """Whether it speaks of a message on a channel."""
        priority = send.journey.priority
        if (self.least is not None and priority < self.least) or (
            self.below is not None and priority >= self.below
        ):
            return False
        return is_meant(self.pressed, send, channel)

    def counts(self, alias: str) -> exp.Expr | None:
        """Whether a message that was granted is counted (P5); None when each is."""
        conditions: list[exp.Expr] = [] if self.counting_exempt else [exp.Not(this=own("exempt", alias))]
        chosen = selected(self.counted, alias)
        conditions += [] if chosen is None else [chosen]
        return exp.and_(*conditions) if conditions else None

    def begins_before(self, instant: exp.Expr, calendar: str) -> exp.Expr:
        """Whether an instant lies in the window that T is in."""
        if self.unit is None:
            return exp.GT(this=instant, expression=ago(self.period.span))
        return exp.GTE(this=instant, expression=since(self.unit, calendar))

    @property
    def reach(self) -> exp.Expr:
        """An instant before which nothing counts, on whatever clock."""
        return ago(self.period.span if self.unit is None else _LONGEST[self.unit])


@dataclass(frozen=True, slots=True)
class Tally:
    """What several limits count alike, each in its own window; `number` is its place among the tallies. `alike`: all limits that
    count the same messages, whoever shares them; `mine` is the number of the first tally of those."""

    number: int
    limits: tuple[Limit, ...]
    alike: tuple[Limit, ...]
    mine: int

    @property
    def per(self) -> Attribute | None:
        return self.limits[0].per

    @property
    def most(self) -> int:
        """No limit asks for more than the newest so many."""
        return max(limit.count for limit in self.alike)

    def counts(self, alias: str) -> exp.Expr | None:
        return self.limits[0].counts(alias)


def tallies(limits: Iterable[Limit]) -> tuple[Tally, ...]:
    """What is counted for the limits. For a limit of 0 it does not matter what was granted: it is closed whatever was."""
    alike: dict[object, list[Limit]] = {}
    found: dict[tuple[object, Attribute | None], list[Limit]] = {}
    for limit in limits:
        if limit.count:
            messages = (limit.counted, limit.counting_exempt)
            alike.setdefault(messages, []).append(limit)
            found.setdefault((messages, limit.per), []).append(limit)
    first = {messages: number for number, (messages, _) in reversed(list(enumerate(found)))}
    return tuple(
        Tally(number, tuple(some), tuple(alike[messages]), first[messages])
        for number, ((messages, _), some) in enumerate(found.items())
    )


def reach(limits: Iterable[Limit]) -> exp.Expr:
    """An instant before which nothing counts for any of the limits."""
    found = {str(limit.reach.this): limit.reach for limit in limits}
    return least(*(found[name] for name in sorted(found)))


@dataclass(frozen=True, slots=True)
class Word:
    """Limits that are bits of one whole number, the first one the lowest."""

    name: str
    limits: tuple[Limit, ...]


_BITS = 60
"""So many limits find room in a BIGINT, and there is no end to those that a policy may have."""


def words(limits: Sequence[Limit]) -> list[Word]:
    """All limits, in as many words as they need."""
    parts = [tuple(limits[first : first + _BITS]) for first in range(0, len(limits), _BITS)]
    return [Word(f"limits_{number}", part) for number, part in enumerate(parts)]


def pressing(word: Word, policy: checked.Policy, send: SendStep, channel: str) -> int:
    """The limits of a word that speak of a message on a channel; none when the message is exempt (P5)."""
    if is_exempt(policy, send, channel):
        return 0
    return sum(1 << bit for bit, limit in enumerate(word.limits) if limit.presses(send, channel))


def limits_of(policy: checked.Policy, gates: Gates) -> tuple[Limit, ...]:
    """All limits in the order of their gates: preferences, spacing, then caps (P1)."""
    found = (
        *_frequencies(policy.wishes, gates),
        *_spacings(policy.spacing, gates),
        *_caps(policy.caps, gates),
    )
    return tuple(replace(limit, number=number) for number, limit in enumerate(found))


def _frequencies(wishes: Iterable[checked.Wish], gates: Gates) -> Iterator[Limit]:
    for number, wish in enumerate(wishes):
        if wish.period is not None:
            gate = gates.number("wish", number)
            yield Limit(gate, wish.selector, wish.selector, wish.period, 1, wish.condition)


def _spacings(spacings: Iterable[checked.Spacing], gates: Gates) -> Iterator[Limit]:
    """`at least D between A and B`: no B so soon after an A, and no A so soon after a B."""
    for number, rule in enumerate(spacings):
        period = checked.Period("rolling", rule.span)
        gate = gates.number("spacing", number)
        yield Limit(gate, rule.second, rule.first, period, 1)
        if not rule.one_way and rule.first != rule.second:
            yield Limit(gate, rule.first, rule.second, period, 1)


def _caps(caps: Iterable[checked.Cap], gates: Gates) -> Iterator[Limit]:
    for number, cap in enumerate(caps):
        limit = Limit(
            gates.number("cap", number),
            cap.selector,
            cap.selector,
            cap.period,
            cap.count,
            cap.condition,
            cap.per,
            cap.counting_exempt,
        )
        if cap.keep is None:
            yield limit
        else:  # P6: for those who are less important there is room for so many fewer
            kept, important = cap.keep
            yield replace(limit, least=important)
            yield replace(limit, count=cap.count - kept, below=important)


def shares(limits: Iterable[Limit]) -> tuple[Attribute, ...]:
    """The attributes by which contacts share a limit (P6), each once."""
    return tuple(dict.fromkeys(limit.per for limit in limits if limit.per is not None))


def units(limits: Iterable[Limit]) -> tuple[SpanUnit, ...]:
    """The calendar periods that limits count over, each once."""
    return tuple(dict.fromkeys(limit.unit for limit in limits if limit.unit is not None))


def presses(selector: checked.Selector, option: str) -> exp.Expr:
    """Whether a rule of pressure speaks of a message on a channel, and the message is not exempt from them."""
    chosen = selected(selector, option)
    free = exp.Not(this=own("exempt", option))
    return free if chosen is None else exp.and_(free, chosen)


def selected(selector: checked.Selector, alias: str) -> exp.Expr | None:
    """Whether a message (or a logged send) is what a rule speaks of; None when the rule speaks of all."""
    if selector.kind == "all":
        return None
    return exp.EQ(this=own(selector.kind, alias), expression=text(selector.name))
