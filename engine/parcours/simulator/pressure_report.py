"""What marketing pressure came to over a span of the journal: how much contacts got, which rules held what back, and who is
close to a cap. Plain numbers in a fixed order, for text and JSON."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from parcours.checking import checked
from parcours.clock.zones import to_local
from parcours.compiler.bindings import instants_at
from parcours.compiler.calendars import calendar_now
from parcours.compiler.gates import Gates
from parcours.compiler.groups import members
from parcours.compiler.limits import limits_of, units
from parcours.compiler.reporting import in_groups, near_cap
from parcours.compiler.statement import Statement
from parcours.compiler.zones import zone_now
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.learned import runs_at

# stretches of seven days from the first day on, on the project's clock
_COUNTED = """
    CREATE OR REPLACE TEMP TABLE _counted AS
        SELECT o.contact, date_diff('day', CAST($first_day AS DATE), CAST(o.sent_at + p.utc_offset AS DATE)) // 7 AS week,
            count(*) AS messages
        FROM state.outbox AS o JOIN memory.main.zone_period AS p
            ON p.zone = $zone AND o.sent_at >= p.utc_from AND o.sent_at < p.utc_to
        WHERE o.sent_at >= $first AND o.sent_at <= $last
        GROUP BY ALL HAVING week < $weeks
"""
_BY_COUNT = "SELECT messages, count(*) FROM _counted GROUP BY messages ORDER BY messages"
_BY_GROUP = """
    SELECT g.name, g.value, count(DISTINCT g.contact), coalesce(sum(c.messages), 0), coalesce(max(c.messages), 0)
    FROM _in_group AS g LEFT JOIN _counted AS c ON c.contact = g.contact
    GROUP BY g.name, g.place, g.value ORDER BY g.name, g.place
"""
# a message is held again at every try: it counts once for each rule
_RULES = """
    SELECT reason, rule, place, count(DISTINCT held), count(given_up), count(DISTINCT contact) FROM (
        SELECT n.reason, n.rule, n.place, n.contact,
            CASE WHEN decision = 'held' THEN row(version, n.contact, key, entry_at, node) END AS held,
            CASE WHEN decision = 'not_sent' THEN 1 END AS given_up
        FROM state.not_sent AS n WHERE decided_at >= $first AND decided_at <= $last
    ) GROUP BY reason, rule, place ORDER BY count(DISTINCT held) + count(given_up) DESC, reason, rule, place
"""
_SENT = "SELECT count(*) FROM state.outbox WHERE sent_at >= $first AND sent_at <= $last"
_CONTACTS = "SELECT count(*) FROM contact WHERE _visible_at <= $last"
_TICKS = "SELECT min(ticked_at), max(ticked_at) FROM state.tick"


@dataclass(frozen=True, slots=True)
class InAWeek:
    """So many stretches of a week in which a contact got so many messages."""

    messages: int
    weeks: int
    share: float


@dataclass(frozen=True, slots=True)
class OfGroup:
    """Contacts who are in a segment, or in a stage of a lifecycle, at the end; `most` in any one week."""

    group: str
    value: str
    contacts: int
    messages: int
    a_week: float
    most: int


@dataclass(frozen=True, slots=True)
class RuleBites:
    """What a rule did: messages that had to wait for it, messages that were given up by it, and of how many contacts."""

    reason: str
    rule: str
    place: str
    held: int
    not_sent: int
    contacts: int


@dataclass(frozen=True, slots=True)
class NearCap:
    """At the end: how many contacts have used up a cap, and how many have room for one more. Of a cap that contacts share it
    is those who share it that are counted."""

    rule: str
    place: str
    shared_by: str
    full: int
    one_left: int


@dataclass(frozen=True, slots=True)
class PressureReport:
    """`weeks` stretches of seven days from `first_day` on; what is left over at the end is not counted in them."""

    project: str
    policy: str
    first_day: date
    last_day: date
    weeks: int
    contacts: int
    sent: int
    in_a_week: tuple[InAWeek, ...]
    groups: tuple[OfGroup, ...]
    rules: tuple[RuleBites, ...]
    near: tuple[NearCap, ...]


def pressure_report(
    engine: DuckDBEngine,
    project: checked.CheckedProject,
    policy: str,
    first: datetime | None = None,
    last: datetime | None = None,
) -> PressureReport:
    """Reads it from the state that is attached to the engine, from its first tick to its last when nothing is said. `policy`
    is what the policy is called in the report; `project.groups` are told apart."""
    begun, ended = engine.run_text(_TICKS)[0]
    first, last = max(first or begun, begun), min(last or ended, ended)
    zone = project.time_zone
    first_day = to_local(zone, first).date()
    # a span that ends at midnight ends with the day before
    last_day = max(first_day, (to_local(zone, last) - timedelta(microseconds=1)).date())
    weeks = max(((last_day - first_day).days + 1) // 7, 1)
    span = {"first": first, "last": last}
    counting = {**span, "first_day": first_day, "zone": zone, "weeks": weeks}

    def ask(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        return engine.run_text(query, {n: v for n, v in values.items() if f"${n}" in query})

    ((contacts,),) = ask(_CONTACTS, span)
    for statement in (zone_now(), members(), in_groups(project.groups, zone)):
        _run(engine, zone, statement, last)
    ask(_COUNTED, counting)
    by_count = [(int(n), int(found)) for n, found in ask(_BY_COUNT, {})]
    whole = contacts * weeks
    by_count = [(0, whole - sum(found for _, found in by_count)), *by_count]
    return PressureReport(
        project.name,
        policy,
        first_day,
        last_day,
        weeks,
        contacts,
        ask(_SENT, span)[0][0],
        tuple(InAWeek(n, found, found / whole if whole else 0.0) for n, found in by_count),
        tuple(
            OfGroup(name, value, people, sent, sent / (people * weeks) if people else 0.0, most)
            for name, value, people, sent, most in ask(_BY_GROUP, {})
        ),
        tuple(RuleBites(*row) for row in ask(_RULES, span)),
        tuple(_near(engine, project, last)),
    )


def _run(engine: DuckDBEngine, zone: str, statement: Statement, at: datetime) -> list[Any]:
    names = statement.parameters
    return engine.run(statement, instants_at(zone, names, at) | runs_at(engine, names, at))


def _near(engine: DuckDBEngine, project: checked.CheckedProject, at: datetime) -> list[NearCap]:
    zone, gates = project.time_zone, Gates(project.policy, ())
    caps = [limit for limit in limits_of(project.policy, gates) if gates.gates[limit.gate].reason == "cap"]
    calendar = calendar_now(units(caps))
    if calendar is not None:
        _run(engine, zone, calendar, at)
    found = []
    for limit in caps:
        if not limit.count:
            continue
        gate = gates.gates[limit.gate]
        ((full, one_left),) = _run(engine, zone, near_cap(limit, zone), at)
        shared_by = "" if limit.per is None else limit.per.name
        found.append(NearCap(gate.rule, gate.place, shared_by, int(full), int(one_left)))
    return found
