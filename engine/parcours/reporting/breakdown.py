"""The figures by journey, message, channel, purpose, segment, stage and time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from parcours.checking import checked
from parcours.compiler.bindings import instants_at
from parcours.compiler.groups import members
from parcours.compiler.reporting import in_groups
from parcours.compiler.statement import Statement
from parcours.compiler.zones import zone_now
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.learned import runs_at
from parcours.reporting.rates import COUNTED, Figures
from parcours.reporting.reactions import FACTS
from parcours.reporting.span import MOMENT, Span, stretch_unit, stretches

By = Literal["all", "journey", "message", "channel", "purpose", "segment", "stage"]


@dataclass(frozen=True, slots=True)
class Part:
    """The messages of one journey, message (then `journey` says of which), channel, purpose, segment or stage (`LIFECYCLE is
    STAGE`). The name of `all` is empty."""

    by: By
    journey: str
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Stretch:
    """The messages that were granted in a piece of the span that begins on `day`, and what ever came of them."""

    day: date
    figures: Figures


Read = Callable[[Sequence[Any]], Figures]

_PARTS: tuple[tuple[By, str, str], ...] = (
    ("all", "'', ''", ""),
    ("journey", "f.journey, f.journey", "GROUP BY f.journey ORDER BY f.journey"),
    ("message", "f.journey, f.message", "GROUP BY f.journey, f.message ORDER BY f.journey, f.message"),
    ("channel", "'', f.channel", "GROUP BY f.channel ORDER BY f.channel"),
    ("purpose", "'', f.purpose", "GROUP BY f.purpose ORDER BY f.purpose"),
)
_OF_GROUPS = f"""
    SELECT g.name, g.value, {COUNTED} FROM _in_group AS g JOIN {FACTS} AS f ON f.contact = g.contact
    GROUP BY g.name, g.place, g.value ORDER BY g.name, g.place
"""  # noqa: S608 - made of our own words alone
_OVER_TIME = f"""
    SELECT greatest(CAST(date_trunc($unit, f.sent_at + p.utc_offset) AS DATE), $first_day) AS day, {COUNTED}
    FROM {FACTS} AS f JOIN memory.main.zone_period AS p
        ON p.zone = $zone AND f.sent_at >= p.utc_from AND f.sent_at < p.utc_to
    GROUP BY day ORDER BY day
"""  # noqa: S608 - made of our own words alone


def make_groups(engine: DuckDBEngine, groups: Sequence[checked.Group], span: Span) -> None:
    """Makes `_in_group(name, place, value, contact)`: who is in which segment and stage at the end of the span."""
    at = span.last - MOMENT
    statements: tuple[Statement, ...] = (zone_now(), members(), in_groups(groups, span.zone))
    for statement in statements:
        names = statement.parameters
        engine.run(statement, instants_at(span.zone, names, at) | runs_at(engine, names, at))


def parts(engine: DuckDBEngine, read: Read) -> tuple[Part, ...]:
    """All figures but those over time; `FACTS` and `_in_group` must be there. `read` makes figures of a row."""
    found = []
    for by, names, grouped in _PARTS:
        query = f"SELECT {names}, {COUNTED} FROM {FACTS} AS f {grouped}"  # noqa: S608 - our own words alone
        found += [Part(by, journey, name, read(row)) for journey, name, *row in engine.run_text(query)]
    for name, stage, *row in engine.run_text(_OF_GROUPS):
        found.append(Part("stage" if stage else "segment", "", group_name(name, stage), read(row)))
    return tuple(found)


def group_name(name: str, stage: str) -> str:
    """What a segment, or a stage of a lifecycle, is called."""
    return f"{name} is {stage}" if stage else name


def over_time(engine: DuckDBEngine, span: Span, read: Read) -> tuple[str, tuple[Stretch, ...]]:
    """`day`, `week` or `month`, and the figures of each of them in the span, on the project's clock."""
    unit = stretch_unit(span)
    values = {"unit": unit, "first_day": span.first_day, "zone": span.zone}
    rows = {day: row for day, *row in engine.run_text(_OVER_TIME, values)}
    nothing = (0,) * 11 + (None,)
    return unit, tuple(Stretch(day, read(rows.get(day, nothing))) for day in stretches(span))
