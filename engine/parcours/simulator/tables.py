"""Tables and numbers of reports as text: good in 100 columns and in a pipe."""

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH = 100


def console_of(out: TextIO, *, colour: bool, width: int) -> "Console":
    """`colour` adds the escapes of a terminal, `width` is the number of columns to fill at most."""
    from rich.console import Console

    return Console(
        file=out,
        width=width,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )


def new_table(first: str, *others: str, left: tuple[int, ...] = ()) -> "Table":
    """A table without lines; the first column and those numbered in `left` are text, the others numbers."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    made.add_column(first, overflow="fold")
    for number, name in enumerate(others, 1):
        if number in left:
            made.add_column(name, overflow="fold")
        else:
            made.add_column(name, justify="right", no_wrap=True)
    return made


def words(reason: str) -> str:
    return reason.replace("_", " ")


def with_commas(value: int) -> str:
    return f"{value:,}"


def plural(value: int, one: str, many: str = "") -> str:
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def as_percent(rate: float) -> str:
    return f"{rate:.1%}"
