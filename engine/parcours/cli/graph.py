"""`parcours graph`."""

from pathlib import Path

import click

from parcours.cli.opening import PROJECT_OPTION, journey_of, opened_without_error
from parcours.cli.streams import say
from parcours.cli.writing import write_file


@click.command(
    "graph",
    epilog="\b\nExamples:\n"
    "  parcours graph welcome --project examples/shop --output welcome.svg\n"
    "  parcours graph welcome --project examples/shop --format mermaid",
)
@click.argument("journey")
@PROJECT_OPTION
@click.option(
    "--format",
    "form",
    type=click.Choice(["svg", "mermaid", "dot", "json"]),
    help="What to draw it as.  [default: by the ending of --output, else svg]",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="The file to write, instead of standard output."
)
def command(journey: str, project: Path, form: str | None, output: Path | None) -> None:
    """Draw a journey as a picture or as text for other tools."""
    from parcours.graph.build import build
    from parcours.graph.drawing import to_dot, to_json, to_mermaid, to_svg

    draw = {"svg": to_svg, "mermaid": to_mermaid, "dot": to_dot, "json": to_json}
    with opened_without_error(project) as loaded:
        picture = draw[form or _form_of(output)](build(journey_of(loaded, journey)))
    if output is None:
        say(picture)
    else:
        write_file(output, picture)


def _form_of(output: Path | None) -> str:
    endings = {".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".json": "json"}
    return endings.get(output.suffix.lower(), "svg") if output else "svg"
