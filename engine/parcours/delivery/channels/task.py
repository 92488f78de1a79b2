"""A work list for people: whom to call or to visit, and why. What they have done comes back by `parcours ingest`."""

import re
from collections.abc import Sequence
from pathlib import Path

from parcours.delivery.channels.dropping import dropped, write_csv
from parcours.delivery.send import Outcome, Send

COLUMNS = (
    *("id", "contact", "address", "title", "text", "journey", "message", "since"),
    # for those who do it to fill in
    *("at", "outcome", "note"),
    "send",
)
"""`id` is that of the send, and `send` its reference; `since` is when it was granted, in UTC."""

_NUMBER = re.compile(r"[+-][0-9 ]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TaskChannel:
    batch_size = piece_size = 5000

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def open(self) -> None:
        """Nothing to open."""

    async def hand_over(self, piece: Sequence[Send], until: float) -> Sequence[Outcome]:
        rows = [tuple(map(_harmless, _row(send))) for send in piece]
        return await dropped(self._folder, ".csv", piece, lambda path: write_csv(path, COLUMNS, rows), until)

    async def close(self) -> None:
        """Nothing to close."""


def _row(send: Send) -> tuple[str, ...]:
    title, since = send.subject or send.message, f"{send.granted_at:%Y-%m-%d %H:%M}"
    return (
        *(send.id, send.contact, send.address, title, send.text, send.journey, send.message, since),
        *("", "", "", send.reference),
    )


def _harmless(cell: str) -> str:
    """People open the list in a spreadsheet: nothing in it may be a formula. A number keeps its sign: it is none, and a
    contact's key must come back as it was."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell
