"""A report on marketing pressure as text for people; of two policies, side by side."""

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from parcours.simulator.pressure_report import PressureReport
from parcours.simulator.tables import WIDTH, as_percent, console_of, new_table, plural, with_commas, words

if TYPE_CHECKING:
    from rich.table import Table

_MOST_ROWS = 8
"""From so many messages in a week on they are one row."""


def as_text(reports: Sequence[PressureReport], *, colour: bool = False, width: int = WIDTH) -> str:
    """The whole report; of several policies over the same history one column each."""
    out = io.StringIO()
    console = console_of(out, colour=colour, width=width)
    first = reports[0]
    console.print(f"{first.project}: {first.first_day} to {first.last_day}", style="bold")
    console.print(f"{plural(first.contacts, 'contact')} · {plural(first.weeks, 'week')}")
    for report, called in zip(reports, _labels(reports), strict=False):
        label = f"{called} ({report.policy}): " if len(reports) > 1 else ""
        held = sum(rule.held for rule in report.rules)
        given_up = sum(rule.not_sent for rule in report.rules)
        console.print(
            f"{label}{plural(report.sent, 'message')} sent · {with_commas(held)} had to wait · {with_commas(given_up)} not sent"
        )
    for title, content in (
        ("Messages for a contact in a week", _in_a_week(reports)),
        ("By segment and stage", _groups(reports)),
        ("What the rules did", _rules(reports)),
        ("Close to a cap at the end", _near(reports)),
    ):
        if content is not None:
            console.print()
            console.print(title, style="bold")
            console.print(content)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _in_a_week(reports: Sequence[PressureReport]) -> "Table":
    made = new_table("messages", *_columns(reports, "weeks", "share"))
    found = [{row.messages: row for row in report.in_a_week} for report in reports]
    last = min(max((n for rows in found for n in rows), default=0), _MOST_ROWS)
    for messages in range(last + 1):
        is_last = messages == _MOST_ROWS
        cells: list[str] = []
        for rows in found:
            chosen = [row for n, row in rows.items() if n == messages or (is_last and n > messages)]
            weeks = sum(row.weeks for row in chosen)
            cells += [with_commas(weeks), as_percent(sum(row.share for row in chosen))]
        made.add_row(f"{messages} or more" if is_last else str(messages), *cells)
    return made


def _groups(reports: Sequence[PressureReport]) -> "Table | None":
    return _side_by_side(
        reports,
        lambda report: {(one.group, one.value): one for one in report.groups},
        ("group", "stage"),
        {
            "a week": lambda g: f"{g.a_week:.2f}",
            "most": lambda g: with_commas(g.most),
            "contacts": lambda g: with_commas(g.contacts),
        },
    )


def _rules(reports: Sequence[PressureReport]) -> "Table | None":
    return _side_by_side(
        reports,
        lambda report: {(words(one.reason), one.rule, _near_by(one.place)): one for one in report.rules},
        ("reason", "rule", "place"),
        {
            "held": lambda r: with_commas(r.held),
            "not sent": lambda r: with_commas(r.not_sent),
            "contacts": lambda r: with_commas(r.contacts),
        },
    )


def _near(reports: Sequence[PressureReport]) -> "Table | None":
    return _side_by_side(
        reports,
        lambda report: {(one.rule, _near_by(one.place)): one for one in report.near},
        ("cap", "place"),
        {"used up": lambda n: with_commas(n.full), "one left": lambda n: with_commas(n.one_left)},
    )


def _near_by(place: str) -> str:
    """A place without its folders: the rules of a policy lie together."""
    return place.rpartition("/")[2]


def _side_by_side(
    reports: Sequence[PressureReport],
    rows_of: Callable[[PressureReport], dict[tuple[str, ...], Any]],
    names: Sequence[str],
    values: dict[str, Callable[[Any], str]],
) -> "Table | None":
    """One row for each key that any of the reports has, in the order of the first that has it. Side by side there is room
    for two of the values."""
    if len(reports) > 1:
        values = dict(list(values.items())[:2])
    found = [rows_of(report) for report in reports]
    if names[-1] == "place":
        found = [found[0], *(_as_in(found[0], rows) for rows in found[1:])]
    keys = list(dict.fromkeys(key for rows in found for key in rows))
    if not keys:
        return None
    made = new_table(names[0], *names[1:], *_columns(reports, *values), left=tuple(range(1, len(names))))
    for key in keys:
        cells = [value(rows[key]) if key in rows else "" for rows in found for value in values.values()]
        made.add_row(*key, *cells)
    return made


def _as_in(own: dict[tuple[str, ...], Any], other: dict[tuple[str, ...], Any]) -> dict[tuple[str, ...], Any]:
    """The rows of another policy, each rule at the place at which the first policy says the same: that it stands in another file
    or line makes no other rule of it."""
    found: dict[tuple[str, ...], Any] = {}
    for key, row in other.items():
        alike = (one for one in own if one[:-1] == key[:-1] and one not in other and one not in found)
        found[key if key in own else next(alike, key)] = row
    return found


def _columns(reports: Sequence[PressureReport], *names: str) -> list[str]:
    if len(reports) == 1:
        return list(names)
    return [f"{name}\n{label}" for label in _labels(reports) for name in names]


def _labels(reports: Sequence[PressureReport]) -> Sequence[str]:
    """What the policies are called over narrow columns; above them stands which is which."""
    return ("own", "other", *(f"other {n}" for n in range(2, len(reports))))
