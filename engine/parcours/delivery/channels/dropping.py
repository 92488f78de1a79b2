"""A folder in which others find whole files: a file has its name only when all of it is there and durable."""

import asyncio
import csv
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from parcours.datamart.inbox import make_folder, sync
from parcours.delivery.send import Accepted, Outcome, Send, TransientFailure, Untried


async def dropped(
    folder: Path,
    suffix: str,
    batch: Sequence[Send],
    write: Callable[[Path], None],
    until: float,
) -> Sequence[Outcome]:
    """One file for the batch, which `write` fills at the path that it is given. The same batch has the same name: what is
    dropped twice is there once. A batch is handed over when its file gets its name: where the loop's time is
    `until` when it is written, it does not get it, and everybody is asked about anew (P8)."""
    loop = asyncio.get_running_loop()
    return await asyncio.to_thread(_drop, folder, suffix, batch, write, lambda: loop.time() < until)


def _drop(
    folder: Path,
    suffix: str,
    batch: Sequence[Send],
    write: Callable[[Path], None],
    is_fresh: Callable[[], bool],
) -> Sequence[Outcome]:
    ids = "".join(send.id for send in batch)
    name = f"{batch[0].channel}-{sha256(ids.encode()).hexdigest()[:16]}{suffix}"
    try:
        make_folder(folder)
        handle, unfinished = tempfile.mkstemp(prefix=".", suffix=f"{suffix}.part", dir=folder)
        os.close(handle)
        part = Path(unfinished)
        try:
            write(part)
            sync(part)
            part.chmod(0o640)
            if not is_fresh():
                return [Untried() for _ in batch]
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)
        sync(folder)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        return [TransientFailure(f"the file cannot be written: {reason}") for _ in batch]
    return [Accepted(name) for _ in batch]


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """UTF-8, with a line of names, as RFC 4180 has it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows(rows)
