"""The whole of a checked project."""

from dataclasses import dataclass, field

from parcours.checking.checked.entries import Group
from parcours.checking.checked.journeys import Journey
from parcours.checking.checked.learned import Declared
from parcours.checking.checked.policy import Policy
from parcours.checking.terms import Term
from parcours.clock.span import Span
from parcours.diagnostics import Place


@dataclass(frozen=True, slots=True)
class Message:
    name: str
    topic: str
    expires: Span | None
    place: Place = field(compare=False, repr=False)
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedProject:
    name: str
    time_zone: str
    # all kinds that are mapped or recorded, and the kinds of history that it speaks of; sorted
    events: tuple[str, ...]
    journeys: tuple[Journey, ...]  # sorted by name
    messages: tuple[Message, ...]
    policy: Policy
    recorded: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()  # by kind: (field, SQL type)
    holiday_country: str | None = None  # one of `clock.holidays.countries`
    learned: tuple[Declared, ...] = ()  # what is learned, whoever reads it; sorted by kind and name
    answering: tuple[
        str, ...
    ] = ()  # kinds of events of which the mapping says what message caused them; sorted
    groups: tuple[Group, ...] = ()  # segments and lifecycles by which a report tells contacts apart
    # A15: the segments by whose answers messages are weighed, each with its condition; () where nothing is weighed so
    told_apart: tuple[tuple[str, Term], ...] = ()
