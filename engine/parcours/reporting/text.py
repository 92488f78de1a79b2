"""A report as text for people: a table for each topic, good in 100 columns and in a pipe."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from parcours.clock.zones import to_local
from parcours.reporting import words
from parcours.reporting.rates import Figures
from parcours.reporting.report import Report
from parcours.simulator.tables import WIDTH, console_of, new_table, plural
from parcours.simulator.tables import words as reason

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def as_text(report: Report, *, colour: bool = False, width: int = WIDTH) -> str:
    """The whole report; `colour` adds the escapes of a terminal, `width` is the number of columns to fill at most."""
    out = io.StringIO()
    console = console_of(out, colour=colour, width=width)
    _header(console, report)
    sections: list[tuple[str, Table | None]] = [
        ("Journeys and messages", _rates(_messages(report))),
        *((title, _rates([(part.name, part.figures) for part in report.of(by)])) for title, by in _TOPICS),
        (f"By {report.unit} of sending", _rates(_over_time(report))),
        ("Goals, of the runs that began", _goals(report)),
        ("Against the hold-out, of contacts", _hold_outs(report)),
        ("Not sent", _not_sent(report)),
    ]
    for title, table in sections:
        if table is not None:
            console.print()
            console.print(title, style="bold")
            console.print(table)
    console.print()
    for note in words.notes(report):
        console.print(f"- {note}")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


_TOPICS = (
    ("By channel", "channel"),
    ("By campaign purpose", "purpose"),
    ("By segment", "segment"),
    ("By stage", "stage"),
)


def _header(console: "Console", report: Report) -> None:
    span = report.span
    console.print(f"{report.project}: {words.days(report)}", style="bold")
    (everything,) = report.of("all")
    found = everything.figures
    cost = "" if found.cost is None else f" · {words.money(found.cost, report.currency)}"
    console.print(
        f"{plural(found.granted, 'message')} granted to {plural(found.contacts, 'contact')}, {found.sent:,} sent, "
        f"{found.delivered:,} delivered{cost}"
    )
    if found.waiting or found.stopped:
        console.print(
            f"{found.waiting:,} still waiting to be handed over, {found.stopped:,} stopped before it"
        )
    as_of = to_local(span.zone, span.at)
    console.print(f"what came of them by {as_of:%Y-%m-%d %H:%M} ({span.zone})")


def _messages(report: Report) -> list[tuple[str, Figures]]:
    """Everything, then each journey with its messages below it."""
    rows = [("all", part.figures) for part in report.of("all")]
    for journey in report.of("journey"):
        rows.append((journey.name, journey.figures))
        rows += [(f"  {part.name}", part.figures) for part in report.of("message", journey.name)]
    return rows


def _over_time(report: Report) -> list[tuple[str, Figures]]:
    titles = words.stretch_titles(report)
    return [(title, one.figures) for title, one in zip(titles, report.over_time, strict=True)]


def _rates(rows: Sequence[tuple[str, Figures]]) -> "Table | None":
    table = new_table("", "sent", "delivered", *words.RATE_TITLES)
    for label, found in rows:
        table.add_row(label, words.whole(found.sent), words.whole(found.delivered), *words.rates(found))
    return table if rows else None


def _goals(report: Report) -> "Table | None":
    table = new_table("", "goal", "runs", "reached", "rate", "95% from – to", left=(1,))
    before = ""
    for part in report.goals:
        label = part.name if part.by in ("journey", "segment", "stage") else f"{part.by} {part.name}"
        cells = (words.whole(part.runs), words.whole(part.reached), words.percent(part.rate))
        table.add_row("" if label == before else label, part.goal, *cells, words.between(part.rate))
        before = label
    return table if report.goals else None


def _hold_outs(report: Report) -> "Table | None":
    shown = 5  # there is no room for more; `parcours experiments` tells all
    table = new_table("", "goal", *words.HELD_OUT_TITLES[:shown], left=(1,))
    for one in report.hold_outs:
        table.add_row(one.journey, one.goal, *words.held_out_row(one)[:shown])
    return table if report.hold_outs else None


def _not_sent(report: Report) -> "Table | None":
    table = new_table("", "message", "reason", "rule", "messages", left=(1, 2, 3))
    before = ""
    for one in report.not_sent:
        journey = "" if one.journey == before else one.journey
        table.add_row(journey, one.message, reason(one.reason), one.rule, words.whole(one.messages))
        before = one.journey
    return table if report.not_sent else None
