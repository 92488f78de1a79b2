"""Channels, pressure and messages as written ─► the checked policy (LANGUAGE.md section 6)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from parcours.checking import checked
from parcours.checking.journeys import PURPOSES
from parcours.checking.predicates import Predicates
from parcours.checking.scope import OUTSIDE
from parcours.checking.terms import (
    Attribute,
    Compare,
    Constant,
    Events,
    Field,
    Known,
    Not,
    Or,
    Term,
    Window,
    happened,
)
from parcours.clock.span import Span
from parcours.datamart.catalog import Catalog
from parcours.model import policy as written
from parcours.model.node import Node
from parcours.model.vocabulary import Message

SUPPRESSING_EVENTS = ("opt_out", "complaint", "bounce")
"""Events of these names close a channel for a contact: the one in the event's text field `channel`, or every
channel when there is no such field or it is unknown."""

DEFAULT_KEEP_HELD = Span(2, "day")
_DAY = 24 * 60
_RANKS = ("priority", "value")
_ONCE = {"keep_held": "keep held messages", "arbitrate": "arbitrate", "lost_contact": "a lost contact costs"}


def check_channels(
    channels: Iterable[written.Channel], predicates: Predicates
) -> tuple[checked.Channel, ...]:
    """Those that are whole."""
    return tuple(found for channel in channels if (found := _channel(channel, predicates)))


def check_messages(messages: Iterable[Message], predicates: Predicates) -> tuple[checked.Message, ...]:
    for message in messages:
        if message.live:
            place = message.live[0].place.to(message.live[-1].place)
            predicates.findings.unsupported("`live` content", place)
    return tuple(
        checked.Message(
            message.name.text,
            message.topic.text if message.topic else "",
            predicates.literals.span(message.expires) if message.expires else None,
            message.name.place,
        )
        for message in messages
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """What all pressure declarations together say, as far as the executor can apply it."""

    exempt: tuple[checked.Selector, ...]
    never: tuple[checked.Never, ...]
    caps: tuple[checked.Cap, ...]
    keep_held: Span


def check_pressure(predicates: Predicates) -> Rules:
    rules = _Rules(predicates)
    for pressure in predicates.vocabulary.pressures:
        for rule in pressure.rules:
            rules.add(rule)
    return Rules(
        tuple(rules.exempt), tuple(rules.never), tuple(rules.caps), rules.keep_held or DEFAULT_KEEP_HELD
    )


def _channel(channel: written.Channel, predicates: Predicates) -> checked.Channel | None:
    findings = predicates.findings
    name = channel.name
    for clause, what in ((channel.opening, "opening hours"), (channel.capacity, "the capacity of a channel")):
        for item in clause:
            findings.unsupported(what, item.place)
    if channel.address is None:
        findings.add("missing-address", f"the channel `{name}` has no address", name.place)
    if channel.consent is None:
        findings.add("missing-consent", f"the channel `{name}` has no consent", name.place)
    address = predicates.names.path(channel.address, OUTSIDE) if channel.address else None
    consent = predicates.optional(channel.consent, OUTSIDE)
    if channel.cost is not None:
        predicates.literals.money(channel.cost)
    if channel.address and address is not None and not isinstance(address, Attribute):
        findings.add("wrong-type", "an address is an attribute of the contact", channel.address.place)
    quiet = tuple(found for q in channel.quiet if (found := _quiet(q, predicates)))
    if _is_always(quiet):
        message = f"the channel `{name}` is quiet at every hour of the week: it can send nothing"
        findings.add("bad-number", message, quiet[-1].place, advice="leave some time to send in")
    if not isinstance(address, Attribute) or consent is None or not channel.address or not channel.consent:
        return None
    return checked.Channel(
        name=name.text,
        address=address,
        consent=consent,
        suppressed=_suppressed(name.text, predicates.vocabulary.catalog),
        quiet=quiet,
        place=name.place,
        consent_place=channel.consent.place,
        address_place=channel.address.place,
    )


def _suppressed(channel: str, catalog: Catalog) -> tuple[tuple[str, Term], ...]:
    found = []
    for event in SUPPRESSING_EVENTS:
        table = catalog.events.get(event)
        if table is None:
            continue
        closes: Term | None = None
        if "channel" in table.columns and table.columns["channel"].kind == "text":
            field = Field("channel", "text")
            closes = Or((Not(Known(field)), Compare("=", field, Constant(channel, "text"))))
        found.append((event, happened(Events(event, closes, Window("ever")))))
    return tuple(found)


def _quiet(quiet: written.Quiet, predicates: Predicates) -> checked.Quiet | None:
    text = predicates.findings.text(quiet.place)
    match quiet:
        case written.QuietHours():
            hours = predicates.literals.hours(quiet.start, quiet.end)
            return None if hours is None else checked.Quiet(text, *hours, (), quiet.place)
        case written.QuietDays():
            return checked.Quiet(text, 0, 0, quiet.days.numbers, quiet.place)
        case written.QuietHolidays():
            predicates.findings.unsupported("`quiet on holidays`", quiet.place)
            return None


def _is_always(quiet: tuple[checked.Quiet, ...]) -> bool:
    """Whether the hours cover the day, or the days the week. Hours are the same on all days, so nothing else does."""
    days = {day for q in quiet for day in q.days}
    minutes: set[int] = set()
    for q in quiet:
        if not q.days:
            over_midnight = q.end < q.start
            minutes.update(range(q.start, q.end + (_DAY if over_midnight else 0)))
    return len(days) == 7 or len({minute % _DAY for minute in minutes}) == _DAY


class _Rules:
    """The rules of the pressure declarations, in the order written."""

    def __init__(self, predicates: Predicates) -> None:
        self._predicates = predicates
        self._vocabulary = predicates.vocabulary
        self._literals = predicates.literals
        self._findings = predicates.findings
        self._said: dict[str, Node] = {}
        self.exempt: list[checked.Selector] = []
        self.never: list[checked.Never] = []
        self.caps: list[checked.Cap] = []
        self.keep_held: Span | None = None

    def add(self, rule: written.PressureRule) -> None:
        if rule.kind in _ONCE:
            first = self._said.setdefault(rule.kind, rule)
            if first is not rule:
                message = f"`{_ONCE[rule.kind]}` is said twice"
                self._findings.add(
                    "repeated-clause", message, rule.place, mark=f"first said in {first.place}"
                )
        match rule:
            case written.Exempt():
                if selector := self._selector(rule.selector):
                    self.exempt.append(selector)
            case written.Cap():
                self._cap(rule)
            case written.Never():
                selector = self._selector(rule.selector)
                condition = self._predicates.predicate(rule.condition, OUTSIDE)
                if selector and condition:
                    text = self._findings.text(rule.place)
                    self.never.append(checked.Never(text, selector, condition, rule.place))
            case written.KeepHeld():
                self.keep_held = self._literals.span(rule.duration, may_be_nothing=True)
            case written.Arbitrate():
                self._arbitrate(rule)
            case written.LostContact():
                self._literals.money(
                    rule.cost
                )  # read only by expected values (P2), of which there are none yet
            case written.Spacing():
                self._findings.unsupported("spacing between messages", rule.place)
                self._literals.span(rule.duration)
                self._selector(rule.first)
                self._selector(rule.second)
            case written.NotAfter():
                self._findings.unsupported("spacing between messages", rule.place)
                self._literals.span(rule.duration)
                self._selector(rule.selector)
                self._selector(rule.after)
            case written.HonourPreferences():
                self._findings.unsupported("`honour preferences`", rule.place)

    def _arbitrate(self, rule: written.Arbitrate) -> None:
        for name in rule.by:
            if name.text not in _RANKS:
                message = f"candidates have no `{name}` to rank them by"
                self._findings.unknown("unknown-name", message, name.place, name.text, _RANKS)
        # nothing is learned yet, so every expected value is 0 (P2): `then value` changes nothing
        if rule.by[0].text == "value":
            self._findings.unsupported("`arbitrate by value`", rule.place)

    def _cap(self, rule: written.Cap) -> None:
        selector = self._selector(rule.selector)
        condition = self._predicates.optional(rule.condition, OUTSIDE)
        span = self._literals.span(rule.period.duration)
        if rule.period.kind == "calendar":
            self._findings.unsupported("caps per calendar period", rule.period.place)
        if rule.per is not None:
            self._findings.unsupported("caps per household or other attribute", rule.per.place)
        if rule.keep is not None:
            self._findings.unsupported("`keep … for priority`", rule.keep.place)
        if rule.counting_exempt:
            self._findings.unsupported("`counting exempt`", rule.place)
        if selector is None or (rule.condition is not None and condition is None):
            return
        text = self._findings.text(rule.place)
        period = checked.Period(rule.period.kind, span)
        self.caps.append(checked.Cap(text, rule.count, selector, period, condition, rule.place))

    def _selector(self, selector: written.Selector) -> checked.Selector | None:
        vocabulary, name = self._vocabulary, selector.name
        if selector.kind == "name":
            if name.text in ("message", "messages"):
                return checked.Selector("all", "")
            for candidate in (name.text, name.text.removesuffix("s")):
                if candidate in vocabulary.channels:
                    return checked.Selector("channel", candidate)
            known = [*vocabulary.channels, "messages"]
            self._findings.unknown("unknown-channel", f"`{name}` is no channel", name.place, name.text, known)
            return None
        code, names = self._known(selector.kind)
        if name.text not in names:
            self._findings.unknown(code, f"`{name}` is no {selector.kind}", name.place, name.text, names)
            return None
        return checked.Selector(selector.kind, name.text)

    def _known(self, kind: checked.SelectorKind) -> tuple[str, Collection[str]]:
        """The code of a name that is none of this kind, and those that are."""
        match kind:
            case "purpose":
                return "unknown-purpose", PURPOSES
            case "journey":
                return "unknown-journey", self._vocabulary.journeys
            case "message":
                return "unknown-message", self._vocabulary.messages
        return "unknown-name", {m.topic.text for m in self._vocabulary.messages.values() if m.topic}
