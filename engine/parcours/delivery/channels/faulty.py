"""Fails as told: for trials and tests. Which sends fail follows from a seed, the send's id and how often it was seen."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from parcours.clock.chance import WHOLE, share_of
from parcours.delivery.send import Accepted, Outcome, Send, TerminalFailure, TransientFailure
from parcours.model.channel_settings import FaultySettings


class FaultyChannel:
    """`taken` counts by id what it has taken, also where the answer was lost: what a provider would have."""

    batch_size = piece_size = 1000

    def __init__(self, settings: FaultySettings) -> None:
        self._settings = settings
        self._seen: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()

    async def open(self) -> None:
        """Nothing to open."""

    async def hand_over(self, piece: Sequence[Send], _until: float) -> Sequence[Outcome]:
        if self._settings.latency_ms:
            await asyncio.sleep(self._settings.latency_ms / 1000)
        return [self._answer(send) for send in piece]

    async def close(self) -> None:
        """Nothing to close."""

    def _answer(self, send: Send) -> Outcome:
        settings = self._settings
        self._seen[send.id] += 1
        percent = share_of(f"{settings.seed}:{self._seen[send.id]}:{send.id}") * 100 / WHOLE
        if percent < settings.transient:
            return TransientFailure("told to fail for now")
        if percent < settings.transient + settings.terminal:
            return TerminalFailure("told to fail for good", "address")
        self.taken[send.id] += 1
        if percent < settings.transient + settings.terminal + settings.lost:
            return TransientFailure("told to lose the answer")
        return Accepted(send.id)
