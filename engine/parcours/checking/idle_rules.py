"""Caps that can never stop anything, because another one always does before (LANGUAGE.md P4)."""

from parcours.checking import checked
from parcours.checking.findings import Findings


def check_idle(policy: checked.Policy, findings: Findings) -> None:
    """Says it of each cap over which a stricter one stands: no more messages, of as much, over a longer time."""
    for cap in policy.caps:
        for other in policy.caps:
            if (
                other is not cap
                and _covers(other, cap)
                and not (_covers(cap, other) and _is_first(cap, other))
            ):
                message = f"`{cap.text}` never stops a message: `{other.text}` does before"
                findings.add("rule-without-effect", message, cap.place, mark=f"the other is in {other.place}")
                break


def _is_first(one: checked.Cap, other: checked.Cap) -> bool:
    """Of two that say the same the second is the one too many."""
    return one.place < other.place


def _covers(strict: checked.Cap, cap: checked.Cap) -> bool:
    """Whether whoever keeps to the one keeps to the other, whatever happens. Only where that is certain: windows that roll
    by exact lengths, or the same period."""
    for_as_many = strict.condition is None and (cap.per is None or strict.per == cap.per)
    of_as_much = strict.selector.kind == "all" or strict.selector == cap.selector
    as_countable = strict.counting_exempt or not cap.counting_exempt
    kept = cap.keep[0] if cap.keep is not None else 0
    return (
        for_as_many
        and of_as_much
        and as_countable
        and strict.count <= cap.count - kept
        and _is_longer(strict.period, cap.period)
    )


def _is_longer(one: checked.Period, other: checked.Period) -> bool:
    if one == other:
        return True
    if one.kind != "rolling" or other.kind != "rolling" or one.span.is_calendar or other.span.is_calendar:
        return False
    return one.span.exact >= other.span.exact
