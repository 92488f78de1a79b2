"""What contacts did with the messages of a span, each event given to the one message that it belongs to.

An event that names a message, by the id of what was sent or by the name of the message, belongs to the newest such message
to its contact that was not granted after it: as `click of MESSAGE` and what is learned of answers have it. An opt-out, a
complaint or a bounce that names none belongs to the newest message to its contact within `UNNAMED` before it, by the channel
that it tells of: as losses are reckoned (P2). An open or a click that names none belongs to nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from parcours.compiler.reactions import Told, reactions
from parcours.compiler.responses import WINDOW
from parcours.datamart.catalog import Catalog
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.model.receiving import Receiving
from parcours.reporting.sends import SENDS
from parcours.reporting.span import Span

OPEN, CLICK, OPT_OUT, COMPLAINT, BOUNCE = KINDS = ("open", "click", "opt_out", "complaint", "bounce")
_LOSING = (OPT_OUT, COMPLAINT, BOUNCE)
UNNAMED = WINDOW.exact
"""How old a message may be that gets an event which names none."""

FACTS = "_report_fact"

_HITS = f"""
    CREATE OR REPLACE TEMP TABLE _report_hit AS
    WITH candidate AS (
        SELECT e.kind, e.id, e.contact, s.sent_at, s.send
        FROM (SELECT * FROM _reaction WHERE cause IS NOT NULL) AS e JOIN (
            SELECT send, contact, sent_at, reference AS cause FROM {SENDS} WHERE sent
            UNION ALL SELECT send, contact, sent_at, message FROM {SENDS} WHERE sent
        ) AS s ON s.contact = e.contact AND s.cause = e.cause AND s.sent_at <= e.at
        UNION ALL
        SELECT e.kind, e.id, e.contact, s.sent_at, s.send
        FROM (SELECT * FROM _reaction WHERE cause IS NULL AND list_contains($losing, kind)) AS e JOIN {SENDS} AS s
        ON s.sent AND s.contact = e.contact AND s.sent_at <= e.at AND s.sent_at > e.at - $unnamed::INTERVAL
            AND (e.channel IS NULL OR s.channel = e.channel OR NOT list_contains($channels, e.channel))
    )
    SELECT kind, id, contact, send FROM candidate
    QUALIFY row_number() OVER (PARTITION BY kind, id, contact ORDER BY sent_at DESC, send) = 1
"""  # noqa: S608 - made of our own words alone

# what is not delivered is neither opened nor anything else
_FACTS = f"""
    CREATE OR REPLACE TEMP TABLE {FACTS} AS
    WITH reacted AS (
        SELECT send, bool_or(kind = 'open') AS opened, bool_or(kind = 'click') AS clicked,
            bool_or(kind = 'opt_out') AS opted_out, bool_or(kind = 'complaint') AS complained,
            bool_or(kind = 'bounce') AS bounced
        FROM _report_hit GROUP BY send
    )
    SELECT s.send, s.sent_at, s.contact, s.key, s.entry_at, s.journey, s.message, s.channel, s.purpose, s.waiting, s.sent,
        CASE WHEN s.sent THEN s.cost END AS cost,
        s.sent AND (s.turned_back OR coalesce(r.bounced, false)) AS bounced,
        s.sent AND NOT (s.turned_back OR coalesce(r.bounced, false)) AS delivered,
        delivered AND coalesce(r.opened, false) AS opened,
        delivered AND coalesce(r.clicked, false) AS clicked,
        delivered AND coalesce(r.opted_out, false) AS opted_out,
        delivered AND coalesce(r.complained, false) AS complained
    FROM {SENDS} AS s LEFT JOIN reacted AS r USING (send)
    WHERE s.sent_at < $last
"""  # noqa: S608 - made of our own words alone

_LEFT_OVER = """
    SELECT e.kind, count(*) FROM _reaction AS e ANTI JOIN _report_hit AS h USING (kind, id, contact)
    GROUP BY e.kind ORDER BY e.kind
"""

# the kinds of which at least one event names a message of this state, whenever that was sent
_OURS = """
    SELECT DISTINCT e.kind FROM _reaction AS e SEMI JOIN (
        SELECT contact, concat_ws(':', journey, key, epoch_us(entry_at), message, channel) AS cause FROM state.outbox
        UNION ALL SELECT contact, message FROM state.outbox
    ) AS s USING (contact, cause)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Which kinds of reaction the datamart tells of, and by which event; `strangers`: of how many events of a kind it is
    not known that a message of the span, or a later one, was meant. `foreign` are the kinds whose events all name messages
    of somebody else: they tell nothing of ours."""

    events: tuple[tuple[str, str], ...]
    strangers: tuple[tuple[str, int], ...] = ()
    foreign: frozenset[str] = frozenset()

    def is_mapped(self, kind: str) -> bool:
        """Whether the datamart has such events at all."""
        return any(known == kind for known, _ in self.events)

    def has(self, kind: str) -> bool:
        """Whether it tells of the messages of this state."""
        return self.is_mapped(kind) and kind not in self.foreign


def told_by(catalog: Catalog, receiving: Receiving | None) -> list[Told]:
    """The kinds of reaction that the datamart tells of. Opens and clicks only count where they say what was opened."""
    names = {kind: kind for kind in KINDS}
    if receiving is not None:
        names |= {OPEN: receiving.open, CLICK: receiving.click}
    found = []
    for kind, event in names.items():
        mapped = catalog.events.get(event)
        names_send = event in catalog.event_has_send
        if mapped is None or (kind not in _LOSING and not names_send):
            continue
        channel = next((c.name for c in mapped.columns.values() if c.name.lower() == "channel"), None)
        is_text = channel is not None and mapped.columns[channel].kind == "text"
        found.append(Told(kind, event, names_send, channel if is_text else None))
    return found


def make_facts(engine: DuckDBEngine, span: Span, told: Sequence[Told], channels: Sequence[str]) -> Measured:
    """Makes the table `FACTS`: a row for each message of the span, with what became of it; `SENDS` must be there. `channels`
    are the project's: an event that tells of another channel may mean any."""
    statement = reactions(told)
    bindings = {"first": span.first, "now": span.at}
    engine.run(statement, {name: bindings[name] for name in statement.parameters})
    engine.run_text(_HITS, {"losing": list(_LOSING), "unnamed": UNNAMED, "channels": list(channels)})
    engine.run_text(_FACTS, {"last": span.last})
    strangers = engine.run_text(_LEFT_OVER)
    # an opt-out tells of the contact, whatever it names
    foreign = {kind for kind, _ in strangers} & {OPEN, CLICK}
    if foreign:
        foreign -= {kind for (kind,) in engine.run_text(_OURS)}
    return Measured(tuple((one.kind, one.event) for one in told), tuple(strangers), frozenset(foreign))
