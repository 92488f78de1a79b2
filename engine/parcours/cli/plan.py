"""`parcours plan`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.apply import MAP, steps_of
from parcours.cli.opening import FORMAT, PROJECT, opened_without_error
from parcours.cli.state import STATE, many, state_of
from parcours.cli.streams import is_coloured, say
from parcours.cli.writing import write_file

if TYPE_CHECKING:
    from parcours.executor.planning import JourneyPlan, Older
    from parcours.executor.standing import Standing

_COLOURS = {"added": "green", "removed": "red", "changed": "yellow", "rerouted": "cyan"}


@click.command(
    "plan",
    epilog="\b\nExamples:\n  parcours plan examples/shop\n  parcours plan examples/shop --draw changes",
)
@PROJECT
@STATE
@MAP
@click.option(
    "--draw",
    "folder",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Draw each edited journey with its changes into FOLDER, as SVG.",
)
@FORMAT
def command(
    project: Path, state: Path | None, pairs: tuple[str, ...], folder: Path | None, form: str
) -> None:
    """Show what the edited files would change.

    For each journey that was edited: what is new in it, how many contacts stand where in older versions, and what
    `parcours apply` would do to them with --finish, --move and --leave. Nothing is changed.
    """
    with opened_without_error(project) as loaded:
        from parcours.executor.opening import open_executor
        from parcours.executor.planning import plan

        path = state_of(project, state)
        # nobody has been anywhere yet: a plan makes no state
        executor = open_executor(loaded, path if path.exists() else None)
        plans = plan(executor, steps_of(pairs))
        unchanged = (
            len(loaded.checked.journeys) - sum(p.kind not in ("gone", "same") for p in plans)
            if loaded.checked
            else 0
        )
    if folder is not None:
        _draw(plans, folder)
    if form == "json":
        say(json.dumps([_data(one) for one in plans], indent=2, ensure_ascii=False))
    else:
        say(
            "\n".join(
                (
                    *(line for one in plans for line in (*_lines(one), "")),
                    f"{many(unchanged, 'journey')} unchanged",
                )
            )
        )


def _lines(one: "JourneyPlan") -> Iterator[str]:
    words = {
        "new": "new",
        "changed": "edited",
        "applied": "edited before",
        "gone": "not in the files any more",
        "same": "unchanged",
    }
    paused = ", paused" if one.paused_since is not None else ""
    yield f"{_styled(one.journey, bold=True)}: {words[one.kind]}{paused}"
    if one.changes is not None:
        yield from (f"  {_marked(line)}" for line in one.changes.words())
    if one.kind == "changed" and not one.older:
        yield "  nobody is inside an older version"
    for older in one.older:
        yield ""
        yield from _older_lines(one, older)


def _older_lines(one: "JourneyPlan", older: "Older") -> Iterator[str]:
    yield f"  {many(older.contacts, 'run')} in version {older.version}:"
    if older.changes is not None and one.changes is None:
        yield from (f"    {_marked(line)}" for line in older.changes.words())
    rows = [("at", "runs", "--move takes them to"), *(_row(place) for place in older.standing)]
    if one.kind == "gone":
        rows = [row[:2] for row in rows]  # type: ignore[misc]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.rjust(w) if n == 1 else cell.ljust(w)
            for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"    {'  '.join(cells)}".rstrip()
    if older.stranded is not None:
        yield _styled(f"    {older.stranded}: until it is back there is no tick", fg="red")
    yield f"    --finish: {'it goes' if older.contacts == 1 else 'they go'} on in version {older.version} to the end (the default)"
    yield f"    --leave: {'it is' if older.contacts == 1 else 'they are'} taken out"


def _row(place: "Standing") -> tuple[str, str, str]:
    target = place.target if place.target is not None else f"nowhere: say --map '{place.step}=NEW STEP'"
    if place.settled:
        target += f" ({place.settled:,} have its message: they cannot be moved there)"
    return f"{place.step} ({place.title})", f"{place.contacts:,}", target


def _marked(line: str) -> str:
    return _styled(line, fg=_COLOURS.get(line.partition(":")[0]))


def _styled(text: str, **style: Any) -> str:
    import sys

    return click.style(text, **style) if is_coloured(sys.stdout) else text


def _data(one: "JourneyPlan") -> dict[str, Any]:
    return {
        "journey": one.journey,
        "kind": one.kind,
        "paused_since": one.paused_since.isoformat() if one.paused_since else None,
        "changes": list(one.changes.words()) if one.changes else [],
        "inside": one.inside,
        "older": [
            {
                "version": older.version,
                "stranded": older.stranded,
                "changes": list(older.changes.words()) if older.changes else [],
                "standing": [
                    {
                        "step": place.step,
                        "runs": place.contacts,
                        "move_to": place.target,
                        "settled": place.settled,
                    }
                    for place in older.standing
                ],
            }
            for older in one.older
        ],
    }


def _draw(plans: "tuple[JourneyPlan, ...]", folder: Path) -> None:
    from parcours.graph.difference import build_difference
    from parcours.graph.drawing import to_svg

    folder.mkdir(parents=True, exist_ok=True)
    for one in plans:
        if one.after is None:
            continue
        befores = {} if one.before is None else {one.journey: one.before}
        if one.before is None:
            befores = {f"{one.journey}-{older.version}": older.journey for older in one.older}
        for name, before in befores.items():
            write_file(folder / f"{name}.svg", to_svg(build_difference(before, one.after)))
