"""What a rule that stopped a message looked at, with the values and counts of that instant (LANGUAGE.md P1, P9).

The state keeps the rule's words and place as they were. What is counted for it is counted anew from the outbox, which
never changes, by the rule of the same words that the files have now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from parcours.checking import checked
from parcours.checking.parts import parts
from parcours.checking.terms import Count, Nth, Term
from parcours.clock import to_local, to_utc
from parcours.explaining.context import Context
from parcours.explaining.evidence import asked, needed, shown
from parcours.explaining.pressing import Pressing
from parcours.explaining.records import Decision
from parcours.explaining.story import Fact
from parcours.oracle.answers import best_hour, best_hour_begins
from parcours.oracle.gates import free_day, next_day, opens, quiet_until
from parcours.oracle.run import Run
from parcours.oracle.terms import Scene, chosen, midnight, value

REASONS = {
    "unreachable": "no address",
    "no_consent": "no consent",
    "suppressed": "suppressed",
    "unless": "`unless` holds",
    "expired": "expired",
    "stale_data": "the data is not fresh",
    "never": "a rule says never",
    "preference": "the contact prefers otherwise",
    "quiet_hours": "quiet hours",
    "opening_hours": "out of opening hours",
    "best_hour": "the contact answers best at another hour",
    "spacing": "too soon after another message",
    "cap": "the cap is used up",
    "capacity": "the channel is full",
    "budget": "the budget is used up",
    "kept_too_long": "held for too long",
    "gone": "gone from the files",
    "skipped": "skipped after a pause",
}
"""The reasons of P1 in words."""


@dataclass(frozen=True, slots=True)
class Told:
    """`facts`: what the rule looked at; `change`: what would have to be otherwise; or `free_at`: when the rule lets it
    through by itself."""

    facts: tuple[Fact, ...] = ()
    change: str = ""
    free_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The rule that stopped a message by a channel, and the run that was to send it."""

    reason: str
    rule: str
    channel: str
    decision: Decision
    step: checked.Send | None
    run: Run


class Rules:
    """Explains by the policy of today."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._policy = context.project.policy
        self._channels = {channel.name: channel for channel in self._policy.channels}
        self._messages = {message.name: message for message in context.project.messages}
        self._pressing = Pressing(context)
        self._ways: dict[str, Callable[[Asked], Told | None]] = {
            "unreachable": self._address,
            "no_consent": self._consent,
            "suppressed": self._suppressed,
            "unless": self._unless,
            "expired": self._expired,
            "stale_data": self._stale,
            "never": self._never,
            "preference": self._preference,
            "quiet_hours": self._quiet,
            "opening_hours": self._opening,
            "best_hour": self._best_hour,
            "spacing": self._spacing,
            "cap": self._cap,
            "capacity": self._capacity,
            "budget": self._budget,
            "kept_too_long": self._kept,
            "gone": lambda _: Told(change="the files would have to have it again"),
            "skipped": lambda _: Told(change="`parcours resume` would have to be told `--overdue sent`"),
        }

    def explain(self, what: Asked) -> Told:
        """Of a rule that the files do not have any more there is nothing to tell but its words."""
        told = self._ways[what.reason](what) if what.reason in self._ways else None
        if told is None:
            return Told((Fact("the rule is not in the files any more: what it counted cannot be told"),))
        return told

    # ---- the gates that are final

    def _address(self, what: Asked) -> Told | None:
        channel = self._channels.get(what.channel)
        if channel is None:
            return None
        name, scene = channel.address.name, self._context.scene(what.decision.at, what.run)
        return Told(
            (Fact(f"`{name}`", shown(value(channel.address, scene), scene), todays=True),),
            f"`{name}` of the contact would have to be known",
        )

    def _consent(self, what: Asked) -> Told | None:
        channel = self._channels.get(what.channel)
        if channel is None:
            return None
        scene = self._context.scene(what.decision.at, what.run)
        return Told((asked(channel.consent, scene),), _must(needed(channel.consent, scene)))

    def _suppressed(self, what: Asked) -> Told | None:
        channel = self._channels.get(what.channel)
        found = dict(channel.suppressed) if channel is not None else {}
        if what.rule not in found:
            return None
        scene = self._context.scene(what.decision.at, what.run)
        counts = [part for part in parts(found[what.rule]) if isinstance(part, Count)]
        rows = [row for count in counts for row in chosen(count.events, scene)]
        facts = tuple(Fact(f"the last `{what.rule}`", self._context.local(row.at)) for row in rows[-1:])
        return Told(
            facts, "no message goes by this channel any more: the contact would have to say yes again"
        )

    def _unless(self, what: Asked) -> Told | None:
        if what.step is None or what.step.unless is None:
            return None
        scene = self._context.scene(what.decision.at, what.run)
        return Told((asked(what.step.unless, scene),), _must(needed(what.step.unless, scene, wanted=False)))

    def _expired(self, what: Asked) -> Told | None:
        message = self._messages.get(what.decision.message)
        if message is None or message.expires is None:
            return None
        scene = self._context.scene(what.decision.at, what.run)
        end = scene.shifted(what.run.arrived, message.expires, 1)
        return Told(
            (
                Fact("wanted since", self._context.local(what.run.arrived)),
                Fact("good until", self._context.local(end)),
            ),
            f"it would have to be let through until then, or `{message.name}` would have to expire later",
        )

    def _never(self, what: Asked) -> Told | None:
        never = next((one for one in self._policy.never if one.text == what.rule), None)
        if never is None:
            return None
        scene = self._context.scene(what.decision.at, what.run)
        return Told((asked(never.condition, scene),), _must(needed(never.condition, scene, wanted=False)))

    # ---- those that lift

    def _stale(self, what: Asked) -> Told | None:
        need = next(
            (n for n in what.run.journey.needs if what.rule.startswith(f"needs {n.event} fresh")), None
        )
        if need is None:
            return None
        newest = self._context.world.newest(need.event, what.decision.at)
        known = "never" if newest is None else self._context.local(newest)
        return Told(
            (Fact(f"the newest `{need.event}` of anybody became known", known),),
            f"a newer `{need.event}` would have to be loaded",
        )

    def _quiet(self, what: Asked) -> Told | None:
        channel, at, zone = self._channels.get(what.channel), what.decision.at, self._context.zone
        if channel is None:
            return None
        ends = [q for q in channel.quiet if what.rule == f"{channel.name}: {q.text}"]
        country = self._context.project.holiday_country
        if ends:
            return self._by_clock(at, quiet_until(ends[0], at, zone))
        is_holiday = channel.quiet_holidays is not None and country is not None
        return self._by_clock(at, free_day(country, at, zone)) if is_holiday and country else None

    def _opening(self, what: Asked) -> Told | None:
        channel = self._channels.get(what.channel)
        if channel is None or not channel.opening:
            return None
        return self._by_clock(what.decision.at, opens(channel.opening, what.decision.at, self._context.zone))

    def _best_hour(self, what: Asked) -> Told | None:
        if what.step is None or what.step.best_hour is None:
            return None
        scene = self._context.scene(what.decision.at, what.run)
        hour, is_own = best_hour(scene)
        if hour is None:
            return None
        whose = "the contact answers" if is_own else "nothing is known of the contact, and everybody answers"
        told = self._by_clock(scene.at, best_hour_begins(what.run, what.step, None, scene))
        return replace(told, facts=(Fact(f"{whose} best from", f"{hour:02}:00"), *told.facts))

    def _by_clock(self, at: datetime, until: datetime | None) -> Told:
        there = to_local(self._context.zone, at)
        facts = (Fact("the contact's clock showed", f"{there:%A %H:%M}"),)
        return Told(facts, free_at=until)

    def _preference(self, what: Asked) -> Told | None:
        name = what.rule.removeprefix("honour preferences: ")
        wish = next((one for one in self._policy.wishes if one.text == name), None)
        if wish is None:
            return None
        scene = self._context.scene(what.decision.at, what.run)
        if wish.until is not None:
            said = value(wish.until, scene)
            facts: tuple[Fact, ...] = (Fact("the contact asked for a break until", shown(said, scene)),)
            return Told(facts, free_at=_begin(said, scene.zone))
        assert wish.condition is not None
        facts = _said(wish.condition, scene)
        if wish.period is None:
            free_at = next_day(*wish.season, scene.at, scene.zone) if wish.season is not None else None
            return Told(facts, "" if free_at else "the contact would have to say something else", free_at)
        counted = self._pressing.of_wish(wish, what.decision)
        return Told((*facts, counted.fact), counted.change, counted.free_at)

    def _spacing(self, what: Asked) -> Told | None:
        found = next((one for one in self._policy.spacing if one.text == what.rule), None)
        if found is None:
            return None
        counted = self._pressing.of_spacing(found, what.decision)
        return Told((counted.fact,), counted.change, counted.free_at)

    def _cap(self, what: Asked) -> Told | None:
        cap = next((one for one in self._policy.caps if one.text == what.rule), None)
        if cap is None:
            return None
        scene = self._context.scene(what.decision.at, what.run)
        facts: tuple[Fact, ...] = () if cap.condition is None else (asked(cap.condition, scene),)
        facts += () if cap.per is None else (Fact(f"counted over all who share `{cap.per.name}`"),)
        counted = self._pressing.of_cap(cap, what.decision, what.run.journey.priority)
        return Told((*facts, counted.fact), counted.change, counted.free_at)

    def _capacity(self, what: Asked) -> Told | None:
        channel = self._channels.get(what.channel)
        kinds = channel.capacity if channel is not None else ()
        found = next((one for one in kinds if what.rule == f"{what.channel}: {one.text}"), None)
        if found is None:
            return None
        counted = self._pressing.of_capacity(found, what.channel, what.decision)
        return Told((counted.fact,), counted.change, counted.free_at)

    def _budget(self, what: Asked) -> Told | None:
        if what.run.journey.budget is None:
            return None
        counted = self._pressing.of_budget(*what.run.journey.budget, what.decision)
        return Told((counted.fact,), counted.change, counted.free_at)

    def _kept(self, what: Asked) -> Told | None:
        held = [
            d
            for d in self._context.records.decisions
            if d.run == what.decision.run
            and d.step == what.decision.step
            and d.decision == "held"
            and what.run.arrived <= d.at < what.decision.at
        ]
        facts = [Fact("wanted since", self._context.local(what.run.arrived))]
        if held:
            facts.append(Fact("held at last because of", f"{REASONS[held[-1].reason]}, `{held[-1].rule}`"))
        return Told(
            tuple(facts), "it would have to be kept for longer (`keep for`), or be let through sooner"
        )


def _begin(until: object, zone: str) -> datetime | None:
    """The instant of a date or instant; a date begins at midnight."""
    if isinstance(until, date) and not isinstance(until, datetime):
        return to_utc(zone, midnight(until))
    return until if isinstance(until, datetime) else None


def _said(wish: Term, scene: Scene) -> tuple[Fact, ...]:
    """P10: what the contact said of itself, and when."""
    facts = []
    for part in parts(wish):
        if isinstance(part, Nth) and (rows := chosen(part.events, scene)):
            when = shown(rows[-1].at, scene)
            said = shown(value(part, scene), scene)
            facts.append(Fact(f"the contact said `{part.field.name}`", said, parts=(Fact(when),)))
    return tuple(facts)


def _must(wishes: str) -> str:
    return f"needed: {wishes}" if wishes else "what is known today would not stop it"
