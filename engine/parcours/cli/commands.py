"""The list of commands. A command's module is imported when the command is used or listed, and not before."""

from importlib import import_module

import click

import parcours

COMMANDS = (
    *(
        "check",
        "fmt",
        "convert",
        "test",
        "simulate",
        "pressure",
        "plan",
        "apply",
        "tick",
        "run",
        "relay",
        "status",
        "render",
        "enter",
        "pause",
        "resume",
    ),
    *("learn", "models", "rules", "stages"),
    *("report", "experiments", "learnings", "profile"),
    *("receive", "ingest"),
    *("graph", "sql"),
)
"""In the order in which an author meets them; each is a module of this room with a function `command`."""


class Commands(click.Group):
    """A group that finds its commands by their modules' names."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        found = import_module(f"parcours.cli.{cmd_name}").command
        assert isinstance(found, click.Command)
        return found


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nA first look:\n  parcours check examples/shop\n  parcours COMMAND --help",
)
@click.version_option(parcours.__version__, message="parcours %(version)s")
@click.pass_context
def program(context: click.Context) -> None:
    """Customer journeys as code: check them, test them, simulate them on your own data."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
