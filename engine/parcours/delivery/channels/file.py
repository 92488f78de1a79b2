"""A file for each batch, CSV or Parquet, in a folder: for an e-mail provider or a printer that fetches them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from parcours.delivery.channels.dropping import dropped, write_csv
from parcours.delivery.send import Outcome, Send
from parcours.model.channel_settings import FileSettings

COLUMNS = (
    *("id", "contact", "address", "journey", "step", "message", "channel", "purpose", "topic", "reference"),
    *("granted_at", "subject", "text", "html", "unsubscribe"),
)
"""All of them text; `granted_at` in UTC; what there is not is empty."""

Writer = Callable[[Path, Sequence[str], Sequence[Sequence[str]]], None]
"""Writes a table of texts: where to, the columns, the rows."""


class FileChannel:
    """`folder` is there already or is made; `write_parquet` does so for the Parquet form."""

    batch_size = piece_size = 20_000

    def __init__(self, settings: FileSettings, folder: Path, write_parquet: Writer) -> None:
        self._folder = folder
        self._suffix = f".{settings.format}"
        self._write: Writer = write_parquet if settings.format == "parquet" else write_csv

    async def open(self) -> None:
        """Nothing to open."""

    async def hand_over(self, piece: Sequence[Send], until: float) -> Sequence[Outcome]:
        rows = [_row(send) for send in piece]
        return await dropped(
            self._folder, self._suffix, piece, lambda path: self._write(path, COLUMNS, rows), until
        )

    async def close(self) -> None:
        """Nothing to close."""


def _row(send: Send) -> tuple[str, ...]:
    return (
        *(send.id, send.contact, send.address, send.journey, send.step, send.message, send.channel),
        *(send.purpose, send.topic, send.reference, send.granted_at.isoformat(sep=" ")),
        *(send.subject, send.text, send.html or "", send.unsubscribe or ""),
    )
