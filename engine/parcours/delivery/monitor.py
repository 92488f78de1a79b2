"""Metrics and health of a `run` over HTTP, in threads of their own: whoever asks holds up no tick."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from parcours.delivery.health import faults_of_run
from parcours.delivery.metrics import CONTENT_TYPE, exposition
from parcours.delivery.notes import Notes
from parcours.delivery.serving import listening_at

_PATIENCE_SECONDS = 5
"""Who says nothing for so long is hung up on."""


@contextmanager
def monitored(
    host: str, port: int, notes: Callable[[], Notes], clock: Callable[[], datetime]
) -> Iterator[tuple[str, int]]:
    """Answers `/metrics` and `/healthz` until the end of the block. `notes` gives what is known now, at once; port 0 takes
    one that is free. Gives host and port. `Problem` when the port cannot be had."""

    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE_SECONDS
        server_version = "parcours"
        sys_version = ""

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                now = notes()
                self._answer(HTTPStatus.OK, CONTENT_TYPE, exposition(now.status, clock(), now))
            elif path == "/healthz":
                status, body = health(notes(), clock())
                self._answer(status, "application/json", body)
            else:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"there is /metrics and /healthz\n")

        do_HEAD = do_GET  # noqa: N815

        def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Who asks is nobody's business."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            if not isinstance(sys.exception(), OSError):  # who hung up does not hear the answer
                super().handle_error(request, client_address)

    listening = listening_at(host, port, "--metrics", "--metrics")
    server = Server((host, port), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield host, listening.getsockname()[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def health(notes: Notes, at: datetime) -> tuple[HTTPStatus, bytes]:
    """200 while ticks are made, 503 with the reasons while they are not."""
    reasons = faults_of_run(notes, at)
    said = {
        "healthy": not reasons,
        "reasons": reasons,
        "doing": notes.doing,
        "last_tick_at": None if notes.last_tick_at is None else f"{notes.last_tick_at.isoformat()}Z",
        "left_alone": notes.left_alone,
    }
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    return status, json.dumps(said).encode() + b"\n"
