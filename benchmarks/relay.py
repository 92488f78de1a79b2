"""How fast the relay hands over: webhooks and mails to servers on loopback, beside a bare loop of the same client.

    python benchmarks/relay.py [--sends 20000] [--mails 5000]

The servers run in a process of their own. The bare loop posts bodies, or sends mails, that were made beforehand, with as
many connections, on the same loop; the relay reads the queue, asks for consents, fills in the texts, signs, hands over and records."""

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from parcours.delivery import loop
from parcours.delivery.channels.webhook import KEY, SIGNATURE, body_of, signature
from parcours.delivery.logbook import Logbook
from parcours.delivery.mail import Letterhead, address_of
from parcours.delivery.opening import open_relay
from parcours.delivery.send import Send
from parcours.executor.opening import open_executor
from parcours.workspace.load import load

BEFORE, AT = datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 9)
CONNECTIONS, CONCURRENCY = 8, 32
SECRET = {"RELAY_SECRET": "benchmark"}
SENDER = "Shop <news@shop.example>"
JOURNEY = """\
journey welcome
    enter on signup
    send hello by email

message hello
    subject "Welcome, {{ first_name }}"
    email "Dear {{ first_name }}, thank you for joining us. Here is where to begin: {{ link }}, number {{ points }}"

channel email
    address email
    consent agreed
    quiet from 22:00 to 07:00
"""
SETTINGS = """\
name: relay
datamart:
  tables: {{contacts: contacts.parquet, signups: signups.parquet}}
  contacts: {{table: contacts, key: contact_id}}
  events:
    signup: {{table: signups, contact: contact_id, at: at}}
links: {{shop: "https://shop.example/welcome"}}
channels:
  email: {{{adapter}}}
"""


def serve(kind: str, port: Any) -> None:
    """The servers: they take everything and count it."""
    asyncio.run(_hook(port) if kind == "webhook" else _mailbox(port))


async def _hook(port: Any) -> None:
    from aiohttp import web

    async def post(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="{}")

    app = web.Application()
    app.router.add_post("/", post)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    port.send(site._server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]
    await asyncio.Event().wait()


async def _mailbox(port: Any) -> None:
    from aiosmtpd.smtp import SMTP

    class Taking:
        async def handle_DATA(self, *_: Any) -> str:  # noqa: N802
            return "250 OK"

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Taking(), hostname="localhost", loop=loop), "127.0.0.1", 0)
    port.send(server.sockets[0].getsockname()[1])
    await asyncio.Event().wait()


@contextmanager
def server(kind: str) -> Iterator[int]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(kind, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def project(folder: Path, adapter: str, sends: int) -> None:
    """Contacts who have all signed up between the two ticks."""
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT n AS contact_id, 'c' || n || '@d' || n % 50 || '.example' AS email,
            'Name ' || n AS first_name, n % 1000 AS points, true AS agreed FROM range({sends}) AS r(n))
            TO '{folder}/contacts.parquet'"""
        )
        connection.execute(
            f"""COPY (SELECT n AS contact_id, TIMESTAMP '2026-03-02 08:30' AS at FROM range({sends}) AS r(n))
            TO '{folder}/signups.parquet'"""
        )
    (folder / "parcours.yaml").write_text(SETTINGS.format(adapter=adapter))
    (folder / "welcome.journey").write_text(JOURNEY)


def relayed(adapter: str, sends: int) -> tuple[float, float]:
    """A whole run of the relay, taking the sends out of the outbox included: sends a second, and CPU of each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder, adapter, sends)
        loaded = load(folder, {})
        assert loaded.checked is not None, loaded.diagnostics
        executor = open_executor(loaded, folder / "state.duckdb")
        executor.tick(BEFORE)
        assert executor.tick(AT).granted == sends
        relay = open_relay(
            loaded, executor, folder, SECRET, lambda: AT, logbook=Logbook(folder / "logbook", executor.engine)
        )
        watch = Watch()
        came_of_it = loop.run(relay.run())
        spent = watch.read(sends)
        assert came_of_it.accepted == sends, came_of_it
        executor.engine.close()
        return spent


class Watch:
    """From when it is made until it is read."""

    def __init__(self) -> None:
        self._clock, self._cpu = time.perf_counter(), time.process_time()

    def read(self, sends: int) -> tuple[float, float]:
        """Sends a second, and milliseconds of CPU for each."""
        clock, cpu = time.perf_counter() - self._clock, time.process_time() - self._cpu
        return sends / clock, cpu / sends * 1000


def example(number: int) -> Send:
    return Send(
        id=f"{number:032x}",
        contact=str(number),
        address=f"c{number}@d{number % 50}.example",
        journey="welcome",
        step="hello",
        message="hello",
        channel="email",
        purpose="",
        topic="",
        reference=f"welcome::{number}:hello:email",
        granted_at=AT,
        subject=f"Welcome, Name {number}",
        text=f"Dear Name {number}, thank you for joining us. Here is where to begin: https://shop.example/welcome, {number}",
    )


async def bare_webhooks(port: int, sends: int) -> tuple[float, float]:
    from aiohttp import ClientSession, DummyCookieJar, TCPConnector

    bodies = [(f"{n:032x}", body_of(example(n))) for n in range(sends)]
    signed = iter([(key, body, signature(body, b"benchmark")) for key, body in bodies])
    url, plain = f"http://127.0.0.1:{port}/", {"Content-Type": "application/json"}
    connector = TCPConnector(limit=CONCURRENCY)
    async with ClientSession(connector=connector, cookie_jar=DummyCookieJar(), headers=plain) as session:

        async def work() -> None:
            for key, body, mark in signed:
                async with session.post(url, data=body, headers={KEY: key, SIGNATURE: mark}) as answer:
                    assert answer.status == 200
                    await answer.read()

        watch = Watch()
        await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
        return watch.read(sends)


async def bare_mails(port: int, sends: int) -> tuple[float, float]:
    from aiosmtplib import SMTP

    head = Letterhead(SENDER)
    examples = [example(n) for n in range(sends)]
    mails = iter([(one.address, head.mail(one, *address_of(one.address))) for one in examples])

    async def work() -> None:
        async with SMTP(
            hostname="127.0.0.1", port=port, start_tls=False, local_hostname="shop.example"
        ) as client:
            for address, mail in mails:
                await client.sendmail(head.envelope_from, [address], mail)

    watch = Watch()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return watch.read(sends)


def measure(
    what: str, kind: str, adapter: str, sends: int, bare: Callable[[int, int], Any]
) -> dict[str, Any]:
    """Bare, relay, relay, bare: what else the machine does falls on both. `cpu` is what one of them costs this process, in
    milliseconds, without the server."""
    found: dict[str, list[float]] = {"bare": [], "relay": []}
    cpu: dict[str, list[float]] = {"bare": [], "relay": []}
    with server(kind) as port:
        for which in ("bare", "relay", "relay", "bare"):
            if which == "bare":
                rate, spent = loop.run(bare(port, sends))
            else:
                rate, spent = relayed(adapter.format(port=port), sends)
            found[which].append(rate)
            cpu[which].append(spent)
    best = {which: max(rates) for which, rates in found.items()}
    return {
        "what": what,
        "sends": sends,
        "relay_per_second": round(best["relay"]),
        "bare_per_second": round(best["bare"]),
        "ratio": round(best["relay"] / best["bare"], 2),
        "relay_cpu": round(min(cpu["relay"]), 3),
        "bare_cpu": round(min(cpu["bare"]), 3),
        "ratio_of_cpu": round(min(cpu["bare"]) / min(cpu["relay"]), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sends", type=int, default=20_000)
    parser.add_argument("--mails", type=int, default=5_000)
    asked = parser.parse_args()
    hook = f"adapter: webhook, url: 'http://127.0.0.1:{{port}}/', secret: RELAY_SECRET, concurrency: {CONCURRENCY}"
    mail = f"adapter: smtp, host: 127.0.0.1, port: {{port}}, security: none, sender: '{SENDER}', connections: {CONNECTIONS}"
    print(json.dumps(measure("webhooks", "webhook", hook, asked.sends, bare_webhooks)))
    print(json.dumps(measure("mails", "smtp", mail, asked.mails, bare_mails)))


if __name__ == "__main__":
    main()
