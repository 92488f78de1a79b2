"""Small tables that hold what is known when compiling: gates, sends, and where instances go on."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from sqlglot import exp

from parcours.checking import checked
from parcours.clock.holidays import next_free_day
from parcours.clock.span import Span
from parcours.compiler import leads, several, triggers
from parcours.compiler.expressions import cast_to, create_temporary, interval, number, own, pointer, text
from parcours.compiler.gates import Gates, SendStep, is_exempt
from parcours.compiler.limits import Limit, Word, pressing, words
from parcours.compiler.money import MONEY
from parcours.compiler.precedence import number_type, places
from parcours.compiler.responses import Goal, valued
from parcours.compiler.routes import Routes
from parcours.compiler.statement import Statement

Value = int | str | bool | Decimal | Span | None
Row = Sequence[Value]


def static_tables(
    policy: checked.Policy,
    shapes: Sequence[tuple[int, Routes]],
    sends: Sequence[SendStep],
    gates: Gates,
    limits: Sequence[Limit],
    holiday_country: str | None,
    messages: Sequence[checked.Message],
    goals: Mapping[str, Goal],
    entering: Sequence[triggers.Entering],
) -> tuple[Statement, ...]:
    """Statements that make the tables `gate`, `send_step`, `send_option`, `straight`, `lead`, `onward` and `entering`, and those of the
    holidays when a channel is quiet on them, and of the goals that are worth something."""
    return (
        _table(
            "_gate",
            "the gates, with the rules of the user's that they stand for",
            {
                "gate": "INTEGER",
                "reason": "VARCHAR",
                "rule": "VARCHAR",
                "place": "VARCHAR",
                "final": "BOOLEAN",
            },
            [(g.number, g.reason, g.rule, g.place, g.final) for g in gates.gates],
        ),
        _send_steps(policy, sends, gates),
        _send_options(policy, sends, messages, words(limits)),
        *_goals(sends, goals),
        *_holidays(policy, holiday_country),
        *_acts(shapes),
        *_entering(entering, shapes),
        *_several(sends),
        *_ways(shapes, policy),
    )


def _send_steps(policy: checked.Policy, sends: Sequence[SendStep], gates: Gates) -> Statement:
    columns = {
        "version": "INTEGER",
        "node": "INTEGER",
        "journey": "VARCHAR",
        "send": "INTEGER",
        "nth": number_type(len(sends)),
        **dict.fromkeys(("priority", "first_option", "tries"), "INTEGER"),
        "several": "BOOLEAN",
        "unless_gate": "INTEGER",
        "expires": "INTERVAL",
        **dict.fromkeys(("expired_gate", "kept_gate", "best_gate"), "INTEGER"),
        "best_within": "INTERVAL",
        "sent": "INTEGER",
        "not_sent": "INTEGER",
    }
    rows: list[Row] = [
        (
            *(s.version, s.node, s.journey.name),
            *(number_, nth, s.journey.priority, first_option, s.tries),
            s.is_several,
            gates.number("unless", s.version, s.node) if s.step.unless is not None else None,
            s.expires,
            gates.number("expired", s.step.message) if s.expires is not None else None,
            gates.number("kept", s.version, s.node),
            gates.number("best hour", s.version, s.node) if s.step.best_hour is not None else None,
            *(s.step.best_hour, s.sent, s.not_sent),
        )
        for number_, (s, nth, first_option) in enumerate(_numbered(policy, sends))
    ]
    purpose = "every send, its priority, the gates of its own, and the anchors after it"
    return _table("_send_step", purpose, columns, rows)


def _numbered(policy: checked.Policy, sends: Sequence[SendStep]) -> Iterator[tuple[SendStep, int, int]]:
    """The sends, each with its place in the order of P2, and the number of the first of its channels: the others have
    those that follow."""
    first = 0
    for send, nth in zip(sends, places(policy, sends), strict=True):
        yield send, nth, first
        first += len(send.step.channels)


def _send_options(
    policy: checked.Policy,
    sends: Sequence[SendStep],
    messages: Sequence[checked.Message],
    words: Sequence[Word],
) -> Statement:
    costs = {channel.name: channel.cost for channel in policy.channels}
    subjects = {message.name: len(message.subjects) for message in messages}
    columns = {
        **dict.fromkeys(("option", "version", "node", "position"), "INTEGER"),
        **dict.fromkeys(("channel", "purpose", "topic", "journey", "message"), "VARCHAR"),
        "exempt": "BOOLEAN",
        "cost": MONEY,
        "best": "BOOLEAN",
        "several": "BOOLEAN",
        "subjects": "INTEGER",
        **{word.name: "BIGINT" for word in words},
    }
    rows: list[Row] = [
        (
            *(number_, s.version, s.node, position),
            *(channel, s.journey.purpose, s.topic, s.journey.name, s.step.message),
            is_exempt(policy, s, channel),
            costs.get(channel, checked.NO_COST),
            s.step.choice == "best_of",
            s.is_several,
            subjects.get(s.step.message, 0),
            *(pressing(word, policy, s, channel) for word in words),
        )
        for number_, (s, position, channel) in enumerate(_options(sends))
    ]
    purpose = "every channel of every send, with what rules of pressure look at"
    return _table("_send_option", purpose, columns, rows)


def _goals(sends: Sequence[SendStep], goals: Mapping[str, Goal]) -> Iterator[Statement]:
    """Of every send of a journey whose goal is worth something."""
    rows = [
        (s.version, s.node, s.journey.name, goals[s.journey.name].name, goals[s.journey.name].worth)
        for s in valued(sends, goals)
    ]
    columns = {
        "version": "INTEGER",
        "node": "INTEGER",
        "journey": "VARCHAR",
        "outcome": "VARCHAR",
        "worth": MONEY,
    }
    if rows:
        yield _table("_goal", "what the sends of journeys are for, and its worth", columns, rows)


def _options(sends: Sequence[SendStep]) -> Iterator[tuple[SendStep, int, str]]:
    return ((s, position, channel) for s in sends for position, channel in enumerate(s.step.channels))


def _holidays(policy: checked.Policy, country: str | None) -> Iterator[Statement]:
    if country is None or not any(channel.quiet_holidays for channel in policy.channels):
        return
    yield _table(
        "_holiday",
        "every holiday, and the first day after it that is none",
        {"day": "DATE", "free": "DATE"},
        [(day.isoformat(), free.isoformat()) for day, free in next_free_day(country)],
    )


def _acts(shapes: Sequence[tuple[int, Routes]]) -> Iterator[Statement]:
    place = {"version": "INTEGER", "node": "INTEGER", "journey": "VARCHAR"}
    yield _table(
        "_set_step",
        "every `set`, and where its value stands among what a run has set",
        {**place, "name": "VARCHAR", "pointer": "VARCHAR"},
        [
            (version, node, shape.journey.name, step.attribute.name, pointer(step.attribute.name, 0))
            for version, shape in shapes
            for node, step in shape.nodes(checked.SetAttribute)
        ],
    )
    yield _table(
        "_record_step",
        "every `record`",
        {**place, "event": "VARCHAR"},
        [
            (version, node, shape.journey.name, step.event)
            for version, shape in shapes
            for node, step in shape.nodes(checked.Record)
        ],
    )
    yield _table(
        "_start_step",
        "every `start`",
        {**place, "started": "VARCHAR"},
        [
            (version, node, shape.journey.name, step.journey)
            for version, shape in shapes
            for node, step in shape.nodes(checked.Start)
        ],
    )
    yield _table(
        "_capped",
        "journeys with a cap on entries",
        {"version": "INTEGER", "journey": "VARCHAR"},
        [(version, shape.journey.name) for version, shape in shapes if shape.journey.enter.cap is not None],
    )


def _ways(shapes: Sequence[tuple[int, Routes]], policy: checked.Policy) -> Iterator[Statement]:
    yield _table(
        "_exit",
        "every exit, with its outcome",
        {"version": "INTEGER", "node": "INTEGER", "journey": "VARCHAR", "outcome": "VARCHAR"},
        [
            (version, node, shape.journey.name, step.outcome)
            for version, shape in shapes
            for node, step in shape.nodes(checked.Exit)
        ],
    )
    yield _table("_straight", "anchors with one way to go", leads.STRAIGHT, leads.straight(shapes))
    yield _table("_lead", "where every way leads", leads.LEADS, leads.leads(shapes, policy.keep_held))
    yield _table(
        "_onward",
        "where an instance goes on that does not rest at its node",
        {"version": "INTEGER", "node": "INTEGER", "anchor": "INTEGER"},
        [
            (version, shape.numbers[anchor.node], anchor.number)
            for version, shape in shapes
            for anchor in shape.anchors
            if anchor.label in ("next", "go on", "otherwise")
        ],
    )


def _entering(
    entering: Sequence[triggers.Entering], shapes: Sequence[tuple[int, Routes]]
) -> Iterator[Statement]:
    rows = triggers.entering_rows(entering)
    yield _table("_entering", "every version that takes people in", triggers.ENTERING, rows)
    siblings = triggers.sibling_rows(entering)
    yield _table("_sibling", "of each of these, all versions of its journey", triggers.SIBLING, siblings)
    leaving = triggers.leaving_rows(shapes)
    yield _table("_leaving", "where goals and `leave when` lead from", triggers.LEAVING, leaving)


def _several(sends: Sequence[SendStep]) -> Iterator[Statement]:
    if rows := several.rows(sends):
        yield _table("_several", "sends on several channels, each on its own", several.COLUMNS, rows)


def _table(name: str, purpose: str, columns: dict[str, str], rows: Sequence[Row]) -> Statement:
    """A temporary table of literal rows; empty when there are none."""
    listed = rows or [[None for _ in columns]]
    values = exp.Values(
        expressions=[exp.Tuple(expressions=[_literal(value) for value in row]) for row in listed],
        alias=exp.TableAlias(
            this=exp.to_identifier("v"), columns=[exp.to_identifier(column) for column in columns]
        ),
    )
    query = exp.select(
        *(exp.alias_(cast_to(own(column, "v"), kind), column, copy=False) for column, kind in columns.items())
    ).from_(values, copy=False)
    if not rows:
        query = query.where(exp.false(), copy=False)
    return Statement(f"static_{name}", purpose, create_temporary(name, query))


def _literal(value: Value) -> exp.Expr:
    if value is None:
        return exp.null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, Span):
        return interval(value)
    return text(value) if isinstance(value, str) else number(value)
