"""Whether a message may go (P1), and when it may (P7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from parcours.checking import checked
from parcours.clock import to_local, to_utc
from parcours.clock.calendar import period_start
from parcours.clock.span import Span
from parcours.oracle.data import Contact
from parcours.oracle.moments import first_lift, inside, midnight, moved, next_time, shifted
from parcours.oracle.run import Run
from parcours.oracle.terms import Scene, holds, value

_ALL_DAYS = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True)
class Grant:
    """P5: as it was then."""

    at: datetime
    contact: Contact
    channel: str
    purpose: str
    topic: str
    journey: str
    message: str
    exempt: bool
    cost: Decimal


class Closed(NamedTuple):
    """A gate that stops a message; final without an instant at which it can lift."""

    reason: str
    rule: str
    place: object
    lift: datetime | None = None


class Gates:
    """The policy (always the newest), and all that was granted."""

    def __init__(self, project: checked.CheckedProject) -> None:
        self.policy = project.policy
        self.messages = {message.name: message for message in project.messages}
        self.grants: list[Grant] = []

    def closed(
        self, run: Run, step: checked.Send, channel: checked.Channel, scene: Scene
    ) -> Iterator[Closed]:
        """P1: the gates that are closed, in order; all but the budget."""
        message, policy, at, zone = self.messages[step.message], self.policy, scene.at, scene.zone
        if value(channel.address, scene) in (None, ""):
            yield Closed("unreachable", f"address of {channel.name}", channel.address_place)
        if not holds(channel.consent, scene):
            yield Closed("no_consent", f"consent of {channel.name}", channel.consent_place)
        for event, suppressed in channel.suppressed:
            if holds(suppressed, scene):
                yield Closed("suppressed", event, channel.place)
        if step.unless is not None and holds(step.unless, scene):
            yield Closed("unless", f"unless of {step.name}", step.place)
        if message.expires and at > shifted(run.arrived, message.expires, 1, scene.world.zone):
            yield Closed("expired", f"{message.name} expires after {message.expires}", message.place)
        grant = self.grant(run, step, channel, at)
        rules = not grant.exempt  # an exempt message passes by the rules of the pressure block
        for never in policy.never:
            if rules and selects(never.selector, grant) and holds(never.condition, scene):
                yield Closed("never", never.text, never.place)
        for quiet in channel.quiet:
            if until := quiet_until(quiet, at, zone):
                yield Closed("quiet_hours", f"{channel.name}: {quiet.text}", quiet.place, until)
        for cap in policy.caps:
            if rules and selects(cap.selector, grant) and holds(cap.condition, scene):
                yield from self._cap(cap, run, scene)

    def grant(self, run: Run, step: checked.Send, channel: checked.Channel, at: datetime) -> Grant:
        journey, topic = run.journey, self.messages[step.message].topic
        names = (channel.name, journey.purpose, topic, journey.name, step.message)
        grant = Grant(at, run.contact, *names, False, channel.cost)
        exempt = any(selects(selector, grant) for selector in self.policy.exempt)
        return Grant(at, run.contact, *names, exempt, channel.cost)

    def _cap(self, cap: checked.Cap, run: Run, scene: Scene) -> Iterator[Closed]:
        """P4: what was granted in the window, plus this one, stays within the limit."""
        counted = sorted(
            grant.at
            for grant in self.grants
            if grant.contact == run.contact and not grant.exempt and selects(cap.selector, grant)  # P5
        )
        counted = in_period(counted, cap.period, scene.at, scene.world.zone, scene.zone)
        if len(counted) >= cap.count:
            # lifts when so many have fallen out that one more has room; a cap of 0 never does
            lift = lift_of(counted[-cap.count], cap.period, scene, scene.zone) if cap.count else None
            yield Closed("cap", cap.text, cap.place, lift)


def selects(selector: checked.Selector, grant: Grant) -> bool:
    return selector.kind == "all" or getattr(grant, selector.kind) == selector.name


def in_period(
    instants: Sequence[datetime], period: checked.Period, now: datetime, project_zone: str, zone: str
) -> list[datetime]:
    """P4: those in the window of T, rolling or of the calendar of a zone."""
    if period.kind == "calendar":
        begin = period_start(zone, period.span.unit, now)
        return [at for at in instants if begin <= at]
    begin = shifted(now, period.span, -1, project_zone)
    return [at for at in instants if begin < at]


def lift_of(at: datetime, period: checked.Period, scene: Scene, zone: str) -> datetime:
    """P7: when an instant falls out of the window, or when the next period of the calendar begins."""
    if period.kind == "rolling":
        return first_lift(at, period.span, scene.world.zone)
    begin = midnight(to_local(zone, period_start(zone, period.span.unit, scene.at)))
    return to_utc(zone, moved(begin, Span(1, period.span.unit), 1))


def quiet_until(quiet: checked.Quiet, at: datetime, zone: str) -> datetime | None:
    """P1: on the contact's clock; of days in a row, until the last one is over."""
    if not quiet.days:
        return inside(quiet.start, quiet.end, _ALL_DAYS, at, zone)
    until = None
    while end := inside(0, 0, quiet.days, until or at, zone):
        until = end
    return until
