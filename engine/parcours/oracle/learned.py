"""What became of the messages that were sent, and what one more is expected to be worth (P2)."""

from collections import defaultdict, namedtuple
from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from parcours.checking import checked
from parcours.clock.calendar import period_start
from parcours.oracle.answers import learned_rates
from parcours.oracle.data import EventRow, World
from parcours.oracle.gates import Grant
from parcours.oracle.run import Run
from parcours.oracle.terms import Scene

WHOLE, PRIOR, WINDOW = 1_000_000, 20, timedelta(days=90)
# a message, with the outcome of its run, and whether it was answered and lost the contact
Fate = namedtuple("Fate", "journey channel outcome answered lost")
Value = namedtuple("Value", "channel expected probability worth cost risk told")


class Learned:
    """`ended`: by the names of runs, when they ended and how."""

    def __init__(self, project: checked.CheckedProject, world: World, grants: list[Grant]) -> None:
        self.world, self.grants = world, grants
        self.ended: dict[tuple[Any, ...], list[tuple[datetime, str]]] = defaultdict(list)
        self.known: dict[datetime, list[Fate]] = {}
        self.follow(project)

    def follow(self, project: checked.CheckedProject) -> None:
        """What goals are worth, and what a contact is, is what the files say now (T18)."""
        self.project, self.policy = project, project.policy
        self.channels = {channel.name: channel for channel in project.policy.channels}
        self.goals = {j.name: goal for j in project.journeys for goal in j.goals if goal.worth is not None}

    def fates(self, at: datetime) -> list[Fate]:
        """Of the messages of the window before the project's day, by what was known when it began."""
        day = period_start(self.world.zone, "day", at)
        if day not in self.known:
            self.known = {day: self._fates(day)}  # nothing that comes later changes it
        return self.known[day]

    def _fates(self, day: datetime) -> list[Fate]:
        sent = [grant for grant in self.grants if day - WINDOW <= grant.at < day]
        his: dict[Any, list[Grant]] = defaultdict(list)
        for grant in sent:
            his[grant.contact].append(grant)
        seen = {
            kind: [row for (name, _), rows in self.world.rows.items() if name == kind for row in rows]
            for kind in (*self.project.answering, "opt_out", "complaint")
        }
        known = {
            kind: [row for row in rows if day - WINDOW <= row.at and row.visible < day]
            for kind, rows in seen.items()
        }
        answered = {
            id(grant)
            for kind in self.project.answering
            for row in known[kind]
            for grant in newest([grant for grant in his[row.contact] if names(row, grant)], row)
        }
        lost = {
            id(grant)
            for kind in ("opt_out", "complaint")
            for row in known[kind]
            for grant in newest(his[row.contact], row)
        }
        return [
            Fate(
                grant.journey,
                grant.channel,
                min((outcome for left, outcome in self.ended[grant.run.name] if left < day), default=None),
                id(grant) in answered,
                id(grant) in lost,
            )
            for grant in sent
        ]

    def rate(self, channel: str, scene: Scene) -> tuple[Fraction, str | None]:
        """How often messages by this channel are answered, and by which segment; None: as it was counted (A15)."""
        for segment, rate in learned_rates(self.project, channel, scene).items():
            return rate, segment
        sent = [fate for fate in self.fates(scene.at) if fate.channel == channel]
        return share(sum(fate.answered for fate in sent) + 1, len(sent)), None

    def in_order(self, step: checked.Send, scene: Scene) -> list[tuple[str, Fraction, str | None]]:
        """The channels of a `best of`, with their rates: ties in the order written."""
        rated = [(name, *self.rate(name, scene)) for name in step.channels]
        return sorted(rated, key=lambda one: -one[1])

    def value(self, run: Run, name: str, scene: Scene) -> Value | None:
        """Of a message by this channel; None, which counts as 0, where nothing is learned."""
        goal = self.goals.get(run.journey.name)
        if goal is None or goal.worth is None or "value" not in self.policy.ranked_by:
            return None
        sent = [fate for fate in self.fates(scene.at) if fate.channel == name]
        finished = [fate for fate in sent if fate.journey == run.journey.name and fate.outcome is not None]
        if not finished:
            return None
        counted = share(sum(fate.outcome == goal.name for fate in finished) + 1, len(finished))
        probability, told = self.raised(counted, name, scene)
        risk = share(sum(fate.lost for fate in sent), len(sent))
        cost = self.channels[name].cost if name in self.channels else checked.NO_COST
        gain, loss = probability * Fraction(goal.worth), risk * Fraction(self.policy.lost_contact or 0)
        return Value(name, gain - Fraction(cost) - loss, probability, goal.worth, cost, risk, told)

    def raised(self, counted: Fraction, channel: str, scene: Scene) -> tuple[Fraction, str | None]:
        """A15: as many times that as the contact's segment answers better than everybody."""
        rates = learned_rates(self.project, channel, scene)
        (told, rate), *_ = *rates.items(), ("", None)
        if rate is None or told == "" or "" not in rates:
            return counted, None
        if not rates[""]:
            return counted, told
        return min(Fraction(int(counted * rate / rates[""] * WHOLE), WHOLE), Fraction(1)), told


def share(successes: int, sent: int) -> Fraction:
    """As if so many more had gone out; in whole millionths."""
    return Fraction(WHOLE * successes // (sent + PRIOR), WHOLE)


def names(row: EventRow, grant: Grant) -> bool:
    """By the message, or by the id of what was sent."""
    return row.of is not None and row.names(grant.message, f"{grant.run.id}:{grant.message}:{grant.channel}")


def newest(sent: Sequence[Grant], row: EventRow) -> list[Grant]:
    """Those sent last before an event, of what its contact was sent."""
    before = [grant for grant in sent if grant.at <= row.at]
    last = max((grant.at for grant in before), default=None)
    return [grant for grant in before if grant.at == last]
