"""`parcours fmt`."""

from pathlib import Path

import click

from parcours.cli.streams import say, tell
from parcours.cli.writing import write_file


@click.command(
    "fmt",
    epilog="\b\nExamples:\n  parcours fmt examples/shop\n  parcours fmt --check journeys examples/shop/policy.journey",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--check", is_flag=True, help="Change nothing; say which files would be changed.")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], *, check: bool) -> None:
    """Write journey files in their one canonical form.

    PATH is a journey file, or a folder with all journey files below it (the current folder if not given). Comments
    stay where they belong, and what the files mean stays the same. A file with a mistake in its form is left as it is.

    Exits with 1 when a file has a mistake, and with --check when a file would be changed; with 2 when one cannot be
    read.
    """
    from parcours.language.files import journey_files
    from parcours.language.formatting import formatted

    files = journey_files(paths or (Path(),))
    found = list(files.diagnostics)
    changed = 0
    for name, text in files.texts.items():
        result = formatted(text, name)
        found.extend(result.diagnostics)
        if result.text is None or result.text == text:
            continue
        changed += 1
        say(f"{'would format' if check else 'formatted'} {name}")
        if not check:
            write_file(Path(name), result.text)
    tell(found, files.sources)
    say(_summary(len(files.texts), changed, checked=check))
    context.exit(2 if files.diagnostics else 1 if found or (check and changed) else 0)


def _summary(files: int, changed: int, *, checked: bool) -> str:
    """`2 of 9 files formatted, 7 were so already`."""
    if not files:
        return "no journey files here"
    of = f"{files} file{'' if files == 1 else 's'}"
    if not changed:
        return f"{of}: in canonical form"
    return f"{changed} of {of} {'would be ' if checked else ''}formatted"
