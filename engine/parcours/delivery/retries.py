"""When a send is tried again that could not be handed over."""

from datetime import datetime, timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)


def next_attempt(at: datetime, attempts: int, end: datetime) -> datetime | None:
    """When to try again after so many `attempts` that failed, the last one at `at`: after 1, 2, 4 … minutes, and an hour
    at the most. None when that is `end` or later: then it is over."""
    wait = min(FIRST * 2 ** min(attempts - 1, 20), LONGEST)
    following = at + wait
    return following if following < end else None
