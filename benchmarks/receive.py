"""How many events a second `parcours receive` makes durable: one by one, and in small lots, beside the same server with
an inbox that writes nothing.

    python benchmarks/receive.py [SECONDS] [CONNECTIONS]

Server and clients are processes of their own on this machine. Every event that was answered is counted in the inbox
afterwards: what a tick takes in must be what was answered."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KEY = "key-of-the-benchmark-"
SETTINGS = """\
name: bench
datamart:
  tables: {contacts: contacts.csv}
  contacts: {table: contacts, key: contact_id}
  events:
    opt_out: {received: {channel: text}}
    click: {received: {link: text}}
receive: {secret: BENCH_SECRET, key: BENCH_KEY}
"""
NOT_DURABLE = """
import os
os.fsync = lambda handle: None
"""


async def _post(port: int, worker: int, lot: int, until: float) -> int:
    """Posts lots over one connection until the time is over; gives the number of events that were answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = number = 0
    while time.perf_counter() < until:
        events = [
            {
                "event": "click",
                "contact": str(number % 1000),
                "id": f"{worker}-{number}-{one}",
                "link": "/tea",
            }
            for one in range(lot)
        ]
        body = json.dumps(events).encode()
        head = f"POST /events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.partition(b":")[2]))
        assert answer.startswith(b"HTTP/1.1 200"), answer
        answered += lot
        number += 1
    writer.close()
    return answered


async def _all(port: int, connections: int, lot: int, seconds: float) -> int:
    until = time.perf_counter() + seconds
    return sum(await asyncio.gather(*(_post(port, worker, lot, until) for worker in range(connections))))


def _cpu_seconds(process: int) -> float:
    spent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def measure(lot: int, connections: int, seconds: float, before: str = "") -> tuple[float, float]:
    """Events a second, by the clock and by the CPU time of the server: the second does not depend on what else the
    machine does."""
    from parcours.datamart.inbox import InboxReader, new_folder
    from parcours.datamart.memory import open_memory

    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as name:
        folder = Path(name)
        (folder / "parcours.yaml").write_text(SETTINGS)
        command = f"{before}\nfrom parcours.cli.main import main; main()"
        environment = {**os.environ, "BENCH_SECRET": KEY, "BENCH_KEY": KEY}
        arguments = [sys.executable, "-c", command, "receive", name, "--port", "0"]
        with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            port = int(server.stdout.readline().rpartition(":")[2])
            began, spent = time.perf_counter(), _cpu_seconds(server.pid)
            answered = asyncio.run(_all(port, connections, lot, seconds))
            took, spent = time.perf_counter() - began, _cpu_seconds(server.pid) - spent
            server.kill()
        inbox = folder / "state" / "inbox"
        files = len(list(new_folder(inbox).iterdir()))
        connection = open_memory()
        connection.execute("CREATE SCHEMA _source")
        began = time.perf_counter()
        taken = InboxReader(connection, inbox).take_in(None)
        print(f"    taken in: {taken:,} events of {files:,} files in {time.perf_counter() - began:.2f} s")
        assert taken >= answered, (taken, answered)
    return answered / took, answered / spent


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    for lot in (1, 10):
        for title, before in (("durable", ""), ("without fsync", NOT_DURABLE)):
            rate, by_cpu = measure(lot, connections, seconds, before)
            print(
                f"{lot:>3} a request, {connections} connections, {title:14} {rate:>8,.0f} events/s, "
                f"{by_cpu:>8,.0f} a CPU second of the server"
            )


if __name__ == "__main__":
    main()
