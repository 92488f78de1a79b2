"""Files of events, row by row, with the line on which each begins: CSV, JSON lines, Parquet, XML.

A file may be larger than memory. What is wrong with one row does not hide the next; only of XML, and of a file that is cut
off, the rest is lost."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from parcours.datamart.parquet_feed import parquet_rows
from parcours.delivery.extras import need
from parcours.delivery.xml_feed import xml_rows
from parcours.diagnostics import nearest, problem

LONGEST_LINE = 1_000_000
"""Bytes of a line."""


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where it begins (of Parquet: its number), `values` what it says by name. `raw` is its text, its cells, or
    nothing that its values do not say. `wrong` says why it has no values."""

    line: int
    values: Mapping[str, Any]
    raw: str | Sequence[str] | None = None
    wrong: str = ""

    @property
    def text(self) -> str:
        """The row as it is shown to people."""
        if self.raw is None:
            return json.dumps(self.values, ensure_ascii=False, default=str) if self.values else ""
        if isinstance(self.raw, str):
            return self.raw
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(self.raw)
        return written.getvalue()


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a file, which is what its ending says. `Problem` when it is nothing that is known, or cannot be read at
    all."""
    name = path.name.lower().removesuffix(".gz")
    ending = name.rpartition(".")[2]
    read = _READERS.get(ending)
    if read is None or (ending == "parquet" and path.name.lower().endswith(".gz")):
        near = nearest(ending, _READERS)
        message = f"`{path.name}` is none of {', '.join(f'.{known}' for known in _READERS)}"
        mark = f"did you mean `.{near}`?" if near else ""
        raise problem(
            "unreadable-file", message, str(path), mark=mark, help="give the file the ending it deserves"
        )
    try:
        yield from read(path)
    except (OSError, EOFError, zlib.error) as error:
        said = (getattr(error, "strerror", None) or "it is cut off or damaged").lower()
        raise problem("unreadable-file", f"this file cannot be read: {said}", str(path)) from error


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.name.lower().endswith(".gz") else path.open("rb")


# ---- CSV


def _csv(path: Path) -> Iterator[Row]:
    with _opened(path) as file:
        lines = _lines(file, path)
        first = next(lines, "").removeprefix("\ufeff")
        delimiter = max(",;\t|", key=first.count)

        def with_first() -> Iterator[str]:
            yield first
            yield from lines

        reader = csv.reader(with_first(), delimiter=delimiter, strict=True)
        names: list[str] | None = None
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(line, {}, "", f"is no CSV: {error}")
                continue
            if names is None:
                names = [name.strip() for name in cells]
            elif cells:
                if len(cells) == len(names):
                    yield Row(line, dict(zip(names, cells, strict=True)), cells)
                else:
                    yield Row(line, {}, cells, f"has {len(cells)} values for {len(names)} columns")


def _lines(file: IO[bytes], path: Path) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            message = f"this file has a line of more than {LONGEST_LINE:,} bytes"
            raise problem("unreadable-file", message, str(path), help="look whether it is CSV")
        # half characters stay what they are, and are refused with their row
        yield line.decode("utf-8", "surrogateescape")


# ---- JSON lines


def _json_lines(path: Path) -> Iterator[Row]:
    number = 0
    with _opened(path) as file:
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                while line and not line.endswith(b"\n"):
                    line = file.readline(LONGEST_LINE)
                yield Row(number, {}, "", f"is longer than {LONGEST_LINE:,} bytes")
            elif line.strip():
                yield _json_row(number, line)


def _json_row(number: int, line: bytes) -> Row:
    text = line.decode("utf-8", "replace").strip().removeprefix("\ufeff")
    try:
        said = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Row(number, {}, text, "is no JSON")
    if not isinstance(said, dict):
        return Row(number, {}, text, "is no object")
    fields = said.get("fields", {})
    if not isinstance(fields, dict):
        return Row(number, {}, text, "`fields` is no object")
    return Row(number, {name: value for name, value in said.items() if name != "fields"} | fields, text)


# ---- the others


def _parquet(path: Path) -> Iterator[Row]:
    path.open("rb").close()  # a file that is not there is told in the words of the other kinds
    for number, values in parquet_rows(path):
        yield Row(number, values)


def _xml(path: Path) -> Iterator[Row]:
    need("defusedxml", "an XML feed", str(path))
    with _opened(path) as file:
        for line, values, wrong in xml_rows(file):
            yield Row(line, values, wrong=wrong)


_READERS: Mapping[str, Callable[[Path], Iterator[Row]]] = {
    "csv": _csv,
    "jsonl": _json_lines,
    "ndjson": _json_lines,
    "parquet": _parquet,
    "xml": _xml,
}
