"""What a generated project is going to declare, decided before its text is written: names that everything else uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dice import Dice

from differential.around import Around, EventKind, own_kinds, shared_kinds
from differential.learned import Declares, declares
from differential.shop import Lane

OUTCOMES = ("done", "early", "late")
CHANNELS = ("email", "sms", "push")
TOPICS = ("news", "sales", "care")
SETTABLE = ("country", "first_name", "age", "points", "vip", "email_opt_in", "birth_date", "signed_up_at")


@dataclass(frozen=True)
class Flavour:
    """What cases that share a datamart do or leave undone together, because it costs every statement of theirs: `settable`
    attributes, and journeys that start others. `is_talkative`: their journeys come to sends and to little else, so that the
    rules of pressure have much to decide. `has_lifecycles`: where nobody has a lifecycle, messages are weighed by the answers of
    the contact's segment (A15). `shared`: what contacts have in common that a limit may be for."""

    settable: tuple[str, ...]
    has_starts: bool
    is_talkative: bool
    has_lifecycles: bool
    shared: tuple[str, ...] = ("country", "household", "household", "household")


def make_flavour(dice: Dice) -> Flavour:
    settable = dice.some(SETTABLE, 2) if dice.percent(60) else []
    return Flavour(tuple(settable), dice.percent(30), dice.percent(60), dice.percent(65))


@dataclass(frozen=True)
class Plan:
    """Names as the text has them, with the lane's suffix. `started`: the journeys that are entered by hand alone.
    `recorded`: what the first journey records, if anything. `crowded`: all journeys are entered in the same way, so that
    their messages meet; each project in its own."""

    lane: Lane
    team: str
    begin: datetime
    flavour: Flavour
    journeys: tuple[str, ...]
    messages: tuple[str, ...]
    segments: tuple[str, ...]
    lifecycles: Mapping[str, tuple[str, ...]]
    seasons: tuple[str, ...]
    recorded: EventKind | None
    started: tuple[str, ...]
    crowded: int | None
    learned: Declares

    def around(self) -> Around:
        """What can be spoken of where no run is at hand."""
        kinds = (*own_kinds(self.lane) * 2, *shared_kinds())
        words = {
            "message": self.messages,
            "journey": self.journeys,
            "topic": TOPICS,
            "outcome": (*OUTCOMES, "finished", "bought", "left"),
            **self.learned.words(),
        }
        return Around(
            self.lane,
            self.begin,
            kinds if self.recorded is None else (*kinds, self.recorded),
            self.segments,
            self.lifecycles,
            self.seasons,
            words,
            learned=self.learned.readable(),
        )


def make_plan(dice: Dice, lane: Lane, team: str, begin: datetime, flavour: Flavour) -> Plan:
    journeys = tuple(lane(name) for name in ("a", "b", "c", "d")[: dice.one((2, 2, 2, 3, 3, 4))])
    has_lifecycle, has_season = dice.percent(60) and flavour.has_lifecycles, dice.percent(25)
    recorded = None
    if dice.percent(45):
        recorded = EventKind(
            lane("gift"), {"what": "VARCHAR", "worth": "DECIMAL(38,6)", "since": "TIMESTAMP"}
        )
    return Plan(
        lane,
        team,
        begin,
        flavour,
        journeys,
        tuple(lane(name) for name in ("hello", "offer", "news")[: dice.between(1, 3)]),
        tuple(lane(name) for name in ("rich", "near")[: dice.one((0, 1, 1, 2))]),
        {lane("buyer"): tuple(lane(stage) for stage in ("fresh", "keen", "gone"))} if has_lifecycle else {},
        (lane("feast"),) if has_season else (),
        recorded,
        (journeys[-1],) if flavour.has_starts and dice.percent(60) else (),
        dice.between(1, 1_000_000) if dice.percent(30) else None,
        declares(team, lane),
    )
