"""What is handed over to a channel, and what a channel may answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, Protocol


class Send(NamedTuple):
    """One message to one contact by one channel, ready to leave. `id` is its idempotency key: the same however often it
    is handed over. `address` is where, `contact` the contact's key as text; `subject` has no line breaks, "" when the
    message has none; `html` is None for a plain text. `reference` is what events that it causes say in `send`, so that
    journeys can speak of the click of a message. `unsubscribe`: where one click ends it, None when nobody serves
    that. `granted_at` is naive UTC."""

    id: str
    contact: str
    address: str
    journey: str
    step: str
    message: str
    channel: str
    purpose: str
    topic: str
    reference: str
    granted_at: datetime
    subject: str
    text: str
    html: str | None = None
    unsubscribe: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side has taken it. `provider_id` is what it calls it, where it says so."""

    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class TransientFailure:
    """Not now; or nobody knows whether it was taken. It is handed over again with the same id. `is_silent`: there was no
    answer in time, for better or worse."""

    reason: str
    is_silent: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class TerminalFailure:
    """Never. `address`: there is nobody there, which is a bounce; `message`: this message is refused."""

    reason: str
    kind: Literal["address", "message"] = "message"


@dataclass(frozen=True, slots=True)
class Untried:
    """It was not begun, and waits as before: time was up, or the channel `is_left_alone` because the other side does not
    answer. It is asked about anew before it is handed over."""

    is_left_alone: bool = False


Outcome = Accepted | TransientFailure | TerminalFailure | Untried

FRESH_SECONDS = 5.0
"""So long after the datamart was asked about them sends may still be begun with. Whoever opts out is seen the next time that
it is asked (P8)."""


class Channel(Protocol):
    """What hands over. Open between `open` and `close`; `batch_size` is about how many sends the datamart is asked at once,
    `piece_size` how many of them the channel is given at once: it is noted what it has taken before it is given more.

    `hand_over` answers for every send, in the order of the piece, within a time of its own; it begins with none of them
    when the loop's time is `until`. It raises nothing for what goes wrong outside of this process: that is an answer. It
    never says that a send was accepted that was not."""

    batch_size: int
    piece_size: int

    async def open(self) -> None: ...

    async def hand_over(self, piece: Sequence[Send], until: float, /) -> Sequence[Outcome]: ...

    async def close(self) -> None: ...


def recordable(outcome: Outcome) -> Outcome:
    """An answer in which everything is text that can be kept, whatever the other side has said: what was handed over must
    be recorded."""
    match outcome:
        case Accepted(str(provider_id)):
            return Accepted(_text(provider_id))
        case TerminalFailure(reason, kind):
            return TerminalFailure(_text(reason), kind)
        case TransientFailure(reason, is_silent):
            return TransientFailure(_text(reason), is_silent)
        case _:
            return outcome


def _text(said: str) -> str:
    return said.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")
