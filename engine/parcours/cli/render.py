"""`parcours render`: a message as one contact would get it."""

import os
from pathlib import Path

import click

from parcours.cli.opening import PROJECT_OPTION, opened_without_error
from parcours.cli.state import now
from parcours.cli.streams import say
from parcours.diagnostics import problem


@click.command(
    "render",
    epilog="\b\nExamples:\n  parcours render welcome --contact 1042 --project examples/shop\n"
    "  parcours render cart --contact 1042 --channel sms --entry cart_id=17",
)
@click.argument("message")
@click.option("--contact", required=True, metavar="KEY", help="Whose attributes are filled in.")
@click.option(
    "--channel", metavar="NAME", help="The channel.  [default: the first that the message has a text for]"
)
@click.option(
    "--entry", metavar="FIELD=VALUE", multiple=True, help="What the event said that started the journey."
)
@click.option("--event", metavar="FIELD=VALUE", multiple=True, help="What the event said that woke the step.")
@PROJECT_OPTION
def command(
    message: str,
    contact: str,
    channel: str | None,
    entry: tuple[str, ...],
    event: tuple[str, ...],
    project: Path,
) -> None:
    """Show a message as a contact would get it, and send nothing."""
    from parcours.delivery.preview import preview

    with opened_without_error(project) as loaded:
        found = preview(
            loaded,
            project,
            os.environ,
            message,
            contact,
            channel,
            _fields(entry, "--entry"),
            _fields(event, "--event"),
            now(),
        )
    subject = f"Subject: {found.subject}\n\n" if found.subject else ""
    html = "" if found.html is None else f"\n--- html\n{found.html}"
    say(f"{subject}{found.text.rstrip()}\n{html}")


def _fields(said: tuple[str, ...], option: str) -> dict[str, str]:
    for one in said:
        if "=" not in one:
            raise problem("bad-option", f"`{one}` names no value", option, help="write FIELD=VALUE")
    return dict(one.split("=", 1) for one in said)
