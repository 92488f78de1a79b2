"""The most that one run can cost."""

from decimal import Decimal

from parcours.checking import checked
from parcours.flow.cycles import cycles
from parcours.flow.states import States


def greatest_cost(states: States, policy: checked.Policy) -> Decimal | None:
    """The channels' costs of all messages on the dearest way, in the project's currency; None when there is no limit.
    Where one of several channels is chosen, it is the dearest."""
    costs = {channel.name: channel.cost for channel in policy.channels}
    spent = {state: _cost(states.steps[state], costs) for state in states.order}
    ways = {state: [move.target for move in states.moves[state]] for state in states.order}
    for loop in cycles(states.order, ways.__getitem__):
        if any(spent[state] for state in loop):
            return None
    loops = {state: n for n, loop in enumerate(cycles(states.order, ways.__getitem__)) for state in loop}
    most: dict[int, Decimal] = {0: Decimal(0)}
    # a loop costs nothing, so that going round it once more changes nothing
    for _ in range(1 + len(loops)):
        for state in states.order:
            for move in states.moves[state]:
                if state in most:
                    there = most[state] + (spent[state] if move.sent else Decimal(0))
                    most[move.target] = max(most.get(move.target, there), there)
        if not loops:
            break
    return max(most.values())


def _cost(step: checked.Step | None, costs: dict[str, Decimal]) -> Decimal:
    if not isinstance(step, checked.Send):
        return Decimal(0)
    each = [costs.get(channel, Decimal(0)) for channel in step.channels]
    return sum(each, Decimal(0)) if step.choice == "all_of" else max(each)
