"""The form of the preferences page, and what becomes of it: events `preference_changed` (LANGUAGE.md P10).

A field of such an event holds until the next one in which it is known, so only what somebody has changed is in it; and
the end of a wish is a wish too: `any` is no frequency and no season, and a break ends on a day that is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from parcours.checking.preferences import EVENT, FREQUENCIES
from parcours.clock.span import add_months
from parcours.delivery.door import Door, Refused
from parcours.delivery.inbox import Received
from parcours.delivery.links import Link

_BREAK_MONTHS = {"month": 1, "quarter": 3}
_NO_LIMIT = "any"
_LONGEST_BREAK = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a contact can choose from: the topics of the project's messages, and its seasons."""

    topics: Sequence[str]
    seasons: Sequence[str]


class PreferencesForm:
    """The form of a project. `is_there` says whether the project has a use for it at all."""

    def __init__(self, door: Door, choices: Choices) -> None:
        self._door = door
        fields = door.fields(EVENT) if door.has(EVENT) else {}
        self.is_there = bool(fields)
        self._frequencies = list(FREQUENCIES) if "frequency" in fields else []
        self._topics = list(choices.topics) if {"topic", "wanted"} <= set(fields) else []
        self._seasons = list(choices.seasons) if "season" in fields else []
        self._has_break = "until" in fields

    def values(self) -> dict[str, Any]:
        """What the page shows."""
        return {
            "frequencies": self._frequencies,
            "topics": self._topics,
            "seasons": self._seasons,
            "break": self._has_break,
        }

    def events(self, link: Link, posted: Mapping[str, str], now: datetime) -> list[Received]:
        """The events of a form as posted; none when all is to stay as it is. Raises `Refused` for what the form does not
        offer."""
        said = {name: value for name, value in posted.items() if value}
        general: dict[str, str] = {}
        for name, offered in (("frequency", self._frequencies), ("season", self._seasons)):
            if name in said:
                if not offered or said[name] not in (*offered, _NO_LIMIT):
                    raise Refused(f"there is no such choice of a {name}")
                general[name] = said[name]
        until = self._until(said, now)
        if until is not None:
            general["until"] = until.isoformat()
        rows = [general] if general else []
        for name, value in said.items():
            kind, colon, topic = name.partition(":")
            if kind == "topic" and colon:
                if topic not in self._topics or value not in ("yes", "no"):
                    raise Refused("there is no such choice of a topic")
                rows.append({"topic": topic, "wanted": value})
        return [self._door.of_link(EVENT, link.contact, link.send, row, now) for row in rows]

    def _until(self, said: Mapping[str, str], now: datetime) -> date | None:
        """The day on which a break ends."""
        chosen, day = said.get("break"), said.get("until")
        if chosen is None and day is None:
            return None
        if not self._has_break or chosen not in (None, "none", *_BREAK_MONTHS):
            raise Refused("there is no such choice of a break")
        if chosen == "none":
            # over by any clock of the world
            return now.date() - timedelta(days=2)
        if day is None:
            return add_months(now, _BREAK_MONTHS[chosen or ""]).date()
        try:
            found = date.fromisoformat(day)
        except ValueError:
            raise Refused("the end of the break is no date") from None
        if not now.date() < found <= now.date() + _LONGEST_BREAK:
            raise Refused("the end of the break is a day to come, in the next ten years")
        return found
