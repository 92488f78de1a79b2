"""The pressure bound: how many messages of each cap's kind one run of a journey can send within the cap's window.

`most` is exact for one run whose every message is granted, whatever its conditions say: every branch can be taken,
events come when they do most harm, and waits are as short as they can be. So there is a run that sends so many, and
none that sends more. A change of the clocks, which can take an hour off a wait by the wall clock, is left aside.
Runs of one contact side by side (`per`) or one after the other (`again`) are bounded each by itself.

`must` says that no run at all keeps to the cap: not even the one that takes the ways with the fewest messages and
waits as long as it can. A send that may be skipped (`unless`, or a cap for some contacts only) must not."""

from collections.abc import Mapping
from dataclasses import dataclass

from parcours.checking import checked
from parcours.flow.must import must_exceed
from parcours.flow.selecting import counted, is_exempt
from parcours.flow.states import States
from parcours.flow.windows import Passage, most, stretch


@dataclass(frozen=True, slots=True)
class Bound:
    """`limit` is what the cap leaves to this journey. `most` is None when there is no limit; `is_more`: it is `most`
    at the least. `way` is the quickest to one message more than the limit, () when there is none."""

    cap: checked.Cap
    limit: int
    most: int | None
    is_more: bool
    must: bool
    way: tuple[Passage, ...]

    @property
    def exceeds(self) -> bool:
        return self.most is None or self.most > self.limit


def bounds(states: States, policy: checked.Policy, topics: Mapping[str, str]) -> tuple[Bound, ...]:
    """One for each cap, in the order in which caps are written."""
    return tuple(_bound(states, policy, cap, topics) for cap in policy.caps)


def _bound(states: States, policy: checked.Policy, cap: checked.Cap, topics: Mapping[str, str]) -> Bound:
    journey = states.journey

    def is_judged(state: int) -> bool:
        step = states.steps[state]
        return isinstance(step, checked.Send) and not is_exempt(policy.exempt, step, journey, topics)

    def weight(state: int) -> int:
        step = states.steps[state]
        if not isinstance(step, checked.Send):
            return 0
        if is_exempt(policy.exempt, step, journey, topics) and not cap.counting_exempt:
            return 0
        return counted(cap.selector, step, journey, topics)

    def judged_weight(state: int) -> int:
        return weight(state) if is_judged(state) else 0

    limit = cap.count
    if cap.keep is not None and journey.priority < cap.keep[1]:
        limit = max(limit - cap.keep[0], 0)
    found = most(states, weight, stretch(cap.period), judged=is_judged)
    exceeds = found.count is None or found.count > limit
    # those that are exempt never have to wait, even where they are counted
    must = exceeds and cap.condition is None and must_exceed(states, judged_weight, cap.period, limit)
    way = found.way(limit + 1) if exceeds else ()
    return Bound(cap, limit, found.count, found.is_more, must, way)
