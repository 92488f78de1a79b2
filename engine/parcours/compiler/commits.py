"""Between rounds and at the end: who goes on, and what is written to the state (T5, step 7)."""

from sqlglot import exp

from parcours.compiler.decided import decided_runs
from parcours.compiler.expressions import (
    NOW,
    among,
    case,
    create_temporary,
    insert,
    number,
    own,
    parameter,
    table,
    text,
    typed,
)
from parcours.compiler.groups import CHANGE
from parcours.compiler.layout import (
    ACT,
    AWAKE,
    COME,
    EXIT,
    GRANTED,
    HELD,
    JUNCTION,
    LOOKING,
    PASSED,
    REST,
    RUN,
    SETTLED,
    SQL_TYPES,
    TICK_TABLES,
    WAKING,
)
from parcours.compiler.layout import NOT_SENT as GIVEN_UP
from parcours.compiler.outbox import Told, write_not_sent, write_outbox
from parcours.compiler.several import on_its_own, runs_of
from parcours.compiler.statement import Statement

JOURNAL = ("tick", "version", "contact", "key", "entry_at", "round", "route")
REFUSED = ("tick", "version", "contact", "key", "reason")
ENDED = ("journey", "contact", "key", "left_at", "entry_at", "outcome")


def empty_tables(contact_type: str, *, with_several: bool) -> dict[str, Statement]:
    """Statements that make the temporary tables of a tick, empty; by the table's name."""
    types = {name: kind or contact_type for name, kind in SQL_TYPES.items()}
    change_types = {
        "name": "VARCHAR",
        "before_value": "VARCHAR",
        "after_value": "VARCHAR",
        "base_line": "BOOLEAN",
    }
    tables = {name: {c: types[c] for c in columns} for name, columns in TICK_TABLES.items()}
    if with_several:
        tables["_settled"] = {c: types[c] for c in SETTLED}
    tables["_change"] = {c: change_types.get(c, contact_type) for c in CHANGE}
    return {name: _empty(name, columns) for name, columns in tables.items()}


def _empty(name: str, columns: dict[str, str]) -> Statement:
    schema = exp.Schema(
        this=table(name),
        expressions=[
            exp.ColumnDef(this=exp.to_identifier(column), kind=typed(kind))
            for column, kind in columns.items()
        ],
    )
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
    tree = exp.Create(this=schema, kind="TABLE", replace=True, properties=temporary)
    return Statement(f"empty_{name}", f"{name} starts empty", tree)


def awake_at() -> Statement:
    """Where the awake instances set off: (version, anchor, earliest entry, earliest arrival), in order."""
    query = _looking_back("_awake", "version", "anchor")
    return Statement("awake_at", "the anchors from which somebody sets off, and since when", query)


def waking_in() -> Statement:
    """The versions of which instances may wake: (version, earliest entry, earliest arrival), in order."""
    query = _looking_back("_waking", "version")
    return Statement("waking_in", "the journeys of which somebody may wake, and since when", query)


def _looking_back(source: str, *names: str) -> exp.Select:
    return (
        exp.select(
            *(own(name) for name in names),
            exp.Min(this=own("entry_at")),
            exp.Min(this=own("arrived_at")),
        )
        .from_(table(source), copy=False)
        .group_by(*(own(name) for name in names), copy=False)
        .order_by(*(own(name) for name in names), copy=False)
    )


def outcomes() -> Statement:
    """Counts what a round came to: (kind, count)."""
    query = (
        exp.select(own("kind"), exp.Count(this=exp.Star()))
        .from_(table("_moved"), copy=False)
        .where(_this_round(), copy=False)
        .group_by(own("kind"), copy=False)
    )
    return Statement("outcomes", "what the round came to", query)


def decisions() -> Statement:
    """Counts the verdicts of a round: (decision, count)."""
    query = (
        exp.select(own("decision"), exp.Count(this=exp.Star()))
        .from_(table("_verdict"), copy=False)
        .where(_this_round(), copy=False)
        .group_by(own("decision"), copy=False)
    )
    return Statement("decisions", "what the round decided", query)


def steps() -> Statement:
    """The steps in which candidates are decided, and how many in each: (step, count), in order."""
    query = (
        exp.select(own("step"), exp.Count(this=exp.Star()))
        .from_(table("_to_send"), copy=False)
        .group_by(own("step"), copy=False)
        .order_by(own("step"), copy=False)
    )
    return Statement("steps", "the steps in which candidates are decided", query)


def _this_round(alias: str | None = None) -> exp.Expr:
    return exp.EQ(this=own("round", alias), expression=parameter("round"))


def go_on_decided(*, with_several: bool) -> Statement:
    """`_awake` for the next round: those whose send is granted or not sent."""
    decided: exp.Query = (
        exp.select(*(own(c) for c in AWAKE))
        .from_(decided_runs("v"), copy=False)
        .where(_this_round(), exp.NEQ(this=own("decision"), expression=text(HELD)), copy=False)
    )
    if with_several:
        decided = runs_of((GRANTED, GIVEN_UP), *AWAKE)
    return Statement(
        "go_on_decided",
        "those whose send is decided move in the next round",
        insert("_awake", AWAKE, decided),
    )


def go_on_passed() -> Statement:
    """`_awake` for the next round: those whose node is no rest."""
    passed = (
        exp.select(*(own(c, "m") for c in WAKING), own("anchor", "o"))
        .from_(table("_moved", "m"), copy=False)
        .join(table("_onward", "o"), on=_same_node("o", "m"), copy=False)
        .where(_this_round("m"), among(own("kind", "m"), [PASSED, JUNCTION, ACT]), copy=False)
    )
    return Statement(
        "go_on_passed", "those whose node is no rest move in the next round", insert("_awake", AWAKE, passed)
    )


def wake_come() -> Statement:
    """`waking` anew: those who wait for what is there already (T15, T16)."""
    columns = [exp.false() if c == "looks" else own(c) for c in LOOKING]
    query = exp.select(*(exp.alias_(made, name) for made, name in zip(columns, LOOKING, strict=True)))
    query = query.from_(table("_moved"), copy=False).where(_this_round(), _is("kind", COME), copy=False)
    return Statement(
        "wake_come", "what they wait for was there before they were", create_temporary("_waking", query)
    )


def _same_node(one: str, other: str) -> exp.Expr:
    return exp.and_(
        exp.EQ(this=own("version", one), expression=own("version", other)),
        exp.EQ(this=own("node", one), expression=own("node", other)),
    )


def _is(name: str, value: str, alias: str | None = None) -> exp.Expr:
    return exp.EQ(this=own(name, alias), expression=text(value))


def writes(told: Told, *, with_several: bool) -> tuple[Statement, ...]:
    """What a tick writes: at most one delete and one insert for each table of the state."""
    tick = exp.alias_(parameter("tick"), "tick")
    rows = (
        exp.select(own("row"))
        .from_(table("_moved"), copy=False)
        .where(own("row").is_(exp.null()).not_(), copy=False)
    )
    gone = exp.Delete(
        this=table("state.instance"),
        where=exp.Where(this=exp.In(this=own("rowid"), query=rows.subquery(copy=False))),
    )
    rest = (
        exp.select(*(own(c) for c in RUN))
        .from_(table("_moved"), copy=False)
        .where(_is("kind", REST), copy=False)
    )
    held = (
        exp.select(*(own(c) for c in RUN))
        .from_(decided_runs("v"), copy=False)
        .where(_is("decision", HELD), copy=False)
    )
    resting = exp.union(rest, held, distinct=False, copy=False)
    if with_several:
        held = held.where(exp.Not(this=on_its_own()), copy=False)
        settled = (
            exp.select(*(own(c) for c in RUN))
            .from_(table("_settled"), copy=False)
            .where(_is("decision", HELD), copy=False)
        )
        resting = exp.union(rest, held, settled, distinct=False, copy=False)
    resting = resting.order_by(
        *(exp.Ordered(this=own(n), nulls_first=False) for n in ("due_at", "version", "contact", "key")),
        copy=False,
    )
    return (
        Statement("write_gone", "those who moved leave their old place", gone),
        Statement("write_rest", "and rest at their new one", insert("state.instance", RUN, resting)),
        Statement("write_journal", "every route taken", insert("state.journal", JOURNAL, _journal(tick))),
        write_outbox(told),
        write_not_sent(told),
        Statement(
            "write_refused",
            "every trigger refused, and why",
            insert("state.refused", REFUSED, _refused(tick)),
        ),
        Statement("write_ended", "every run that ended", insert("state.ended", ENDED, _ended())),
    )


def _ordered(query: exp.Select, *names: str) -> exp.Select:
    """Rows are stored in a fixed order, so that the same tick writes the same file (T3)."""
    return query.order_by(*(exp.Ordered(this=own(name), nulls_first=False) for name in names), copy=False)


def _journal(tick: exp.Expr) -> exp.Select:
    query = (
        exp.select(tick.copy(), *(own(c) for c in JOURNAL[1:]))
        .from_(table("_moved"), copy=False)
        .where(exp.Not(this=own("retried")), copy=False)
    )
    return _ordered(query, "version", "contact", "key", "entry_at", "round")


def _refused(tick: exp.Expr) -> exp.Select:
    query = (
        exp.select(tick.copy(), *(own(c) for c in REFUSED[1:]))
        .from_(table("_triggered"), copy=False)
        .where(own("reason").is_(exp.null()).not_(), copy=False)
    )
    return _ordered(query, "version", "contact", "key", "reason")


def _ended() -> exp.Select:
    made: dict[str, exp.Expr] = {
        "journey": own("journey", "x"),
        "outcome": own("outcome", "x"),
        "left_at": exp.alias_(exp.cast(NOW.copy(), "TIMESTAMP"), "left_at"),
    }
    query = (
        exp.select(*(made.get(name, own(name, "m")) for name in ENDED))
        .from_(table("_moved", "m"), copy=False)
        .join(table("_exit", "x"), on=_same_node("x", "m"), copy=False)
        .where(_is("kind", EXIT, "m"), copy=False)
    )
    return query.order_by(
        *(
            exp.Ordered(this=own(n, a), nulls_first=False)
            for n, a in (
                ("journey", "x"),
                ("contact", "m"),
                ("key", "m"),
                ("entry_at", "m"),
                ("version", "m"),
            )
        ),
        copy=False,
    )


def count_stored() -> Statement:
    """The instances in the state, counted by a real scan, for the check before every commit."""
    # reads the column: not the count that the engine keeps beside the rows
    one = case([(own("version").is_(exp.null()), number(0))], number(1))
    stored = exp.select(exp.Coalesce(this=exp.Sum(this=one), expressions=[number(0)]))
    return Statement(
        "count_stored", "instances in the state", stored.from_(table("state.instance"), copy=False)
    )
