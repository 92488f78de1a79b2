"""A small world in the sentences of the conformance cases, run by the oracle alone."""

from collections.abc import Iterable, Mapping
from textwrap import dedent
from typing import Any

from cases import Case, Edit, Event, Pause
from oracle_engine import TheOracle
from running import script_of
from sentences import event, instant, length


def foretold(
    journeys: str,
    *events: str,
    ticks: tuple[str, str, str],
    policy: str = "",
    zone: str = "UTC",
    contacts: Mapping[str, Mapping[str, Any]] | None = None,
    edits: Iterable[Edit] = (),
    pauses: Iterable[Pause] = (),
    about: str = "",
) -> list[str]:
    """What happens, in the order of time; with `about` only what has one of its words, between bars. `ticks`: from, to,
    every."""
    start, end, every = instant(ticks[0], "UTC"), instant(ticks[1], "UTC"), length(ticks[2])
    rows = []
    for number, text in enumerate(events):
        at, contact, kind, fields = event(text, "UTC")
        rows.append(
            Event(kind, contact, at, fields.pop("loaded", at), str(fields.pop("id", f"e{number:03}")), fields)
        )
    case = Case(
        "none",
        "of a test",
        "a test",
        dedent(journeys),
        dedent(policy),
        zone,
        contacts or {"ann": {}},
        tuple(rows),
        ticks=tuple(start + n * every for n in range((end - start) // every + 1)),
        edits=tuple(edits),
        pauses=tuple(pauses),
    )
    told = [str(row) for row in TheOracle().run(script_of(case))]
    words = about.split("|")
    return [line for line in told if any(word in line for word in words)]


def edit(at: str, journeys: str, apply: str = "finish", policy: str = "", **steps: str) -> Edit:
    return Edit(instant(at, "UTC"), dedent(journeys), dedent(policy), apply, steps)


def pause(journey: str, start: str, end: str, overdue: str) -> Pause:
    return Pause(journey, instant(start, "UTC"), instant(end, "UTC"), overdue)
