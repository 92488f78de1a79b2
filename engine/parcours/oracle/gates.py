"""Whether a message may go (P1, P4, P5), and when it may (P7)."""

from bisect import bisect_left
from collections import namedtuple
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from parcours.checking import checked
from parcours.checking.terms import Attribute
from parcours.clock import to_local, to_utc
from parcours.clock.calendar import period_start
from parcours.clock.holidays import holidays_of
from parcours.oracle.answers import best_hour_begins
from parcours.oracle.moments import closes
from parcours.oracle.run import Run
from parcours.oracle.terms import DAY, Scene, holds, midnight, moved, value

# P5: a message as it was when it was granted; and a gate that stops one, for good when it has no lift
Grant = namedtuple("Grant", "at contact channel purpose topic journey message cost exempt run")
Turn = tuple[int, int]
Closed = namedtuple("Closed", "reason rule place lift", defaults=[None])


class Gates:
    """The newest policy (T18), and all that was granted."""

    def __init__(self, project: checked.CheckedProject) -> None:
        self.grants: list[Grant] = []
        # by contact and message: when it was granted last, and with which of its subjects
        self.subjects: dict[tuple[Any, str], tuple[datetime, int]] = {}
        # journeys and turns in which somebody's message did not fit a budget
        self.full: set[tuple[str, Turn]] = set()
        self.follow(project)

    def follow(self, project: checked.CheckedProject) -> None:
        self.policy, self.country = project.policy, project.holiday_country
        self.messages = {message.name: message for message in project.messages}
        self.channels = {channel.name: channel for channel in project.policy.channels}

    def closed(self, run: Run, step: checked.Send, name: str, scene: Scene) -> Iterator[Closed]:
        """P1: the gates that are closed, in order; all but the budget."""
        message, channel = self.messages.get(step.message), self.channels.get(name)
        if message is None or channel is None:  # T18
            gone = f"message {step.message}" if message is None else f"channel {name}"
            yield Closed("gone", gone, step.place)
            return
        if run.skips:
            yield Closed("skipped", "overdue after a pause: skipped", "parcours resume")  # T19
        grant = self.grant(run, step, name, scene.at)
        yield from self._unreachable(channel, scene)
        yield from self._pointless(run, step, message, scene)
        if not grant.exempt:
            yield from self._unwanted(run, grant, scene)
        yield from self._shut(channel, scene)
        yield from self._at_another_hour(run, step, message, scene)
        if not grant.exempt:
            yield from self._too_soon(grant, scene)
            yield from self._too_many(run, grant, scene)
        yield from self._full(channel, scene)

    def _unreachable(self, channel: checked.Channel, scene: Scene) -> Iterator[Closed]:
        if value(channel.address, scene) in (None, ""):
            yield Closed("unreachable", f"address of {channel.name}", channel.address_place)
        if not holds(channel.consent, scene):
            yield Closed("no_consent", f"consent of {channel.name}", channel.consent_place)
        for event, suppressed in channel.suppressed:
            if holds(suppressed, scene):
                yield Closed("suppressed", event, channel.place)

    def _pointless(
        self, run: Run, step: checked.Send, message: checked.Message, scene: Scene
    ) -> Iterator[Closed]:
        at = scene.at
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

    def _unwanted(self, run: Run, grant: Grant, scene: Scene) -> Iterator[Closed]:
        for never in self.policy.never:
            if selects(never.selector, grant) and holds(never.condition, scene):
                yield Closed("never", never.text, never.place)
        for wish in self.policy.wishes:
            if selects(wish.selector, grant) and (lift := self.wished(wish, run, scene)):
                yield Closed("preference", f"honour preferences: {wish.text}", wish.place, lift)

    def _shut(self, channel: checked.Channel, scene: Scene) -> Iterator[Closed]:
        at, zone, name = scene.at, scene.zone, channel.name
        for quiet in channel.quiet:
            if until := quiet_until(quiet, at, zone):
                yield Closed("quiet_hours", f"{name}: {quiet.text}", quiet.place, until)
        if channel.quiet_holidays and self.country and (until := free_day(self.country, at, zone)):
            yield Closed("quiet_hours", f"{name}: quiet on holidays", channel.quiet_holidays, until)
        if until := opens(channel.opening, at, zone):
            rule = f"{name}: {', '.join(opening.text for opening in channel.opening)}"
            yield Closed("opening_hours", rule, channel.opening[0].place, until)

    def _at_another_hour(
        self, run: Run, step: checked.Send, message: checked.Message, scene: Scene
    ) -> Iterator[Closed]:
        expires = scene.shifted(run.arrived, message.expires, 1) if message.expires else None
        if begins := best_hour_begins(run, step, expires, scene):
            yield Closed("best_hour", f"at best hour within {step.best_hour}", step.place, begins)

    def _too_soon(self, grant: Grant, scene: Scene) -> Iterator[Closed]:
        for spacing in self.policy.spacing:
            ways = [(spacing.first, spacing.second), (spacing.second, spacing.first)]
            period, both = checked.Period("rolling", spacing.span), 1 if spacing.one_way else 2
            near = [
                earlier.at
                for before, after in ways[:both]
                if selects(after, grant)
                for earlier in self.granted(period, scene, scene.zone)
                if earlier.contact == grant.contact and selects(before, earlier) and not earlier.exempt
            ]
            if near:
                lift = lift_of(max(near), period, scene, scene.zone)
                yield Closed("spacing", spacing.text, spacing.place, lift)

    def _too_many(self, run: Run, grant: Grant, scene: Scene) -> Iterator[Closed]:
        for cap in self.policy.caps:
            if selects(cap.selector, grant) and holds(cap.condition, scene):
                limit = cap.count
                if cap.keep and run.journey.priority < cap.keep[1]:
                    limit -= cap.keep[0]  # P6
                granted = self.granted(cap.period, scene, scene.zone)
                counted = [grant.at for grant in granted if counts(cap, grant, scene)]
                if len(counted) >= limit:  # P4: with this one, it would be passed
                    # opens when so many have fallen out that one has room; a cap of 0 never does
                    lift = lift_of(counted[-limit], cap.period, scene, scene.zone) if limit else None
                    yield Closed("cap", cap.text, cap.place, lift)

    def _full(self, channel: checked.Channel, scene: Scene) -> Iterator[Closed]:
        for capacity in channel.capacity:
            zone, limit, grows = scene.world.zone, *self.room(capacity, channel.name, scene.at)
            taken = [g.at for g in self.granted(capacity.period, scene, zone) if g.channel == channel.name]
            if len(taken) >= limit:
                lift = min([lift_of(taken[-limit], capacity.period, scene, zone), *grows])
                yield Closed("capacity", f"{channel.name}: {capacity.text}", capacity.place, lift)

    def wished(self, wish: checked.Wish, run: Run, scene: Scene) -> datetime | None:
        """P10: until when a contact does not want it, if so; of what has no end, until the message is not kept any more."""
        if wish.until is not None:
            until = value(wish.until, scene)
            if until is not None and not isinstance(until, datetime):
                until = to_utc(scene.zone, midnight(until))
            return until if until and until > scene.at else None
        if not holds(wish.condition, scene):
            return None
        if wish.period is not None:
            sent = self.granted(wish.period, scene, scene.zone)
            last = [g.at for g in sent if counts(wish, g, scene)]
            return lift_of(last[-1], wish.period, scene, scene.zone) if last else None
        return next_day(*wish.season, scene.at, scene.zone) if wish.season else run.keep_until

    def room(self, capacity: checked.Capacity, name: str, at: datetime) -> tuple[int, list[datetime]]:
        """How many messages a channel takes now; and when it takes more, if it does."""
        first = next((grant.at for grant in self.grants if grant.channel == name), at)
        if capacity.doubling is None:
            return capacity.count, []
        (every, most), times = capacity.doubling, (at - first) // capacity.doubling[0].exact
        limit = min(capacity.count * 2**times, most)
        return limit, [first + (times + 1) * every.exact] if limit < most else []

    def over_budget(self, run: Run, grant: Grant, turn: Turn, scene: Scene) -> Closed | None:
        """P1, the last gate. Nobody behind one whose message does not fit, in journey and turn, overtakes."""
        if run.journey.budget is None:
            return None
        (amount, period), zone, line = run.journey.budget, scene.world.zone, (run.journey.name, turn)
        spent = [g for g in self.granted(period, scene, zone) if g.journey == grant.journey and g.cost]
        if sum(g.cost for g in spent) + grant.cost <= amount and line not in self.full:
            return None
        self.full.add(line)
        lift = lift_of(spent[0].at, period, scene, zone) if spent else run.keep_until
        return Closed(
            "budget", f"budget of {grant.journey}", run.journey.budget_place or run.journey.place, lift
        )

    def subject(self, grant: Grant) -> int | None:
        """The next in turn of those that the message has, and never the one that the contact had last."""
        message = self.messages[grant.message]
        if len(message.subjects) < 2:
            return None
        at, last = self.subjects.get((grant.contact, message.name), (datetime.min, -1))
        which = (last + 1 if grant.at - timedelta(days=366) < at else 0) % len(message.subjects)
        self.subjects[grant.contact, message.name] = grant.at, which
        return which

    def granted(self, period: checked.Period, scene: Scene, zone: str) -> list[Grant]:
        first = bisect_left(self.grants, begins(period, scene, zone), key=lambda grant: grant.at)
        return self.grants[first:]

    def grant(self, run: Run, step: checked.Send, name: str, at: datetime) -> Grant:
        message, channel, journey = self.messages.get(step.message), self.channels.get(name), run.journey
        topic, cost = message.topic if message else "", channel.cost if channel else checked.NO_COST
        grant = Grant(
            at, run.contact, name, journey.purpose, topic, journey.name, step.message, cost, False, run
        )
        return grant._replace(exempt=any(selects(selector, grant) for selector in self.policy.exempt))


def counts(rule: checked.Cap | checked.Wish, grant: Grant, scene: Scene) -> bool:
    """P5: one that is exempt only if the cap says so. P6: all who share the attribute count together."""
    own, theirs, per, exempt = scene.contact, grant.contact, None, grant.exempt
    if isinstance(rule, checked.Cap):
        per, exempt = rule.per, exempt and not rule.counting_exempt
    if exempt or not selects(rule.selector, grant):
        return False
    return own == theirs or (per is not None and share(per, own, scene) == share(per, theirs, scene))


def share(per: Attribute, contact: Any, scene: Scene) -> tuple[str, Any]:
    """P6: what a contact has in common with others; those of whom it is unknown share with nobody."""
    known = scene.world.attribute(contact, per.name)
    return ("alone", contact) if known is None else ("shared", known)


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


def opens(openings: Sequence[checked.Opening], at: datetime, zone: str) -> datetime | None:
    """Where none is open: when the first begins. If the clock shows that twice, the first of the two may have passed."""
    if not openings or any(closes(one.start, one.end, one.days, at, zone) for one in openings):
        return None
    now, week = to_local(zone, at), range(8)
    begins = [
        midnight(now) + ahead * DAY + timedelta(minutes=one.start)
        for one in openings
        for ahead in week
        if (midnight(now) + ahead * DAY).isoweekday() in one.days
    ]
    first = min(begin for begin in begins if begin > now)
    return to_utc(zone, first) if to_utc(zone, first) > at else at + (first - now)


def next_day(month: int, day: int, at: datetime, zone: str) -> datetime:
    """When a day of the year begins next; one that the year does not have is the one after."""
    now = to_local(zone, at)
    begins = [datetime(year, month, 1) + (day - 1) * DAY for year in (now.year, now.year + 1)]
    return to_utc(zone, next(begin for begin in begins if begin > now))


def full_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
