"""`parcours rules`."""

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.opening import FORMAT, opened_without_error
from parcours.cli.state import AT, now
from parcours.cli.streams import columns, is_coloured, say
from parcours.diagnostics import problem

if TYPE_CHECKING:
    from rich.table import Table

    from parcours.analytics.learner import Run
    from parcours.analytics.rules.reading import Core, Rule
    from parcours.checking.checked import CheckedProject, Rules

_MOST = 1000


@click.command(
    "rules",
    epilog="\b\nExamples:\n"
    "  parcours rules examples/shop cross_sell\n"
    "  parcours rules examples/shop cross_sell --cores --top 50",
)
@click.argument("words", metavar="[PROJECT] [NAME]", nargs=-1)
@click.option(
    "--top",
    metavar="NUMBER",
    type=click.IntRange(1, _MOST),
    default=20,
    show_default=True,
    help=f"So many of them, the best first; at most {_MOST:,}.",
)
@click.option(
    "--cores", is_flag=True, help="Show the core products, with which series begin, and what goes with each."
)
@AT
@FORMAT
def command(words: tuple[str, ...], top: int, cores: bool, instant: str | None, form: str) -> None:
    """Show the association rules that were learned last: what is bought together, or after what.

    The best come first, by lift times confidence, which is the order in which they are offered. Without a NAME: the
    project's only declaration of rules.
    """
    from parcours.analytics.rules.reading import best_rules, core_products
    from parcours.analytics.store import store_to_read
    from parcours.engines.duckdb.engine import DuckDBEngine
    from parcours.simulator.options import first_instant
    from parcours.workspace.analytics import analytics_place

    project, name = _words(words)
    with opened_without_error(project, needs_journeys=False) as loaded:
        assert loaded.checked is not None and loaded.connection is not None
        assert loaded.catalog is not None and loaded.project is not None
        checked, zone = loaded.checked, loaded.checked.time_zone
        at = now() if instant is None else first_instant(instant, zone, "--at")
        declared = _declared(checked, name)
        place = analytics_place(loaded.project)
        engine = DuckDBEngine(loaded.connection)
        store = store_to_read(engine, place, checked.name, loaded.catalog.contact_type)
        run = _newest(store, checked, declared, at)
        found: Sequence[Rule | Core] = (core_products if cores else best_rules)(engine, run, top)
    if form == "json":
        say(json.dumps(_data(run, found), indent=2, ensure_ascii=False))
    else:
        say(_text(run, found, zone, cores=cores))


def _words(words: tuple[str, ...]) -> tuple[Path, str | None]:
    """The project and the name. One word alone is a project when there is such a folder, else a name in this one."""
    if len(words) > 2:
        raise problem(
            "bad-option", f"`{words[2]}` is too much", "NAME", help="name a project, and one of its rules"
        )
    if len(words) == 2:
        return Path(words[0]), words[1]
    if words and not Path(words[0]).exists():
        return Path(), words[0]
    return Path(*words), None


def _declared(checked: "CheckedProject", name: str | None) -> "Rules":
    from parcours.checking.checked import Rules
    from parcours.diagnostics.nearest import no_such

    found = {made.name: made for made in checked.learned if isinstance(made, Rules)}
    if name is None and len(found) == 1:
        return next(iter(found.values()))
    if not found:
        message = "the project declares no rules"
        raise problem("bad-option", message, "NAME", help="write `rules NAME` into a journey file")
    if name is None:
        message = "the project declares several rules"
        raise problem("bad-option", message, "NAME", help=f"name one of them: {', '.join(sorted(found))}")
    if name not in found:
        raise no_such(
            "unknown-name", f"`{name}` is no declaration of rules", "NAME", name, found, "the rules"
        )
    return found[name]


def _newest(store: Any, checked: "CheckedProject", declared: "Rules", at: datetime) -> "Run":
    """The run that a tick would read."""
    from parcours.compiler.analytic_store import hash_of

    runs = store.earlier("rules", declared.name, hash_of("rules", declared.name, checked), at)
    if not runs:
        message = f"the rules `{declared.name}` were not learned by then, as they are declared now"
        raise problem("bad-option", message, "NAME", help="run `parcours learn` first")
    newest: Run = runs[-1]
    return newest


def _text(run: "Run", found: "Sequence[Rule | Core]", zone: str, *, cores: bool) -> str:
    from parcours.clock.zones import to_local
    from parcours.simulator.tables import console_of

    said = f"{run.name}, as of {to_local(zone, run.as_of):%Y-%m-%d %H:%M}: {run.report['summary']}"
    if not found:
        return said
    out = io.StringIO()
    table = _cores(found) if cores else _rules(found)
    console_of(out, colour=is_coloured(sys.stdout), width=columns(sys.stdout)).print(table)
    return "\n".join([said, "", *(line.rstrip() for line in out.getvalue().splitlines())])


def _rules(found: "Sequence[Any]") -> "Table":
    from parcours.simulator.tables import new_table, with_commas

    table = new_table(
        *("", "who buys", "buys", "together", "support", "confidence", "lift", "leverage", "conviction"),
        left=(1, 2),
    )
    for rule in found:
        table.add_row(
            str(rule.rank),
            " + ".join(rule.antecedent) + (" *" if rule.core else ""),
            rule.consequent,
            f"{with_commas(rule.both_count)} of {with_commas(rule.antecedent_count)}",
            f"{rule.support:.2%}",
            f"{rule.confidence:.1%}",
            f"{rule.lift:.2f}",
            f"{rule.leverage:.4f}",
            "always" if rule.conviction is None else f"{rule.conviction:.2f}",
        )
    if any(rule.core for rule in found):
        table.caption = "* a core product: its buyers begin with it more often than with others"
    return table


def _cores(found: "Sequence[Any]") -> "Table":
    from parcours.simulator.tables import new_table

    table = new_table("core product", "what goes with it", left=(1,))
    for core in found:
        more = f", and {len(core.attached) - 5} more" if len(core.attached) > 5 else ""
        table.add_row(core.product, ", ".join(core.attached[:5]) + more)
    return table


def _data(run: "Run", found: "Sequence[Rule | Core]") -> dict[str, Any]:
    return {
        "name": run.name,
        "as_of": f"{run.as_of.isoformat()}Z",
        "report": dict(run.report),
        "found": [asdict(one) for one in found],
    }
