"""JSON by POST to an address on the web, signed, with the send's id as the key of idempotency."""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from parcours.delivery.channels.turns import Turns
from parcours.delivery.send import Accepted, Outcome, Send, TerminalFailure, TransientFailure
from parcours.model.channel_settings import WebhookSettings

if TYPE_CHECKING:
    from aiohttp import ClientSession

SIGNATURE = "X-Parcours-Signature"
"""`sha256=` and the HMAC-SHA256 of the body in hex digits, made with the secret."""
KEY = "Idempotency-Key"

_REFUSED: Mapping[int, Literal["address", "message"]] = MappingProxyType(
    {400: "message", 410: "address", 413: "message", 422: "message"}
)
"""Answers that do not change however often it is said again. Everything else may be mended on either side: a wrong
address, a wrong secret, too many at once."""
_LONGEST_ANSWER = 64 * 1024


class WebhookChannel:
    """`secret` signs; None: there is no signature. `stopping` is asked before each send."""

    batch_size = 2000

    def __init__(
        self, settings: WebhookSettings, secret: str | None, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._settings = settings
        self._stopping = stopping
        self._secret = None if secret is None else secret.encode()
        self._session: ClientSession | None = None

    async def open(self) -> None:
        from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

        most = self._settings.concurrency
        self._session = ClientSession(
            connector=TCPConnector(limit=most, limit_per_host=most),
            timeout=ClientTimeout(total=self._settings.timeout_seconds),
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": "parcours", "Content-Type": "application/json"},
        )

    async def hand_over(self, batch: Sequence[Send]) -> Sequence[Outcome]:
        turns = Turns(batch, self._stopping)

        async def work() -> None:
            for number, send in turns:
                turns.answer(number, await self._post(send))

        await asyncio.gather(*(work() for _ in range(min(self._settings.concurrency, len(batch)))))
        return turns.answers()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, send: Send) -> Outcome:
        from aiohttp import ClientError

        assert self._session is not None, "open comes first"
        body = body_of(send)
        headers = {KEY: send.id}
        if self._secret is not None:
            headers[SIGNATURE] = signature(body, self._secret)
        try:
            async with self._session.post(
                self._settings.url.text, data=body, headers=headers, allow_redirects=False
            ) as answer:
                said = await answer.content.read(_LONGEST_ANSWER)
                return _outcome(answer.status, said)
        except TimeoutError:
            return TransientFailure("no answer in time", is_silent=True)
        except (ClientError, OSError) as error:
            return TransientFailure(f"not reached: {error}" if str(error) else "not reached")


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
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def signature(body: bytes, secret: bytes) -> str:
    """What stands in the header."""
    return f"sha256={hmac.new(secret, body, sha256).hexdigest()}"


def _outcome(status: int, said: bytes) -> Outcome:
    if 200 <= status < 300:
        return Accepted(_id_in(said))
    if status in _REFUSED:
        return TerminalFailure(f"refused with status {status}", _REFUSED[status])
    return TransientFailure(f"answered with status {status}")


def _id_in(said: bytes) -> str | None:
    """The `id` of a JSON object: what the other side calls the send."""
    try:
        answer = json.loads(said)
    except ValueError:
        return None
    found = answer.get("id") if isinstance(answer, dict) else None
    return str(found)[:200] if isinstance(found, str | int) else None
