"""The example shop in earnest: hours on a virtual clock, servers on loopback with faults, people who unsubscribe, and a process
that is killed again and again."""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from aiohttp import web
from fortnight_judge import books_of, wrong_in
from fortnight_servers import PostOffice
from receiving_world import Somebody
from servers import in_loop, in_thread, smtp_server

from parcours.clock.chance import WHOLE, share_of
from parcours.delivery.links import read_link
from parcours.delivery.receiving import opened_application

MONDAY = datetime(2026, 3, 2)
SHOP = Path(__file__).parents[2] / "examples" / "shop"
PUBLIC = "https://news.shop.example"
SECRETS = {"PARCOURS_SECRET": "the-secret-of-the-fortnight", "PARCOURS_KEY": "the-key-of-the-fortnight"}
UNSUBSCRIBING, CLICKING = 3, 10
"""So many mails in a hundred have somebody unsubscribe, or follow a link."""


@dataclass(frozen=True)
class Fortnight:
    """What came of it. `wrong` says in words what is not as it must be; `outcomes` of the sends; `arrived` is how many
    different ids did, `again` how often one came once more."""

    wrong: list[str]
    granted: int
    outcomes: Counter[str]
    arrived: int
    again: int
    faults: Counter[str]
    kills: int
    unsubscribed: int
    seconds: float


def live_through(
    folder: Path, contacts: int, hours: int, kills: int, first: datetime = MONDAY, seed: str = "1"
) -> Fortnight:
    """Runs the shop for so many hours from `first` on (naive UTC). Half of the `kills` happen when something has just
    arrived, half at some moment after a tick has begun."""
    begun = time.perf_counter()
    shop = _Shop(folder, contacts, hours, kills, first, seed)
    with shop.servers(), shop.people():
        shop.live()
    books = books_of(folder / "state" / "state.duckdb", folder / "data" / "contacts.parquet")
    arrived = {arrival.id for arrival in shop.office.arrivals}
    return Fortnight(
        wrong_in(books, shop.office, shop.opted_out),
        books.granted,
        Counter(one.outcome for one in books.ended.values()),
        len(arrived),
        len(shop.office.arrivals) - len(arrived),
        shop.office.faults,
        shop.kills,
        len(shop.opted_out),
        time.perf_counter() - begun,
    )


class _Shop:
    def __init__(
        self, folder: Path, contacts: int, hours: int, kills: int, first: datetime, seed: str
    ) -> None:
        self._folder, self._contacts, self._hours, self._first = folder, contacts, hours, first
        self._mails: SimpleQueue[Message | None] = SimpleQueue()
        self.opted_out: dict[tuple[str, str], int] = {}
        self.kills = 0
        self._lock = Lock()
        self._child: subprocess.Popen[str] | None = None
        at_arrivals = frozenset(7 + n * 101 for n in range(kills - kills // 2))
        in_ticks = kills // 2
        self._tick_kills = {hours * (n + 1) // (in_ticks + 1) for n in range(in_ticks)}
        self.office = PostOffice(seed, self._kill, at_arrivals, self._mails.put)

    # ---- around it

    @contextmanager
    def servers(self) -> Iterator[None]:
        with smtp_server(self.office) as port, in_thread() as loop:
            app = web.Application()
            app.router.add_post("/{channel}", self.office.post)
            runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
            in_loop(loop, runner.setup())
            site = web.TCPSite(runner, "127.0.0.1", 0)
            in_loop(loop, site.start())
            assert site._server is not None
            self._make(port, site._server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]
            try:
                yield
            finally:
                in_loop(loop, runner.cleanup())

    def _make(self, smtp: int, hook: int) -> None:
        """The shop, with channels that lead to the servers, and with bounces that come back."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in SHOP.glob("*.journey"):
            shutil.copy(file, self._folder)
        text = (SHOP / "parcours.yaml").read_text(encoding="utf-8")
        mail = (
            f"adapter: smtp, host: 127.0.0.1, port: {smtp}, security: none, sender: Shop <news@shop.example>"
        )
        changes = {
            "email: {adapter: null}": f"email: {{{mail}}}",
            "receive:\n": f"receive:\n  url: {PUBLIC}\n",
        }
        for channel in ("sms", "push"):
            line = f"adapter: webhook, url: 'http://127.0.0.1:{hook}/{channel}'"
            changes[f"{channel}: {{adapter: null}}"] = f"{channel}: {{{line}}}"
        bounce = "    bounce: {received: {channel: text, reason: text}}\n"
        changes["  products: {table"] = f"{bounce}  products: {{table"
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        (self._folder / "parcours.yaml").write_text(text, encoding="utf-8")
        data = ["--contacts", str(self._contacts), "--to", str(self._folder / "data")]
        subprocess.run([sys.executable, SHOP / "generate.py", *data], check=True, capture_output=True)

    @contextmanager
    def people(self) -> Iterator[None]:
        """Those who read mails, and unsubscribe or click. What they do is durable before they are answered."""
        with opened_application(self._folder, SECRETS, self._now) as app:
            thread = Thread(target=self._read_mails, args=(Somebody(app),))
            thread.start()
            try:
                yield
            finally:
                self._mails.put(None)
                thread.join()

    def _now(self) -> datetime:
        return self._first + timedelta(hours=max(self.office.hour, 0))

    def _read_mails(self, somebody: Somebody) -> None:
        while (mail := self._mails.get()) is not None:
            percent = share_of(f"{self.office.seed}:reads:{mail['Message-ID']}") * 100 / WHOLE
            if percent < UNSUBSCRIBING:
                self._unsubscribe(somebody, mail["List-Unsubscribe"].strip("<>"))
            elif percent < UNSUBSCRIBING + CLICKING:
                _click(somebody, mail)

    def _unsubscribe(self, somebody: Somebody, address: str) -> None:
        answer = somebody.post(address.removeprefix(PUBLIC), "List-Unsubscribe=One-Click")
        assert answer.status == 200, answer
        link = read_link("unsubscribe", address.rpartition("/")[2], SECRETS["PARCOURS_SECRET"])
        self.opted_out.setdefault((link.contact, link.channel or ""), self.office.hour)

    # ---- the process

    def live(self) -> None:
        """Begins the process anew as often as it is killed."""
        while not self._one_run():
            self.office.run += 1
            time.sleep(0.2)  # what is on its way from the one that was killed has arrived

    def _one_run(self) -> bool:
        """Whether it came to its end."""
        script = Path(__file__).with_name("fortnight_child.py")
        command = [sys.executable, script, self._folder, self._first.isoformat(), str(self._hours)]
        environment = {**os.environ, **SECRETS}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
            assert child.stdout is not None
            with self._lock:
                self._child = child
            for line in child.stdout:
                if line == "done\n":
                    continue
                self.office.hour = max(self.office.hour, int(line))
                if self.office.hour in self._tick_kills:
                    self._tick_kills.discard(self.office.hour)
                    time.sleep(share_of(f"{self.office.seed}:{self.office.hour}") / WHOLE / 2)
                    self.office.killed.add(self.office.run)
                    self._kill()
        if child.returncode not in (0, -9):
            raise RuntimeError(f"the process has failed with {child.returncode}")
        return child.returncode == 0

    def _kill(self) -> None:
        with self._lock:
            assert self._child is not None
            self._child.kill()
            self.kills += 1


def _click(somebody: Somebody, mail: Any) -> None:
    payload = mail.get_payload(decode=True) or b""
    for word in payload.decode().split():
        if word.startswith(f"{PUBLIC}/click/"):
            answer = somebody.get(word.removeprefix(PUBLIC).rstrip(".,!?"))
            assert answer.status == 302, answer
            return
