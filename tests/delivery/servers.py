# ruff: noqa: N802 - the names of commands are the server's
"""Servers on loopback that count what really arrived."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any, TypeVar

from aiohttp import web
from aiosmtpd.smtp import SMTP

T = TypeVar("T")


@dataclass
class Mailbox:
    """An aiosmtpd handler. `refuse` are answers to RCPT by address; `after_data` to DATA, one after the other; `hang_up`
    is how many mails are taken and not answered."""

    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    after_data: list[str] = field(default_factory=list)
    hang_up: int = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: Any
    ) -> Any:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        answer = self.after_data.pop(0) if self.after_data else "250 OK"
        if not answer.startswith("250"):
            return answer
        mail = message_from_bytes(envelope.content, policy=policy.SMTP)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        if self.hang_up:
            self.hang_up -= 1
            server.transport.close()
        return answer

    @property
    def ids(self) -> Counter[str]:
        """How often each Message-ID came, without brackets and domain."""
        return Counter(mail["Message-ID"].strip("<>").partition("@")[0] for mail in self.mails)


@contextmanager
def smtp_server(mailbox: Mailbox, **more: Any) -> Iterator[int]:
    """The port of an SMTP server in a thread of its own."""

    def serving() -> SMTP:
        return SMTP(mailbox, hostname="localhost", loop=loop, **more)

    with in_thread() as loop:
        server = in_loop(loop, loop.create_server(serving, "127.0.0.1", 0))
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            loop.call_soon_threadsafe(server.close)


@contextmanager
def in_thread() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs in a thread until the end of the block."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield loop
    finally:
        in_loop(loop, end_tasks())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def end_tasks() -> None:
    """Ends what still waits for somebody who has gone."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def in_loop(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, loop).result(10)


@contextmanager
def hook_in_thread(hook: "Hook") -> Iterator[str]:
    """The address of a webhook that is served in a thread of its own."""
    with in_thread() as loop:
        server = hook_server(hook)
        url = in_loop(loop, server.__aenter__())
        try:
            yield url
        finally:
            in_loop(loop, server.__aexit__(None, None, None))


@dataclass
class Hook:
    """What was posted, and what is answered: `statuses` one after the other, then 200."""

    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)

    async def post(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.posts.append((dict(request.headers), body))
        status = self.statuses.pop(0) if self.statuses else 200
        if status < 300:
            self.taken[request.headers["Idempotency-Key"]] += 1
        return web.json_response({"id": f"p{len(self.posts)}"}, status=status)


@asynccontextmanager
async def hook_server(hook: Hook) -> AsyncIterator[str]:
    """The address of a webhook on loopback."""
    app = web.Application()
    app.router.add_post("/hook", hook.post)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        assert site._server is not None
        yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/hook"  # type: ignore[attr-defined]
    finally:
        await runner.cleanup()
