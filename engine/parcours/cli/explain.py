"""`parcours explain`."""

import sys
from pathlib import Path

import click

from parcours.cli.opening import FORMAT, PROJECT_OPTION, opened_without_error
from parcours.cli.state import STATE, state_of
from parcours.cli.streams import columns, is_coloured, say


@click.command(
    "explain",
    epilog="\b\nExamples:\n  parcours explain 1042 --project examples/shop\n"
    "  parcours explain 1042 --journey cart --from 2026-03-01 --to 2026-03-07",
)
@click.argument("contact")
@click.option(
    "--journey", metavar="NAME", help="Only this one; and why the contact is not in it, when that is so."
)
@click.option("--from", "first", metavar="DATE", help="The first day, or a local time.")
@click.option("--to", "last", metavar="DATE", help="The last day, all of it.")
@PROJECT_OPTION
@STATE
@FORMAT
def command(
    contact: str,
    journey: str | None,
    first: str | None,
    last: str | None,
    project: Path,
    state: Path | None,
    form: str,
) -> None:
    """Tell what happened to a contact, and why.

    A time line: entered because, waited for, which branch and by which values, sent by, held or not sent by which rule
    and what it had counted, and what would have to be otherwise. It is as of the last tick; nothing is changed.
    """
    from parcours.explaining.as_json import as_json
    from parcours.explaining.explain import Question, explain_loaded
    from parcours.explaining.text import as_text
    from parcours.simulator.options import first_instant, last_instant, require_order

    with opened_without_error(project) as loaded:
        assert loaded.checked is not None
        zone = loaded.checked.time_zone
        begin = None if first is None else first_instant(first, zone)
        end = None if last is None else last_instant(last, zone)
        if first is not None and begin is not None and last is not None and end is not None:
            require_order(begin, end, (first, last))
        question = Question(contact, journey, begin, end)
        story = explain_loaded(loaded, state_of(project, state), question)
    if form == "json":
        say(as_json(story))
        return
    say(as_text(story, colour=is_coloured(sys.stdout), width=columns(sys.stdout)))
