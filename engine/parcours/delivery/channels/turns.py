"""A batch in the hands of several workers: each takes the next send, until there is none left or going on is no use."""

from collections.abc import Callable, Iterator, Sequence

from parcours.delivery.send import Outcome, Send, TransientFailure, Untried

MOST_SILENT = 5
"""So many sends in a row that were not answered in time, and the channel is left alone until the next run."""


class Turns(Iterator[tuple[int, Send]]):
    """The sends of a batch with their numbers, one after the other, whoever asks. They end early, for all workers, as soon
    as `stopping` says so, or when the other side has been silent for `MOST_SILENT` sends in a row."""

    def __init__(self, batch: Sequence[Send], stopping: Callable[[], bool]) -> None:
        self._numbered = iter(enumerate(batch))
        self._stopping = stopping
        self._answers: list[Outcome | None] = [None] * len(batch)
        self._silent = 0
        self._is_left_alone = False

    def __next__(self) -> tuple[int, Send]:
        if self._is_left_alone or self._stopping():
            raise StopIteration
        return next(self._numbered)

    def answer(self, number: int, answer: Outcome) -> None:
        """What came of the send of this number."""
        self._answers[number] = answer
        is_silent = isinstance(answer, TransientFailure) and answer.is_silent
        self._silent = self._silent + 1 if is_silent else 0
        self._is_left_alone = self._is_left_alone or self._silent >= MOST_SILENT

    def answers(self) -> list[Outcome]:
        """One for each send of the batch, in its order; those whose turn did not come are `Untried`."""
        left = Untried(self._is_left_alone)
        return [left if answer is None else answer for answer in self._answers]
