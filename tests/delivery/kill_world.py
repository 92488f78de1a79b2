"""A process that ticks and relays on a state file, to be killed: run as a program, it forks such processes as it is told.

It has all modules loaded and no database open, so that a process begins in the time that its work takes."""

import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from relay_world import Shop

from parcours.delivery.send import Accepted, Outcome, Send

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

    journey mornings
        enter every day at 09:00 for has order in last 3 days
            again
        send hello by email

    pressure
        at most 3 messages per 1 day
        keep held messages for 1 day
"""
CONTACTS = 9
TICKS = [f"2026-03-0{day} {hour:02}:30" for day in (1, 2) for hour in (8, 10, 14)]
OPT_OUTS = {"c00": "2026-03-01 10:31", "c04": "2026-03-01 14:31", "c07": "2026-03-02 08:31"}
"""When some opt out: between two ticks."""


class Ledger:
    """A channel that writes down what it takes before it answers, durably: what the other side has."""

    batch_size = 3

    def __init__(self, path: Path) -> None:
        self._path = path

    async def open(self) -> None: ...

    async def hand_over(self, batch: Sequence[Send]) -> Sequence[Outcome]:
        with self._path.open("a", encoding="utf-8") as ledger:
            for send in batch:
                ledger.write(f"{send.id} {send.contact} {send.channel}\n")
                ledger.flush()
                os.fsync(ledger.fileno())
        return [Accepted(send.id) for send in batch]

    async def close(self) -> None: ...


def shop_at(state: Path, ledger: Path) -> Shop:
    shop = Shop(JOURNEYS, state=state, channels={c: Ledger(ledger) for c in ("email", "sms", "push")})
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


def work(state: Path, ledger: Path) -> None:
    """From where the state is to the last tick, each followed by the relay at the same instant."""
    shop = shop_at(state, ledger)
    last = shop.executor.store.last_tick()
    for text in TICKS:
        at = datetime.fromisoformat(text)
        if last is None or at > last[1]:
            shop.tick(text)
        if last is None or at >= last[1]:
            shop.relay(text)
    shop.close()


def serve() -> None:
    """For each line, state and ledger, a process: its number is answered, and when it has ended, how."""
    for line in sys.stdin:
        state, ledger = line.split()
        number = os.fork()
        if not number:
            work(Path(state), Path(ledger))
            os._exit(0)
        say(number)
        say(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]))


def say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
