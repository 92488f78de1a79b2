"""What is asked of the datamart before messages are handed over (LANGUAGE.md P8): whether they still may, and where to.

Consent and suppression were looked at when a message was granted; an opt-out that became visible since then stops it.
Quiet and opening hours are looked at again too: a message that could not be handed over in the evening does not arrive
at night."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.expressions import column, left, own, table, text
from parcours.compiler.gates import Gate, Gates
from parcours.compiler.quiet import quiet_now
from parcours.compiler.reach import closed
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.zones import zone_now

HANDING = "_handing"
"""The temporary table of those about to be handed over: at least (send, contact, channel, due_at, tick)."""


@dataclass(frozen=True)
class HandingOver:
    """`before` are run first, all at the instant of the handing over. `look` gives for each row of `_handing`, by `due_at`,
    `tick` and `send`: send, address as text, the gate that stops it, the gate that holds it and until when, and then
    the `attributes`, in their order."""

    before: tuple[Statement, ...]
    look: Statement
    attributes: tuple[str, ...]
    gates: tuple[Gate, ...]

    @property
    def parameters(self) -> frozenset[str]:
        return self.look.parameters.union(*(statement.parameters for statement in self.before))


def handing_over(
    policy: checked.Policy, channel: checked.Channel, project_zone: str, attributes: Sequence[str]
) -> HandingOver:
    """For sends by one channel. `attributes` are columns of the contact that texts fill in."""
    gates = Gates(policy, ())
    subject = Subject(HANDING, project_zone)
    stops = closed(channel, gates, subject)
    address = exp.cast(subject.sql(channel.address), "VARCHAR")
    facts = subject.select(
        *(own(name, "s") for name in ("send", "due_at", "tick")),
        exp.alias_(subject.terms.zone(), "zone"),
        exp.alias_(address, "address"),
        exp.alias_(stops, "stops"),
        *(exp.alias_(column(name, "c"), f"attribute_{n}") for n, name in enumerate(attributes)),
    )
    query = (
        exp.select(
            *(own(name, "f") for name in ("send", "address", "stops")),
            own("gate", "q"),
            own("lift", "q"),
            *(own(f"attribute_{n}", "f") for n in range(len(attributes))),
        )
        .with_("facts", as_=facts, copy=False)
        .from_(table("facts", "f"), copy=False)
        .join(left(table("_quiet", "q"), on=_clock(channel)), copy=False)
        .order_by(*(exp.Ordered(this=own(n, "f"), nulls_first=False) for n in ("due_at", "tick", "send")))
    )
    look = Statement("handing_over", "whether messages may still be handed over, and where to", query)
    before = (zone_now(), quiet_now(policy, gates))
    return HandingOver(before, look, tuple(attributes), tuple(gates.gates))


def _clock(channel: checked.Channel) -> exp.Expr:
    return exp.and_(
        exp.EQ(this=own("zone", "q"), expression=own("zone", "f")),
        exp.EQ(this=own("channel", "q"), expression=text(channel.name)),
    )
