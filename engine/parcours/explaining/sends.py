"""What became of a message in a tick, and why: granted, held, or not sent (LANGUAGE.md P1-P10)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from parcours.checking import checked
from parcours.explaining.context import Context, line_of, listed
from parcours.explaining.records import Decision, Stop
from parcours.explaining.rules import REASONS, Asked, Rules
from parcours.explaining.story import Fact, Line
from parcours.explaining.story import Run as RunName
from parcours.oracle.run import Run


class Sends:
    """`delivered`: of each message of the outbox, by its place there, what became of it."""

    def __init__(self, context: Context, delivered: Mapping[int, tuple[Fact, ...]]) -> None:
        self._context = context
        self._delivered = delivered
        self._rules = Rules(context)

    def line(self, one: Decision, run: Run, again: Sequence[datetime] = ()) -> Line:
        """`again`: when a message that was held was looked at once more, with the same answer."""
        step = self._context.step(one.version, one.step)
        send = step if isinstance(step, checked.Send) else None
        name = RunName(one.journey, one.version, one.key, one.entry_at)
        if one.decision == "granted":
            facts = (*self._choice(one, send, run), *_value(one.value), *_details(one, self._context.project))
            facts = (*facts, *self._delivered.get(one.place_in_outbox, ()))
            place = line_of(send.place) if send is not None else ""
            return Line(one.at, "sent", name, f"`{one.message}` is sent by {one.channel}", place, facts)
        told = self._rules.explain(Asked(one.reason, one.rule, one.channel, one, send, run))
        facts = (*told.facts, *self._choice(one, send, run), *_value(one.value), *self._held_since(one, run))
        if again:
            times = "once more" if len(again) == 1 else f"{len(again)} times more"
            facts = (*facts, Fact(f"looked at {times}, the last time", self._context.local(again[-1])))
        due = self._tried_again(one, again)
        if due is not None:
            facts = (*facts, Fact("it is looked at again", self._context.local(due)))
        words = "is held" if one.decision == "held" else "is not sent"
        reason = REASONS.get(one.reason, one.reason.replace("_", " "))
        text = f"`{one.message}` {words} by {one.channel}: {reason}, `{one.rule}`"
        return Line(
            one.at,
            "held" if one.decision == "held" else "not_sent",
            name,
            text,
            line_of(one.place),
            facts,
            told.change or self._free(one, told.free_at),
        )

    def _free(self, one: Decision, free_at: datetime | None) -> str:
        if free_at is None:
            return ""
        local = self._context.local(free_at)
        if one.decision == "held":
            return f"it can go from {local} on, if nothing else closes it"
        return f"kept for longer (`keep for`) it could go from {local} on"

    def _held_since(self, one: Decision, run: Run) -> tuple[Fact, ...]:
        """Of a message that was held, and is given up: since when, and until when it was kept."""
        held = [
            other
            for other in self._context.records.decisions
            if (other.run, other.step, other.decision) == (one.run, one.step, "held")
            and run.arrived <= other.at < one.at
        ]
        if one.decision != "not_sent" or not held:
            return ()
        return (Fact("held since", self._context.local(min(other.at for other in held))),)

    def _tried_again(self, one: Decision, again: Sequence[datetime]) -> datetime | None:
        """When a message is looked at that is still held."""
        last = again[-1] if again else one.at
        if one.decision != "held":
            return None
        return next(
            (
                r.due_at
                for r in self._context.records.resting
                if r.run == one.run and r.step == one.step and r.due_at is not None and r.due_at > last
            ),
            None,
        )

    def _choice(self, one: Decision, send: checked.Send | None, run: Run) -> tuple[Fact, ...]:
        """How one of several channels was come to: how they are answered, and which were closed."""
        facts = []
        if one.rates:
            rates = [Fact(channel, f"{_percent(rate)} answered") for channel, rate in one.rates]
            facts.append(Fact("best of the channels, by how well they are answered", parts=tuple(rates)))
        facts += [
            self._stopped(stop, one, send, run)
            for stop in one.stops
            if (stop.channel, stop.rule) != (one.channel, one.rule)
        ]
        return tuple(facts)

    def _stopped(self, stop: Stop, one: Decision, send: checked.Send | None, run: Run) -> Fact:
        about = replace(one, channel=stop.channel)
        told = self._rules.explain(Asked(stop.reason, stop.rule, stop.channel, about, send, run))
        reason = REASONS.get(stop.reason, stop.reason.replace("_", " "))
        text = f"not by {stop.channel}: {reason}, `{stop.rule}` ({line_of(stop.place)})"
        return Fact(text, parts=told.facts)


def _value(value: Mapping[str, Any] | None) -> tuple[Fact, ...]:
    """P2: the pieces of the expected value by which it was ranked."""
    if value is None:
        return ()
    pieces = (
        Fact(f"the goal is reached by {value['channel']}", _percent(value["probability"])),
        Fact("the goal is worth", _plain(value["worth"])),
        Fact("the message costs", _plain(value["cost"])),
        Fact("the contact is lost", _percent(value["risk"])),
    )
    return (Fact("ranked by its expected value", _plain(value["expected"]), parts=pieces),)


def _details(one: Decision, project: checked.CheckedProject) -> tuple[Fact, ...]:
    facts = []
    if one.subject is not None:
        message = next((m for m in project.messages if m.name == one.message), None)
        subjects = message.subjects if message is not None else ()
        words = f'"{subjects[one.subject]}"' if one.subject < len(subjects) else f"number {one.subject + 1}"
        facts.append(Fact("with the subject", words))
    if one.offers is not None:
        offered = [str(product) for product in json.loads(one.offers)]
        facts.append(Fact("it offers", listed(offered) or "nothing: nothing fits the contact"))
    if one.exempt:
        facts.append(Fact("exempt from the rules of pressure"))
    return tuple(facts)


def _percent(share: Decimal) -> str:
    return f"{share * 100:.1f} %"


def _plain(number: Decimal) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")
