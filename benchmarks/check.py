"""The check, measured: a thousand journey files, anew, again, after an edit, and in an editor's loop.

    python benchmarks/check.py [--files 1000]

Prints one table. Seconds depend on the machine; the last column does not so much: it is the ratio to lark's bare parse
of the same files (trees, from which nothing is built), or of the one file that is edited, in the same run."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import large_project
from measuring import seconds

from parcours.language.normalise import normalise
from parcours.language.pieces import pieces
from parcours.language.stored_parser import journey_parser
from parcours.workspace.workspace import Workspace

EDITED = "team_00/j0007.journey"


def bare_parse(texts: list[str]) -> None:
    parser = journey_parser()
    for text in texts:
        for piece in pieces(normalise(text, "x").text.split("\n")):
            parser.parse("\n".join([*piece.lines, ""]))


def checked(folder: Path, cache: Path) -> None:
    """As a user runs it, in a process of its own."""
    command = [str(Path(sys.executable).with_name("parcours")), "check", str(folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "XDG_CACHE_HOME": str(cache)}, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def loop(folder: Path, name: str, times: int) -> float:
    """An edit of one file in a process that has the project open: the median of so many, in seconds."""
    workspace = Workspace(folder, {})
    workspace.check()
    text = (folder / name).read_text(encoding="utf-8")
    # each edit moves every declaration of the file by a line, so that all that read of it has to be looked at again
    edits = iter("#\n" * number + text for number in range(1, times + 1))
    found = seconds(lambda: workspace.update(folder / name, next(edits)), times)
    workspace.close()
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=1000)
    files = options.parse_args().files
    with tempfile.TemporaryDirectory() as work:
        folder, cache = Path(work) / "large", Path(work) / "cache"
        folder.mkdir()
        large_project.write(folder, files)
        texts = [file.read_text(encoding="utf-8") for file in sorted(folder.rglob("*.journey"))]
        lines = sum(text.count("\n") for text in texts)
        bare = seconds(lambda: bare_parse(texts))
        one = seconds(lambda: bare_parse([(folder / EDITED).read_text(encoding="utf-8")]), 20)
        rows = [(f"lark's bare parse of {len(texts):,} files, {lines:,} lines", bare, "")]
        rows.append(
            ("parcours check, nothing kept", cold := seconds(lambda: checked(folder, cache)), _of(cold, bare))
        )
        rows.append(
            (
                "parcours check, nothing changed",
                warm := seconds(lambda: checked(folder, cache), 5),
                _of(warm, bare),
            )
        )
        with (folder / EDITED).open("a", encoding="utf-8") as file:
            file.write("# edited\n")
        rows.append(
            (
                "parcours check, one file changed",
                again := seconds(lambda: checked(folder, cache)),
                _of(again, bare),
            )
        )
        for name, what in (
            (EDITED, "a journey"),
            ("policy.journey", "the policy"),
            ("vocabulary.journey", "what all use"),
        ):
            took = loop(folder, name, 15)
            rows.append((f"editor's loop, {what}", took, f"{took / one:.1f} x the parse of a journey file"))
    for what, took, ratio in rows:
        print(f"{what:<48} {_shown(took):>9}   {ratio}")


def _shown(took: float) -> str:
    return f"{took:.2f} s" if took >= 1 else f"{took * 1000:.0f} ms"


def _of(took: float, bare: float) -> str:
    return f"{took / bare:.2f} x the bare parse"


if __name__ == "__main__":
    main()
