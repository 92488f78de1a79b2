"""The oracle as an engine of the cases: the rows of a case as plain data, and one contact at a time."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from cases import EXPLAINED, Edit, Row
from mart import SENDS, reachable
from running import Checked, Script
from sentences import explained, offering, run

from parcours.clock import BEGINNING
from parcours.oracle.data import Data, EventRow, LearnedRun
from parcours.oracle.oracle import Oracle


class TheOracle:
    name = "oracle"

    def run(self, script: Script) -> list[Row]:
        case = script.case
        assert script.first.checked is not None
        oracle = Oracle(script.first.checked, _data(script))
        commands = _commands(script)
        for at in case.ticks:
            while commands and commands[0][0] <= at:
                instant, act = commands.pop(0)
                act(oracle, instant)
            oracle.tick(at)
        return sorted(_seen(oracle.log))


def _commands(script: Script) -> list[tuple[datetime, Callable[[Oracle, datetime], None]]]:
    """What is asked for between the ticks, in the order of time (T18, T19)."""
    found: list[tuple[datetime, Callable[[Oracle, datetime], None]]] = []
    for edit, text in script.edits:
        found.append((edit.at, partial(_edit, edit, text)))
    for pause in script.pauses:
        found.append((pause.start, lambda oracle, at, p=pause: oracle.pause(at, p.journey)))
        found.append((pause.end, lambda oracle, at, p=pause: oracle.resume(at, p.journey, p.overdue)))
    found += [
        (one.at, lambda oracle, at, a=one: oracle.enter(at, a.journey, a.contact))
        for one in script.case.asked
    ]
    return sorted(found, key=lambda command: command[0])


def _edit(edit: Edit, text: Checked, oracle: Oracle, at: datetime) -> None:
    assert text.checked is not None
    # to refuse an edit is the executor's business; what comes of it then is that everybody finishes
    kind = "finish" if edit.refused else edit.apply
    fate: Any = edit.steps if kind == "move" else kind
    oracle.apply(at, text.checked, dict.fromkeys({run.journey.name for run in oracle.runs}, fate))


def _data(script: Script) -> Data:
    case = script.case
    contacts = {name: {**reachable(name), **own} for name, own in case.contacts.items()}
    events: dict[str, list[EventRow]] = {}
    for number, event in enumerate(case.events):
        # T4: a row without an id is an event of its own
        own_id = event.id if event.id is not None else f"row {number:06}"
        cause = event.fields.get(SENDS.get(event.kind, ""))
        row = EventRow(event.contact, event.at, event.loaded, own_id, event.fields, cause)
        events.setdefault(event.kind, []).append(row)
    return Data(
        contacts,
        events,
        zones={name: own.get("time_zone") for name, own in contacts.items()},
        known={name: own["known_since"] or BEGINNING for name, own in contacts.items()},
        learned=[LearnedRun(one.hash, one.as_of, one.rows) for one in script.learned],
        products={name: [own] for name, own in case.products.items()},
    )


def _seen(log: list[tuple[Any, ...]]) -> Iterator[Row]:
    rests: dict[tuple[Any, ...], Row] = {}
    for kind, at, *rest in log:
        match kind:
            case "entered":
                journey, contact, key, _ = rest
                yield Row(at, f"{contact} enters {run(journey, key)}", "entries")
            case "moved":
                journey, contact, key, entry_at, _, _, target = rest
                rests[at, journey, contact, key, entry_at] = Row(
                    at, f"{contact} rests in {run(journey, key)} at {target}", "waits"
                )
            case "ended":
                journey, contact, key, entry_at, outcome = rest
                rests.pop((at, journey, contact, key, entry_at), None)
                yield Row(at, f"{contact} leaves {run(journey, key)} as {outcome}", "exits")
            case "sent":
                _, contact, _, _, _, message, channel, stops, rates, worth, subject, *offers = rest
                words = f"{message} by {channel}{offering(*offers or [None])}"
                yield Row(at, f"{contact} gets {words}", "messages")
                yield from explained(at, f"{message} to {contact}", stops, rates, worth)
                if subject is not None:
                    yield Row(at, f"{message} to {contact} has subject {subject + 1}", EXPLAINED)
            case "held" | "not_sent":
                _, contact, _, _, _, message, _, reason, _, _, *told = rest
                yield from explained(at, f"{message} to {contact}", *told)
                rests.pop((at, *rest[:4]), None)
                if kind == "held":
                    yield Row(at, f"{contact} must wait for {message} because of {reason}", "held")
                else:
                    yield Row(at, f"{contact} does not get {message} because of {reason}", "not sent")
            case "refused":
                journey, contact, _, reason = rest
                yield Row(at, f"{contact} is refused by {journey} because of {reason}", "refused")
    yield from rests.values()
