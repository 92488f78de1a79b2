"""The channels that were tried and were closed: of a send that may take one of several (LANGUAGE.md P9)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.compiler.expressions import call, case, own
from parcours.compiler.gates import SendStep
from parcours.compiler.several import is_several


def has_alternatives(send: SendStep) -> bool:
    """Whether one channel is tried after the other."""
    return len(send.step.channels) > 1 and not is_several(send)


def alternatives(sends: Sequence[SendStep]) -> list[SendStep]:
    """The sends of which one channel is tried after the other."""
    return [send for send in sends if has_alternatives(send)]


def stop(position: exp.Expr, channel: exp.Expr, gate: exp.Expr) -> exp.Expr:
    """A channel that was looked at, as which one, and the gate that was closed: a list of them is sorted by the first."""
    pairs = (("position", position), ("channel", channel), ("gate", gate))
    return exp.Struct(expressions=[exp.PropertyEQ(this=exp.to_identifier(n), expression=v) for n, v in pairs])


def stopped_too(alias: str, channel: exp.Expr, gate: exp.Expr) -> exp.Expr:
    """`stops` with one more, where there are any: a channel that was free, until it came to what is asked last."""
    stops = own("stops", alias)
    more = call("list_append", stops, stop(exp.cast(exp.null(), "INTEGER"), channel, gate))
    return case([(exp.Not(this=stops.copy().is_(exp.null())), more)])
