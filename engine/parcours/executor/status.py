# ruff: noqa: S608 - every statement is made of our own words alone
"""How a state is doing, in numbers: asked between two ticks, by those who operate it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from parcours.datamart.memory import open_memory
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.store import must_be_current

DAY = timedelta(days=1)

COUNTS = ("woken", "entered", "refused", "moved", "ended", "granted", "held", "not_sent")
"""What the log of ticks counts, in the order of state.tick."""


@dataclass(frozen=True, slots=True)
class LastTick:
    """`at` is naive UTC; `counts` by the names of `COUNTS`; `seconds` by stage, empty where there was nothing to do."""

    tick: int
    at: datetime
    counts: dict[str, int]
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class JourneyStatus:
    """Runs of a journey in all its versions: how many stand in it now, ever entered, and ever ended; how many of those
    that stand are held at a send, by the reason of the last time."""

    journey: str
    standing: int
    entered: int
    ended: int
    held: dict[str, int]
    paused_since: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """Sends of a channel: how many are still to be handed over, how many of those have failed so far, and when the
    oldest of them was granted; what became of the others, by outcome: ever, and in the last day."""

    channel: str
    waiting: int
    retrying: int
    oldest: datetime | None
    outcomes: dict[str, int]
    last_day: dict[str, int]


@dataclass(frozen=True, slots=True)
class Status:
    """The state of `project` as of `at`, naive UTC. `totals` are the counts of all ticks, `stage_seconds` what they cost.
    `due`: how many runs wake by themselves, and in which minute at the latest, for a day ahead; those of paused
    journeys do not. `retries`: how often handing over has failed for now."""

    project: str
    at: datetime
    ticks: int
    last: LastTick | None
    totals: dict[str, int]
    stage_seconds: dict[str, float]
    due: tuple[tuple[datetime, int], ...]
    journeys: tuple[JourneyStatus, ...]
    channels: tuple[ChannelStatus, ...]
    retries: int

    def due_by(self, instant: datetime) -> int:
        """How many runs have come to their time by then, and no tick has moved them."""
        return sum(runs for minute, runs in self.due if minute <= instant)

    def first_due(self, instant: datetime) -> datetime | None:
        """When the first of them was due."""
        return min((minute for minute, _ in self.due if minute <= instant), default=None)


def read_status(path: Path, project: str, at: datetime, *, is_patient: bool) -> Status:
    """The status of a state file, which is only read. `Problem` when it cannot be, or when it is no state of the project;
    `state-locked` while somebody writes to it, at once or, of who `is_patient`, after some seconds."""
    engine = DuckDBEngine(open_memory())
    try:
        engine.attach_state(path, read_only=True, is_patient=is_patient)
        must_be_current(engine, project, str(path))
        return status_of(engine, at)
    finally:
        engine.close()


def status_of(engine: DuckDBEngine, at: datetime) -> Status:
    """The status of the state that is attached."""
    run = engine.run_text
    ((project,),) = run("SELECT value FROM state.meta WHERE name = 'project'")
    sums = ", ".join(f"coalesce(sum({name}), 0)::BIGINT" for name in COUNTS)
    ((ticks, *totals),) = run(f"SELECT count(*), {sums} FROM state.tick")
    stages = run("SELECT stage, sum(wall_us)::BIGINT FROM state.cost GROUP BY stage ORDER BY stage")
    ((retries,),) = run("SELECT count(*) FROM state.attempt")
    return Status(
        project,
        at,
        ticks,
        _last(engine),
        dict(zip(COUNTS, totals, strict=True)),
        {stage: us / 1e6 for stage, us in stages},
        tuple(run(_DUE, {"until": at + DAY})),
        _journeys(engine),
        _channels(engine, at),
        retries,
    )


def _last(engine: DuckDBEngine) -> LastTick | None:
    rows = engine.run_text("SELECT * FROM state.tick ORDER BY tick DESC LIMIT 1")
    if not rows:
        return None
    ((tick, at, *counts),) = rows
    stages = engine.run_text(
        "SELECT stage, sum(wall_us)::BIGINT FROM state.cost WHERE tick = ? GROUP BY stage ORDER BY stage",
        [tick],
    )
    seconds = {stage: us / 1e6 for stage, us in stages}
    return LastTick(tick, at, dict(zip(COUNTS, counts, strict=True)), seconds)


_DUE = """
    SELECT time_bucket(INTERVAL 1 MINUTE, i.due_at + INTERVAL 59999999 MICROSECOND) AS minute, count(*)
    FROM state.instance AS i JOIN state.version AS v USING (version)
    WHERE i.due_at <= $until
        AND v.journey NOT IN (SELECT journey FROM state.pause WHERE resumed_at IS NULL)
    GROUP BY minute ORDER BY minute"""


def _journeys(engine: DuckDBEngine) -> tuple[JourneyStatus, ...]:
    held: dict[str, dict[str, int]] = {}
    for journey, reason, runs in engine.run_text(_HELD):
        held.setdefault(journey, {})[reason] = runs
    return tuple(
        JourneyStatus(journey, standing, standing + ended, ended, held.get(journey, {}), paused_since)
        for journey, standing, ended, paused_since in engine.run_text(_JOURNEYS)
    )


_JOURNEYS = """
    SELECT known.journey, coalesce(standing.runs, 0), coalesce(ended.runs, 0), paused.since
    FROM (SELECT DISTINCT journey FROM state.version) AS known
    LEFT JOIN (
        SELECT v.journey, count(*) AS runs FROM state.instance AS i JOIN state.version AS v USING (version)
        GROUP BY v.journey
    ) AS standing USING (journey)
    LEFT JOIN (SELECT journey, count(*) AS runs FROM state.ended GROUP BY journey) AS ended USING (journey)
    LEFT JOIN (
        SELECT journey, max(paused_at) AS since FROM state.pause WHERE resumed_at IS NULL GROUP BY journey
    ) AS paused USING (journey)
    ORDER BY known.journey"""

_RUN = "version, contact, key, entry_at, node"

_HELD = f"""
    WITH resting AS (
        SELECT {_RUN} FROM state.instance JOIN state.node AS n USING (version, node) WHERE n.kind = 'send'
    ),
    stopped AS (
        SELECT {_RUN}, arg_max(reason, tick) AS reason
        FROM state.not_sent SEMI JOIN resting USING ({_RUN})
        WHERE decision = 'held' GROUP BY ALL
    )
    SELECT v.journey, s.reason, count(*)
    FROM stopped AS s JOIN state.version AS v USING (version)
    GROUP BY v.journey, s.reason ORDER BY v.journey, s.reason"""


def _channels(engine: DuckDBEngine, at: datetime) -> tuple[ChannelStatus, ...]:
    waiting = {channel: (sends, tried, oldest) for channel, sends, tried, oldest in engine.run_text(_WAITING)}
    ever: dict[str, dict[str, int]] = {}
    recent: dict[str, dict[str, int]] = {}
    for channel, outcome, total, of_day in engine.run_text(_OUTCOMES, {"since": at - DAY}):
        ever.setdefault(channel, {})[outcome] = total
        if of_day:
            recent.setdefault(channel, {})[outcome] = of_day
    found = []
    for name in sorted({*waiting, *ever}):
        sends, tried, oldest = waiting.get(name, (0, 0, None))
        found.append(ChannelStatus(name, sends, tried, oldest, ever.get(name, {}), recent.get(name, {})))
    return tuple(found)


# the outbox from which nobody has taken yet, and the queue
_WAITING = """
    SELECT channel, count(*), count(*) FILTER (attempts > 0), min(granted_at)
    FROM (
        SELECT channel, attempts, granted_at FROM state.queue
        UNION ALL
        SELECT channel, 0, sent_at FROM state.outbox
        WHERE tick > (SELECT coalesce(max(tick), -1) FROM state.claim)
    )
    GROUP BY channel ORDER BY channel"""

_OUTCOMES = """
    SELECT channel, outcome, count(*), count(*) FILTER (decided_at > $since)
    FROM state.receipt GROUP BY channel, outcome ORDER BY channel, outcome"""


@dataclass(frozen=True, slots=True)
class JourneyTick:
    """What a tick did in a journey: runs that entered and ended, messages granted; held and not sent by reason."""

    journey: str
    entered: int
    ended: int
    granted: int
    held: dict[str, int]
    not_sent: dict[str, int]


def journeys_of(engine: DuckDBEngine, tick: int) -> tuple[JourneyTick, ...]:
    """The journeys in which a tick did something, by name."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for journey, what, reason, number in engine.run_text(_OF_TICK, {"tick": tick}):
        found.setdefault(journey, {}).setdefault(what, {})[reason] = number
    return tuple(
        JourneyTick(
            journey,
            _number(did, "entered"),
            _number(did, "ended"),
            _number(did, "granted"),
            did.get("held", {}),
            did.get("not_sent", {}),
        )
        for journey, did in sorted(found.items())
    )


def _number(did: dict[str, dict[str, int]], what: str) -> int:
    return sum(did.get(what, {}).values())


_OF_TICK = """
    SELECT v.journey, 'entered', '', count(*)
    FROM state.journal AS j JOIN state.route AS r USING (version, route) JOIN state.version AS v USING (version)
    JOIN state.node AS source ON source.version = j.version AND source.node = r.source
    WHERE j.tick = $tick AND source.kind = 'enter'
    GROUP BY ALL
    UNION ALL
    SELECT v.journey, 'ended', '', count(*)
    FROM state.journal AS j JOIN state.route AS r USING (version, route) JOIN state.version AS v USING (version)
    JOIN state.node AS target ON target.version = j.version AND target.node = r.target
    WHERE j.tick = $tick AND target.outcome IS NOT NULL
    GROUP BY ALL
    UNION ALL
    SELECT journey, 'granted', '', count(*) FROM state.outbox WHERE tick = $tick GROUP BY ALL
    UNION ALL
    SELECT v.journey, s.decision, s.reason, count(*)
    FROM state.not_sent AS s JOIN state.version AS v USING (version) WHERE s.tick = $tick
    GROUP BY ALL
    ORDER BY ALL"""
