"""`parcours ingest`."""

import os
from collections.abc import Iterable
from pathlib import Path

import click

from parcours.cli.opening import PROJECT_OPTION
from parcours.cli.state import many, now
from parcours.cli.streams import say
from parcours.diagnostics import Problem, nearest, problem


@click.command(
    "ingest",
    epilog="\b\nExamples:\n"
    "  parcours ingest orders.csv --event order --project examples/shop\n"
    "  parcours ingest feed.xml --time-zone Europe/Paris",
)
@click.argument("file", type=click.Path(path_type=Path))
@PROJECT_OPTION
@click.option("--event", metavar="NAME", help="What every row is.  [default: what its column `event` says]")
@click.option(
    "--time-zone", "zone", metavar="ZONE", default="UTC", show_default=True, help="Of times that have none."
)
@click.option(
    "--rejected",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where bad rows are set aside.  [default: FILE.rejected.csv]",
)
@click.pass_context
def command(
    context: click.Context, file: Path, project: Path, event: str | None, zone: str, rejected: Path | None
) -> None:
    """Take in a file of events: CSV, JSON lines, Parquet or XML.

    Columns go by their names: `contact`, `at`, `id`, `send`, and the fields of the event. The next tick sees the events;
    the same row again is the same event. Rows that cannot be events are set aside with line and reason, and the exit
    code is 1.
    """
    from parcours.clock import is_zone, zone_names
    from parcours.datamart.inbox import inbox_folder
    from parcours.delivery.door import Door
    from parcours.delivery.inbox import opened_inbox
    from parcours.delivery.ingest import ingest
    from parcours.delivery.receiving import settings_of

    read, settings = settings_of(project, os.environ)
    context.obj.update(read.sources)
    door = Door(settings.datamart.received, zone)
    if not is_zone(zone):
        raise _unknown("--time-zone", zone, "time zone", zone_names())
    if event is not None and not door.has(event):
        names = [received.name.text for received in settings.datamart.received]
        raise _unknown("--event", event, "event that can be received", names)
    aside = rejected or file.with_name(f"{file.name}.rejected.csv")
    with opened_inbox(inbox_folder(settings, project), now) as inbox:
        done = ingest(file, event, door, inbox, now(), aside)
    say(f"{file}: {many(done.taken, 'event')} taken")
    if done.left_out:
        say(f"columns that are no field, left out: {', '.join(sorted(done.left_out))}")
    if done.rejected:
        say(f"{many(done.rejected, 'row')} set aside in {aside}")
        context.exit(1)


def _unknown(option: str, said: str, what: str, known: Iterable[str]) -> Problem:
    near = nearest(said, known)
    mark = f"did you mean `{near}`?" if near else ""
    return problem("bad-option", f"`{said}` is no {what}", option, mark=mark)
