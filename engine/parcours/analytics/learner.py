"""What learns: a function for each kind of declaration.

A learner takes its checked declaration, a snapshot and the earlier runs of the same declaration (oldest first, none of
them later than the snapshot), and gives a `Result`. It writes nothing but temporary tables and views. `Problem` with the code
`cannot-learn` when there is too little to learn from, or what was learned is not good enough to be used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parcours.analytics.snapshot import Snapshot

Report = Mapping[str, Any]
"""What a person should know of a run, and what later runs need of it: plain data that JSON can hold. `summary`, one
line for the lists of `learn` and `models`, is there always. `doubts`, where there are any, say why one should not believe
it as it stands, and `notes` what else there is to know."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a declaration, as the analytic store has it. `number` counts the runs of a store; `hash` is that of the
    declaration; `as_of` is naive UTC."""

    number: int
    kind: str
    name: str
    hash: str
    as_of: datetime
    rows: int
    report: Report


@dataclass(frozen=True, slots=True)
class Result:
    """`columns` are the names and SQL types of what was learned, without the run, in the order of the store's table;
    `table` is the temporary table or view that has them."""

    columns: Mapping[str, str]
    table: str
    report: Report


Learner = Callable[[Any, "Snapshot", Sequence[Run]], Result]
