"""One executor at a time: a lock beside the state, which the operating system lets go of when its holder dies.

What is in the file is for people: who holds the lock. Whether somebody does is for the operating system to say. Its holder
removes the file at the end; so whoever has locked a file looks whether it is still the one of that name."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import sleep

from parcours.diagnostics import problem

_MOST_BYTES = 4096
_LOOKS = 3
_LOOK_SECONDS = 0.05
"""Whoever asks who holds a lock has a share of it for a moment, so who wants it all tries more than once."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: a process of a host, since an instant (naive UTC). None of it is known of one who has just begun."""

    process: int | None = None
    host: str = ""
    since: datetime | None = None

    def __str__(self) -> str:
        if self.process is None:
            return "it has just begun"
        return f"process {self.process} on {self.host}, since {self.since} (UTC)"


def lock_of(state: Path) -> Path:
    """The lock of a state file."""
    return state.with_name(f"{state.name}.lock")


@contextmanager
def locked(state: Path, since: datetime) -> Iterator[None]:
    """Holds the lock of a state until the end of the block. `since` (naive UTC) is what others are told. Nothing is left
    of it, nor of a folder that was made for it and is empty.

    `Problem` `state-locked` with who holds it when somebody else does, `state-unwritable` when there can be no lock."""
    path = lock_of(state)
    has_folder = path.parent.is_dir()
    handle = _held(path, state)
    try:
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": since.isoformat(sep=" ")}
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(holder).encode(), 0)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)
        if not has_folder:
            with suppress(OSError):  # it is in use
                path.parent.rmdir()


def holder_of(state: Path) -> Holder | None:
    """Who holds the lock of a state; None when nobody does."""
    try:
        handle = os.open(lock_of(state), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(handle)
    else:
        return None  # left behind by a crash
    finally:
        os.close(handle)


def _held(path: Path, state: Path) -> int:
    """A handle of the file, which is locked."""
    looks = 0
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # not emptied when it is opened: what the holder wrote is still to be read
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            reason = (error.strerror or "it cannot be opened").lower()
            raise problem("state-unwritable", f"the lock cannot be written: {reason}", str(path)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(handle)
            os.close(handle)
            looks += 1
            if looks < _LOOKS:
                sleep(_LOOK_SECONDS)
                continue
            raise problem(
                "state-locked", f"another executor works on this state: {holder}", str(state)
            ) from None
        if _is_named(path, handle):
            return handle
        os.close(handle)


def _is_named(path: Path, handle: int) -> bool:
    """Whether the open file is still the one of this name, and was not removed before it was locked."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _holder(handle: int) -> Holder:
    """Who wrote itself into the lock."""
    try:
        said = json.loads(os.pread(handle, _MOST_BYTES, 0))
        return Holder(int(said["pid"]), str(said["host"]), datetime.fromisoformat(said["since"]))
    except (ValueError, KeyError, TypeError):
        return Holder()
