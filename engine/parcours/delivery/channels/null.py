"""Takes everything and delivers nothing: for a channel that is not to be delivered yet."""

from collections.abc import Sequence

from parcours.delivery.send import Accepted, Outcome, Send


class NullChannel:
    batch_size = piece_size = 10_000

    async def open(self) -> None:
        """Nothing to open."""

    async def hand_over(self, piece: Sequence[Send], _until: float) -> Sequence[Outcome]:
        return [Accepted() for _ in piece]

    async def close(self) -> None:
        """Nothing to close."""
