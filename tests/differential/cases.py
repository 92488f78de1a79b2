"""A case: one project with its population and its ticks. A pack: cases that share datamart, policy and clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from differential.learned import Told
from differential.population import Contact, Event


@dataclass(frozen=True)
class Script:
    """What is run: texts by file name, contacts, events, what was learned, and the instants of the ticks, on one datamart. A pack is one,
    and so is a case that stands alone."""

    name: str
    zone: str
    texts: Mapping[str, str]
    contacts: tuple[Contact, ...]
    events: tuple[Event, ...]
    ticks: tuple[datetime, ...]
    learned: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Case:
    """One generated project with its populations. `number` and `trial` are its seed; `suffix` is that of its lane."""

    number: int
    trial: int
    suffix: str
    text: str
    contacts: tuple[Contact, ...]
    events: tuple[Event, ...]
    learned: tuple[Told, ...] = ()
    populations: int = 1

    @property
    def file(self) -> str:
        return f"case{self.suffix}.journey"


@dataclass(frozen=True)
class Pack:
    """`refused`: how many generated projects the check refused until there were enough."""

    number: int
    zone: str
    policy: str
    ticks: tuple[datetime, ...]
    cases: tuple[Case, ...]
    refused: int

    def script(self, cases: Sequence[Case] | None = None) -> Script:
        chosen = self.cases if cases is None else cases
        return Script(
            f"pack {self.number}",
            self.zone,
            {POLICY: self.policy, **{case.file: case.text for case in chosen}},
            tuple(contact for case in chosen for contact in case.contacts),
            tuple(event for case in chosen for event in case.events),
            self.ticks,
            tuple(run for case in chosen for run in case.learned),
        )


POLICY = "policy.journey"
