"""What is learned of messages from what became of them, as long as no model says more (LANGUAGE.md P2): how often they were
answered, reached the goal, and lost the contact.

It is counted once a day of the project's, over the messages of the `WINDOW` before that day and all that was known when it
began (`state.response`); so every tick of a day reckons with the same (rates.py). How contacts of one kind answer is another
thing that can be learned (answering.py)."""

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
    least,
    left,
    number,
    own,
    table,
)
from parcours.compiler.gates import SendStep
from parcours.compiler.money import money
from parcours.compiler.rates import MILLION, as_rate, by_channel, rate
from parcours.compiler.statement import Statement

WINDOW = Span(90, "day")
EXPECTED = "DECIMAL(38, 18)"


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
    """`_best(option, segment, version, node, channel, position, response, told)`: the channels of each `best of` in the order in
    which they are tried for contacts of a segment: the best answered first, ties in the order written."""
    rated = (
        exp.select(
            *(own(name, "o") for name in ("option", "version", "node", "channel")),
            exp.alias_(own("position", "o"), "written"),
            *(own(name, "a") for name in ("segment", "response", "told")),
        )
        .from_(table("_send_option", "o"), copy=False)
        .join(table("_answered", "a"), on=_same("channel", "a", "o"), copy=False)
        .where(own("best", "o"), copy=False)
    )
    order = [exp.Ordered(this=own("response", "r"), desc=True, nulls_first=False)]
    order += [exp.Ordered(this=own("written", "r"), nulls_first=False)]
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own(name, "r") for name in ("version", "node", "segment")],
        order=exp.Order(expressions=order),
    )
    query = exp.select(
        *(own(name, "r") for name in ("option", "segment", "version", "node", "channel")),
        exp.alias_(exp.cast(exp.Sub(this=place, expression=number(1)), "INTEGER"), "position"),
        exp.alias_(as_rate(own("response", "r")), "response"),
        own("told", "r"),
    ).from_(rated.subquery("r"), copy=False)
    return Statement(
        "best", "the channels of `best of`, the best answered first", create_temporary("_best", query)
    )


def values(policy: checked.Policy, *, with_best: bool) -> Statement:
    """`_value(version, node, only_channel, segment, channel, expected, probability, worth, cost, risk, told)`: the expected value of
    what each send sends to a contact of a segment by the channel that is tried first, or by `only_channel` where it sends on
    several; of those of which anything is learned yet. `told` is the segment by whose answers the probability was
    raised or lowered, NULL where it was not."""
    lost = money(policy.lost_contact or checked.NO_COST)
    pieces = exp.select(
        *(own(name, "o") for name in ("version", "node")),
        exp.alias_(case([(own("several", "o"), own("channel", "o"))]), "only_channel"),
        own("segment", "a"),
        own("channel", "o"),
        exp.alias_(as_rate(_probability()), "probability"),
        own("worth", "g"),
        own("cost", "o"),
        exp.alias_(as_rate(rate("lost", "sends", "c", 0)), "risk"),
        exp.alias_(case([(own("whole", "a").is_(exp.null()).not_(), own("told", "a"))]), "told"),
    )
    pieces = pieces.with_("channels", as_=by_channel("lost"), copy=False)
    pieces = pieces.with_("finished", as_=_finished(), copy=False).from_(table("finished", "f"), copy=False)
    pieces = pieces.join(table("_send_option", "o"), on=_same("option", "o", "f"), copy=False)
    pieces = pieces.join(table("_answered", "a"), on=_same("channel", "a", "o"), copy=False)
    pieces = pieces.join(table("_goal", "g"), on=_of_step("g", "o"), copy=False)
    pieces = pieces.join(left(table("channels", "c"), on=_same("channel", "c", "o")), copy=False)
    position: exp.Expr = own("position", "o")
    if with_best:
        of_segment = exp.and_(_same("option", "b", "o"), _same("segment", "b", "a"))
        pieces = pieces.join(left(table("_best", "b"), on=of_segment), copy=False)
        position = exp.Coalesce(this=own("position", "b"), expressions=[own("position", "o")])
    first = exp.EQ(this=position, expression=number(0))
    pieces = pieces.where(exp.or_(own("several", "o"), first), copy=False)
    gain = exp.Mul(this=own("probability", "p"), expression=own("worth", "p"))
    loss = exp.Mul(this=own("risk", "p"), expression=lost)
    expected = exp.Sub(this=exp.Sub(this=gain, expression=own("cost", "p")), expression=loss)
    query = exp.select("p.*", exp.alias_(cast_to(expected, EXPECTED), "expected"))
    query = query.from_(pieces.subquery("p"), copy=False)
    return Statement("values", "what sends are expected to be worth", create_temporary("_value", query))


def _finished() -> exp.Select:
    """Of each option of a send that has a goal: of its messages whose runs have ended, how many, and how many with the goal."""
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
    return finished.where(
        counted_on("c"), exp.Not(this=own("outcome", "c").is_(exp.null())), copy=False
    ).group_by(own("option", "o"), copy=False)


def _probability() -> exp.Expr:
    """That the goal is reached, in millionths: as counted; A15: as many times that as the segment answers better than everybody."""
    counted = rate("reached", "finished", "f", 1)
    raised = exp.IntDiv(
        this=exp.paren(exp.Mul(this=counted, expression=own("response", "a"))), expression=own("whole", "a")
    )
    is_told = exp.GT(this=own("whole", "a"), expression=number(0))
    return case([(is_told, least(raised, number(MILLION)))], counted.copy())


def of_candidate(value: str, candidate: str, channel: exp.Expr, segment: exp.Expr) -> exp.Expr:
    """The condition that joins `_value` to candidates, or verdicts, of this `segment`, of which one of several channels is
    `channel`."""
    only = own("only_channel", value)
    alone = exp.or_(only.is_(exp.null()), exp.EQ(this=only.copy(), expression=channel))
    of_segment = exp.EQ(this=own("segment", value), expression=segment)
    return exp.and_(_of_step(value, candidate), of_segment, alone)


def _same(name: str, one: str, other: str) -> exp.Expr:
    return exp.EQ(this=own(name, one), expression=own(name, other))


def _of_step(one: str, other: str) -> exp.Expr:
    return exp.and_(_same("version", one, other), _same("node", one, other))
