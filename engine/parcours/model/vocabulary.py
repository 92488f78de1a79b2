"""Who a contact is, and what we say: segments, lifecycles, seasons, messages."""

from typing import Literal

from parcours.model.node import Declared, Name, Node
from parcours.model.values import Duration, Predicate


class Segment(Node):
    """`refresh` None means the first tick of each hour (T10)."""

    kind: Literal["segment"] = "segment"
    name: Name
    doc: str = ""
    predicate: Predicate
    refresh: Duration | None = None


class Stage(Node):
    """`predicate` None is `otherwise`."""

    name: Name
    predicate: Predicate | None


class Lifecycle(Node):
    kind: Literal["lifecycle"] = "lifecycle"
    name: Name
    doc: str = ""
    stages: tuple[Stage, ...]
    refresh: Duration | None = None


class MonthDay(Node):
    """`06-01` as written; the checker judges whether it exists."""

    month: int
    day: int


class Season(Node):
    """Both ends inclusive; may run over the new year."""

    kind: Literal["season"] = "season"
    name: Name
    start: MonthDay
    end: MonthDay


class Body(Node):
    """The text of a message on one channel: inline, or a path relative to the file of the declaration."""

    channel: Name
    text: str | None = None
    file: str | None = None


class Message(Declared):
    kind: Literal["message"] = "message"
    name: Name
    topic: Name | None = None
    subjects: tuple[str, ...] = ()
    bodies: tuple[Body, ...] = ()
    expires: Duration | None = None
    live: tuple[Name, ...] = ()
