"""Learning on the way: a simulation learns on the schedule of `refresh`, before the tick at which it is due, from what was
visible then. What it learns stays in memory."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from parcours.analytics.due import Key, is_due, learnables
from parcours.analytics.learn import learn_these
from parcours.analytics.learner import Run
from parcours.analytics.store import AnalyticStore
from parcours.checking.checked import Group
from parcours.executor.learned import show_learned
from parcours.executor.tick import Executor


@dataclass
class LearnedOnTheWay:
    """What a simulation has learned of a declaration: how often, the last `run`, how often it could not be, and why not
    the last time."""

    kind: str
    name: str
    times: int = 0
    run: Run | None = None
    failures: int = 0
    why: tuple[str, ...] = ()


@dataclass
class Learning:
    """What is learned for the ticks of an executor, which reads it from a store in memory. `groups`: by which segments and
    stages it is told how messages are answered."""

    executor: Executor
    contact_type: str
    groups: tuple[Group, ...]
    found: dict[Key, LearnedOnTheWay] = field(default_factory=dict)

    def __post_init__(self) -> None:
        project = self.executor.project
        self._store = AnalyticStore(self.executor.engine, None, project.name, self.contact_type)
        # nobody answers what a simulation sends: how messages are answered it learns of those that went out before
        events = tuple(event for event in project.events if event != "sent")
        self._project = replace(project, groups=self.groups, events=events)
        self._learnables = learnables(self._project)
        self._tried: dict[Key, datetime] = {}

    def before_tick(self, at: datetime) -> None:
        """Learns what is due; what could not be learned is tried again when it is due the next time."""
        project, engine = self._project, self.executor.engine
        zone = project.time_zone
        due = [one for one in self._learnables if is_due(one, self._tried.get(one.key), at, zone)]
        for outcome in learn_these(engine, project, self._store, at, due):
            key = outcome.learnable.key
            self._tried[key] = at
            noted = self.found.setdefault(key, LearnedOnTheWay(*key))
            if outcome.became == "learned":
                noted.times, noted.run = noted.times + 1, outcome.run
            else:
                noted.failures += 1
                noted.why = tuple(diagnostic.message for diagnostic in outcome.why)
        if due:
            show_learned(engine, self.executor.program.learned, self.contact_type)
