"""The messages of a span, and what became of their delivery."""

from typing import Literal

from parcours.delivery.queue import SEND_ID
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.reporting.span import Span

SENDS = "_report_send"

Basis = Literal["receipts", "grants"]
"""What says that a message was sent: the receipts of the relay, or, where no relay has ever run, that it was granted. What was
granted before there was a relay counts as sent also after it."""

# A claim of none says that what there was until then is none of the relay's: the state is from before there was one.
_RELAYED = "SELECT count(*) FROM state.claim WHERE sends > 0"
_BEFORE = "(SELECT coalesce(max(tick), -1) FROM state.claim WHERE sends = 0)"

_KEPT = """o.rowid AS place, o.tick, o.sent_at, o.contact, o.journey, o.message, o.channel, o.purpose, o.cost, o.key,
    o.entry_at"""
# A message's id, by which receipts know it, counts the visits of its run to the step from the run's beginning on.
_VISITED = f"""
    SELECT {_KEPT}, n.name AS step,
        row_number() OVER (
            PARTITION BY o.journey, o.contact, o.key, o.entry_at, n.name, o.channel ORDER BY o.tick, o.rowid
        ) AS visit
    FROM state.outbox AS o JOIN state.node AS n USING (version, node) WHERE o.sent_at < $as_of
"""  # noqa: S608 - made of our own words alone
_COLUMNS = """
    s.place AS send, s.sent_at, s.contact, s.journey, s.message, s.channel, s.purpose, s.cost, s.key, s.entry_at,
    concat_ws(':', s.journey, s.key, epoch_us(s.entry_at), s.message, s.channel) AS reference
"""
_BY_RECEIPTS = f"""
    CREATE OR REPLACE TEMP TABLE {SENDS} AS
    WITH known AS (SELECT *, {SEND_ID} AS id FROM ({_VISITED}) WHERE sent_at >= $first)
    SELECT {_COLUMNS}, r.outcome IS NULL AND s.tick > {_BEFORE} AS waiting,
        coalesce(r.outcome = 'failed' AND r.kind = 'address', false) AS turned_back,
        coalesce(r.outcome = 'accepted', false) OR turned_back OR s.tick <= {_BEFORE} AS sent
    FROM known AS s LEFT JOIN state.receipt AS r ON r.send = s.id AND r.decided_at < $as_of
"""  # noqa: S608 - made of our own words alone
_BY_GRANTS = f"""
    CREATE OR REPLACE TEMP TABLE {SENDS} AS
    SELECT {_COLUMNS}, false AS waiting, false AS turned_back, true AS sent
    FROM (SELECT {_KEPT} FROM state.outbox AS o WHERE o.sent_at >= $first AND o.sent_at < $as_of) AS s
"""  # noqa: S608 - made of our own words alone


def make_sends(engine: DuckDBEngine, span: Span, project: str) -> Basis:
    """Makes the table `SENDS`: every message that was granted from the beginning of the span on and before `as_of`, also
    after the span, since what contacts do may belong to those. `turned_back`: the provider said at once that nobody is
    at the address; `waiting`: it is not decided what becomes of it; `sent`: it was handed over, or turned back."""
    ((claims,),) = engine.run_text(_RELAYED)
    values = {"first": span.first, "as_of": span.as_of}
    if not claims:
        engine.run_text(_BY_GRANTS, values)
        return "grants"
    engine.run_text(_BY_RECEIPTS, {**values, "project": project})
    return "receipts"
