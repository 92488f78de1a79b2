"""A small world whose messages are relayed: journeys as text, what delivers each channel, and a clock that the test turns."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from world import CATALOG, World, full_text, instant, project_of

from parcours.delivery import loop
from parcours.delivery.addresses import Addresses
from parcours.delivery.bounces import Bounced
from parcours.delivery.links import Links
from parcours.delivery.logbook import Logbook
from parcours.delivery.relay import Outlet, Relay, Relayed
from parcours.delivery.send import Accepted, Channel, Outcome, Send
from parcours.delivery.texts import Texts
from parcours.model.vocabulary import Message

GREETING = """
    journey j
        enter on cart
            again
        send hello by email
"""
LOOP = """
    journey j
        enter on cart
            again
        repeat up to 3 times
            send hello by email and sms
            wait 1 hour
"""
GIVE_UP = timedelta(days=1)


class Recording:
    """A channel that takes everything unless it is told otherwise. `sends` are all that it was given; `taken` counts by id
    what it has. `answer` says what it answers; `before` is called with each piece."""

    def __init__(self, batch_size: int = 1000, piece_size: int | None = None) -> None:
        self.batch_size = batch_size
        self.piece_size = piece_size or batch_size
        self.sends: list[Send] = []
        self.taken: Counter[str] = Counter()
        self.answer: Callable[[Send], Outcome] = lambda send: Accepted(send.id)
        self.before: Callable[[Sequence[Send]], None] = lambda piece: None

    async def open(self) -> None: ...

    async def hand_over(self, piece: Sequence[Send], until: float) -> Sequence[Outcome]:
        self.before(piece)
        self.sends += piece
        answers = [self.answer(send) for send in piece]
        self.taken.update(s.id for s, a in zip(piece, answers, strict=True) if isinstance(a, Accepted))
        return answers

    async def close(self) -> None: ...


class Shop(World):
    """`clock` is what time it is, in UTC as text; `channels` deliver, a `Recording` where there is none; `bounced` are
    the bounces that were told, where `tell` does not say otherwise."""

    def __init__(
        self,
        text: str = GREETING,
        channels: Mapping[str, Channel] | None = None,
        links: Sequence[tuple[str, str]] = (),
        signed: Links | None = None,
        folder: Path = Path(),
        state: Path | None = None,
        zone: str = "UTC",
    ) -> None:
        super().__init__(text, zone, state=state)
        self.clock = "2026-03-02 09:00"
        self.bounced: list[Bounced] = []
        policy = self.project.policy
        self.channels: dict[str, Any] = {c.name: Recording() for c in policy.channels} | dict(channels or {})
        self.tell: Callable[[Sequence[Bounced]], None] = self.bounced.extend
        self.logbook: Logbook | None = None
        self.stopping: Callable[[], bool] = lambda: False
        self._addresses = Addresses(links, signed)
        declared, _ = project_of(full_text(text), zone)
        messages = [d for d in declared.declarations if isinstance(d, Message)]
        self._texts = Texts(messages, folder, CATALOG.contacts.columns)

    @property
    def email(self) -> Recording:
        found = self.channels["email"]
        assert isinstance(found, Recording)
        return found

    def granted(self, *contacts: str, at: str = "2026-03-02 09:00", **values: Any) -> None:
        """Each of the contacts has put something into a cart and been granted what the journey sends."""
        self.restart()
        self.tick(str(instant(at) - timedelta(hours=1)))
        for name in contacts:
            self.event(
                "cart", name, str(instant(at) - timedelta(minutes=1)), event_id=f"cart {name}", **values
            )
        self.tick(at)
        self.clock = at

    def now(self) -> datetime:
        return instant(self.clock)

    def relay(self, at: str | None = None) -> Relayed:
        """Hands over what is due, as a process does that has just begun."""
        if at is not None:
            self.clock = at
        outlets = [Outlet(c, self.channels[c.name], GIVE_UP) for c in self.project.policy.channels]
        relay = Relay(
            self.executor.engine,
            self.project,
            self._texts,
            outlets,
            self._addresses,
            self.now,
            self.tell,
            self.stopping,
            logbook=self.logbook,
        )
        return loop.run(relay.run())

    def receipts(self) -> list[tuple[str, str, str]]:
        """(contact, outcome, reason) in order."""
        return self.rows(  # type: ignore[return-value]
            "SELECT contact, outcome, reason FROM state.receipt ORDER BY contact, decided_at, outcome"
        )

    def waits_until(self, contact: str) -> str:
        """When the only send of a contact that waits is handed over."""
        ((due,),) = self.rows("SELECT due_at FROM state.queue WHERE contact = ?", contact)
        return str(due).removesuffix(":00")

    def ids(self) -> list[str]:
        """The id of every send, whatever became of it."""
        return [
            i
            for (i,) in self.rows(
                "SELECT send FROM state.receipt UNION ALL SELECT send FROM state.queue ORDER BY 1"
            )
        ]
