"""Bounces: nobody is at an address. What a send's receipt says is kept in the same transaction, and then told.

Who dies in between tells it the next time; told twice is harmless, as the id is that of the send."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from parcours.delivery.send import Accepted, Outcome, TerminalFailure, TransientFailure
from parcours.engines.duckdb.engine import DuckDBEngine

MOST_ALONE = 20
"""So many refusals of addresses, with nothing accepted among them, are no news of contacts, but of the other side."""


@dataclass(frozen=True, slots=True)
class Bounced:
    """A send that was refused for good because of where it went. `reference` is as in `Send`."""

    send: str
    reference: str
    contact: str
    channel: str
    at: datetime
    reason: str


Tell = Callable[[Sequence[Bounced]], None]
"""Takes what bounced, and returns when it is durable. `Problem` when it cannot be."""


class Bounces:
    """The bounces of a state that nobody has been told of. `tell` None: nobody wants to know, and none is kept."""

    def __init__(self, engine: DuckDBEngine, tell: Tell | None) -> None:
        self._engine = engine
        self._tell = tell

    def keep(self, at: datetime, reasons: dict[str, str], reference: str) -> None:
        """Sends of the queue that bounced, by id with the reason: in the transaction of whoever ends them. `reference` is
        SQL of our own over `state.queue`."""
        if self._tell is None or not reasons:
            return
        self._engine.run_text(
            f"""INSERT INTO state.bounce
            SELECT send, {reference}, contact::VARCHAR, channel, $now, d.reason
            FROM state.queue JOIN (
                SELECT unnest($ids::VARCHAR[]) AS send, unnest($reasons::VARCHAR[]) AS reason
            ) AS d USING (send)
            ORDER BY tick, send""",  # noqa: S608 - see above
            {"now": at, "ids": list(reasons), "reasons": list(reasons.values())},
        )

    def tell(self) -> None:
        """Tells all that is kept, and forgets it. `Problem` when nobody can be told; then it is kept."""
        if self._tell is None:
            return
        kept = self._engine.run_text(
            "SELECT send, reference, contact, channel, bounced_at, reason FROM state.bounce ORDER BY bounced_at, send"
        )
        if kept:
            self._tell([Bounced(*row) for row in kept])
            self._engine.run_text(
                "DELETE FROM state.bounce WHERE send IN (SELECT unnest(?::VARCHAR[]))",
                [[row[0] for row in kept]],
            )


def believed(answers: Sequence[Outcome]) -> Sequence[Outcome]:
    """The answers to one batch. A channel that calls the address of everybody bad has another reason, whatever it says: a
    bounce closes the channel for good, and closing it for everybody could not be made good again. It is tried again."""
    bad = sum(isinstance(one, TerminalFailure) and one.kind == "address" for one in answers)
    if bad < MOST_ALONE or any(isinstance(one, Accepted) for one in answers):
        return answers
    return [
        TransientFailure(f"not believed, as it is said of everybody: {one.reason}")
        if isinstance(one, TerminalFailure) and one.kind == "address"
        else one
        for one in answers
    ]
