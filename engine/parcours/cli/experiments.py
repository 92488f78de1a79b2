"""`parcours experiments`."""

import json
import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import FORMAT, opened_without_error, project_and_words
from parcours.cli.state import STATE, now, state_of
from parcours.cli.streams import columns, is_coloured, say
from parcours.cli.writing import write_file
from parcours.diagnostics import problem
from parcours.diagnostics.nearest import no_such

if TYPE_CHECKING:
    from parcours.analytics.experiments.analysis import Analysis
    from parcours.analytics.experiments.designs import Design
    from parcours.executor.tick import Executor
    from parcours.workspace.load import Loaded

_NUMBER = re.compile(r"\d{1,3}(\.\d{1,6})?")


@click.command(
    "experiments",
    epilog="\b\nExamples:\n"
    "  parcours experiments examples/shop\n"
    "  parcours experiments examples/shop words --margin 5%\n"
    "  parcours experiments examples/shop words --finish",
)
@click.argument("arguments", metavar="[PROJECT] [NAME]...", nargs=-1)
@STATE
@click.option("--as-of", metavar="DATE", help="As it was then.  [default: at the last tick]")
@click.option("--worth", metavar="FIELD", help="The number of the goal's event that tells what it brings in.")
@click.option(
    "--margin", metavar="PERCENT", default="10%", show_default=True, help="A lift below this does not matter."
)
@click.option("--finish", is_flag=True, help="Write what was learned to learnings/NAME.yaml.")
@click.option("--question", metavar="TEXT", help="With --finish: the question, in your words.")
@FORMAT
def command(
    arguments: tuple[str, ...],
    state: Path | None,
    as_of: str | None,
    worth: str | None,
    margin: str,
    finish: bool,
    question: str | None,
    form: str,
) -> None:
    """Show what tests and hold-outs have come to.

    Each `test … measured by GOAL` and each `hold out` of the journeys in PROJECT (the current folder if not given), by
    the arms as they were assigned. The intervals hold however often you look. The state is only read.
    """
    from parcours.cli.experiment_text import as_data, as_text

    project, names = project_and_words(arguments)
    path = state_of(project, state)
    if not path.exists():
        advice = "name the file of a state: `parcours tick` and `parcours simulate --state FILE` make one"
        raise problem("bad-option", f"`{path}` is not there", "--state", help=advice)
    with opened_without_error(project) as loaded:
        from parcours.executor.opening import open_executor

        assert loaded.checked is not None
        executor = open_executor(loaded, path, read_only=True)
        chosen = _chosen(_designs(executor), names)
        zone = loaded.checked.time_zone
        at = _instant(executor, as_of, zone)
        analyses = [] if at is None else _analysed(loaded, executor, chosen, at, worth, _percent(margin))
        if finish:
            _finish(loaded, project, analyses, names, question)
            return
    if form == "json":
        say(json.dumps(as_data(analyses), indent=2, ensure_ascii=False))
    elif not analyses:
        say("no test and no hold-out has been tried in this state")
    else:
        say(as_text(analyses, zone, colour=is_coloured(sys.stdout), width=columns(sys.stdout)))


def _designs(executor: "Executor") -> "tuple[Design, ...]":
    from parcours.analytics.experiments.designs import designs
    from parcours.executor.flights import stored

    store = executor.store
    versions = [
        (version, stored(store, version, journey, executor.where))
        for version, journey, _ in store.versions()
        if store.text(version) is not None
    ]
    current = {f.journey.name: f.journey for f in executor.fleet.flights if f.newest}
    return designs(versions, current)


def _chosen(found: "Sequence[Design]", names: tuple[str, ...]) -> "list[Design]":
    """Those that are named: `NAME`, or `JOURNEY/NAME`. All when none is. `Problem` for a name that is none."""
    for name in names:
        if not any(name in _names(design) for design in found):
            known = sorted({design.key for design in found})
            raise no_such(
                "bad-option", f"`{name}` is no test and no hold-out", "NAME", name, known, "those tried"
            )
    return [design for design in found if not names or set(names) & _names(design)]


def _names(design: "Design") -> set[str]:
    if design.kind == "test":
        return {design.key, design.name}
    return {design.key, design.journey.name, f"{design.journey.name}/{design.goal.name}"}


def _instant(executor: "Executor", as_of: str | None, zone: str) -> datetime | None:
    from parcours.simulator.options import last_instant

    if as_of is not None:
        return last_instant(as_of, zone, "--as-of")
    last = executor.store.last_tick()
    return None if last is None else last[1]


def _percent(text: str) -> float:
    number = text.strip().removesuffix("%").rstrip()
    if not text.strip().endswith("%") or not _NUMBER.fullmatch(number) or not 0 < float(number) < 100:
        advice = "write a percentage above 0% and below 100%, such as 10%"
        raise problem("bad-option", f"`{text}` is no margin", "--margin", help=advice)
    return float(number) / 100


def _analysed(
    loaded: "Loaded",
    executor: "Executor",
    chosen: "Sequence[Design]",
    at: datetime,
    worth: str | None,
    margin: float,
) -> "list[Analysis]":
    from parcours.analytics.experiments.analysis import Question, analyse

    assert loaded.catalog is not None and loaded.checked is not None
    zone = loaded.checked.time_zone
    question = Question(at, margin=margin, worth=worth)
    return [analyse(executor.engine, design, loaded.catalog, zone, question) for design in chosen]


def _finish(
    loaded: "Loaded",
    project: Path,
    analyses: "Sequence[Analysis]",
    names: tuple[str, ...],
    question: str | None,
) -> None:
    from parcours.analytics.experiments.finishing import learning_of
    from parcours.clock.zones import to_local
    from parcours.language.learnings import FOLDER, learning_text

    if len(names) != 1 or len(analyses) != 1:
        keys = ", ".join(f"`{analysis.design.key}`" for analysis in analyses) or "none"
        raise problem(
            "bad-option",
            f"one experiment is finished at a time, and {len(analyses)} are meant: {keys}",
            "--finish",
            help="name it as JOURNEY/NAME",
        )
    assert loaded.checked is not None
    (analysis,) = analyses
    zone = loaded.checked.time_zone
    topics = {message.name: message.topic for message in loaded.checked.messages}
    learning = learning_of(analysis, topics, zone, to_local(zone, now()).date(), question)
    path = project / FOLDER / f"{names[0].replace('/', '_').replace(' ', '_')}.yaml"
    _must_be_the_same(path, project, learning.test)
    path.parent.mkdir(exist_ok=True)
    write_file(path, learning_text(learning))
    say(f"{path}: {learning.verdict}")
    if learning.winner is not None:
        say(f"the winner is `{learning.winner}`; change the journey yourself, nothing was switched on")


def _must_be_the_same(path: Path, project: Path, test: str) -> None:
    """`Problem` when the file is about something else."""
    from parcours.language.learnings import read_learnings

    if not path.exists():
        return
    learnings, _ = read_learnings(project)
    other = next((one for one in learnings if Path(one.file).name == path.name), None)
    if other is None or other.test != test:
        about = "cannot be read" if other is None else f"is about `{other.test}`"
        raise problem(
            "bad-option",
            f"`{path}` {about}",
            "--finish",
            help="name the experiment as JOURNEY/NAME for a file of its own, or move the other one",
        )
