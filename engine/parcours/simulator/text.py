"""A report as text for people: a table for each topic, good in 100 columns and in a pipe."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from parcours.clock.zones import to_local
from parcours.simulator.report import Goal, JourneyReport, Report, Stopped
from parcours.simulator.tables import WIDTH, as_percent, console_of, new_table, plural, with_commas, words
from parcours.simulator.weeks import Stretch, stretches

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

_BAR = 20


def as_text(report: Report, *, colour: bool = False, width: int = WIDTH) -> str:
    """The whole report; `colour` adds the escapes of a terminal, `width` is the number of columns to fill at most."""
    out = io.StringIO()
    console = console_of(out, colour=colour, width=width)
    _header(console, report)
    sections: list[tuple[str, RenderableType | None]] = [
        ("Journeys", _journeys(report.journeys)),
        ("Where they went", _outcomes(report.journeys)),
        ("Where they are at the end", _standing(report.journeys)),
        ("Triggers that started nobody", _refused(report.journeys)),
        ("Messages", _messages(report)),
        (_calendar_title(report), _calendar(report)),
        ("Not sent", _stopped(report.not_sent, "messages")),
        ("Held at some time", _stopped(report.held, "messages")),
        ("Learned on the way", _learned(report)),
        ("Unknown, because nothing was learned of it (see `parcours learn`)", _unknown(report)),
        ("About the data", _notes(report)),
    ]
    for title, content in sections:
        if content is not None:
            console.print()
            console.print(title, style="bold")
            console.print(content)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _header(console: "Console", report: Report) -> None:
    span = report.span
    console.print(f"{report.project}: {span.first_day} to {span.last_day}", style="bold")
    contacts = f"{plural(report.contacts, 'contact')}"
    if report.sample is not None:
        contacts += f", a sample of {report.sample.normalize():f}%: all counts are of the sample"
    console.print(
        f"{plural(span.ticks, 'tick')}, one every {span.every.removeprefix('1 ')} ({span.time_zone}) · {contacts}"
    )
    entries = sum(journey.entries for journey in report.journeys)
    given_up = sum(journey.not_sent for journey in report.journeys)
    console.print(
        f"{plural(entries, 'entry', 'entries')} · {plural(report.sent, 'message')} sent · {with_commas(given_up)} not sent"
    )


def _journeys(journeys: Sequence[JourneyReport]) -> "Table":
    table = new_table("", "entered", "running", "left", "sent", "held now", "not sent", "goal")
    for journey in journeys:
        numbers = (
            journey.entries,
            journey.running,
            journey.entries - journey.running,
            journey.sent,
            journey.held_now,
            journey.not_sent,
        )
        table.add_row(journey.name, *map(with_commas, numbers), " ".join(map(_goal, journey.goals)))
    return table


def _goal(goal: Goal) -> str:
    share = "" if goal.rate is None else f" {as_percent(goal.rate)}"
    return f"{goal.name}{share}"


def _outcomes(journeys: Sequence[JourneyReport]) -> "Table | None":
    rows = [
        (journey.name, outcome, count, count / journey.entries if journey.entries else 0.0)
        for journey in journeys
        for outcome, count in journey.exits
    ]
    table = new_table("", "outcome", "runs", "of entries", left=(1,))
    for (name, outcome, count, share), first in zip(rows, _firsts(rows), strict=True):
        table.add_row(name if first else "", outcome, with_commas(count), as_percent(share))
    return table if rows else None


def _standing(journeys: Sequence[JourneyReport]) -> "Table | None":
    rows = [(journey.name, step) for journey in journeys for step in journey.standing]
    table = new_table("", "step", "", "runs", left=(1, 2))
    for (name, step), first in zip(rows, _firsts(rows), strict=True):
        title = f"{step.title} (held)" if step.kind == "send" else step.title
        own_name = "" if step.title == f"send {step.step}" else step.step
        table.add_row(name if first else "", title, own_name, with_commas(step.contacts))
    return table if rows else None


def _refused(journeys: Sequence[JourneyReport]) -> "Table | None":
    rows = [(journey.name, reason, count) for journey in journeys for reason, count in journey.refused]
    table = new_table("", "reason", "triggers", left=(1,))
    for (name, reason, count), first in zip(rows, _firsts(rows), strict=True):
        table.add_row(name if first else "", words(reason), with_commas(count))
    return table if rows else None


def _messages(report: Report) -> "Table | None":
    by_message: dict[tuple[str, str], dict[str, int]] = {}
    for found in report.messages:
        by_message.setdefault((found.journey, found.message), {})[found.channel] = found.sent
    channels = [c for c in report.channels if any(c in sent for sent in by_message.values())]
    table = new_table("", "message", *channels, "sent", left=(1,))
    for ((journey, message), sent), first in zip(by_message.items(), _firsts(list(by_message)), strict=True):
        counts = [with_commas(sent[c]) if c in sent else "" for c in channels]
        table.add_row(journey if first else "", message, *counts, with_commas(sum(sent.values())))
    return table if by_message else None


def _calendar_title(report: Report) -> str:
    return f"Messages by channel and {_stretches(report)[0]}"


def _calendar(report: Report) -> "Table | None":
    if not report.by_day:
        return None
    unit, found = _stretches(report)
    channels = [c for c in report.channels if any(c in stretch.sent for stretch in found)]
    most = max(stretch.total for stretch in found)
    table = new_table(unit, *channels, "sent", "", left=(len(channels) + 2,))
    for stretch in found:
        counts = [with_commas(stretch.sent.get(channel, 0)) for channel in channels]
        table.add_row(stretch.label, *counts, with_commas(stretch.total), _bar(stretch.total, most))
    return table


def _stretches(report: Report) -> tuple[str, list[Stretch]]:
    return stretches(report.by_day, report.span.first_day, report.span.last_day)


def _stopped(rows: Sequence[Stopped], counted: str) -> "Table | None":
    table = new_table("reason", "rule", "place", counted, left=(1, 2))
    for row in rows:
        table.add_row(words(row.reason), row.rule, row.place, with_commas(row.messages))
    return table if rows else None


def _unknown(report: Report) -> "Table | None":
    table = new_table("", "read by", "place", "unknown", left=(1, 2, 3))
    for one in report.unknown:
        until = "all the time"
        if one.until is not None:
            until = f"until {to_local(report.span.time_zone, one.until):%Y-%m-%d %H:%M}"
        table.add_row(", ".join(one.names), ", ".join(one.readers), one.place, until)
    return table if report.unknown else None


def _notes(report: Report) -> "Table | None":
    table = new_table("", "rows")
    for note in report.notes:
        table.add_row(note.text, with_commas(note.rows))
    return table if report.notes else None


def _learned(report: Report) -> "Table | None":
    zone = report.span.time_zone
    table = new_table("", "", "learned", "last as of", "rows", "not learned", "", left=(1, 6))
    for one in report.learned:
        as_of = f"{to_local(zone, one.as_of):%Y-%m-%d %H:%M}" if one.as_of else "never"
        failed = with_commas(one.not_learned) if one.not_learned else ""
        times, rows = with_commas(one.learned), with_commas(one.rows) if one.as_of else ""
        table.add_row(one.name, one.kind, times, as_of, rows, failed, one.summary or one.why)
    return table if report.learned else None


def _firsts(rows: Sequence[tuple[object, ...]]) -> list[bool]:
    """Whether a row is the first of those with its name."""
    return [n == 0 or rows[n - 1][0] != row[0] for n, row in enumerate(rows)]


def _bar(value: int, most: int) -> str:
    """A bar of at most _BAR cells, in eighths of a cell; never nothing for something."""
    whole, eighths = divmod(max(value * _BAR * 8 // most, 1) if value else 0, 8)
    return "█" * whole + " ▏▎▍▌▋▊▉"[eighths].strip()
