"""JSON by POST to an address on the web, signed, with the send's id as the key of idempotency."""

import asyncio
import hmac
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from parcours.delivery.channels.turns import Turns
from parcours.delivery.send import (
    Accepted,
    Outcome,
    Send,
    TerminalFailure,
    TransientFailure,
)
from parcours.model.channel_settings import WebhookSettings

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

SIGNATURE = "X-Parcours-Signature"
"""`sha256=` and the HMAC-SHA256 of the body in hex digits, made with the secret."""
KEY = "Idempotency-Key"

_REFUSED = frozenset((400, 413, 422))
"""Answers that do not change however often it is said again. Everything else may be mended on either side: a wrong
address of the web, a wrong secret, too many at once. That nobody is at the contact's address is not said by a number, which a
server may say to everybody, but by a 4xx with `{"error": "address"}`."""
_LONGEST_ANSWER = 64 * 1024
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class WebhookChannel:
    """`secret` signs; None: there is no signature. `stopping` is asked before each send."""

    batch_size = 4000
    piece_size = 500  # who dies has noted none of them, and posts them again

    def __init__(
        self,
        settings: WebhookSettings,
        secret: str | None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._settings = settings
        self._stopping = stopping
        self._secret = None if secret is None else secret.encode()
        self._session: ClientSession | None = None
        self._lost: tuple[type[Exception], ...] = ()

    async def open(self) -> None:
        from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

        self._lost = (ClientError, OSError)

        most = self._settings.concurrency
        self._session = ClientSession(
            connector=TCPConnector(limit=most, limit_per_host=most),
            timeout=ClientTimeout(total=self._settings.timeout_seconds),
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": "parcours", "Content-Type": "application/json"},
        )

    async def hand_over(self, piece: Sequence[Send], until: float) -> Sequence[Outcome]:
        loop = asyncio.get_running_loop()
        turns = Turns(piece, lambda: loop.time() >= until or self._stopping())

        async def work() -> None:
            for number, send in turns:
                turns.answer(number, await self._post(send))

        await asyncio.gather(*(work() for _ in range(min(self._settings.concurrency, len(piece)))))
        return turns.answers()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, send: Send) -> Outcome:
        assert self._session is not None, "open comes first"
        body = body_of(send)
        headers = {KEY: send.id}
        if self._secret is not None:
            headers[SIGNATURE] = signature(body, self._secret)
        try:
            async with self._session.post(
                self._settings.url.text, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return _outcome(answer.status, await self._body(answer))
        except TimeoutError:
            return TransientFailure("no answer in time", is_silent=True)
        except self._lost as error:
            return TransientFailure(f"not reached: {error}" if str(error) else "not reached")

    async def _body(self, answer: "ClientResponse") -> bytes:
        """What is said in an answer, up to a limit. Its status holds also where the rest of it does not come."""
        said = b""
        try:
            if (answer.content_length or _LONGEST_ANSWER) < _LONGEST_ANSWER:
                return await answer.read()
            while not answer.content.at_eof() and len(said) < _LONGEST_ANSWER:
                said += await answer.content.read(_LONGEST_ANSWER)
        except self._lost:  # a timeout is among them
            return said
        return said


def body_of(send: Send) -> bytes:
    """A send as a JSON object."""
    said: dict[str, Any] = {
        "id": send.id,
        "contact": send.contact,
        "address": send.address,
        "journey": send.journey,
        "step": send.step,
        "message": send.message,
        "channel": send.channel,
        "purpose": send.purpose,
        "topic": send.topic,
        "reference": send.reference,
        "granted_at": send.granted_at.isoformat() + "Z",
        "subject": send.subject,
        "text": send.text,
        "html": send.html,
        "unsubscribe": send.unsubscribe,
    }
    return _JSON.encode(said).encode()


def signature(body: bytes, secret: bytes) -> str:
    """What stands in the header."""
    return f"sha256={hmac.digest(secret, body, 'sha256').hex()}"


def _outcome(status: int, said: bytes) -> Outcome:
    if 200 <= status < 300:
        found = _said(said, "id")
        return Accepted(str(found)[:200] if isinstance(found, str | int) else None)
    if 400 <= status < 500 and _said(said, "error") == "address":
        return TerminalFailure(f"refused with status {status}: the address", "address")
    if status in _REFUSED:
        return TerminalFailure(f"refused with status {status}", "message")
    return TransientFailure(f"answered with status {status}")


def _said(said: bytes, key: str) -> Any:
    """What stands under a key of an answer that is a JSON object: `id` is what the other side calls the send."""
    if f'"{key}"'.encode() not in said:  # as in most answers
        return None
    try:
        answer = json.loads(said)
    except (ValueError, RecursionError):
        return None
    return answer.get(key) if isinstance(answer, dict) else None
