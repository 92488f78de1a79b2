"""What must hold of every run of every script, read from the executor's rows alone.

Each function gives what is wrong as sentences; none when all is well."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from differential.cases import Script
from differential.rows import Outcome, Row
from parcours.checking import checked
from parcours.checking.checked import CheckedProject
from parcours.clock import is_zone, to_local, to_utc
from parcours.clock.span import Span, add_months
from parcours.graph.edges import all_steps

Run = tuple[str, str, str, datetime]  # journey, contact, key, entry_at


def violations(script: Script, project: CheckedProject, outcome: Outcome) -> list[str]:
    found: list[str] = []
    for invariant in ALL:
        found += invariant(script, project, outcome)
    return found


# ---- places


def one_place_at_a_time(script: Script, project: CheckedProject, outcome: Outcome) -> Iterator[str]:
    """T8: a contact runs once in a journey for each key, and stands in one place."""
    places = Counter((row[0], row[1], row[2], row[3]) for row in outcome.rows["standing"])
    for (at, journey, contact, key), count in places.items():
        if count > 1:
            yield f"{at}: {contact} stands in {count} places of {journey} ({key})"


def an_instant_starts_one_run(script: Script, project: CheckedProject, outcome: Outcome) -> Iterator[str]:
    """T9: no run that is over has the name of another one."""
    for run, count in Counter(row[1:5] for row in outcome.rows["ended"]).items():
        if count > 1:
            yield f"{count} runs are called {run}"


def nobody_due_is_left(script: Script, project: CheckedProject, outcome: Outcome) -> Iterator[str]:
    """After a tick at T nobody rests who was due at T; and nobody stands at a step that is no rest."""
    rests = {(j.name, s.name) for j in project.journeys for s in all_steps(j.steps) if isinstance(s, _RESTS)}
    sends = _sends(project)
    for at, journey, contact, _, _, _, step, _, due_at, *_ in outcome.rows["standing"]:
        if due_at is not None and due_at <= at:
            yield f"{at}: {contact} in {journey} at {step} was due at {due_at} and still stands there"
        if (journey, step) not in rests:
            yield f"{at}: {contact} in {journey} stands at {step}, where nobody rests"
        if (journey, step) in sends and due_at is None:
            yield f"{at}: the message of {contact} in {journey} at {step} is never tried again"


_RESTS = (checked.Wait, checked.WaitUntil, checked.WaitEvent, checked.WaitCondition, checked.Send)


# ---- ways


def ways_go_on_where_they_ended(script: Script, project: CheckedProject, outcome: Outcome) -> Iterator[str]:
    """A run begins at the entry, each way sets off where the last one ended, and it stands where that led."""
    here: dict[Run, str] = {}
    stands: dict[datetime, dict[Run, str]] = {}
    for at, journey, contact, key, entry_at, _, step, *_ in outcome.rows["standing"]:
        stands.setdefault(at, {})[journey, contact, key, entry_at] = step
    moved: dict[datetime, list[Row]] = {}
    for row in outcome.rows["moved"]:
        moved.setdefault(row[0], []).append(row)
    for at in script.ticks:
        for _, journey, contact, key, entry_at, edges in moved.get(at, []):
            run = (journey, contact, key, entry_at)
            for source, label, target in edges:
                before = here.pop(run, "enter")
                if source not in (before, "") and not (label == "leave" or label == "goal"):
                    yield f"{at}: {run} goes from {source} by {label}, but stood at {before}"
                here[run] = target
            if here.get(run) in _ends(project, journey):
                del here[run]
        if stands.get(at, {}) != here:
            yield f"{at}: standing are {stands.get(at)}, but the ways lead to {here}"
            return


def _ends(project: CheckedProject, journey: str) -> set[str]:
    (found,) = (j for j in project.journeys if j.name == journey)
    exits = {step.name for step in all_steps(found.steps) if isinstance(step, checked.Exit)}
    return {
        "end",
        *exits,
        *(f"goal {g.name}" for g in found.goals),
        *(f"leave {x.outcome}" for x in found.leaves),
    }


# ---- waits


def no_wait_is_cut_short(script: Script, project: CheckedProject, outcome: Outcome) -> Iterator[str]:
    """T12, T15, T16: who leaves a wait by its end has waited as long as it says, on his own clock."""
    spans = {
        (j.name, s.name): s.span if isinstance(s, checked.Wait) else s.up_to
        for j in project.journeys
        for s in all_steps(j.steps)
        if isinstance(s, checked.Wait | checked.WaitEvent | checked.WaitCondition)
    }
    zones = _zones(script)
    arrived: dict[tuple[Run, str], datetime] = {}
    for row in sorted(outcome.rows["moved"], key=lambda row: row[0]):
        at, journey, contact, key, entry_at, edges = row
        run = (journey, contact, key, entry_at)
        for source, label, target in edges:
            span = spans.get((journey, source))
            if (run, source) not in arrived and span is not None:
                yield f"{at}: {run} leaves {source}, to which it never came"
            elif span is not None and label in ("next", "otherwise"):
                end = _after(arrived[run, source], span, zones.get(contact, script.zone))
                if at < end:
                    yield f"{at}: {run} leaves {source} by {label}, which ends at {end}"
            arrived[run, target] = at


def _zones(script: Script) -> Mapping[str, str]:
    """T1: the contact's own zone when it is one, else the project's."""
    return {c.name: str(c.zone) if is_zone(c.zone) else script.zone for c in script.contacts}


def _after(instant: datetime, span: Span, zone: str) -> datetime:
    if span.is_clock:
        return instant + span.exact
    local = to_local(zone, instant)
    return to_utc(zone, add_months(local, span.months) if span.is_calendar else local + span.exact)


# ---- messages


def every_message_has_its_move(script: Script, project: CheckedProject, outcome: Outcome) -> Iterator[str]:
    """Who is sent to goes on by `sent`, who is not goes on by `not sent`, and nobody goes so without a record (P9)."""
    sends = _sends(project)
    went = Counter(
        (at, journey, contact, key, entry_at, source, label)
        for at, journey, contact, key, entry_at, edges in outcome.rows["moved"]
        for source, label, _ in edges
        if (step := sends.get((journey, source))) and step.choice != "all_of"
    )
    told: Counter[Row] = Counter()
    for part, label in (("sent", "sent"), ("not_sent", "not sent")):
        told += Counter(
            (*row[:6], label) for row in outcome.rows[part] if sends[row[1], row[5]].choice != "all_of"
        )
    for row, count in (told - went).items():
        yield f"recorded {count} more times than moved: {row}"
    for row, count in (went - told).items():
        yield f"moved {count} more times than recorded: {row}"


def each_channel_is_decided(script: Script, project: CheckedProject, outcome: Outcome) -> Iterator[str]:
    """A send by several channels, each on its own: who goes on has one decision for each, and goes by `sent` when one of
    them was granted."""
    sends = _sends(project)
    decided: dict[Row, dict[datetime, list[str]]] = {}
    for part in ("sent", "not_sent"):
        for at, *run, step, _, _ in (row[:8] for row in outcome.rows[part]):
            if sends[run[0], step].choice == "all_of":
                decided.setdefault((*run, step), {}).setdefault(at, []).append(part)
    left: dict[Row, dict[datetime, list[str]]] = {}
    for at, journey, contact, key, entry_at, edges in outcome.rows["moved"]:
        for source, label, _ in edges:
            if (journey, source) in sends and sends[journey, source].choice == "all_of":
                run_at_step = (journey, contact, key, entry_at, source)
                left.setdefault(run_at_step, {}).setdefault(at, []).append(label)
    for place, labels in left.items():
        count = len(sends[place[0], place[-1]].channels)
        found = dict(decided.get(place, {}))
        spare = 0  # decided for a visit of the same tick that is not over
        for at in sorted(labels):
            words = [word for instant in sorted(found) if instant <= at for word in found.pop(instant)]
            began, spare = spare, spare + len(words) - count * len(labels[at])
            alone = not began and not spare
            if not 0 <= spare < count or (alone and ("sent" in labels[at]) != ("sent" in words)):
                yield f"{at}: {place} is left by {labels[at]}, decided were {words}"


def _sends(project: CheckedProject) -> Mapping[tuple[str, str], checked.Send]:
    return {
        (journey.name, step.name): step
        for journey in project.journeys
        for step in all_steps(journey.steps)
        if isinstance(step, checked.Send)
    }


def held_messages_rest(script: Script, project: CheckedProject, outcome: Outcome) -> Iterator[str]:
    """P7: who is held rests at the send, is tried again later, and no later than the message is kept."""
    standing = {
        (at, journey, contact, key, entry_at, step): (due_at, keep_until)
        for at, journey, contact, key, entry_at, _, step, _, due_at, keep_until, *_ in outcome.rows[
            "standing"
        ]
    }
    for row in outcome.rows["held"]:
        due_at, keep_until = standing.get(row[:6], (None, None))
        if due_at is None or keep_until is None or not row[0] < due_at <= keep_until:
            yield f"held, and due at {due_at}, kept until {keep_until}: {row}"


Invariant = Callable[[Script, CheckedProject, Outcome], Iterator[str]]
ALL: Sequence[Invariant] = (
    one_place_at_a_time,
    an_instant_starts_one_run,
    nobody_due_is_left,
    ways_go_on_where_they_ended,
    no_wait_is_cut_short,
    every_message_has_its_move,
    each_channel_is_decided,
    held_messages_rest,
)
