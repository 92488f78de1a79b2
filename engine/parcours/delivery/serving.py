"""A web application on a port of this machine, until somebody stops it."""

import errno
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from parcours.diagnostics import problem

if TYPE_CHECKING:
    from starlette.applications import Starlette

_MOST_CONNECTIONS = 2000
_QUIET_SECONDS = 15
_LAST_SECONDS = 10


def serve(app: "Starlette", host: str, port: int, ready: Callable[[str, int], None]) -> None:
    """Answers until SIGTERM or SIGINT; what is being answered then is answered. `ready` is called with the address as
    soon as connections are accepted; port 0 takes one that is free. `Problem` when the port cannot be had."""
    import uvicorn

    listening = listening_at(host, port, "--host", "--port")
    config = uvicorn.Config(
        app,
        access_log=False,  # addresses hold tokens, and who followed them
        log_config=None,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_QUIET_SECONDS,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """A signal is the way to stop: it has no other effect afterwards."""
            signals = (signal.SIGINT, signal.SIGTERM)
            before = {number: signal.signal(number, self.handle_exit) for number in signals}
            try:
                yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)

    with listening:
        ready(host, listening.getsockname()[1])
        Server(config).run([listening])


def listening_at(host: str, port: int, host_option: str, port_option: str) -> socket.socket:
    """A socket on which connections can be accepted. `Problem` with the option that is at fault when it cannot be had."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        number = error.errno or 0
        said = os.strerror(number).lower() if number > 0 else "there is no such address"
        place = port_option if number in (errno.EADDRINUSE, errno.EACCES) else host_option
        raise problem("bad-option", f"{host}:{port} cannot be listened at: {said}", place) from error
