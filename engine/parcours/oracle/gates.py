"""Whether a message may go (P1, P4, P5), and when it may (P7)."""

from collections import namedtuple
from collections.abc import Iterator
from datetime import datetime, timedelta

from parcours.checking import checked
from parcours.clock import to_local, to_utc
from parcours.clock.calendar import period_start
from parcours.clock.holidays import holidays_of
from parcours.oracle.moments import closes
from parcours.oracle.run import Run
from parcours.oracle.terms import DAY, Scene, holds, midnight, moved, value

# P5: a message as it was when it was granted; and a gate that stops one, for good when it has no lift
Grant = namedtuple("Grant", "at contact channel purpose topic journey message cost exempt")
Closed = namedtuple("Closed", "reason rule place lift", defaults=[None])


class Gates:
    """The newest policy (T18), and all that was granted."""

    def __init__(self, project: checked.CheckedProject, grants: list[Grant]) -> None:
        self.policy, self.country, self.grants = project.policy, project.holiday_country, grants
        self.messages = {message.name: message for message in project.messages}
        self.channels = {channel.name: channel for channel in project.policy.channels}
        unknown = [self.policy.spacing, *(c.opening or c.capacity for c in self.channels.values())]
        if self.policy.honours_preferences or any(unknown):
            raise NotImplementedError("spacing, opening hours, capacity, preferences")
        # journeys and ranks in which somebody's message did not fit a budget
        self.full: set[tuple[str, int]] = set()

    def closed(self, run: Run, step: checked.Send, name: str, scene: Scene) -> Iterator[Closed]:
        """P1: the gates that are closed, in order; all but the budget."""
        message, channel, at = self.messages.get(step.message), self.channels.get(name), scene.at
        if message is None or channel is None:  # T18
            gone = f"message {step.message}" if message is None else f"channel {name}"
            yield Closed("gone", gone, step.place)
            return
        if run.skips:
            yield Closed("skipped", "overdue after a pause: skipped", "parcours resume")  # T19
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
        for needs in run.journey.needs:
            if not scene.world.new(needs.event, scene.shifted(at, needs.within, -1), at):
                end = scene.shifted(run.arrived, needs.wait, 1) if needs.wait else at
                lift = min(full_hour(at) + timedelta(hours=1), end) if at < end else None
                rule = f"needs {needs.event} fresh within {needs.within}"
                rule += f", else wait up to {needs.wait}" if needs.wait else ""
                yield Closed("stale_data", rule, needs.place, lift)
        grant = self.grant(run, step, name, at)
        for never in self.policy.never:
            if not grant.exempt and selects(never.selector, grant) and holds(never.condition, scene):
                yield Closed("never", never.text, never.place)
        for quiet in channel.quiet:
            if until := quiet_until(quiet, at, scene.zone):
                yield Closed("quiet_hours", f"{name}: {quiet.text}", quiet.place, until)
        if channel.quiet_holidays and self.country and (until := free_day(self.country, at, scene.zone)):
            yield Closed("quiet_hours", f"{name}: quiet on holidays", channel.quiet_holidays, until)
        for cap in self.policy.caps:
            if not grant.exempt and selects(cap.selector, grant) and holds(cap.condition, scene):
                limit = cap.count
                if cap.keep and run.journey.priority < cap.keep[1]:
                    limit -= cap.keep[0]  # P6
                granted = self.granted(cap.period, scene, scene.zone)
                counted = [grant.at for grant in granted if counts(cap, grant, scene)]
                if len(counted) >= limit:  # P4: with this one, it would be passed
                    # opens when so many have fallen out that one has room; a cap of 0 never does
                    lift = lift_of(counted[-limit], cap.period, scene, scene.zone) if limit else None
                    yield Closed("cap", cap.text, cap.place, lift)

    def over_budget(self, run: Run, grant: Grant, rank: int, scene: Scene) -> Closed | None:
        """P1, the last gate. Nobody behind one whose message does not fit, in journey and rank, overtakes."""
        if run.journey.budget is None:
            return None
        (amount, period), zone, turn = run.journey.budget, scene.world.zone, (run.journey.name, rank)
        spent = [g for g in self.granted(period, scene, zone) if g.journey == grant.journey and g.cost]
        if sum(g.cost for g in spent) + grant.cost <= amount and turn not in self.full:
            return None
        self.full.add(turn)
        lift = lift_of(spent[0].at, period, scene, zone) if spent else run.keep_until
        return Closed(
            "budget", f"budget of {grant.journey}", run.journey.budget_place or run.journey.place, lift
        )

    def granted(self, period: checked.Period, scene: Scene, zone: str) -> list[Grant]:
        return [grant for grant in self.grants if grant.at >= begins(period, scene, zone)]

    def grant(self, run: Run, step: checked.Send, name: str, at: datetime) -> Grant:
        message, channel, journey = self.messages.get(step.message), self.channels.get(name), run.journey
        topic, cost = message.topic if message else "", channel.cost if channel else checked.NO_COST
        grant = Grant(at, run.contact, name, journey.purpose, topic, journey.name, step.message, cost, False)
        return grant._replace(exempt=any(selects(selector, grant) for selector in self.policy.exempt))


def counts(cap: checked.Cap, grant: Grant, scene: Scene) -> bool:
    """P5: one that is exempt only if the cap says so. P6: all who share the attribute count together."""
    own, theirs = scene.contact, grant.contact
    if cap.per is not None:
        shared = scene.world.attribute(own, cap.per.name)
        theirs = (
            own if shared is not None and shared == scene.world.attribute(theirs, cap.per.name) else theirs
        )
    return own == theirs and selects(cap.selector, grant) and (cap.counting_exempt or not grant.exempt)


def selects(selector: checked.Selector, grant: Grant) -> bool:
    return selector.kind == "all" or getattr(grant, selector.kind) == selector.name


def begins(period: checked.Period, scene: Scene, zone: str) -> datetime:
    """P4: the first instant of the window T - D < at, or of the period of a zone's calendar, in which T is."""
    if period.kind == "calendar":
        return period_start(zone, period.span.unit, scene.at)
    return scene.shifted(scene.at, period.span, -1) + datetime.resolution


def lift_of(at: datetime, period: checked.Period, scene: Scene, zone: str) -> datetime:
    """P7: when an instant falls out of the window, or when the next period of the calendar begins."""
    if period.kind == "calendar":
        return to_utc(zone, moved(midnight(to_local(zone, begins(period, scene, zone))), period.span, 1))
    lift, project = scene.shifted(at, period.span, 1), scene.world.zone
    # at the end of a shorter month T - D gets there a day later
    while scene.shifted(lift, period.span, -1) < at:
        lift = to_utc(project, midnight(to_local(project, lift)) + DAY)
    return lift


def quiet_until(quiet: checked.Quiet, at: datetime, zone: str) -> datetime | None:
    """On the contact's clock; of quiet days in a row, until the last one is over."""
    until = closes(quiet.start, quiet.end, quiet.days or range(1, 8), at, zone)
    while quiet.days and until and (end := closes(0, 0, quiet.days, until, zone)):
        until = end
    return until


def free_day(country: str, at: datetime, zone: str) -> datetime | None:
    """Of a holiday: when the first local day begins that is none."""
    day = today = to_local(zone, at).date()
    while day in holidays_of(country):
        day += DAY
    return to_utc(zone, midnight(day)) if day != today else None


def full_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
