"""How fast the relay hands over: webhooks and mails to servers on loopback, beside a bare loop of the same client.

    python benchmarks/relay.py [--sends 20000] [--mails 5000] [--rounds 7]

The servers run in a process of their own. The bare loop has all sends in memory, makes of each the body that the relay
makes, signs it, and hands it over by the same client with as many connections on the same loop. `ready` is the same loop
with bodies that were made and signed before the clock runs: the client alone. The relay takes the sends out of the outbox, reads the queue, asks for
consents, fills in the texts, makes and signs the bodies, hands over, notes and records.

One after the other they have their turn in each round, so that what else the machine does falls on all; what is printed are
medians, and of ratios those of the rounds. The first round is not counted: in it libraries are read in."""

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

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
T = TypeVar("T")

CONNECTIONS, CONCURRENCY = 8, 32
TIMEOUT_SECONDS = 30
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


async def bare_webhooks(port: int, sends: int, *, is_ready: bool) -> tuple[float, float]:
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

    examples = [example(n) for n in range(sends)]

    def requests() -> Iterator[tuple[str, bytes, str]]:
        for one in examples:
            body = body_of(one)
            yield one.id, body, signature(body, b"benchmark")

    waiting = iter(listed(requests(), is_ready))
    url = f"http://127.0.0.1:{port}/"
    async with ClientSession(
        connector=TCPConnector(limit=CONCURRENCY, limit_per_host=CONCURRENCY),
        timeout=ClientTimeout(total=TIMEOUT_SECONDS),
        cookie_jar=DummyCookieJar(),
        headers={"User-Agent": "parcours", "Content-Type": "application/json"},
    ) as session:

        async def work() -> None:
            for key, body, mark in waiting:
                headers = {KEY: key, SIGNATURE: mark}
                async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                    assert answer.status == 200
                    await answer.read()

        watch = Watch()
        await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
        return watch.read(sends)


async def bare_mails(port: int, sends: int, *, is_ready: bool) -> tuple[float, float]:
    from aiosmtplib import SMTP

    head = Letterhead(SENDER)
    examples = [example(n) for n in range(sends)]
    waiting = iter(
        listed(((one.address, head.mail(one, *address_of(one.address))) for one in examples), is_ready)
    )

    async def work() -> None:
        async with SMTP(
            hostname="127.0.0.1",
            port=port,
            start_tls=False,
            local_hostname="shop.example",
            timeout=TIMEOUT_SECONDS,
        ) as client:
            for address, mail in waiting:
                await client.sendmail(head.envelope_from, [address], mail)

    watch = Watch()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return watch.read(sends)


def listed(made: Iterable[T], is_ready: bool) -> Iterable[T]:
    """All of them now, or each when its turn comes."""
    return list(made) if is_ready else made


def measure(
    what: str, kind: str, adapter: str, sends: int, rounds: int, bare: Callable[..., Any]
) -> dict[str, Any]:
    """Rates are sends a second; `cpu` is milliseconds of this process for each, without the server."""
    rates: dict[str, list[float]] = {"ready": [], "bare": [], "relay": []}
    cpu: dict[str, list[float]] = {"ready": [], "bare": [], "relay": []}
    with server(kind) as port:
        for _ in range(rounds + 1):
            for which in rates:
                if which == "relay":
                    rate, spent = relayed(adapter.format(port=port), sends)
                else:
                    rate, spent = loop.run(bare(port, sends, is_ready=which == "ready"))
                rates[which].append(rate)
                cpu[which].append(spent)

    def beside(other: str) -> dict[str, float]:
        by_clock = [ours / theirs for ours, theirs in zip(rates["relay"][1:], rates[other][1:], strict=True)]
        by_cpu = [theirs / ours for ours, theirs in zip(cpu["relay"][1:], cpu[other][1:], strict=True)]
        return {"clock": round(median(by_clock), 2), "cpu": round(median(by_cpu), 2)}

    return {
        "what": what,
        "per_second": {which: round(median(found[1:])) for which, found in rates.items()},
        "cpu": {which: round(median(found[1:]), 3) for which, found in cpu.items()},
        "relay_beside_bare": beside("bare"),
        "relay_beside_ready": beside("ready"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sends", type=int, default=20_000)
    parser.add_argument("--mails", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    hook = f"adapter: webhook, url: 'http://127.0.0.1:{{port}}/', secret: RELAY_SECRET, concurrency: {CONCURRENCY}, timeout_seconds: {TIMEOUT_SECONDS}"
    mail = f"adapter: smtp, host: 127.0.0.1, port: {{port}}, security: none, sender: '{SENDER}', connections: {CONNECTIONS}, timeout_seconds: {TIMEOUT_SECONDS}"
    print(json.dumps(measure("webhooks", "webhook", hook, asked.sends, asked.rounds, bare_webhooks)))
    print(json.dumps(measure("mails", "smtp", mail, asked.mails, asked.rounds, bare_mails)))


if __name__ == "__main__":
    main()
