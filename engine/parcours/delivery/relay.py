"""The relay: what the ticks have granted is handed over to the channels, and what became of it is recorded.

A send is rendered, handed over, noted in the logbook, and recorded, in this order. Whoever dies between handing over and
noting hands over again, with the same id: at least once, and once for each id where the other side looks at ids. Before
each batch the datamart is asked anew whether the contacts may still be written to (P8)."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from parcours.checking import checked
from parcours.clock import BEGINNING
from parcours.clock.span import add_months
from parcours.clock.zones import to_local
from parcours.compiler.bindings import ago, instants_at
from parcours.compiler.gates import Gate
from parcours.compiler.handing_over import HandingOver, handing_over
from parcours.delivery.addresses import Addresses
from parcours.delivery.bounces import Bounces, Tell, believed
from parcours.delivery.logbook import Logbook
from parcours.delivery.offered import offers_of, products_of
from parcours.delivery.queue import Queue, Receipt, Retry, Waiting
from parcours.delivery.retries import next_attempt
from parcours.delivery.send import (
    FRESH_SECONDS,
    Accepted,
    Channel,
    Outcome,
    Send,
    TerminalFailure,
    TransientFailure,
    Untried,
    recordable,
)
from parcours.delivery.texts import BrokenText, Facts, Filled, Texts, Unfilled
from parcours.engines.duckdb.engine import DuckDBEngine

Clock = Callable[[], datetime]
"""What time it is, naive UTC. Asked before and after each batch."""

_TEXTS_AT_ONCE = 100


@dataclass(slots=True)
class Relayed:
    """What a run of the relay came to, in numbers of sends. `recalled` had been handed over before, as the logbook says;
    `deferred` are held by quiet hours; `waiting` are left in
    the queue; `reasons` say of those that were not accepted why, with how many; `left_alone` are channels that do not
    answer in time, and get nothing more in this run."""

    claimed: int = 0
    recalled: int = 0
    accepted: int = 0
    retried: int = 0
    failed: int = 0
    parked: int = 0
    cancelled: int = 0
    given_up: int = 0
    deferred: int = 0
    waiting: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    left_alone: set[str] = field(default_factory=set)

    def count(self, outcome: str, reason: str = "", number: int = 1) -> None:
        setattr(self, outcome, getattr(self, outcome) + number)
        if reason:
            self.reasons[reason] = self.reasons.get(reason, 0) + number


@dataclass(frozen=True)
class Outlet:
    """A channel of the policy and what delivers it. What could not be handed over `give_up` after it was granted is not
    handed over any more."""

    rule: checked.Channel
    channel: Channel
    give_up: timedelta


@dataclass(frozen=True)
class Relay:
    """`bounced` is told what bounced; None: it is only in the receipts. `stopping` is asked between two batches. `take_in`
    makes what was received up to now a part of the datamart, and gives the earliest instant at which it can be seen (P8).
    `logbook` is where it stands what was handed over; None: nowhere but in the state."""

    engine: DuckDBEngine
    project: checked.CheckedProject
    texts: Texts
    outlets: Sequence[Outlet]
    addresses: Addresses
    clock: Clock
    bounced: Tell | None = None
    stopping: Callable[[], bool] = lambda: False
    take_in: Callable[[], datetime] = lambda: BEGINNING
    logbook: Logbook | None = None

    async def run(self) -> Relayed:
        """Hands over everything that is due, all channels side by side. One that is down holds up none of the others."""
        relayed = Relayed()
        bounces = Bounces(self.engine, self.bounced)
        bounces.tell()
        queue = Queue(self.engine, self.project.name, bounces, self.logbook)
        at = self.clock()
        relayed.claimed = queue.claim(at)
        relayed.recalled = queue.recall(at)
        for outcome, reason, number in queue.give_up(at, self._oldest(at), self._expired(at)):
            relayed.count(outcome, reason, number)
        waiting = queue.depth()
        lines = [
            _Line(self, queue, bounces, outlet, relayed)
            for outlet in self.outlets
            if outlet.rule.name in waiting
        ]
        # one that fails loudly ends the run, but not before the others have recorded what they handed over
        ends = await asyncio.gather(*(line.run() for line in lines), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        relayed.waiting = sum(queue.depth().values())
        return relayed

    def _oldest(self, at: datetime) -> dict[str, datetime]:
        """By channel: what was granted no later than that is given up. All channels of the policy are named, so that only
        those are missing that are gone."""
        lives = {outlet.rule.name: outlet.give_up for outlet in self.outlets}
        return {c.name: at - lives.get(c.name, timedelta(days=30)) for c in self.project.policy.channels}

    def _expired(self, at: datetime) -> dict[str, datetime | None]:
        zone = self.project.time_zone
        return {
            m.name: None if m.expires is None else ago(zone, m.expires, at) for m in self.project.messages
        }


@dataclass
class _Line:
    """One channel of a run."""

    relay: Relay
    queue: Queue
    bounces: Bounces
    outlet: Outlet
    relayed: Relayed
    _looks: dict[tuple[str, ...], HandingOver] = field(default_factory=dict)
    _most: int = 0

    def __post_init__(self) -> None:
        self._lives = {message.name: message.expires for message in self.relay.project.messages}

    @property
    def _name(self) -> str:
        return self.outlet.rule.name

    async def run(self) -> None:
        self._most = self.outlet.channel.batch_size
        await self.outlet.channel.open()
        try:
            while not self.relay.stopping() and await self._batch():
                pass
        finally:
            await self.outlet.channel.close()

    async def _batch(self) -> bool:
        """Hands over what is due next; whether it is worth while to go on."""
        at = self.relay.clock()
        waiting = self.queue.take(self._name, at, self._most)
        if not waiting:
            return False
        # P8: an opt-out that comes while messages are handed over stops those that still wait
        known = self.relay.take_in()
        seen = max(self.relay.clock(), known)
        names = self.relay.texts.reads(dict.fromkeys(one.message for one in waiting), self._name)
        look = self._look(names)
        rows = self._ask(look, seen)
        until = asyncio.get_running_loop().time() + FRESH_SECONDS
        sends, settled = await self._prepare(waiting, rows, look, seen)
        answers, goes_on = await self._hand_over(sends, until)
        self._record(waiting, sends, answers, settled)
        self.bounces.tell()
        self._most = self._next_most(answers)
        return goes_on

    async def _hand_over(self, sends: Sequence[Send], until: float) -> tuple[Sequence[Outcome], bool]:
        """Piece by piece, until the loop's time is `until`; and whether it is worth while to go on after that."""
        channel, loop = self.outlet.channel, asyncio.get_running_loop()
        answers: list[Outcome] = []
        # one alone that takes too long to make would do so the next time, too
        goes_on = len(sends) != 1
        while len(answers) < len(sends) and loop.time() < until and not self.relay.stopping():
            piece = sends[len(answers) : len(answers) + channel.piece_size]
            said = believed([recordable(answer) for answer in await channel.hand_over(piece, until)])
            if len(said) != len(piece):
                raise RuntimeError(f"{self._name}: {len(said)} answers for {len(piece)} sends")
            taken = [
                send.id for send, answer in zip(piece, said, strict=True) if isinstance(answer, Accepted)
            ]
            self.queue.note(self.relay.clock(), taken)
            answers += said
            goes_on = self._gets_through(said)
            if not goes_on:
                break
        return answers + [Untried()] * (len(sends) - len(answers)), goes_on

    def _gets_through(self, answers: Sequence[Outcome]) -> bool:
        """Where nothing at all does, or the channel is left alone, the rest can wait for the next run. What only was too much
        for its time is tried in smaller batches."""
        if any(isinstance(answer, Untried) and answer.is_left_alone for answer in answers):
            self.relayed.left_alone.add(self._name)
            return False
        if all(isinstance(answer, Untried) for answer in answers):
            return len(answers) > 1
        return any(isinstance(answer, Accepted | TerminalFailure) for answer in answers)

    def _next_most(self, answers: Sequence[Outcome]) -> int:
        """How many are taken the next time: about what the channel can begin with while they are fresh."""
        begun = sum(not isinstance(answer, Untried) for answer in answers)
        if begun < len(answers):
            return max(begun or len(answers) // 2, 1)
        return min(2 * self._most, self.outlet.channel.batch_size)

    # ---- before

    def _ask(self, look: HandingOver, at: datetime) -> list[tuple[Any, ...]]:
        """What the datamart says of those that are about to be handed over, in the order of the batch (P8)."""
        bindings = {"now": at, "before": at, **instants_at(self.relay.project.time_zone, look.parameters, at)}
        for statement in look.before:
            self.relay.engine.run(statement, bindings)
        return self.relay.engine.run(look.look, bindings)

    async def _prepare(
        self, waiting: Sequence[Waiting], rows: Sequence[tuple[Any, ...]], look: HandingOver, at: datetime
    ) -> tuple[list[Send], "_Settled"]:
        """Those that can be handed over; and what has become of the others. `rows` is what the datamart says of them."""
        texts = self.relay.texts
        products = products_of(self.relay.engine, (one.offers for one in waiting))
        sends: list[Send] = []
        settled = _Settled()
        for number, (one, row) in enumerate(zip(waiting, rows, strict=True), 1):
            send, address, stops, holds, lift, *values = row
            if one.id != send:  # nobody gets what is somebody else's
                raise RuntimeError(f"the datamart answers for {send}, asked for {one.id}")
            if number % _TEXTS_AT_ONCE == 0:
                # the other channels listen to their servers meanwhile
                await asyncio.sleep(0)
            if stops is not None:
                settled.receipts.append(_cancelled(one, look.gates[stops]))
            elif holds is not None and lift is not None and lift > at:
                settled.deferred.append((one.id, lift))
            else:
                offers = offers_of(one.offers, products, texts.live(one.message)) if one.offers else ()
                self._render(
                    one, address, dict(zip(look.attributes, values, strict=True)), offers, sends, settled
                )
        return sends, settled

    def _look(self, names: tuple[str, ...]) -> HandingOver:
        if names not in self._looks:
            project = self.relay.project
            self._looks[names] = handing_over(project.policy, self.outlet.rule, project.time_zone, names)
        return self._looks[names]

    def _render(
        self,
        one: Waiting,
        address: str,
        attributes: Mapping[str, Any],
        offers: tuple[Mapping[str, Any], ...],
        sends: list[Send],
        settled: "_Settled",
    ) -> None:
        links = self.relay.addresses.of(one.contact, one.reference, self._name)
        facts = Facts(
            attributes,
            one.entry,
            one.event,
            one.entry_at,
            links,
            self.relay.addresses.first,
            self._expires(one),
            one.subject or 0,
            offers,
        )
        try:
            filled = self.relay.texts.fill(one.message, self._name, facts)
        except Unfilled as error:
            settled.receipts.append(Receipt(one.id, "parked", str(error)))
        except BrokenText as error:
            settled.failed[one.id] = str(error)
        else:
            sends.append(self._send(one, address, filled, links.get("unsubscribe")))

    def _send(self, one: Waiting, address: str, filled: Filled, unsubscribe: str | None) -> Send:
        return Send(
            id=one.id,
            contact=one.contact,
            address=address,
            journey=one.journey,
            step=one.step,
            message=one.message,
            channel=self._name,
            purpose=one.purpose,
            topic=one.topic,
            reference=one.reference,
            granted_at=one.granted_at,
            subject=filled.subject,
            text=filled.text,
            html=filled.html,
            unsubscribe=unsubscribe,
        )

    def _expires(self, one: Waiting) -> datetime | None:
        """Until when the message is good, on the project's clock."""
        expires = self._lives.get(one.message)
        if expires is None:
            return None
        zone = self.relay.project.time_zone
        if expires.is_calendar:
            return add_months(to_local(zone, one.granted_at), expires.months)
        return to_local(zone, one.granted_at + expires.exact)

    # ---- after

    def _record(
        self,
        waiting: Sequence[Waiting],
        sends: Sequence[Send],
        answers: Sequence[Outcome],
        settled: "_Settled",
    ) -> None:
        at = self.relay.clock()
        for send, answer in zip(sends, answers, strict=True):
            match answer:
                case Accepted(provider_id):
                    settled.receipts.append(
                        Receipt(send.id, "accepted", provider_id=provider_id, handed=True)
                    )
                case TerminalFailure(reason, kind):
                    settled.receipts.append(Receipt(send.id, "failed", reason, kind, handed=True))
                case TransientFailure(reason):
                    settled.failed[send.id] = reason
                case Untried():
                    pass  # it waits as before
        retries = []
        known = {one.id: one for one in waiting} if settled.failed else {}
        for send_id, reason in settled.failed.items():
            one = known[send_id]
            following = next_attempt(at, one.attempts + 1, one.granted_at + self.outlet.give_up)
            if following is None:
                settled.receipts.append(Receipt(send_id, "given_up", reason, handed=True))
            else:
                retries.append(Retry(send_id, reason, following))
        self.queue.settle(at, settled.receipts, retries)
        self.queue.defer(settled.deferred)
        ends = Counter((receipt.outcome, receipt.reason) for receipt in settled.receipts)
        for (outcome, reason), number in ends.items():
            self.relayed.count(outcome, reason, number)
        for retry in retries:
            self.relayed.count("retried", retry.reason)
        self.relayed.count("deferred", number=len(settled.deferred))


@dataclass(slots=True)
class _Settled:
    """What becomes of sends of a batch. `failed`: for now, by id with the reason; `deferred`: (id, until)."""

    receipts: list[Receipt] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    deferred: list[tuple[str, datetime]] = field(default_factory=list)


def _cancelled(one: Waiting, gate: Gate) -> Receipt:
    return Receipt(one.id, "cancelled", gate.reason, rule=gate.rule, place=gate.place)
