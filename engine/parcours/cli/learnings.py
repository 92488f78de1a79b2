"""`parcours learnings`."""

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.opening import FORMAT, project_and_words
from parcours.cli.state import many
from parcours.cli.streams import columns, is_coloured, say, tell

if TYPE_CHECKING:
    from parcours.model.learning import Learning


@click.command(
    "learnings",
    epilog="\b\nExamples:\n"
    "  parcours learnings examples/shop\n"
    "  parcours learnings examples/shop delivery --channel email\n"
    "  parcours learnings --topic cart --segment vip",
)
@click.argument("arguments", metavar="[PROJECT] [WORD]...", nargs=-1)
@click.option("--message", metavar="NAME", help="Only about this message.")
@click.option("--topic", metavar="NAME", help="Only about messages of this topic.")
@click.option("--channel", metavar="NAME", help="Only about this channel.")
@click.option("--segment", metavar="NAME", help="Only about this segment or stage.")
@FORMAT
def command(
    arguments: tuple[str, ...],
    message: str | None,
    topic: str | None,
    channel: str | None,
    segment: str | None,
    form: str,
) -> None:
    """Search what finished experiments have taught.

    Reads the files of learnings/ in PROJECT (the current folder if not given) that `parcours experiments NAME --finish`
    has written. All words must stand somewhere in a file.
    """
    from parcours.language.learnings import read_learnings

    project, words = project_and_words(arguments)
    learnings, wrong = read_learnings(project)
    tell(wrong, {})
    wanted = (("messages", message), ("topics", topic), ("channels", channel), ("segments", segment))
    found = [
        learning
        for learning in learnings
        if all(word.lower() in learning.words for word in words)
        and all(name is None or name in getattr(learning, kind) for kind, name in wanted)
    ]
    if form == "json":
        say(json.dumps([_data(learning) for learning in found], indent=2, ensure_ascii=False))
    elif found:
        say(_text(found, colour=is_coloured(sys.stdout), width=columns(sys.stdout)))
    elif learnings:
        say(f"{many(len(learnings), 'learning')}, and nothing about that")
    else:
        say(
            "nothing has been learned yet: `parcours experiments NAME --finish` writes what a test has taught"
        )


def _text(found: "Sequence[Learning]", *, colour: bool, width: int) -> str:
    from parcours.simulator.tables import console_of, new_table

    out = io.StringIO()
    console = console_of(out, colour=colour, width=width)
    for number, learning in enumerate(found):
        if number:
            console.print()
        console.print(f"{learning.file} ({learning.decided_on or learning.last})", style="bold")
        console.print(learning.question)
        about = ", ".join((*learning.messages, *learning.channels, *learning.topics, *learning.segments))
        console.print(f"about: {about}" if about else "about: the journey alone", style="dim")
        has_worth = any(arm.worth is not None for arm in learning.arms)
        table = new_table("", "contacts", "reached", "rate", *(["each brings"] if has_worth else []))
        for arm in learning.arms:
            each = "" if arm.worth is None else f"{arm.worth:,.2f}"
            rate = "" if arm.rate is None else f"{arm.rate:.2f}%"
            row = (f"{arm.contacts:,}", f"{arm.reached:,}", rate, *([each] if has_worth else []))
            table.add_row(arm.name, *row)
        console.print(table)
        winner = f" (winner: {learning.winner})" if learning.winner else ""
        console.print(f"{learning.verdict}{winner}")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _data(learning: "Learning") -> Any:
    return json.loads(json.dumps(asdict(learning), default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    assert isinstance(value, date)
    return value.isoformat()
