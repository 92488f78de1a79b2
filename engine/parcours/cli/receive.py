"""`parcours receive`."""

import os
from pathlib import Path

import click

from parcours.cli.opening import PROJECT
from parcours.cli.state import now
from parcours.cli.streams import say


@click.command(
    "receive",
    epilog="\b\nExamples:\n  parcours receive examples/shop\n  parcours receive examples/shop --port 8800",
)
@PROJECT
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="NUMBER",
    default=8080,
    show_default=True,
    help="The port; 0 takes one that is free.",
)
@click.pass_context
def command(context: click.Context, project: Path, host: str, port: int) -> None:
    """Take in what comes back: unsubscriptions, preferences, opens, clicks, events.

    Serves the pages and webhooks that `receive` in parcours.yaml speaks of. What is answered with success is on disk,
    and the next tick sees it. It answers this machine only, unless --host says otherwise: put a server that speaks
    TLS in front of it.
    """
    from parcours.delivery.receiving import opened_application, settings_of
    from parcours.delivery.serving import serve

    context.obj.update(settings_of(project, os.environ)[0].sources)
    with opened_application(project, os.environ, now) as app:
        serve(app, host, port, lambda host, port: say(f"receiving at http://{_shown(host)}:{port}"))
    say("stopped")


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
