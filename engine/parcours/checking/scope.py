"""What names can be read where."""

from dataclasses import dataclass, field, replace

from parcours.datamart.catalog import Table


@dataclass(frozen=True, slots=True)
class Scope:
    """`fields`: the event in whose brackets we are. `entry`: the event that starts the run, None when the run
    starts otherwise. `events`: the kinds that may have woken the instance last. `in_run`: inside a journey.

    `in_offer`: a product is at hand. Tables of events carry the event's name."""

    fields: Table | None = None
    in_run: bool = False
    entry: Table | None = None
    events: tuple[Table, ...] = field(default=())
    in_offer: bool = False

    def inside(self, table: Table) -> "Scope":
        """The scope between the brackets of an event of this table."""
        return replace(self, fields=table)

    def of_product(self) -> "Scope":
        """The scope of the `where` of an offering."""
        return replace(self, in_offer=True)

    def woken_by(self, *events: Table) -> "Scope":
        return replace(self, events=events)


OUTSIDE = Scope()
"""Segments, stages and the policy: no run at hand."""

MISSING = Table("", {})
"""Stands for the table of an event that does not exist. That is a finding already: reading its fields is not."""
