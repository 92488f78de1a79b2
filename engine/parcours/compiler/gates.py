"""The gates of P1, numbered: what can stop a message, by which rule, and whether it can pass later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parcours.checking import checked
from parcours.clock.span import Span
from parcours.compiler.routes import Routes
from parcours.diagnostics import Place

GONE = "gone"
SKIPPED = "skipped"
UNREACHABLE = "unreachable"
NO_CONSENT = "no_consent"
SUPPRESSED = "suppressed"
UNLESS = "unless"
EXPIRED = "expired"
STALE_DATA = "stale_data"
NEVER = "never"
PREFERENCE = "preference"
QUIET_HOURS = "quiet_hours"
OPENING_HOURS = "opening_hours"
BEST_HOUR = "best_hour"
SPACING = "spacing"
CAP = "cap"
CAPACITY = "capacity"
BUDGET = "budget"
KEPT_TOO_LONG = "kept_too_long"


@dataclass(frozen=True, slots=True)
class Gate:
    """`rule` and `place`: what the user wrote, and where. A final gate never lifts; the others hold the message."""

    number: int
    reason: str
    rule: str
    place: str
    final: bool


@dataclass(frozen=True, slots=True)
class SendStep:
    """A send of one version, with the two ways out of it. `message` is None when an older version sends what the files do
    not have any more (T18)."""

    version: int
    node: int
    journey: checked.Journey
    step: checked.Send
    message: checked.Message | None
    sent: int
    not_sent: int

    @property
    def topic(self) -> str:
        return "" if self.message is None else self.message.topic

    @property
    def is_several(self) -> bool:
        """It sends on several channels, each on its own."""
        return self.step.choice == "all_of"

    @property
    def tries(self) -> int:
        """How many channels it tries one after the other."""
        return 1 if self.is_several else len(self.step.channels)

    @property
    def expires(self) -> Span | None:
        return None if self.message is None else self.message.expires


class Gates:
    """All gates of a project, in the order of P1, found by what they stand for."""

    def __init__(self, policy: checked.Policy, sends: Sequence[SendStep], *, skipping: bool = False) -> None:
        self.gates: list[Gate] = []
        self._numbers: dict[tuple[object, ...], int] = {}
        self.gone: list[tuple[SendStep, str]] = []  # with a channel by which nothing can be sent
        known = {channel.name for channel in policy.channels}
        for s in sends:
            for channel in s.step.channels:
                if s.message is None or channel not in known:
                    what = f"message {s.step.message}" if s.message is None else f"channel {channel}"
                    self._add(("gone", s.version, s.node, channel), GONE, what, s.step.place, final=True)
                    self.gone.append((s, channel))
        if skipping:
            # T19: nobody wrote it into a file; the place is the command that asked for it
            self._add(("skipped",), SKIPPED, "overdue after a pause: skipped", "parcours resume", final=True)
        for c in policy.channels:
            self._add(("address", c.name), UNREACHABLE, f"address of {c.name}", c.address_place, final=True)
        for c in policy.channels:
            self._add(("consent", c.name), NO_CONSENT, f"consent of {c.name}", c.consent_place, final=True)
        for c in policy.channels:
            for event, _ in c.suppressed:
                self._add(("closed", c.name, event), SUPPRESSED, event, c.place, final=True)
        for s in sends:
            place = s.step.place
            if s.step.unless is not None:
                self._add(
                    ("unless", s.version, s.node), UNLESS, f"unless of {s.step.name}", place, final=True
                )
            if s.message is not None and s.message.expires is not None:
                rule = f"{s.message.name} expires after {s.message.expires}"
                self._add(("expired", s.message.name), EXPIRED, rule, s.message.place, final=True)
        for s in sends:
            for number, need in enumerate(s.journey.needs):
                self._add_need(s.version, number, need)
        for number, never in enumerate(policy.never):
            self._add(("never", number), NEVER, never.text, never.place, final=True)
        for number, wish in enumerate(policy.wishes):
            rule = f"honour preferences: {wish.text}"
            self._add(("wish", number), PREFERENCE, rule, wish.place, final=False)
        for c in policy.channels:
            for number, quiet in enumerate(c.quiet):
                rule = f"{c.name}: {quiet.text}"
                self._add(("quiet", c.name, number), QUIET_HOURS, rule, quiet.place, final=False)
            if c.quiet_holidays is not None:
                rule = f"{c.name}: quiet on holidays"
                self._add(("holidays", c.name), QUIET_HOURS, rule, c.quiet_holidays, final=False)
            if c.opening:
                # the channel is closed outside of all of them: they are one rule, told by the first
                rule = f"{c.name}: {', '.join(opening.text for opening in c.opening)}"
                self._add(("opening", c.name), OPENING_HOURS, rule, c.opening[0].place, final=False)
        for s in sends:
            if s.step.best_hour is not None:
                rule = f"at best hour within {s.step.best_hour}"
                self._add(("best hour", s.version, s.node), BEST_HOUR, rule, s.step.place, final=False)
        for number, spacing in enumerate(policy.spacing):
            self._add(("spacing", number), SPACING, spacing.text, spacing.place, final=False)
        for number, cap in enumerate(policy.caps):
            # P4: a cap of 0 means never
            self._add(("cap", number), CAP, cap.text, cap.place, final=cap.count == 0)
        for c in policy.channels:
            for number, capacity in enumerate(c.capacity):
                rule = f"{c.name}: {capacity.text}"
                self._add(("capacity", c.name, number), CAPACITY, rule, capacity.place, final=False)
        for s in sends:
            if s.journey.budget is not None:
                place = s.journey.budget_place or s.journey.place
                self._add(("budget", s.version), BUDGET, f"budget of {s.journey.name}", place, final=False)
        for s in sends:
            kept = s.step.keep_for
            rule = f"keep for {kept}" if kept else f"keep held messages for {policy.keep_held}"
            self._add(("kept", s.version, s.node), KEPT_TOO_LONG, rule, s.step.place, final=True)

    def number(self, *key: object) -> int:
        return self._numbers[key]

    def lifting(self, reason: str) -> list[int]:
        """The numbers of the gates with this reason that lift."""
        return [gate.number for gate in self.gates if gate.reason == reason and not gate.final]

    def _add_need(self, version: int, number: int, need: checked.Needs) -> None:
        """Two gates for one rule: for as long as it is waited for, and after that."""
        rule = f"needs {need.event} fresh within {need.within}"
        if need.wait is not None:
            rule += f", else wait up to {need.wait}"
            self._add(("stale", version, number, False), STALE_DATA, rule, need.place, final=False)
        self._add(("stale", version, number, True), STALE_DATA, rule, need.place, final=True)

    def _add(
        self, key: tuple[object, ...], reason: str, rule: str, place: Place | str, *, final: bool
    ) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self.gates)
            self.gates.append(Gate(len(self.gates), reason, rule, str(place), final))
        return self._numbers[key]


def is_exempt(policy: checked.Policy, send: SendStep, channel: str) -> bool:
    """Whether the policy exempts this message on this channel."""
    return any(is_meant(selector, send, channel) for selector in policy.exempt)


def is_meant(selector: checked.Selector, send: SendStep, channel: str) -> bool:
    """Whether a rule speaks of this message on this channel."""
    facts = {
        "all": "",
        "channel": channel,
        "purpose": send.journey.purpose,
        "topic": send.topic,
        "journey": send.journey.name,
        "message": send.step.message,
    }
    return facts[selector.kind] == selector.name


def send_steps(
    routes: Iterable[tuple[int, Routes]], messages: Iterable[checked.Message]
) -> tuple[SendStep, ...]:
    """Every send of every version."""
    by_name = {message.name: message for message in messages}
    return tuple(
        SendStep(
            version,
            node,
            shape.journey,
            step,
            by_name.get(step.message),
            shape.anchor(step.name, "sent").number,
            shape.anchor(step.name, "not sent").number,
        )
        for version, shape in routes
        for node, step in shape.nodes(checked.Send)
        if isinstance(step, checked.Send)
    )
