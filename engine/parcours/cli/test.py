"""`parcours test`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT, opened_without_error
from parcours.cli.streams import is_coloured, say

if TYPE_CHECKING:
    from parcours.simulator.examples import ExampleResult


@click.command(
    "test",
    epilog="\b\nExamples:\n  parcours test examples/shop\n  parcours test examples/shop --journey welcome",
)
@PROJECT
@click.option(
    "--journey", "journeys", metavar="NAME", multiple=True, help="Only this one; may be given again."
)
@click.pass_context
def command(context: click.Context, project: Path, journeys: tuple[str, ...]) -> None:
    """Run the examples that journeys come with.

    Each `example` of PROJECT (the current folder if not given) goes through the real tick, on data that is empty but
    for what the example says. Exits with 1 when one comes out differently.
    """
    from parcours.simulator.examples import run_examples

    count = failed = 0
    journey = ""
    with opened_without_error(project) as loaded:
        for result in run_examples(loaded, journeys):
            if result.journey != journey:
                journey = result.journey
                say(_styled(journey, bold=True))
            count += 1
            failed += not result.holds
            say("\n".join(_lines(result)))
    say(_summary(count, failed))
    context.exit(1 if failed else 0)


def _lines(result: "ExampleResult") -> Iterator[str]:
    if result.holds:
        yield f"  {_styled('✓', fg='green')} {result.title}"
        return
    yield f"  {_styled('✗', fg='red')} {_styled(result.title, bold=True)}"
    for difference in result.differences:
        yield f"      {difference.place}"
        yield f"        expected  {difference.expected}"
        yield f"        instead   {difference.instead}"
    if not result.lines:
        yield "      nothing happened"
        return
    yield f"      what happened ({result.zone})"
    before = ""
    for local, text in result.lines:
        at = f"{local:%a %Y-%m-%d %H:%M}"
        yield f"        {at if at != before else '':<20}  {text}"
        before = at


def _summary(count: int, failed: int) -> str:
    if not count:
        return "no examples: add `example` blocks to the journey files"
    examples = f"{count} example{'' if count == 1 else 's'}"
    if not failed:
        return f"\n{examples}: {_styled('all hold', fg='green')}"
    told = f"{failed} come{'s' if failed == 1 else ''} out differently"
    return f"\n{examples}: {_styled(told, fg='red', bold=True)}"


def _styled(text: str, *, fg: str | None = None, bold: bool = False) -> str:
    return click.style(text, fg=fg, bold=bold) if is_coloured(sys.stdout) else text
