"""Versions in flight: which versions of which journeys a tick moves (T18, T19)."""

from dataclasses import dataclass

from parcours.checking import checked


@dataclass(frozen=True, slots=True)
class Flight:
    """A journey in one version. Only the `newest` takes people in; an older one moves those who are inside, and so does
    that of a journey which is gone. Nobody of a `paused` journey moves."""

    number: int
    journey: checked.Journey
    newest: bool = True
    paused: bool = False
