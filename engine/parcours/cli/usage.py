"""A command line that is not understood, said the way everything else is said."""

import re
from collections.abc import Sequence

import click

from parcours.cli.commands import COMMANDS
from parcours.diagnostics import Problem, nearest, problem

_QUOTED = re.compile(r"'([^']*)'")


def usage_problem(error: click.UsageError) -> Problem:
    """The `bad-option` of a command line that click refuses: one line, the user's words in back-quotes."""
    command = error.ctx.command_path if error.ctx else "parcours"
    message, mark = error.message, ""
    if isinstance(error, click.NoSuchOption):
        message, mark = f"there is no option `{error.option_name}`", _nearest(error.possibilities)
    elif isinstance(error, click.exceptions.NoSuchCommand):
        near = nearest(error.command_name, COMMANDS)
        message, mark = f"there is no command `{error.command_name}`", _nearest([near] if near else [])
    elif isinstance(error, click.MissingParameter) and error.param is not None:
        message = f"`{_name(error.param)}` is missing"
    elif isinstance(error, click.BadParameter) and error.param is not None:
        message = f"`{_name(error.param)}`: {_plain(error.message)}"
    else:
        message = _plain(message)
    return problem("bad-option", message, command, mark=mark, help=f"see `{command} --help`")


def _name(parameter: click.Parameter) -> str:
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name


def _nearest(possibilities: Sequence[str] | None) -> str:
    return f"did you mean `{possibilities[0]}`?" if possibilities else ""


def _plain(message: str) -> str:
    """Click's words in our form."""
    text = _QUOTED.sub(r"`\1`", message.strip().rstrip("."))
    return text[:1].lower() + text[1:]
