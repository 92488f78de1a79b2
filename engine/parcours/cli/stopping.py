"""Stopping cleanly: the first signal asks, the second insists."""

import select
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Whether somebody has said stop. `ear` can be read from when a signal has come, whichever thread it came to."""

    def __init__(self, ear: socket.socket) -> None:
        self._asked = False
        self._ear = ear

    def is_asked(self) -> bool:
        return self._asked

    def ask(self) -> None:
        """Ends what is going on with its transaction; asked again, ends it at once, and the transaction rolls back."""
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True

    def nap(self, length: timedelta) -> bool:
        """Sleeps, and says whether to go on. A signal ends the sleep."""
        if not self._asked and length > timedelta(0):
            select.select([self._ear], [], [], length.total_seconds())
        return not self._asked


@contextmanager
def stopped_by_signals() -> Iterator[Stop]:
    """SIGTERM and SIGINT ask to stop, until the end of the block."""
    ear, mouth = socket.socketpair()
    with ear, mouth:
        mouth.setblocking(False)
        stop = Stop(ear)

        def ask(_number: int, _frame: FrameType | None) -> None:
            stop.ask()

        before = {number: signal.signal(number, ask) for number in _SIGNALS}
        heard_before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
        try:
            yield stop
        finally:
            signal.set_wakeup_fd(heard_before)
            for number, handler in before.items():
                signal.signal(number, handler)
