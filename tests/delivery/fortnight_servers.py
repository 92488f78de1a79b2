# ruff: noqa: N802 - the names of commands are the server's
"""A mail server and a webhook on loopback that fail as chance has it, and know what really arrived."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from hashlib import sha256
from typing import Any

from aiohttp import web

from parcours.clock.chance import WHOLE, share_of

# so many in a hundred, each time that something is handed over
LATER, DROPPED, LOST, REFUSED = 5, 2, 3, 1
NOBODY_THERE = 2
"""Addresses in a hundred at which there is nobody."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that was taken. `digest` is of all that it says; `answered` is whether anybody was told that it was taken;
    `run` is the number of the process that handed it over, and `hour` that of the last tick that it had begun."""

    id: str
    channel: str
    address: str
    digest: str
    answered: bool
    run: int
    hour: int


@dataclass
class PostOffice:
    """What arrives, and what is refused for good, by id with the kind. `kill` ends the process that hands over, at the
    arrivals with the numbers of `kill_at`, before they are answered. `read` is called with each mail that was taken."""

    seed: str
    kill: Callable[[], None]
    kill_at: frozenset[int]
    read: Callable[[Any], None]
    arrivals: list[Arrival] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    killed: set[int] = field(default_factory=set)
    run: int = 0
    hour: int = -1
    _seen: Counter[str] = field(default_factory=Counter)

    def fault(self, what: str) -> str:
        """What goes wrong this time with a thing of this name; "" for nothing."""
        self._seen[what] += 1
        percent = share_of(f"{self.seed}:{self._seen[what]}:{what}") * 100 / WHOLE
        found, most = "", 0
        for name, share in (("later", LATER), ("dropped", DROPPED), ("lost", LOST), ("refused", REFUSED)):
            if not found and percent < (most := most + share):
                found = name
        self.faults[found or "none"] += 1
        return found

    def is_nobody_there(self, address: str) -> bool:
        return share_of(f"{self.seed}:address:{address}") * 100 / WHOLE < NOBODY_THERE

    def take(self, send: str, channel: str, address: str, content: bytes, *, answered: bool) -> bool:
        """Notes an arrival; whether it may be answered."""
        dies = len(self.arrivals) in self.kill_at
        digest = sha256(content).hexdigest()
        self.arrivals.append(
            Arrival(send, channel, address, digest, answered and not dies, self.run, self.hour)
        )
        if dies:
            self.killed.add(self.run)
            self.kill()
        return answered and not dies

    # ---- mail: an aiosmtpd handler

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.is_nobody_there(address):
            session.nobody = True
            # the mail has not been said yet: aiosmtplib says it to nobody
            self.refused[address] = "address"
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content)
        send = mail["Message-ID"].strip("<>").partition("@")[0]
        fault = self.fault(send)
        if fault == "later":
            return "451 4.3.0 later" if self._seen[send] % 2 else "421 4.3.2 closing"
        if fault == "dropped":
            server.transport.close()
            return "451 4.3.0 nobody hears this"
        if fault == "refused":
            self.refused[send] = "message"
            return "554 5.7.1 looks like spam"
        (address,) = envelope.rcpt_tos
        assert mail["To"] == address
        if not self.take(send, "email", address, envelope.content, answered=fault != "lost"):
            server.transport.close()
        self.read(mail)
        return "250 OK"

    # ---- webhooks

    async def post(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        said = await request.json()
        send = request.headers["Idempotency-Key"]
        assert said["id"] == send and request.transport is not None
        if self.is_nobody_there(said["address"]):
            self.refused[said["address"]] = "address"
            return web.json_response({"error": "address"}, status=410)
        fault = self.fault(send)
        if fault == "later":
            return web.Response(status=503 if self._seen[send] % 2 else 429)
        if fault == "refused":
            self.refused[send] = "message"
            return web.Response(status=422)
        if fault == "dropped" or not self.take(
            send, said["channel"], said["address"], body, answered=fault != "lost"
        ):
            request.transport.abort()
        return web.json_response({"id": f"p-{send}"})
