"""Experiments as text for people, and as data for programs."""

import io
from collections.abc import Sequence
from dataclasses import asdict
from math import isinf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from parcours.analytics.experiments.analysis import Analysis
    from parcours.analytics.experiments.sequential import Interval
    from parcours.analytics.experiments.verdicts import Comparison


def as_text(analyses: Sequence["Analysis"], zone: str, *, colour: bool, width: int) -> str:
    """A table for each experiment, with its verdict below."""
    from parcours.simulator.tables import console_of

    out = io.StringIO()
    console = console_of(out, colour=colour, width=width)
    for number, analysis in enumerate(analyses):
        if number:
            console.print()
        _one(console, analysis, zone)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _one(console: "Console", analysis: "Analysis", zone: str) -> None:
    from parcours.analytics.experiments.finishing import goal_words
    from parcours.clock.zones import to_local

    design = analysis.design
    console.print(f"{design.journey.name}: {_what(analysis)}", style="bold")
    since = "" if analysis.first_at is None else f"from {to_local(zone, analysis.first_at):%Y-%m-%d} "
    console.print(
        f"{goal_words(design.goal)} · {since}to {to_local(zone, analysis.at):%Y-%m-%d %H:%M} ({zone})"
    )
    if analysis.arms:
        console.print(_figures(analysis))
        differences = _differences(analysis)
        if differences is not None:
            console.print(differences)
    style = {True: "green", False: "yellow"}[analysis.verdict.decided]
    console.print(analysis.verdict.text, style=style)
    for note in _notes(analysis):
        console.print(f"- {note}")


def _what(analysis: "Analysis") -> str:
    if analysis.design.kind == "test":
        return f"test {analysis.design.name}"
    return f"hold out, measured by {analysis.design.goal.name}"


def _figures(analysis: "Analysis") -> "Table":
    from parcours.simulator.tables import new_table, with_commas

    table = new_table(
        "", "share", "contacts", "reached", "rate", *(["each brings"] if analysis.worth else [])
    )
    for arm in analysis.arms:
        figures = arm.figures
        row = [
            f"{arm.share.normalize():f}%",
            with_commas(figures.contacts),
            with_commas(figures.reached),
            "" if figures.rate is None else f"{figures.rate:.2%}",
        ]
        if analysis.worth:
            row.append("" if figures.worth_each is None else f"{figures.worth_each:,.2f}")
        table.add_row(figures.arm, *row)
    return table


def _differences(analysis: "Analysis") -> "Table | None":
    from parcours.simulator.tables import new_table

    known = [comparison for comparison in analysis.comparisons if comparison.rate is not None]
    table = new_table("", "points", "lift", *(["each brings more"] if analysis.worth else []))
    for one in known:
        row = [_interval(one.rate, 100, 2), _interval(one.lift, 100, 0, "%")]
        table.add_row(
            f"{one.arm} against {one.against}",
            *row,
            *([_interval(one.worth, 1, 2)] if analysis.worth else []),
        )
    return table if known else None


def _interval(interval: "Interval | None", times: int, digits: int, unit: str = "") -> str:
    """`+2.10 (+0.40 to +3.80)`."""
    if interval is None:
        return ""
    estimate, low, high = (
        f"{times * value:+,.{digits}f}{unit}" if not isinf(value) else "?"
        for value in (interval.estimate, interval.low, interval.high)
    )
    return f"{estimate} ({low} to {high})"


def _notes(analysis: "Analysis") -> list[str]:
    from parcours.analytics.experiments.sample_ratio import ALARM
    from parcours.simulator.tables import plural

    design, notes = analysis.design, []
    if not analysis.arms:
        return []
    if any(comparison.rate is not None for comparison in analysis.comparisons):
        notes.append(
            "the intervals hold however often you look, all of a table together in 95 of 100 experiments"
        )
    far = " (alarm)" if analysis.sample_ratio < ALARM else ""
    notes.append(f"shares of the arms: p = {analysis.sample_ratio:.3f}{far}")
    still_open = sum(arm.open for arm in analysis.arms)
    if still_open:
        notes.append(f"{plural(still_open, 'contact')} whose time is not over yet not counted")
    if design.goal.events.window.span is None:
        notes.append("the goal has no end, so each contact counts with what it has done so far")
    if analysis.earlier:
        notes.append(f"{plural(analysis.earlier, 'contact')} who came to an earlier form of it not counted")
    if not design.running:
        notes.append("the journey files do not have it any more")
    if analysis.worth:
        notes.append(f"each brings: the sum of {design.goal.events.event}.{analysis.worth}, by contact")
    return notes


def as_data(analyses: Sequence["Analysis"]) -> list[dict[str, Any]]:
    """The same for programs: rates and lifts as shares, instants in UTC."""
    from parcours.analytics.experiments.finishing import goal_words

    return [
        {
            "kind": analysis.design.kind,
            "journey": analysis.design.journey.name,
            "name": analysis.design.name,
            "key": analysis.design.key,
            "goal": goal_words(analysis.design.goal),
            "worth": analysis.worth,
            "from": None if analysis.first_at is None else analysis.first_at.isoformat(),
            "as_of": analysis.at.isoformat(),
            "running": analysis.design.running,
            "control": analysis.design.control,
            "arms": [arm.as_data() for arm in analysis.arms],
            "comparisons": [_comparison(comparison) for comparison in analysis.comparisons],
            "sample_ratio": analysis.sample_ratio,
            "earlier": analysis.earlier,
            "verdict": analysis.verdict.text,
            "winner": analysis.verdict.winner,
            "decided": analysis.verdict.decided,
        }
        for analysis in analyses
    ]


def _comparison(comparison: "Comparison") -> dict[str, Any]:
    ends = asdict(comparison)
    for interval in ends.values():
        if isinstance(interval, dict):
            # JSON has no infinity: an end that nothing is known of is null
            interval.update({end: None for end, value in interval.items() if isinf(value)})
    return ends
