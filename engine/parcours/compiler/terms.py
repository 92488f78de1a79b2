"""Checked terms ─► sqlglot trees (LANGUAGE.md section 3).

SQL's three values are Kleene's (E1), so `and`, `or`, `not` and comparisons are taken as they are; what differs
is written out. Terms over events become columns of one grouped query per event kind, a *feature table*, which
reads only the events of the subjects at hand and, of these, only what is visible at T (E2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlglot import exp

from parcours.checking.event_tables import HISTORY_EVENTS
from parcours.checking.terms import (
    Aggregate,
    Among,
    And,
    Arithmetic,
    Attribute,
    Captured,
    Compare,
    Constant,
    Count,
    DaysSince,
    Events,
    EventTerm,
    Field,
    Holds,
    InLast,
    InSeason,
    Known,
    Learned,
    Not,
    Nth,
    Or,
    PartOf,
    ProductField,
    Shift,
    Term,
    Window,
)
from parcours.compiler.expressions import (
    NOW,
    both,
    call,
    case,
    cast_to,
    column,
    constant,
    holds,
    interval,
    least,
    number,
    own,
    parameter,
    pointer,
    recorded,
    table,
    text,
)
from parcours.compiler.instants import ago
from parcours.compiler.zones import local_time, shifted

_COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_ARITHMETIC: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
_PARTS = {"year": "year", "month": "month", "weekday": "isodow", "hour": "hour"}
_EXACT_SUM = "DECIMAL(38, 6)"  # sums of floating point depend on the order of threads (T3)
_DAY_IN_MICROSECONDS = 86_400_000_000


@dataclass
class Terms:
    """Compiles terms over one subject: a table `s` with a row for each contact or instance at hand, its contact
    `c`, the clock of its zone `z`, and feature tables. `shared` knows what is counted already of the events at hand. Columns of `s` that terms read: contact, entry_at, entry,
    event, arrived_at, due_at; and `sets`, where attributes are `settable`: by name, with the SQL type."""

    project_zone: str
    settable: Mapping[str, str] = field(default_factory=dict)
    features: dict[str, dict[EventTerm, str]] = field(default_factory=dict)
    shared: Callable[[EventTerm], exp.Expr | None] | None = None

    def sql(self, term: Term) -> exp.Expr:
        match term:
            case Constant():
                return constant(term)
            case Attribute():
                return self._attribute(term)
            case Field():
                # the time of an event is there under our own name too, whatever else was read of it
                return own("_at", "e") if term.name == "at" else column(term.name, "e")
            case Captured():
                return self._captured(term)
            case ProductField() | Learned():
                raise NotImplementedError(f"refused before it comes here: {term}")
            case Shift():
                return self._shift(term)
            case Arithmetic():
                return self._arithmetic(term)
            case Count():
                return exp.Coalesce(this=self._feature(term), expressions=[number(0)])
            case Aggregate() | Nth() | DaysSince():
                return self._feature(term)
            case PartOf():
                return self._part(term)
            case InLast():
                item = self.sql(term.item)
                after = exp.GT(this=item, expression=ago(term.span))
                until = exp.LTE(this=item.copy(), expression=NOW.copy())
                return exp.paren(exp.and_(after, until), copy=False)
            case InSeason():
                return _in_season(term)
            case Compare():
                made = _COMPARISONS[term.operator]
                return exp.paren(made(this=self.sql(term.left), expression=self.sql(term.right)), copy=False)
            case Among():
                return exp.In(this=self.sql(term.item), expressions=[constant(v) for v in term.values])
            case Known():
                item = exp.paren(self.sql(term.item), copy=False)
                return exp.paren(exp.Is(this=item, expression=exp.null()).not_(), copy=False)
            case And():
                return exp.paren(exp.and_(*(self.sql(item) for item in term.items)), copy=False)
            case Or():
                return exp.paren(exp.or_(*(self.sql(item) for item in term.items)), copy=False)
            case Not():
                return exp.Not(this=exp.paren(self.sql(term.item), copy=False))
            case Holds():
                return holds(self.sql(term.item))

    def zone(self) -> exp.Expr:
        """The zone of the contact at hand; the project's when the contact is gone from the datamart (T1)."""
        return exp.Coalesce(this=own("_zone", "c"), expressions=[text(self.project_zone)])

    # ---- values

    def _attribute(self, term: Attribute) -> exp.Expr:
        """T7: what the run itself has set in this tick, else what everybody sees."""
        seen = column(term.name, "c")
        sql_type = self.settable.get(term.name)
        if sql_type is None:
            return seen
        has = call("json_exists", own("sets", "s"), text(pointer(term.name)))
        value = recorded(own("sets", "s"), term.name, 0)
        return exp.paren(case([(has, cast_to(value, sql_type))], seen), copy=False)

    def _captured(self, term: Captured) -> exp.Expr:
        if term.origin == "entry" and term.name == "at":
            return own("entry_at", "s")
        return cast_to(recorded(own(term.origin, "s"), term.name), term.sql_type)

    def _shift(self, term: Shift) -> exp.Expr:
        item = self.sql(term.item)
        if term.kind == "date":
            made = exp.Add if term.sign > 0 else exp.Sub
            return exp.cast(made(this=item, expression=interval(term.span)), "DATE")
        return shifted(self.project_zone, item, term.span, term.sign)

    def _arithmetic(self, term: Arithmetic) -> exp.Expr:
        left, right = self.sql(term.left), self.sql(term.right)
        if term.operator == "/":
            # E1: division by zero is unknown
            divided = exp.Div(
                this=left, expression=exp.Nullif(this=right, expression=number(0)), typed=False, safe=False
            )
            return exp.paren(divided, copy=False)
        if isinstance(term.right, Constant):
            right = _wide(right, term.right)
        elif isinstance(term.left, Constant):
            left = _wide(left, term.left)
        elif not isinstance(term.left, Arithmetic):
            # a small whole number beside another must not run over
            left = exp.paren(exp.Add(this=left, expression=exp.cast(number(0), "BIGINT")), copy=False)
        made = _ARITHMETIC[term.operator](this=left, expression=right)
        if made.find(exp.Subquery):
            return exp.paren(made, copy=False)
        # a result that no type holds is unknown, as the quotient by zero is: no tick fails on somebody's data
        return call("try", made)

    def _part(self, term: PartOf) -> exp.Expr:
        item = self.sql(term.item)
        wall = item if term.item.kind == "date" else local_time(self.zone(), item)
        return call(_PARTS[term.part], wall)

    # ---- events

    def _feature(self, term: EventTerm) -> exp.Expr:
        known = self.shared(term) if self.shared is not None else None
        if known is not None:
            return known
        kind = self.features.setdefault(term.events.event, {})
        alias = kind.setdefault(term, f"x{len(kind) + 1}")
        return own(alias, feature_name(term.events.event))

    def feature_columns(self, event: str) -> list[exp.Expr]:
        """The aggregates of one feature table, in the order in which they were asked for."""
        return [exp.alias_(self._aggregate(term), alias) for term, alias in self.features[event].items()]

    def _aggregate(self, term: EventTerm) -> exp.Expr:
        condition = self.event_condition(term.events)
        match term:
            case Count():
                return _filtered(exp.Count(this=exp.Star()), condition)
            case DaysSince():
                last = _filtered(exp.Max(this=own("_at", "e")), condition)
                elapsed = exp.Sub(this=call("epoch_us", NOW.copy()), expression=call("epoch_us", last))
                return exp.IntDiv(this=exp.paren(elapsed), expression=number(_DAY_IN_MICROSECONDS))
            case Nth():
                down = term.which == "last"
                order = [
                    exp.Ordered(this=own(name, "e"), desc=down, nulls_first=down) for name in ("_at", "_id")
                ]
                first = exp.First(this=exp.Order(this=self.sql(term.field), expressions=order))
                return _filtered(first, condition)
            case Aggregate():
                return self._aggregate_of_field(term, condition)

    def _aggregate_of_field(self, term: Aggregate, condition: exp.Expr | None) -> exp.Expr:
        item = self.sql(term.field)
        match term.function:
            case "smallest":
                return _filtered(exp.Min(this=item), condition)
            case "largest":
                return _filtered(exp.Max(this=item), condition)
            case "distinct":
                distinct = exp.Count(this=exp.Distinct(expressions=[item]))
                return exp.Nullif(this=_filtered(distinct, condition), expression=number(0))
        # what is no finite number counts as unknown
        exact = exp.TryCast(this=item, to=exp.DataType.build(_EXACT_SUM))
        total = _filtered(exp.Sum(this=exact), condition)
        if term.function == "sum":
            return total
        # a count of no known value is 0, and then the total is unknown already
        known = _filtered(exp.Count(this=exact.copy()), condition)
        return exp.Div(
            this=exp.cast(total, "DOUBLE"),
            expression=exp.Nullif(this=known, expression=number(0)),
            typed=False,
            safe=False,
        )

    def event_condition(self, events: Events) -> exp.Expr | None:
        """Which events of the feature table's rows count: window and filter; None when all do."""
        chosen = self.sql(events.filter) if events.filter is not None else None
        return both([self._window(events.window), _caused(events), chosen])

    def _window(self, window: Window) -> exp.Expr | None:
        at = own("_at", "e")
        entry_at, due_at = own("entry_at", "s"), own("due_at", "s")
        match window.kind:
            case "ever":
                return None
            case "in_last":
                assert window.span is not None
                return exp.GT(this=at, expression=ago(window.span))
            case "since_entry":
                return exp.GTE(this=at, expression=entry_at)
            case "within_entry":
                after = exp.GT(this=at, expression=entry_at)
                if window.span is None:
                    return after
                end = self._shift(
                    Shift(Captured("entry", "at", "instant", "TIMESTAMP"), window.span, 1, "instant")
                )
                return exp.and_(after, exp.LTE(this=at.copy(), expression=end))
            case "arrived":
                # T15: arrived < at <= arrived + D, which is when the wait is due
                after = exp.GT(this=at, expression=own("arrived_at", "s"))
                return exp.and_(after, exp.LTE(this=at.copy(), expression=due_at))
            case "arrived_since_entry":
                since = exp.GTE(this=at, expression=entry_at)
                return exp.and_(since, exp.LTE(this=at.copy(), expression=due_at))

    def lower_bound(self, event: str) -> exp.Expr | None:
        """An instant before which no event of this kind can matter; None when any may.

        With it a statement reads the recent end of an event table, not its whole history. `since_entry` and
        `since_arrived` are the earliest entry and arrival of the instances at hand."""
        bounds: dict[str, exp.Expr] = {}
        for term in self.features[event]:
            window = term.events.window
            match window.kind:
                case "ever":
                    return None
                case "in_last":
                    assert window.span is not None
                    bound = ago(window.span)
                case "arrived":
                    bound = parameter("since_arrived")
                case _:
                    bound = parameter("since_entry")
            bounds[str(bound.this)] = bound
        return least(*(bound for _, bound in sorted(bounds.items())))


def _caused(events: Events) -> exp.Expr | None:
    """Whether an event was caused by a message. What the mapping calls `send` holds the name of the message or the id of
    one that was sent, as history has it: JOURNEY:KEY:ENTRY:MESSAGE:CHANNEL."""
    if events.of is None:
        return None
    if events.event in HISTORY_EVENTS:
        return exp.EQ(this=column("message", "e"), expression=text(events.of))
    send = own("_send", "e")
    message = call("split_part", send, text(":"), number(-2))
    is_id = exp.EQ(this=message, expression=text(events.of))
    return exp.paren(exp.or_(exp.EQ(this=send.copy(), expression=text(events.of)), is_id), copy=False)


def _wide(literal: exp.Expr, value: Constant) -> exp.Expr:
    """A whole number as one of 64 bits, so that what it is reckoned with becomes one too."""
    whole = isinstance(value.value, Decimal) and value.value == value.value.to_integral_value()
    return exp.cast(literal, "BIGINT") if whole else literal


def feature_name(event: str) -> str:
    """The name of the feature table of an event kind."""
    return f"of_{event}"


def event_table(event: str) -> exp.Table:
    return table(f"event_{event}", "e")


def _filtered(aggregate: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    if condition is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition.copy()))


def _in_season(term: InSeason) -> exp.Expr:
    """Month and day as one number, so that a season may run over the new year."""
    wall = own("wall", "z")
    today = exp.Add(
        this=exp.Mul(this=call("month", wall), expression=number(100)), expression=call("day", wall.copy())
    )
    start = number(term.start[0] * 100 + term.start[1])
    end = number(term.end[0] * 100 + term.end[1])
    after = exp.GTE(this=today, expression=start)
    until = exp.LTE(this=today.copy(), expression=end)
    joined = exp.and_ if term.start <= term.end else exp.or_
    return exp.paren(joined(after, until), copy=False)
