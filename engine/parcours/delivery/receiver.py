"""The web application of `parcours receive`: what people and programs send, made durable before they are answered.

Everything that is taken is written through the door into the inbox; what is not as it should be is answered with 4xx and
a plain reason. A picture and a redirect are answered even when the inbox cannot be written: they are for people."""

import asyncio
import hmac
import json
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

from parcours.delivery.bodies import FORM_BYTES, TooMuch, body_of, json_of
from parcours.delivery.door import Door, Refused
from parcours.delivery.inbox import MOST_EVENTS, Inbox, Received
from parcours.delivery.links import PATHS, Link, Links, read_link
from parcours.delivery.pages import HEADERS, Pages, style
from parcours.delivery.preferences import Choices, PreferencesForm
from parcours.delivery.tokens import BadToken, Purpose
from parcours.delivery.webhooks import events_of, is_signed, objects
from parcours.model.receiving import Receiving, Webhook

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

OPT_OUT = "opt_out"
"""What an unsubscription becomes; a name that P1 gives."""

_PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
_SAFE = "%:/?#[]@!$&'()*+,;=-._~"
_log = logging.getLogger("parcours.receive")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the environment holds: `links` signs, `key` opens `/events` (nobody, when None), `webhooks` by name. Each may
    be several, divided by spaces."""

    links: str = field(repr=False)
    key: str | None = field(default=None, repr=False)
    webhooks: Mapping[str, str] = field(default_factory=dict, repr=False)


class Receiver:
    """What the routes do. `clock` gives the instant, naive UTC; `folder` is that of the project."""

    def __init__(
        self,
        receiving: Receiving,
        door: Door,
        choices: Choices,
        secrets: Secrets,
        inbox: Inbox,
        clock: Callable[[], datetime],
        folder: Path,
    ) -> None:
        self._receiving, self._door, self._secrets = receiving, door, secrets
        self._inbox, self._clock = inbox, clock
        url = "" if receiving.url is None else receiving.url.text
        self._links = Links(url, secrets.links)
        own = None if receiving.pages is None else folder / receiving.pages.text
        self._pages = Pages(receiving.name, urlsplit(url).path.rstrip("/"), own)
        self._preferences = PreferencesForm(door, choices)
        self._webhooks = {webhook.name.text: webhook for webhook in receiving.webhooks}

    # ---- people

    async def unsubscribe(self, request: "Request") -> "Response":
        """RFC 8058: to look at the page changes nothing; to post to it does, whatever is posted."""
        try:
            link = self._link("unsubscribe", request)
        except BadToken as bad:
            return self._refused(404, bad)
        channel = link.channel if "channel" in self._door.fields(OPT_OUT) else None
        if request.method != "POST":
            return self._page(200, "unsubscribe", channel=channel, preferences=self._preferences_of(link))
        said = {} if channel is None else {"channel": channel}
        try:
            await self._write([self._door.of_link(OPT_OUT, link.contact, link.send, said, self._clock())])
        except (Refused, OSError) as error:
            return self._failed(error)
        with suppress(TooMuch, Refused):  # nobody looks at what is posted, nor waits for it
            await body_of(request, FORM_BYTES)
        return self._page(200, "unsubscribed", channel=channel)

    async def preferences(self, request: "Request") -> "Response":
        try:
            link = self._link("preferences", request)
        except BadToken as bad:
            return self._refused(404, bad)
        if not self._preferences.is_there:
            return self._refused(404, "there is nothing to choose")
        if request.method != "POST":
            everything = self._links.unsubscribe(Link(link.contact, link.send))
            return self._page(200, "preferences", unsubscribe=everything, **self._preferences.values())
        try:
            body = (await body_of(request, FORM_BYTES)).decode("utf-8")
            posted = dict(parse_qsl(body, max_num_fields=200))
            events = self._preferences.events(link, posted, self._clock())
            await self._write(events)
        except (TooMuch, Refused, ValueError, OSError) as error:
            return self._failed(error)
        return self._page(200, "saved", count=len(events))

    async def open(self, request: "Request") -> "Response":
        from starlette.responses import Response

        try:
            link = self._link("open", request)
        except BadToken as bad:
            return self._refused(404, bad)
        await self._noted(request, self._receiving.open, link)
        return Response(_PIXEL, media_type="image/gif")

    async def click(self, request: "Request") -> "Response":
        """Leads to where the token says, and nowhere else."""
        from starlette.responses import Response

        try:
            link = self._link("click", request)
        except BadToken as bad:
            return self._refused(404, bad)
        assert link.target is not None  # read_link has looked
        await self._noted(request, self._receiving.click, link)
        return Response(status_code=302, headers={"location": quote(link.target, safe=_SAFE)})

    async def _noted(self, request: "Request", event: str, link: Link) -> None:
        """An open or a click; whoever only asks for the headers has done neither."""
        if request.method != "GET" or not self._door.has(event):
            return
        fields = self._door.fields(event)
        said = {"link": link.target, "channel": link.channel}
        known = {name: value for name, value in said.items() if name in fields and value is not None}
        try:
            await self._write([self._door.of_link(event, link.contact, link.send, known, self._clock())])
        except (Refused, OSError) as error:
            _log.error("a %s was lost: %s", event, error)

    def _link(self, purpose: Purpose, request: "Request") -> Link:
        return read_link(purpose, request.path_params["token"], self._secrets.links)

    def _preferences_of(self, link: Link) -> str | None:
        return self._links.preferences(Link(link.contact, link.send)) if self._preferences.is_there else None

    # ---- programs

    async def webhook(self, request: "Request") -> "Response":
        """What cannot be an event is left out and told of in the answer: whoever posted it could not mend it."""
        found: Webhook | None = self._webhooks.get(request.path_params["name"])
        if found is None:
            return _answer(404, reason="there is no webhook of this name")
        try:
            body = await body_of(request)
            signature = request.headers.get(found.signature, "")
            if not is_signed(body, signature, self._secrets.webhooks[found.name.text]):
                return _answer(401, reason="the signature is not right")
            looked = list(events_of(found, self._door, json_of(body), self._clock()))
            taken = [one for one in looked if isinstance(one, Received)]
            await self._write(taken)
        except (TooMuch, Refused, OSError) as error:
            return _answer(*_status(error))
        left_out = _reasons(looked)
        for one in left_out:
            _log.warning("webhook %s: %s", found.name, one["reason"])
        return _answer(200, taken=len(taken), ignored=looked.count(None), left_out=left_out)

    async def events(self, request: "Request") -> "Response":
        """All that is posted together is taken, or nothing of it."""
        if not self._is_known(request.headers.get("authorization", "")):
            return _answer(401, reason="the key is missing or wrong")
        try:
            posted = objects(json_of(await body_of(request)))
            if len(posted) > MOST_EVENTS:
                raise TooMuch(f"more than {MOST_EVENTS:,} events")
            now = self._clock()
            looked = [self._looked_at(one, now) for one in posted]
            wrong = _reasons(looked)
            if wrong:
                return _answer(400, reason="nothing was taken", wrong=wrong)
            await self._write([one for one in looked if isinstance(one, Received)])
        except (TooMuch, Refused, OSError) as error:
            return _answer(*_status(error))
        return _answer(200, taken=len(looked))

    def _looked_at(self, posted: Any, now: datetime) -> Received | Refused:
        try:
            if not isinstance(posted, Mapping):
                raise Refused("an event is an object: {`event`: …, `contact`: …}")
            row = {name: value for name, value in posted.items() if name not in ("event", "fields")}
            fields = posted.get("fields", {})
            if not isinstance(fields, Mapping) or set(fields) & set(row):
                raise Refused("`fields` is an object with the fields of the event")
            return self._door.take(str(posted.get("event", "")), {**row, **fields}, now)
        except Refused as refused:
            return refused

    def _is_known(self, authorization: str) -> bool:
        given = authorization.partition(" ")[2].strip().encode("utf-8", "replace")
        known = False
        for key in (self._secrets.key or "").split():
            known |= hmac.compare_digest(key.encode(), given)
        return known

    async def health(self, request: "Request") -> "Response":  # noqa: ARG002 - starlette's signature
        if os.access(self._inbox.folder, os.W_OK):
            return _answer(200, status="ok")
        return _answer(503, status="failing", reason="the inbox cannot be written")

    async def style(self, request: "Request") -> "Response":  # noqa: ARG002 - starlette's signature
        from starlette.responses import Response

        return Response(style(), media_type="text/css", headers={"cache-control": "max-age=3600"})

    # ---- small parts

    async def _write(self, events: Iterable[Received]) -> None:
        await asyncio.wrap_future(self._inbox.submit(list(events)))

    def _page(self, status: int, template: str, **values: Any) -> "Response":
        from starlette.responses import HTMLResponse

        return HTMLResponse(self._pages.page(template, **values), status)

    def _refused(self, status: int, reason: object) -> "Response":
        said = str(reason)
        title = "Not now" if status >= 500 else "This link does not work" if status == 404 else "Not saved"
        return self._page(status, "refused", title=title, reason=f"{said[:1].upper()}{said[1:]}.")

    def _failed(self, error: Exception) -> "Response":
        return self._refused(*_status(error))


def _status(error: Exception) -> tuple[int, str]:
    match error:
        case TooMuch():
            return 413, str(error)
        case OSError():
            _log.error("the inbox cannot be written: %s", error)
            return 503, "nothing was saved: try again later"
        case Refused():
            return 400, str(error)
        case _:
            return 400, "what was sent cannot be read"


def _answer(code: int, reason: str | None = None, **said: Any) -> "Response":
    from starlette.responses import Response

    if reason is not None:
        said = {"reason": reason, **said}
    return Response(json.dumps(said, ensure_ascii=False), code, media_type="application/json")


def _reasons(looked: Iterable[Received | Refused | None]) -> list[dict[str, Any]]:
    wrong = [(index, one) for index, one in enumerate(looked) if isinstance(one, Refused)]
    return [{"index": index, "reason": str(refused)} for index, refused in wrong]


def application(receiver: Receiver) -> "Starlette":
    """The routes."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Route

    return Starlette(
        routes=[
            # looked at in this order: first what is asked for most
            Route("/events", receiver.events, methods=["POST"]),
            Route(f"{PATHS['unsubscribe']}/{{token}}", receiver.unsubscribe, methods=["GET", "POST"]),
            Route(f"{PATHS['preferences']}/{{token}}", receiver.preferences, methods=["GET", "POST"]),
            Route(f"{PATHS['open']}/{{token}}", receiver.open),
            Route(f"{PATHS['click']}/{{token}}", receiver.click),
            Route("/webhooks/{name}", receiver.webhook, methods=["POST"]),
            Route("/health", receiver.health),
            Route("/style.css", receiver.style),
        ],
        middleware=[Middleware(_Guarded)],
    )


class _Guarded:
    """Every answer has the headers of `HEADERS`, but for those that it sets itself."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                more = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message["headers"], *(pair for pair in more if pair[0] not in own)]
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)
