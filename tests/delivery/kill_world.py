"""Processes that tick and relay on a state file, to be killed: run as a program, it forks and kills them as it is told.

It has read and compiled the journeys and planned every statement before, over a state in memory, so that a process begins
in the time that opening its state takes. None of its databases has a thread of its own or a file open."""

import gc
import mmap
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from time import sleep
from typing import Any

from relay_world import Shop

from parcours.checking.checked import CheckedProject
from parcours.compiler.flights import Flight
from parcours.compiler.program import TickProgram, compile_program
from parcours.delivery.send import Accepted, Outcome, Send
from parcours.executor import tick

JOURNEYS = """
    journey carts
        enter on cart
            again
            per event.cart_id
        goal bought: order within 2 days
        send reminder by email
            if not sent
                exit unsent
        wait for click since entry up to 1 hour
            then
                exit clicked
        send offer by email else sms
        wait 2 hours
        send hello by sms

    pressure
        at most 3 messages per 1 day
        keep held messages for 1 day
"""
CONTACTS = 9
TICKS = [f"2026-03-0{day} {hour:02}:30" for day in (1, 2) for hour in (8, 10, 14)]
OPT_OUTS = {"c00": "2026-03-01 10:31", "c04": "2026-03-01 14:31", "c07": "2026-03-02 08:31"}
"""When some opt out: between two ticks."""


BEGINNING, TICKING, RELAYING = 0, 1, 2
"""What a process does when it is killed."""


class Ledger:
    """A channel that writes down what it takes before it answers, durably: what the other side has."""

    batch_size = piece_size = 3
    path = Path(os.devnull)
    strike: Callable[[], None] = staticmethod(lambda: None)

    async def open(self) -> None: ...

    async def hand_over(self, piece: Sequence[Send], until: float) -> Sequence[Outcome]:
        self.strike()
        with self.path.open("a", encoding="utf-8") as ledger:
            for send in piece:
                ledger.write(f"{send.id} {send.contact} {send.channel}\n")
                ledger.flush()
                if self.path.is_file():
                    os.fsync(ledger.fileno())
        self.strike()
        return [Accepted(send.id) for send in piece]

    async def close(self) -> None: ...


class Programs:
    """Compiles the tick programs of one project once: the same versions give the same program."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], TickProgram] = {}

    def compiled(
        self,
        project: CheckedProject,
        flights: Sequence[Flight],
        contact_type: str,
        stored: Mapping[str, str],
        *,
        skipping: bool,
    ) -> TickProgram:
        key = (*((f.number, f.journey.name, f.newest, f.paused) for f in flights), *stored.items(), skipping)
        if key not in self._known:
            self._known[key] = compile_program(project, flights, contact_type, stored, skipping=skipping)
        return self._known[key]


def shop_of(ledger: Ledger) -> Shop:
    shop = Shop(JOURNEYS, channels=dict.fromkeys(("email", "sms", "push"), ledger))
    for n in range(CONTACTS):
        shop.contact(f"c{n:02}")
        for k in range(2 + n % 3):
            at = f"2026-03-0{1 + (n + k) % 2} {8 + (n * 3 + k * 2) % 10:02}:{n:02}"
            shop.event("cart", f"c{n:02}", at, event_id=f"{n} {k}", cart_id=f"k{k}")
        if n % 2:
            shop.event("order", f"c{n:02}", "2026-03-01 13:45", event_id=f"o{n}", amount=20)
        if n % 4 == 1:
            shop.event("click", f"c{n:02}", "2026-03-01 11:00", event_id=f"l{n}")
    for name, at in OPT_OUTS.items():
        shop.event("opt_out", name, at, event_id=f"x {name}")
    return shop


def work(shop: Shop, doing: mmap.mmap, ticks: int = len(TICKS)) -> None:
    """From where the state is to the last of so many ticks, each followed by the relay at the same instant."""
    last = shop.executor.store.last_tick()
    for text in TICKS[:ticks]:
        at = datetime.fromisoformat(text)
        doing[0] = TICKING
        if last is None or at > last[1]:
            shop.tick(text)
        doing[0] = RELAYING
        if last is None or at >= last[1]:
            shop.relay(text)


class Nursery:
    def __init__(self) -> None:
        tick.compile_program = Programs().compiled  # type: ignore[attr-defined]
        self._ledger = Ledger()
        self._shop = shop_of(self._ledger)
        self._doing = mmap.mmap(-1, 1)
        for _ in range(2):  # the second time, the versions are known, as to who begins anew
            self._shop.restart()
            work(self._shop, self._doing)
        self._shop.rows("DETACH state")
        gc.freeze()  # a process that begins needs not copy what it only reads

    def run(self, state: Path, ledger: Path, ticks: int, since: str, many: float) -> tuple[int, int]:
        """A process works on a state, and is killed so many seconds after it has begun (since `fork`) or has its state open
        (since `open`), where it has not ended by itself; or before its operation of this number of the store or the channel
        (`operation`); or it is let be (`never`). Its exit code, and what it did last."""
        self._doing[0] = BEGINNING
        told, tells = os.pipe()
        number = os.fork()
        if not number:
            os.close(told)
            self._live(state, ledger, ticks, tells, int(many) if since == "operation" else 0)
        os.close(tells)
        if since == "open":
            os.read(told, 1)
        if since in ("open", "fork"):
            sleep(many)
            os.kill(number, signal.SIGKILL)  # who has ended meanwhile has his exit code already
        code = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        os.close(told)
        return code, self._doing[0]

    def _live(self, state: Path, ledger: Path, ticks: int, tells: int, strikes_at: int) -> None:
        code = 1
        try:
            self._ledger.path = ledger
            ledger.touch()
            self._shop.engine.attach_state(state)
            self._shop.restart()
            os.write(tells, b".")
            if strikes_at:
                self._strike_at(strikes_at)
            work(self._shop, self._doing, ticks)
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _strike_at(self, number: int) -> None:
        """Kills this process before its operation of a number."""
        left, execute = count(number, -1), self._shop.engine._execute

        def strike() -> None:
            if next(left) == 1:
                os.kill(os.getpid(), signal.SIGKILL)

        def counted(text: Any, values: Any) -> list[tuple[Any, ...]]:
            strike()
            return execute(text, values)

        self._shop.engine._execute = counted  # type: ignore[method-assign]
        self._ledger.strike = strike  # type: ignore[method-assign]


def serve() -> None:
    """For each line, state, ledger, ticks, since what and how many, a process: how it ended is answered."""
    nursery = Nursery()
    for line in sys.stdin:
        state, ledger, ticks, since, many = line.split()
        code, doing = nursery.run(Path(state), Path(ledger), int(ticks), since, float(many))
        sys.stdout.write(f"{code} {doing}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
