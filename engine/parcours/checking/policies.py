"""Channels, pressure and messages as written ─► the checked policy (LANGUAGE.md section 6)."""

from parcours.checking import checked
from parcours.checking.journeys import PURPOSES
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
from parcours.checking.values import Values, span_of
from parcours.clock.span import Span
from parcours.model import policy as written
from parcours.model.project import Project
from parcours.model.vocabulary import Message

SUPPRESSING_EVENTS = ("opt_out", "complaint", "bounce")
"""Events of these names close a channel for a contact: the one in the event's text field `channel`, or every
channel when there is no such field or it is unknown."""

DEFAULT_KEEP_HELD = Span(2, "day")


def check_policy(project: Project, values: Values) -> checked.Policy:
    """The channels that are whole and the rules that the executor can apply; the rest is among the findings."""
    channels = tuple(
        channel
        for _, declared in sorted(values.vocabulary.channels.items())
        if (channel := _channel(declared, values))
    )
    rules = _Rules(values)
    for pressure in (d for d in project.declarations if isinstance(d, written.Pressure)):
        for rule in pressure.rules:
            rules.add(rule)
    return checked.Policy(
        channels,
        tuple(rules.exempt),
        tuple(rules.never),
        tuple(rules.caps),
        rules.keep_held or DEFAULT_KEEP_HELD,
    )


def check_messages(declared: dict[str, Message]) -> tuple[checked.Message, ...]:
    return tuple(
        checked.Message(
            name,
            message.topic.text if message.topic else "",
            span_of(message.expires) if message.expires else None,
            message.name.place,
        )
        for name, message in sorted(declared.items())
    )


def _channel(channel: written.Channel, values: Values) -> checked.Channel | None:
    findings = values.findings
    name = channel.name
    for clause, what in ((channel.opening, "opening hours"), (channel.capacity, "the capacity of a channel")):
        for item in clause:
            findings.unsupported(what, item.place)
    if channel.address is None:
        findings.add("missing-address", f"the channel `{name}` has no address", name.place)
    if channel.consent is None:
        findings.add("missing-consent", f"the channel `{name}` has no consent", name.place)
    address = values.path(channel.address, OUTSIDE) if channel.address else None
    consent = values.predicate(channel.consent, OUTSIDE) if channel.consent else None
    if channel.address and address is not None and not isinstance(address, Attribute):
        findings.add("wrong-type", "an address is an attribute of the contact", channel.address.place)
    quiet = tuple(found for q in channel.quiet if (found := _quiet(q, values)))
    if not isinstance(address, Attribute) or consent is None or not channel.address or not channel.consent:
        return None
    return checked.Channel(
        name=name.text,
        address=address,
        consent=consent,
        suppressed=_suppressed(name.text, values),
        quiet=quiet,
        place=name.place,
        consent_place=channel.consent.place,
        address_place=channel.address.place,
    )


def _suppressed(channel: str, values: Values) -> tuple[tuple[str, Term], ...]:
    found = []
    for event in SUPPRESSING_EVENTS:
        table = values.catalog.events.get(event)
        if table is None:
            continue
        closes: Term | None = None
        if "channel" in table.columns and table.columns["channel"].kind == "text":
            field = Field("channel", "text")
            closes = Or((Not(Known(field)), Compare("=", field, Constant(channel, "text"))))
        found.append((event, happened(Events(event, closes, Window("ever")))))
    return tuple(found)


def _quiet(quiet: written.Quiet, values: Values) -> checked.Quiet | None:
    text = values.findings.text(quiet.place)
    match quiet:
        case written.QuietHours():
            start, end = values.minutes(quiet.start), values.minutes(quiet.end)
            if start is None or end is None:
                return None
            return checked.Quiet(text, start, end, (), quiet.place)
        case written.QuietDays():
            return checked.Quiet(text, 0, 0, quiet.days.numbers, quiet.place)
        case written.QuietHolidays():
            values.findings.unsupported("`quiet on holidays`", quiet.place)
            return None


class _Rules:
    """The rules of the pressure declarations, in the order written."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._findings = values.findings
        self.exempt: list[checked.Selector] = []
        self.never: list[checked.Never] = []
        self.caps: list[checked.Cap] = []
        self.keep_held: Span | None = None

    def add(self, rule: written.PressureRule) -> None:
        match rule:
            case written.Exempt():
                if selector := self._selector(rule.selector):
                    self.exempt.append(selector)
            case written.Cap():
                self._cap(rule)
            case written.Never():
                selector = self._selector(rule.selector)
                condition = self._values.predicate(rule.condition, OUTSIDE)
                if selector and condition:
                    text = self._findings.text(rule.place)
                    self.never.append(checked.Never(text, selector, condition, rule.place))
            case written.KeepHeld():
                self.keep_held = span_of(rule.duration)
            case written.Arbitrate():
                # nothing is learned yet, so every expected value is 0 (P2): `then value` changes nothing
                if rule.by[0].text != "priority":
                    self._findings.unsupported("`arbitrate by value`", rule.place)
            case written.LostContact():
                pass  # a cost that only expected values read (P2)
            case written.Spacing() | written.NotAfter():
                self._findings.unsupported("spacing between messages", rule.place)
            case written.HonourPreferences():
                self._findings.unsupported("`honour preferences`", rule.place)

    def _cap(self, rule: written.Cap) -> None:
        selector = self._selector(rule.selector)
        condition = self._values.predicate(rule.condition, OUTSIDE) if rule.condition else None
        unsupported = (
            (rule.period.kind == "calendar", "caps per calendar period", rule.period.place),
            (rule.per is not None, "caps per household or other attribute", rule.place),
            (rule.keep is not None, "`keep … for priority`", rule.place),
            (rule.counting_exempt, "`counting exempt`", rule.place),
        )
        for there, what, place in unsupported:
            if there:
                self._findings.unsupported(what, place)
        if selector is None or (rule.condition is not None and condition is None):
            return
        text = self._findings.text(rule.place)
        span = span_of(rule.period.duration)
        if span.count < 1:
            self._findings.add("bad-number", "a window is at least 1 long", rule.period.place)
            return
        self.caps.append(checked.Cap(text, rule.count, selector, span, condition, rule.place))

    def _selector(self, selector: written.Selector) -> checked.Selector | None:
        vocabulary, name = self._values.vocabulary, selector.name
        if selector.kind == "name":
            if name.text in ("message", "messages"):
                return checked.Selector("all", "")
            for candidate in (name.text, name.text.removesuffix("s")):
                if candidate in vocabulary.channels:
                    return checked.Selector("channel", candidate)
            known = [*vocabulary.channels, "messages"]
            self._findings.unknown("unknown-channel", f"`{name}` is no channel", name.place, name.text, known)
            return None
        topics = {m.topic.text for m in vocabulary.messages.values() if m.topic}
        known_names = {
            "purpose": ("unknown-purpose", set(PURPOSES)),
            "topic": ("unknown-name", topics),
            "journey": ("unknown-journey", set(vocabulary.journeys)),
            "message": ("unknown-message", set(vocabulary.messages)),
        }
        code, names = known_names[selector.kind]
        if name.text not in names:
            self._findings.unknown(code, f"`{name}` is no {selector.kind}", name.place, name.text, names)
            return None
        return checked.Selector(selector.kind, name.text)
