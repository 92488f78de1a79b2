"""Whether a contact can be reached by a channel: the first three gates of P1, which nothing is exempt from."""

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.expressions import case, holds, number, text
from parcours.compiler.gates import Gates
from parcours.compiler.subject import Subject


def closed(channel: checked.Channel, gates: Gates, subject: Subject) -> exp.Expr:
    """The number of the gate that closes a channel for the subject's contact: no address, no consent, suppressed; NULL
    when none does."""
    there = exp.NEQ(this=exp.cast(subject.sql(channel.address), "VARCHAR"), expression=text(""))
    pairs: list[tuple[exp.Expr, exp.Expr]] = [
        (exp.Not(this=holds(there)), number(gates.number("address", channel.name))),
        (exp.Not(this=holds(subject.sql(channel.consent))), number(gates.number("consent", channel.name))),
    ]
    for event, term in channel.suppressed:
        pairs.append((subject.sql(term), number(gates.number("closed", channel.name, event))))
    return exp.cast(case(pairs), "INTEGER")
