"""Experiments as text for people, and as data for programs."""

import io
from collections.abc import Sequence
from dataclasses import asdict
from math import isinf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

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
        console.print(_table(analysis))
    style = {True: "green", False: "yellow"}[analysis.verdict.decided]
    console.print(analysis.verdict.text, style=style)
    for note in _notes(analysis):
        console.print(f"- {note}")


def _what(analysis: "Analysis") -> str:
    if analysis.design.kind == "test":
        return f"test {analysis.design.name}"
    return f"hold out, measured by {analysis.design.goal.name}"


def _table(analysis: "Analysis") -> Any:
    from parcours.simulator.tables import new_table, with_commas

    control = analysis.design.control
    heads = ["share", "contacts", "reached", "rate", f"points against {control}", "lift"]
    table = new_table("", *heads, *(["each brings", "more"] if analysis.worth else []))
    against = {c.arm: c for c in analysis.comparisons if c.against == control}
    for arm in analysis.arms:
        figures = arm.figures
        compared = against.get(figures.arm)
        row = [
            f"{arm.share.normalize():f}%",
            with_commas(figures.contacts),
            with_commas(figures.reached),
            "" if figures.rate is None else f"{figures.rate:.2%}",
            _interval(compared.rate, 100, 2) if compared else "",
            _interval(compared.lift, 100, 0, "%") if compared else "",
        ]
        if analysis.worth:
            each = figures.worth_each
            row += [
                "" if each is None else f"{each:,.2f}",
                _interval(compared.worth, 1, 2) if compared else "",
            ]
        table.add_row(figures.arm, *row)
    return table


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
    between = [c for c in analysis.comparisons if c.against != design.control and c.rate is not None]
    notes += [f"{c.arm} against {c.against}: {_interval(c.rate, 100, 2)} points" for c in between]
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
            "arms": [
                {
                    "arm": arm.figures.arm,
                    "share": float(arm.share) / 100,
                    "contacts": arm.figures.contacts,
                    "open": arm.open,
                    "reached": arm.figures.reached,
                    "rate": arm.figures.rate,
                    "worth_each": arm.figures.worth_each,
                }
                for arm in analysis.arms
            ],
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
