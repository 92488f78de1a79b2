"""`parcours convert`."""

from pathlib import Path

import click

from parcours.cli.streams import say
from parcours.cli.writing import write_file
from parcours.diagnostics import Problem, problem


@click.command(
    "convert",
    epilog="\b\nExamples:\n"
    "  parcours convert journeys/cart/cart.journey --to yaml\n"
    "  parcours convert cart.journey.yaml --to text --output cart.journey",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to", "form", type=click.Choice(["yaml", "text"]), required=True, help="The form to write it in."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The file to write, which is not there yet, instead of standard output.",
)
def command(file: Path, form: str, output: Path | None) -> None:
    """Write a journey file in the other of the two forms of the language.

    FILE ends in .journey or .journey.yaml. Nothing is lost, comments neither; FILE stays as it is. A project that has
    both files would have each declaration twice: remove the one that you do not keep.
    """
    from parcours.language.files import journey_files
    from parcours.language.formatting import converted

    if file.is_dir():
        raise problem("no-journey-file", f"`{file}` is a folder", str(file))
    files = journey_files((file,))
    click.get_current_context().obj.update(files.sources)
    if files.diagnostics:
        raise Problem(files.diagnostics)
    ((name, text),) = files.texts.items()
    result = converted(text, name, "yaml" if form == "yaml" else "text")
    if result.text is None:
        raise Problem(result.diagnostics)
    if output is None:
        say(result.text)
    elif output.exists():
        message = f"`{output}` is there already, and is not written over"
        raise problem("output-unwritable", message, str(output))
    else:
        write_file(output, result.text)
