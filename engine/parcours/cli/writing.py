"""Files that a command is asked to write: whole, or not at all."""

import shutil
from pathlib import Path

from parcours.diagnostics import problem


def write_file(path: Path, text: str) -> None:
    """Writes a text as UTF-8. A file that is there is replaced only when the new one is complete. `Problem` when it
    cannot be written."""
    try:
        if path.exists() and not path.is_file():
            _write(path, text)  # a device or a pipe: nothing to replace; a folder: the error that says so
            return
        behind = path.resolve()  # of a link the file is replaced, and not the link
        unfinished = behind.with_name(f".{path.name}.unfinished")
        try:
            _write(unfinished, text)
            if path.exists():
                shutil.copymode(behind, unfinished)
            unfinished.replace(behind)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or "the file is gone").lower()
        raise problem("output-unwritable", f"the output cannot be written: {reason}", str(path)) from error


def _write(path: Path, text: str) -> None:
    path.write_text(text if text.endswith("\n") else f"{text}\n", encoding="utf-8", newline="\n")
