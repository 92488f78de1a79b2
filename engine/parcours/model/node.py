"""What every part of a declaration has: a place, and equality that looks through it."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from parcours.diagnostics import Place


class Node(BaseModel):
    """A frozen part of a declaration. Two nodes are equal when they mean the same: places do not count,
    and `meaning()` leaves them out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: Place = Field(exclude=True, repr=False)

    def meaning(self) -> dict[str, Any]:
        """The node as plain JSON values, without places: what a content hash is made of."""
        return self.model_dump(mode="json")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Node) and self.meaning() == other.meaning()

    def __hash__(self) -> int:
        return hash(self.model_dump_json())


class Declared(Node):
    """A declaration with clauses. `lines` says where each clause is written, by the name of its rule in the grammar."""

    lines: dict[str, Place] = Field(default_factory=dict, exclude=True, repr=False)

    def line(self, clause: str) -> Place:
        """The line of a clause; the declaration's own when the clause is not there."""
        return self.lines.get(clause, self.place)


class Name(Node):
    """A name with its place, for references to other declarations."""

    text: str

    def __str__(self) -> str:
        return self.text
