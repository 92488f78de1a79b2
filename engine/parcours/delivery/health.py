"""Whether ticks are made as they should be, and if not, why."""

from datetime import datetime, timedelta

from parcours.delivery.notes import Notes

LATE_INTERVALS = 3
"""The last tick may be so many intervals old."""
LASTING = 3
"""So many tries that failed one after the other are no accident."""


def faults_of_run(notes: Notes, at: datetime, late: timedelta | None = None) -> tuple[str, ...]:
    """What is wrong with a `run` that is going on; nothing when it is healthy. `late`: how old the last tick may be, None
    for `LATE_INTERVALS`. Who has just been started has as much time for the first one. Names no contact."""
    late = late or notes.every * LATE_INTERVALS
    last = max(notes.last_tick_at or notes.started_at, notes.started_at)
    found = []
    if at - last > late:
        found.append(_too_old(notes.last_tick_at, at))
    if notes.failure is not None and notes.failure.times >= LASTING:
        found.append(f"{notes.failure.times} tries in a row have failed: {notes.failure.code}")
    return tuple(found)


def faults_of_state(last_tick_at: datetime | None, at: datetime, late: timedelta) -> tuple[str, ...]:
    """What is wrong where nobody runs, and cron or something like it ticks."""
    if last_tick_at is None or at - last_tick_at > late:
        return (_too_old(last_tick_at, at),)
    return ()


def _too_old(last_tick_at: datetime | None, at: datetime) -> str:
    if last_tick_at is None:
        return "there was no tick yet"
    return f"the last tick was {length(at - last_tick_at)} ago"


def length(span: timedelta) -> str:
    """A length of time in words that say enough: `42 minutes`."""
    seconds = int(span.total_seconds())
    for size, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return "1 second" if seconds == 1 else f"{seconds} seconds"
