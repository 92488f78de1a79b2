"""Notes of a `run`, and a status, for tests."""

from datetime import datetime, timedelta
from typing import Any

from parcours.delivery.notes import Failure, Notes
from parcours.executor.status import COUNTS, ChannelStatus, JourneyStatus, LastTick, Status

NINE = datetime(2026, 3, 2, 9)
MINUTE = timedelta(minutes=1)

STATUS = Status(
    project="shop",
    at=NINE,
    ticks=12,
    last=LastTick(11, NINE, dict.fromkeys(COUNTS, 3), {"move": 0.25, "write": 0.5}),
    totals=dict.fromkeys(COUNTS, 40),
    stage_seconds={"move": 2.5, "write": 5.0},
    due=((NINE + MINUTE, 2), (NINE + 30 * MINUTE, 5)),
    journeys=(
        JourneyStatus("welcome", 7, 10, 3, {"cap": 2, "quiet_hours": 1}, None),
        JourneyStatus('odd "name"', 0, 0, 0, {}, NINE),
    ),
    channels=(ChannelStatus("email", 9, 4, NINE, {"accepted": 20, "failed": 2}, {"accepted": 5}),),
    retries=6,
)


def notes(**more: Any) -> Notes:
    """Of a process that began at eight and ticked at nine."""
    said: dict[str, Any] = {
        "process": 123,
        "started_at": NINE - 60 * MINUTE,
        "every": 5 * MINUTE,
        "doing": "waiting",
        "since": NINE,
        "last_tick_at": NINE,
        "next_at": NINE + 5 * MINUTE,
        "status": STATUS,
    }
    return Notes(**{**said, **more})


def failure(times: int) -> Failure:
    return Failure(
        NINE,
        "no-database",
        "It is gone.",
        "there is no file `ann@example.org`",
        "parcours.yaml",
        times,
        NINE + MINUTE,
    )
