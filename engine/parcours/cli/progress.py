"""How far a simulation is: a bar with the virtual date, where somebody can watch it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from parcours.cli.streams import is_coloured, is_terminal


@contextmanager
def progress_bar(zone: str) -> Iterator[Callable[[datetime, int, int], None] | None]:
    """What `simulate` calls after each tick; None when standard error is no terminal. The bar is gone at the end.
    Dates are those of `zone`."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from parcours.clock import to_local

    console = Console(stderr=True, no_color=not is_coloured(sys.stderr))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None, complete_style="cyan", finished_style="cyan", pulse_style="cyan"),
        TextColumn("{task.fields[ticks]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        bar = progress.add_task("reading the data", total=None, ticks="")

        def show(instant: datetime, done: int, whole: int) -> None:
            now = f"{to_local(zone, instant):%Y-%m-%d %H:%M}"
            ticks = f"{done:,} of {whole:,} ticks"
            progress.update(bar, description=now, completed=done, total=whole, ticks=ticks)

        yield show
