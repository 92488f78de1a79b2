"""The user's folder for what can be made again, and files in it that are either whole or not there.

A file that is damaged, half written or not ours is taken for absent, and a folder that cannot be written to is left
alone: neither is an error."""

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

DIGEST_BYTES = hashlib.sha256().digest_size


def cache_folder() -> Path | None:
    """The folder for what can be made again, by the rules of the platform; None when the user has no home."""
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    if named:
        return Path(named) / "parcours"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home.joinpath(*("Library", "Caches") if sys.platform == "darwin" else (".cache",)) / "parcours"


def kept(file: Path) -> bytes | None:
    """What was kept in the file, or None when it is not there or is not, byte for byte, what was written."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, stored = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    return stored if hashlib.sha256(stored).digest() == digest else None


def keep(file: Path, stored: bytes) -> None:
    """Writes the file as a whole, behind its digest."""
    unfinished = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as unfinished:
            unfinished.write(hashlib.sha256(stored).digest() + stored)
        # another process may write the same file now: whoever is last wins, and both are whole
        Path(unfinished.name).replace(file)
    except OSError:
        if unfinished is not None:
            with suppress(OSError):
                Path(unfinished.name).unlink(missing_ok=True)
