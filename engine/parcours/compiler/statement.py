"""A statement of the tick program: a tree, what it is for, and the parameters that it takes."""

from dataclasses import dataclass, field

from sqlglot import exp

from parcours.compiler.expressions import parameters_of


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """`name` is unique in a program; `purpose` is one line for people. Parameters: now, before, round, arbitrated, step, decided, tick,
    base_line, first and ago_COUNT_UNIT (T minus a span)."""

    name: str
    purpose: str
    tree: exp.Expr
    parameters: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", parameters_of(self.tree))
