"""The channels that were tried and were closed: of a send that may take one of several (LANGUAGE.md P9)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.compiler.expressions import call, case, own
from parcours.compiler.gates import SendStep


def alternatives(sends: Sequence[SendStep]) -> list[SendStep]:
    """The sends of which one channel is tried after the other."""
    return [send for send in sends if send.tries > 1]


def stop(option: exp.Expr, gate: exp.Expr) -> exp.Expr:
    """A channel that was looked at, and the gate that was closed."""
    pairs = (("option", option), ("gate", gate))
    return exp.Struct(expressions=[exp.PropertyEQ(this=exp.to_identifier(n), expression=v) for n, v in pairs])


def stopped_too(alias: str, option: exp.Expr, gate: exp.Expr) -> exp.Expr:
    """`stops` with one more, where there are any: a channel that was free, until it came to what is asked last."""
    stops = own("stops", alias)
    more = call("list_append", stops, stop(option, gate))
    return case([(exp.Not(this=stops.copy().is_(exp.null())), more)])
