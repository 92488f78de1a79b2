"""Whether a message may go (P1, P4–P6), and when it may (P7)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from parcours.checking import checked
from parcours.clock import to_local, to_utc
from parcours.clock.calendar import period_start
from parcours.oracle.moments import closes
from parcours.oracle.run import Run
from parcours.oracle.terms import DAY, Scene, holds, midnight, moved, value

_ALL_DAYS = (1, 2, 3, 4, 5, 6, 7)


class Grant(NamedTuple):
    """P5: as it was then."""

    at: datetime
    contact: Any
    channel: str
    purpose: str
    topic: str
    journey: str
    message: str
    cost: Decimal
    exempt: bool = False


class Closed(NamedTuple):
    """A gate that stops a message: for good, without an instant at which it can open."""

    reason: str
    rule: str
    place: object
    lift: datetime | None = None


class Gates:
    """The newest policy, and all that was granted."""

    def __init__(self, project: checked.CheckedProject) -> None:
        self.policy, self.country, self.grants = project.policy, project.holiday_country, list[Grant]()
        self.messages = {message.name: message for message in project.messages}
        self.channels = {channel.name: channel for channel in project.policy.channels}

    def closed(self, run: Run, step: checked.Send, name: str, scene: Scene) -> Iterator[Closed]:
        """P1: the gates that are closed, in order; all but the budget."""
        message, channel, at = self.messages[step.message], self.channels[name], scene.at
        if value(channel.address, scene) in (None, ""):
            yield Closed("unreachable", f"address of {name}", channel.address_place)
        if not holds(channel.consent, scene):
            yield Closed("no_consent", f"consent of {name}", channel.consent_place)
        for event, suppressed in channel.suppressed:
            if holds(suppressed, scene):
                yield Closed("suppressed", event, channel.place)
        if step.unless is not None and holds(step.unless, scene):
            yield Closed("unless", f"unless of {step.name}", step.place)
        if message.expires and at > scene.shifted(run.arrived, message.expires, 1):
            yield Closed("expired", f"{message.name} expires after {message.expires}", message.place)
        grant = self.grant(run, step, name, at)
        for never in self.policy.never:
            if not grant.exempt and selects(never.selector, grant) and holds(never.condition, scene):
                yield Closed("never", never.text, never.place)
        for quiet in channel.quiet:
            if until := quiet_until(quiet, at, scene.zone):
                yield Closed("quiet_hours", f"{name}: {quiet.text}", quiet.place, until)
        for cap in self.policy.caps:
            if not grant.exempt and selects(cap.selector, grant) and holds(cap.condition, scene):
                granted = [g for g in self.grants if g.contact == run.contact and selects(cap.selector, g)]
                counted = in_period((g.at for g in granted if not g.exempt), cap.period, scene, scene.zone)
                if len(counted) >= cap.count:  # P4: with this one, the limit would be passed
                    # opens when so many have fallen out that one has room; a cap of 0 never does
                    lift = lift_of(counted[-cap.count], cap.period, scene, scene.zone) if cap.count else None
                    yield Closed("cap", cap.text, cap.place, lift)

    def grant(self, run: Run, step: checked.Send, name: str, at: datetime) -> Grant:
        topic, cost = self.messages[step.message].topic, self.channels[name].cost
        grant = Grant(at, run.contact, name, run.journey.purpose, topic, run.journey.name, step.message, cost)
        return grant._replace(exempt=any(selects(selector, grant) for selector in self.policy.exempt))


def selects(selector: checked.Selector, grant: Grant) -> bool:
    return selector.kind == "all" or getattr(grant, selector.kind) == selector.name


def in_period(
    instants: Iterable[datetime], period: checked.Period, scene: Scene, zone: str
) -> list[datetime]:
    """P4: in order, those of the window that ends with T, or of the calendar of a zone."""
    if period.kind == "calendar":
        return sorted(at for at in instants if period_start(zone, period.span.unit, scene.at) <= at)
    return sorted(at for at in instants if scene.shifted(scene.at, period.span, -1) < at)


def lift_of(at: datetime, period: checked.Period, scene: Scene, zone: str) -> datetime:
    """P7: when an instant falls out of the window, or when the next period of the calendar begins."""
    if period.kind == "calendar":
        begun = to_local(zone, period_start(zone, period.span.unit, scene.at))
        return to_utc(zone, moved(midnight(begun), period.span, 1))
    lift, project = scene.shifted(at, period.span, 1), scene.world.zone
    while (
        scene.shifted(lift, period.span, -1) < at
    ):  # the end of a shorter month: T - D gets there a day later
        lift = to_utc(project, midnight(to_local(project, lift)) + DAY)
    return lift


def quiet_until(quiet: checked.Quiet, at: datetime, zone: str) -> datetime | None:
    """On the contact's clock; of quiet days in a row, until the last one is over."""
    if not quiet.days:
        return closes(quiet.start, quiet.end, _ALL_DAYS, at, zone)
    until = None
    while end := closes(0, 0, quiet.days, until or at, zone):
        until = end
    return until
