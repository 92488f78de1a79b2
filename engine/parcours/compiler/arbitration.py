"""What is arbitrated, and by which rules: of that all statements of an arbitration are made (LANGUAGE.md section 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parcours.checking import checked
from parcours.checking.terms import Attribute
from parcours.clock.span import SpanUnit
from parcours.compiler import limits
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.limits import Limit, Tally, Word

_MANY = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Arbitration:
    """`zone`: the project's. `settable`: the attributes that a run may have set in this tick, with their types.
    `with_value`: some message has a value by which it is ranked; `by_answers`: some send is weighed by answers, by those of
    the contact's own segment where segments are `told_apart`. `skipping`: this tick skips what some runs would send (T19)."""

    policy: checked.Policy
    sends: Sequence[SendStep]
    gates: Gates
    limits: Sequence[Limit]
    zone: str
    settable: Mapping[str, str]
    with_value: bool
    by_answers: bool
    told_apart: bool
    skipping: bool

    @property
    def positions(self) -> range:
        """The places of the channels that are tried one after the other, of the send that has the most of them."""
        return range(max((send.tries for send in self.sends), default=1))

    @property
    def with_stops(self) -> bool:
        """Some send tries one channel after the other."""
        return len(self.positions) > 1

    @property
    def with_several(self) -> bool:
        return any(send.is_several for send in self.sends)

    @property
    def with_best(self) -> bool:
        return any(send.step.choice == "best_of" for send in self.sends)

    @property
    def with_hours(self) -> bool:
        return any(send.step.best_hour is not None for send in self.sends)

    @property
    def with_needs(self) -> bool:
        return any(send.journey.needs for send in self.sends)

    @property
    def with_unless(self) -> bool:
        return any(send.step.unless is not None for send in self.sends)

    @property
    def with_expiry(self) -> bool:
        return any(send.expires is not None for send in self.sends)

    @property
    def with_keys(self) -> bool:
        """A contact may be in one journey several times, each time by another key."""
        return any(send.journey.enter.key is not None for send in self.sends)

    @property
    def most_candidates(self) -> int:
        """No contact has more in one round: one for each channel of each send; with keys, as many as there are runs."""
        return _MANY if self.with_keys else sum(len(send.step.channels) for send in self.sends)

    @property
    def with_rooms(self) -> bool:
        """Some channel takes only so many messages."""
        return any(channel.capacity for channel in self.policy.channels)

    @property
    def with_budgets(self) -> bool:
        return any(send.journey.budget is not None for send in self.sends)

    @property
    def with_place(self) -> bool:
        """Something is given out over all contacts, in the order of their places within a step (P3)."""
        return self.with_rooms or self.with_budgets

    @property
    def shares(self) -> tuple[Attribute, ...]:
        return limits.shares(self.limits)

    @property
    def shares_counted(self) -> tuple[Attribute, ...]:
        """Those by which anything is counted: a limit of 0 is closed whatever was granted."""
        return limits.shares(limit for limit in self.limits if limit.count)

    @property
    def units(self) -> tuple[SpanUnit, ...]:
        return limits.units(self.limits)

    @property
    def bounds(self) -> list[str]:
        """The columns with the calendar periods that limits count over (calendars.py)."""
        return [f"{unit}_{bound}" for unit in self.units for bound in ("since", "until")]

    @property
    def tallies(self) -> tuple[Tally, ...]:
        return limits.tallies(self.limits)

    def tally(self, limit: Limit) -> Tally:
        """What is counted for a limit."""
        return next(tally for tally in self.tallies if limit in tally.limits)

    @property
    def words(self) -> list[Word]:
        return limits.words(self.limits)

    @property
    def of_candidate(self) -> list[str]:
        """The columns of a candidate that are read in each step."""
        names = ["moved", "contact", "send", "step", "keep_until"]
        names += ["segment"] if self.by_answers else []
        return names + (["place"] if self.with_place else [])
