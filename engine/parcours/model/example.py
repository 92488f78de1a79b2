"""`example` blocks: the tests of a journey."""

from typing import Annotated, Literal

from pydantic import Field

from parcours.model.journey import Binding
from parcours.model.node import Name, Node
from parcours.model.values import InstantLiteral


class Occurs(Node):
    """`at 2026-03-02 10:00 cart_updated with total = 80`: an event, on the contact's wall clock."""

    at: InstantLiteral
    event: Name
    bindings: tuple[Binding, ...] = ()


class ExpectExit(Node):
    kind: Literal["exit"] = "exit"
    outcome: Name
    at: InstantLiteral | None = None


class ExpectMessage(Node):
    """`expect welcome by email at …`."""

    kind: Literal["message"] = "message"
    message: Name
    channel: Name
    at: InstantLiteral | None = None


class ExpectNoMessage(Node):
    """`expect no message`; `other` for `expect no other message`."""

    kind: Literal["no_message"] = "no_message"
    other: bool = False


class ExpectNoEntry(Node):
    """`expect no entry`: nobody enters the journey."""

    kind: Literal["no_entry"] = "no_entry"


Expectation = Annotated[
    ExpectExit | ExpectMessage | ExpectNoMessage | ExpectNoEntry, Field(discriminator="kind")
]


class Example(Node):
    kind: Literal["example"] = "example"
    title: str
    journey: Name | None = None
    given: tuple[Binding, ...] = ()
    occurs: tuple[Occurs, ...] = ()
    expects: tuple[Expectation, ...] = ()
