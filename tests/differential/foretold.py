"""A script run by the oracle, and its rows in the same form as those of the executor."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from differential.cases import Script
from differential.learned import rows_of
from differential.rows import Outcome, Row, fields, outcome
from differential.shop import SENDS
from parcours.checking import checked
from parcours.checking.checked import CheckedProject
from parcours.clock import BEGINNING
from parcours.graph.edges import all_steps
from parcours.oracle.data import Data, EventRow, LearnedRun
from parcours.oracle.oracle import Oracle


def foretold(script: Script, project: CheckedProject) -> Outcome:
    """All ticks of a script."""
    oracle = Oracle(project, data_of(script, project))
    repeats = {
        journey.name: [s.name for s in all_steps(journey.steps) if isinstance(s, checked.Repeat)]
        for journey in project.journeys
    }
    standing: list[Row] = []
    for at in script.ticks:
        oracle.tick(at)
        standing += _standing(oracle, at, repeats)
    return _outcome(oracle, standing)


def data_of(script: Script, project: CheckedProject) -> Data:
    """The rows of a script as the oracle takes them. A row without an id gets one that no other has."""
    events: dict[str, list[EventRow]] = {}
    for number, event in enumerate(script.events):
        row = EventRow(
            event.contact,
            event.at,
            event.loaded or event.at,
            event.id if event.id is not None else f"row {number:06}",
            event.values,
            next((event.values[c] for c in SENDS.values() if c in event.values), None),
        )
        events.setdefault(event.kind, []).append(row)
    return Data(
        {contact.name: contact.values for contact in script.contacts},
        events,
        {contact.name: contact.zone for contact in script.contacts},
        {contact.name: contact.known_since or BEGINNING for contact in script.contacts},
        [LearnedRun(run.hash, run.as_of, run.rows) for run in rows_of(script.learned, project)],
    )


def _standing(oracle: Oracle, at: datetime, repeats: Mapping[str, list[str]]) -> Iterator[Row]:
    for row in oracle.standing():
        (
            journey,
            contact,
            key,
            entered_at,
            entry_at,
            step,
            arrived,
            due,
            keep_until,
            entry,
            event,
            laps,
            tried,
        ) = row
        counts = tuple((number, laps[name]) for number, name in enumerate(repeats[journey]) if laps.get(name))
        run = (journey, contact, key, entry_at)
        place = (step, arrived, due, keep_until)
        yield (at, *run, entered_at, *place, fields(entry), fields(event), counts, _tried(tried))


def _tried(tried: Mapping[tuple[str, ...], Any]) -> Row:
    """Of a send on several channels: what has become of those that are decided."""
    words = {"sent": "granted", "not sent": "not_sent"}
    return tuple(sorted((names[0], words[said]) for names, said in tried.items() if isinstance(said, str)))


def _outcome(oracle: Oracle, standing: list[Row]) -> Outcome:
    found: dict[str, list[Row]] = {"standing": standing}
    ways: dict[Row, list[Row]] = {}
    for what, *row in oracle.log:
        match what:
            case "moved":
                ways.setdefault(tuple(row[:5]), []).append(tuple(row[5:]))
            case "recorded":
                found.setdefault(what, []).append((*row[:4], fields(row[4])))
            case _:
                found.setdefault(what, []).append(tuple(row))
    found["moved"] = [(*run, tuple(edges)) for run, edges in ways.items()]
    found["attributes"] = oracle.attributes()
    found["members"] = oracle.members()
    return outcome(found)
