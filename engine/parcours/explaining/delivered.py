"""What became of the messages of a contact after they were granted: in the queue, in the receipts, and what came back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from parcours.delivery.queue import ids_of_contact
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.explaining.context import Context, line_of
from parcours.explaining.records import Decision
from parcours.explaining.rules import REASONS
from parcours.explaining.story import Fact
from parcours.oracle.data import EventRow

_OUTCOMES = {
    "accepted": "accepted",
    "failed": "failed for good",
    "parked": "parked",
    "cancelled": "cancelled before it was handed over",
    "given_up": "given up",
}
_MICROSECOND = datetime.resolution


def delivered(engine: DuckDBEngine, context: Context) -> dict[int, tuple[Fact, ...]]:
    """Of each message granted to the contact, by its place in the outbox, what is known of it. Where no relay has ever run
    nothing is said of it."""
    # a claim of none says that what there was until then is none of the relay's
    ((claimed, before),) = engine.run_text(
        "SELECT max(tick) FILTER (sends > 0), coalesce(max(tick) FILTER (sends = 0), -1) FROM state.claim"
    )
    ids = {} if claimed is None else ids_of_contact(engine, context.project.name, context.contact)
    ends, waits, tries = (
        _by_send(engine.run_text(text, [list(ids.values())])) for text in (_RECEIPTS, _QUEUED, _ATTEMPTS)
    )
    came_back = _answers(context)
    found = {}
    for one in context.records.granted:
        place = one.place_in_outbox
        facts = _handing_over(ends, waits, tries, ids[place], context) if place in ids else []
        if claimed is not None and one.tick > before and not facts:
            facts = [Fact("no relay has taken it yet")]
        found[place] = (*facts, *came_back.get(place, ()))
    return found


def _handing_over(
    ends: dict[str, Any], waits: dict[str, Any], tries: dict[str, Any], send: str, context: Context
) -> list[Fact]:
    facts = [
        Fact(f"handing over failed ({reason}), tried again", context.local(next_at), parts=())
        for reason, next_at in tries.get(send, ())
    ]
    for attempts, due_at in waits.get(send, ()):
        words = "waits to be handed over" if not attempts else "waits to be handed over once more"
        facts.append(Fact(f"{words}, due", context.local(due_at)))
    for outcome, reason, rule, place, provider_id, decided_at in ends.get(send, ()):
        text = _OUTCOMES.get(outcome, outcome)
        if reason:
            text += f" ({REASONS.get(reason, reason)}{f', `{rule}`' if rule else ''}{f', {line_of(place)}' if place else ''})"
        told = (Fact("the provider calls it", provider_id),) if provider_id else ()
        facts.append(Fact(text, context.local(decided_at), parts=told))
    return facts


def _answers(context: Context) -> dict[int, list[Fact]]:
    """The events that a message caused: by its id, or by its name and then of the last of this name before it."""
    found: dict[int, list[tuple[datetime, Fact]]] = defaultdict(list)
    granted = context.records.granted
    for kind in context.project.answering if granted else ():
        for row in context.world.events(kind, context.contact, context.as_of):
            cause = _cause(row, granted)
            if cause is not None:
                fact = Fact(f"`{kind}`", context.local(row.at))
                found[cause.place_in_outbox].append((row.at, fact))
    return {
        place: [fact for _, fact in sorted(facts, key=lambda item: item[0])] for place, facts in found.items()
    }


def _cause(row: EventRow, granted: Sequence[Decision]) -> Decision | None:
    named = [one for one in granted if one.at <= row.at and row.of in (reference(one), one.message)]
    return named[-1] if named else None


def reference(one: Decision) -> str:
    """What events say that a message caused: JOURNEY:KEY:ENTRY:MESSAGE:CHANNEL."""
    entry = (one.entry_at - datetime(1970, 1, 1)) // _MICROSECOND
    return f"{one.journey}:{one.key}:{entry}:{one.message}:{one.channel}"


def _by_send(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for send, *rest in rows:
        found[send].append(tuple(rest))
    return found


_RECEIPTS = """
    SELECT send, outcome, reason, rule, place, provider_id, decided_at FROM state.receipt
    WHERE send IN (SELECT unnest(?::VARCHAR[])) ORDER BY decided_at"""
_QUEUED = """
    SELECT send, attempts, due_at FROM state.queue WHERE send IN (SELECT unnest(?::VARCHAR[])) ORDER BY due_at"""
_ATTEMPTS = """
    SELECT send, reason, next_at FROM state.attempt WHERE send IN (SELECT unnest(?::VARCHAR[]))
    ORDER BY attempted_at"""
