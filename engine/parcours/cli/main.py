"""`parcours`: where every command begins, and where all that can go wrong comes to an end."""

import errno
import os
import sys
from collections.abc import Sequence

import click

from parcours.cli.allocator import restart_with_larger_cache
from parcours.cli.commands import program
from parcours.cli.streams import prepare, silence, tell
from parcours.cli.usage import usage_problem
from parcours.diagnostics import Problem, problem

DONE, FOUND, FAILED = 0, 1, 2
STOPPED = 130  # 128 + SIGINT
CLOSED_PIPE = 141  # 128 + SIGPIPE: what a shell reports for a program that a closed pipe ended

# Whatever was being written, and whoever wrote it: the machine is at fault, and the user can put it right.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main() -> None:
    """The program: runs the command of `sys.argv` and exits with its code."""
    restart_with_larger_cache()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and gives the exit code: 0 done, 1 findings of `check` or failed examples, 2 it could not
    be done, 130 stopped by Ctrl-C, 141 the reader went away.

    What a user can put right is told on standard error; a fault of ours is raised as it is."""
    prepare()
    sources: dict[str, str] = {}  # the text of the files that the command reads, which messages show lines of
    try:
        return _run(arguments, sources)
    except click.UsageError as error:
        tell(usage_problem(error).diagnostics, {})
        return FAILED
    except Problem as found:
        tell(found.diagnostics, sources)
        return FAILED
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:
        silence(sys.stdout)
        return CLOSED_PIPE
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        silence(sys.stdout)
        reason = os.strerror(error.errno).lower()
        where = str(error.filename or "standard output")
        tell(problem("output-unwritable", f"the output cannot be written: {reason}", where).diagnostics, {})
        return FAILED
    except RuntimeError as error:
        # what DuckDB 2.0 makes of a Ctrl-C while it is at work
        if str(error) != "Query interrupted":
            raise
        return _stopped()


def _run(arguments: Sequence[str], sources: dict[str, str]) -> int:
    try:
        with program.make_context("parcours", list(arguments), obj=sources) as context:
            program.invoke(context)
        code = DONE
    except click.exceptions.Exit as leaving:
        code = leaving.exit_code
    sys.stdout.flush()
    return code


def _stopped() -> int:
    click.echo("stopped", err=True)
    return STOPPED
