"""What is learned of messages from what became of them, as long as no model says more (LANGUAGE.md P2): how often they were
answered, reached the goal, and lost the contact.

It is counted once a day of the project's, over the messages of the `WINDOW` before that day and all that was known when it
began (`state.response`); so every tick of a day reckons with the same. Rates are whole millionths, each as if `PRIOR` messages
more had gone out, of which one was a success: the same on every engine, bit for bit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from parcours.checking import checked
from parcours.clock.span import Span
from parcours.compiler.counting import counted_on
from parcours.compiler.expressions import (
    case,
    cast_to,
    create_temporary,
    number,
    own,
    table,
    text,
)
from parcours.compiler.gates import SendStep
from parcours.compiler.money import money
from parcours.compiler.statement import Statement

WINDOW = Span(90, "day")
PRIOR = 20
RATE = "DECIMAL(7, 6)"
EXPECTED = "DECIMAL(38, 18)"
_WHOLE = 1_000_000


@dataclass(frozen=True, slots=True)
class Goal:
    """What a journey is for: the goal that says what it is worth."""

    name: str
    worth: Decimal


def best_of(sends: Sequence[SendStep]) -> list[SendStep]:
    """The sends that take the best of several channels."""
    return [send for send in sends if send.step.choice == "best_of"]


def goals(policy: checked.Policy, journeys: Sequence[checked.Journey]) -> dict[str, Goal]:
    """By journey, as the files say now; empty where the policy does not ask for values."""
    if "value" not in policy.ranked_by:
        return {}
    return {
        journey.name: Goal(goal.name, goal.worth)
        for journey in journeys
        for goal in journey.goals
        if goal.worth is not None
    }


def valued(sends: Sequence[SendStep], worth: Mapping[str, Goal]) -> list[SendStep]:
    """The sends of which the value may be other than 0."""
    return [send for send in sends if send.journey.name in worth]


def best() -> Statement:
    """`_best(option, version, node, channel, position, response)`: the channels of each `best of` in the order in which they
    are tried: the best answered first, ties in the order written."""
    rate = _rate("answered", "sends", "c", PRIOR, 1)
    by_channel = _by_channel("answered")
    rated = (
        exp.select(
            *(own(name, "o") for name in ("option", "version", "node", "channel")),
            exp.alias_(own("position", "o"), "written"),
            exp.alias_(rate, "rate"),
        )
        .with_("channels", as_=by_channel, copy=False)
        .from_(table("_send_option", "o"), copy=False)
        .join(table("channels", "c"), on=_same("channel", "c", "o"), join_type="left", copy=False)
        .where(own("best", "o"), copy=False)
    )
    order = [exp.Ordered(this=own("rate", "r"), desc=True, nulls_first=False)]
    order += [exp.Ordered(this=own("written", "r"), nulls_first=False)]
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("version", "r"), own("node", "r")],
        order=exp.Order(expressions=order),
    )
    query = exp.select(
        *(own(name, "r") for name in ("option", "version", "node", "channel")),
        exp.alias_(exp.cast(exp.Sub(this=place, expression=number(1)), "INTEGER"), "position"),
        exp.alias_(_millionths(own("rate", "r")), "response"),
    ).from_(rated.subquery("r"), copy=False)
    return Statement(
        "best", "the channels of `best of`, the best answered first", create_temporary("_best", query)
    )


def values(policy: checked.Policy, *, with_best: bool) -> Statement:
    """`_value(version, node, only_channel, channel, expected, probability, worth, cost, risk)`: the expected value of what each
    send sends by the channel that is tried first, or by `only_channel` where it sends on several; of those of which anything
    is learned yet."""
    reached = case([(_same("outcome", "c", "g"), own("sends", "c"))], number(0))
    sent = exp.and_(_same("journey", "c", "g"), _same("channel", "c", "o"))
    finished = exp.select(
        own("option", "o"),
        exp.alias_(exp.cast(exp.Sum(this=own("sends", "c")), "BIGINT"), "finished"),
        exp.alias_(exp.cast(exp.Sum(this=reached), "BIGINT"), "reached"),
    )
    finished = finished.from_(table("_goal", "g"), copy=False)
    finished = finished.join(table("_send_option", "o"), on=_of_step("o", "g"), copy=False)
    finished = finished.join(table("state.response", "c"), on=sent, copy=False)
    finished = finished.where(
        counted_on("c"), exp.Not(this=own("outcome", "c").is_(exp.null())), copy=False
    ).group_by(own("option", "o"), copy=False)
    lost = money(policy.lost_contact or checked.NO_COST)
    pieces = exp.select(
        own("version", "o"),
        own("node", "o"),
        exp.alias_(case([(own("several", "o"), own("channel", "o"))]), "only_channel"),
        own("channel", "o"),
        exp.alias_(_millionths(_rate("reached", "finished", "f", PRIOR, 1)), "probability"),
        own("worth", "g"),
        own("cost", "o"),
        exp.alias_(_millionths(_rate("lost", "sends", "c", PRIOR, 0)), "risk"),
    )
    pieces = pieces.with_("channels", as_=_by_channel("lost"), copy=False)
    pieces = pieces.with_("finished", as_=finished, copy=False).from_(table("finished", "f"), copy=False)
    pieces = pieces.join(table("_send_option", "o"), on=_same("option", "o", "f"), copy=False)
    pieces = pieces.join(table("_goal", "g"), on=_of_step("g", "o"), copy=False)
    pieces = pieces.join(table("channels", "c"), on=_same("channel", "c", "o"), join_type="left", copy=False)
    position: exp.Expr = own("position", "o")
    if with_best:
        pieces = pieces.join(table("_best", "b"), on=_same("option", "b", "o"), join_type="left", copy=False)
        position = exp.Coalesce(this=own("position", "b"), expressions=[own("position", "o")])
    first = exp.EQ(this=position, expression=number(0))
    pieces = pieces.where(exp.or_(own("several", "o"), first), copy=False)
    gain = exp.Mul(this=own("probability", "p"), expression=own("worth", "p"))
    loss = exp.Mul(this=own("risk", "p"), expression=lost)
    expected = exp.Sub(this=exp.Sub(this=gain, expression=own("cost", "p")), expression=loss)
    query = exp.select("p.*", exp.alias_(cast_to(expected, EXPECTED), "expected"))
    query = query.from_(pieces.subquery("p"), copy=False)
    return Statement("values", "what sends are expected to be worth", create_temporary("_value", query))


def of_candidate(value: str, candidate: str, channel: exp.Expr) -> exp.Expr:
    """The condition that joins `_value` to candidates, or verdicts, of which one of several channels is `channel`."""
    only = own("only_channel", value)
    alone = exp.or_(only.is_(exp.null()), exp.EQ(this=only.copy(), expression=channel))
    return exp.and_(_of_step(value, candidate), alone)


def _by_channel(counted: str) -> exp.Select:
    """Of all messages that were sent by a channel."""
    sums = [exp.alias_(exp.cast(exp.Sum(this=own(name, "c")), "BIGINT"), name) for name in ("sends", counted)]
    query = exp.select(own("channel", "c"), *sums).from_(table("state.response", "c"), copy=False)
    return query.where(counted_on("c"), copy=False).group_by(own("channel", "c"), copy=False)


def _rate(counted: str, of: str, alias: str, more: int, successes: int) -> exp.Expr:
    """In whole millionths, as if so many `more` had gone out, with so many `successes`."""
    found, all_ = (
        exp.paren(
            exp.Add(
                this=exp.Coalesce(this=own(name, alias), expressions=[number(0)]), expression=number(added)
            )
        )
        for name, added in ((counted, successes), (of, more))
    )
    return exp.IntDiv(this=exp.paren(exp.Mul(this=number(_WHOLE), expression=found)), expression=all_)


def _millionths(rate: exp.Expr) -> exp.Expr:
    one = cast_to(text("0.000001"), RATE)
    return cast_to(exp.Mul(this=cast_to(rate, "DECIMAL(7, 0)"), expression=one), RATE)


def _same(name: str, one: str, other: str) -> exp.Expr:
    return exp.EQ(this=own(name, one), expression=own(name, other))


def _of_step(one: str, other: str) -> exp.Expr:
    return exp.and_(_same("version", one, other), _same("node", one, other))
