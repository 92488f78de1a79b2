"""What is at stake in a score: what it costs to speak to a contact, and what it is worth when that happens which is
predicted. Taken from what the project says already, and told in the report.

**Cost**: of the dearest channel, so that whoever pays there pays on every channel.

**Worth**: when events are predicted, the average sum of a number of those within their brackets, which an `rfm` of the
project adds up, over the contacts to whom it happened, in the time that is foretold; all of it counts as margin. When it
is predicted that there are none, `a lost contact costs` of the policy."""

from collections.abc import Sequence
from dataclasses import is_dataclass
from decimal import Decimal

from sqlglot import exp

from parcours.analytics.moment import Moment
from parcours.analytics.prediction.splitting import Date
from parcours.analytics.prediction.zones import Stake
from parcours.checking import terms
from parcours.checking.checked import CheckedProject, Rfm, Score
from parcours.checking.parts import parts
from parcours.checking.terms import (
    Among,
    And,
    Arithmetic,
    Compare,
    Constant,
    Count,
    Events,
    Field,
    Holds,
    Known,
    Not,
    Or,
    PartOf,
    Term,
    happened,
)
from parcours.compiler.expressions import case, column, number, own, table, timestamp
from parcours.compiler.terms import Terms

_MONEY = "DECIMAL(18, 4)"
_CENT = Decimal("0.01")
_OF_THE_EVENT = (Constant, Field, Arithmetic, PartOf, Compare, Among, Known, And, Or, Not, Holds)
"""What brackets can ask of an event alone."""


def stake_of(declared: Score, moment: Moment, rows: str, dates: Sequence[Date]) -> Stake | str:
    """`rows(contact, date, outcome)` are those that the score was learned on. What is missing, in words, when it is not
    known what is at stake."""
    project = moment.project
    found = _worth(declared.label, moment, rows, dates)
    if isinstance(found, str):
        return found
    worth, words = found
    channel = max(project.policy.channels, key=lambda one: (one.cost, one.name), default=None)
    cost = channel.cost if channel else Decimal(0)
    dearest = (
        f"the dearest channel, `{channel.name}`, costs {cost:f}"
        if channel and cost
        else "no channel costs anything"
    )
    return Stake(cost, worth, f"{dearest}; {words}")


def _worth(label: Term, moment: Moment, rows: str, dates: Sequence[Date]) -> tuple[Decimal, str] | str:
    events, happens = _predicted(label)
    if events is None:
        return "what it is worth is not known: it predicts more than that an event happens, or does not"
    if not happens:
        lost = moment.project.policy.lost_contact
        if lost is None:
            return "what it is worth is not known: no `a lost contact costs` in `pressure`"
        return lost, f"a lost contact costs {lost:f}"
    event = events.event
    if not all(isinstance(part, _OF_THE_EVENT) for part in parts(events.filter) if is_dataclass(part)):
        return f"what it is worth is not known: the brackets of `{event}` ask for more than its own fields"
    field = _money_of(event, moment.project)
    if field is None:
        return f"what it is worth is not known: no `rfm` adds up a number of `{event}`"
    average = _average(events, field, moment, rows, dates)
    if average is None:
        return f"what it is worth is not known: no `{event}.{field}` is known in that time"
    return average, f"who does it is worth {average:,.2f}, the sum of `{event}.{field}`"


def _predicted(label: Term) -> tuple[Events | None, bool]:
    """The events whose happening is predicted, or, with False, whose absence; fewer of them are neither."""
    match label:
        case And(items=(first, *_)):
            return _predicted(first)
        case Compare(operator=">" | ">=", left=Count(events=events)):
            return events, True
        case Compare(left=Count(events=events)) if label == _none(events):
            return events, False
        case Not(item=Compare(left=Count(events=events)) as item) if item == happened(events):
            return events, False
        case Not(item=Compare(left=Count(events=events)) as item) if item == _none(events):
            return events, True
    return None, False


def _none(events: Events) -> Compare:
    """There is no such event."""
    return Compare("=", Count(events), terms.number(0))


def _money_of(event: str, project: CheckedProject) -> str | None:
    """The number of an event that an rfm adds up; of several the first by the name of the rfm."""
    for declared in project.learned:
        if isinstance(declared, Rfm):
            for source in declared.sources:
                if source.event == event and source.field is not None:
                    return source.field.name
    return None


def _average(events: Events, field: str, moment: Moment, rows: str, dates: Sequence[Date]) -> Decimal | None:
    """The sum of a field of such events per row in which they happened, exact to a hundredth."""
    numbers = range(len(dates))
    starts = case([(_is(place), timestamp(dates[place].at)) for place in numbers])
    ends = case([(_is(place), timestamp(dates[place].end)) for place in numbers])
    happened = exp.select(own("contact"), own("date"), exp.alias_(starts, "start"), exp.alias_(ends, "until"))
    happened = happened.from_(table(rows)).where(own("outcome"))
    within = exp.and_(
        exp.EQ(this=own("_contact", "e"), expression=own("contact", "r")),
        exp.GT(this=own("_at", "e"), expression=own("start", "r")),
        exp.LTE(this=own("_at", "e"), expression=own("until", "r")),
    )
    amount = exp.TryCast(this=column(field, "e"), to=exp.DataType.build(_MONEY))
    counted = exp.Count(
        this=exp.Distinct(expressions=[exp.Tuple(expressions=[own("contact", "r"), own("date", "r")])])
    )
    such = moment.events(events.event, field)
    if events.filter is not None:
        such = such.where(Terms(moment.project.time_zone).sql(events.filter), copy=False)
    query = (
        exp.select(exp.Sum(this=amount), counted)
        .from_(happened.subquery("r"))
        .join(such.subquery("e"), on=within)
    )
    ((total, count),) = moment.engine.run_tree(query)
    return None if total is None else (total / count).quantize(_CENT)


def _is(place: int) -> exp.Expr:
    return exp.EQ(this=own("date"), expression=number(place))
