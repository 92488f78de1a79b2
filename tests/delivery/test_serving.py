"""The real server on a real port, and what is left when it is killed."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from receiving_world import ENVIRONMENT, KEY, SIGNER, inbox_rows, make_project

from parcours.delivery.links import Link
from parcours.delivery.serving import listening_at
from parcours.diagnostics import Problem

KILLS = int(os.environ.get("PARCOURS_RECEIVER_KILLS", "1"))
"""How often the receiver is killed while it is posted to."""

Server = tuple["subprocess.Popen[str]", int]


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    command = "from parcours.cli.main import main; main()"
    arguments = [sys.executable, "-c", command, "receive", str(folder), "--port", "0"]
    with subprocess.Popen(
        arguments,
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield process, int(line.rpartition(":")[2])
        finally:
            process.kill()


def ask(port: int, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def test_it_answers_until_it_is_told_to_stop(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "shop")
    with served(folder) as (process, port):
        assert ask(port, "GET", "/health") == (200, '{"status": "ok"}')
        path = SIGNER.unsubscribe(Link("1", None, "email")).removeprefix(SIGNER.url)
        assert "by email" in ask(port, "GET", path)[1]
        assert ask(port, "POST", path, "List-Unsubscribe=One-Click")[0] == 200
        assert ask(port, "GET", "/nowhere")[0] == 404
        assert ask(port, "DELETE", path)[0] == 405
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(b"GARBAGE\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 400")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out) == (0, "stopped\n")
        assert "Traceback" not in err and path not in err
    assert inbox_rows(folder / "state" / "inbox") == [("opt_out", "1", '{"channel":"email"}')]


@pytest.mark.parametrize("kill", range(KILLS))
def test_all_that_was_answered_is_there_after_a_kill_and_once(tmp_path: Path, kill: int) -> None:
    folder = make_project(tmp_path / "shop")
    answered: list[str] = []

    def post(worker: int, port: int) -> None:
        for number in range(10_000):
            name = f"{worker}-{number}"
            body = json.dumps({"event": "order", "contact": 1, "id": name, "amount": number})
            try:
                status, _ = ask(port, "POST", "/events", body, Authorization=f"Bearer {KEY}")
            except (OSError, http.client.HTTPException):
                return
            assert status == 200
            answered.append(name)

    with served(folder) as (process, port):
        workers = [Thread(target=post, args=(worker, port)) for worker in range(8)]
        for worker in workers:
            worker.start()
        while len(answered) < 40 * (kill + 1):
            time.sleep(0.005)
        process.kill()
        for worker in workers:
            worker.join()
    found = [id_ for (id_,) in inbox_rows(folder / "state" / "inbox", "id")]
    assert set(answered) <= set(found)
    assert len(found) == len(set(found))
    # whoever was not answered sends again, and it is the same event
    with served(folder) as (_, port):
        body = json.dumps([{"event": "order", "contact": 1, "id": name} for name in answered])
        assert ask(port, "POST", "/events", body, Authorization=f"Bearer {KEY}")[0] == 200
    assert len(inbox_rows(folder / "state" / "inbox", "id")) == len(found)


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=f"127.0.0.1:{port} cannot be listened at: address already in use"):
            listening_at("127.0.0.1", port, "--host", "--port")
    with pytest.raises(Problem) as told:
        listening_at("no.such.machine.invalid", 0, "--host", "--port")
    assert told.value.diagnostics[0].place.file == "--host"
