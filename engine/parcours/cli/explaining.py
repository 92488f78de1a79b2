"""What `parcours check --explain JOURNEY` says, for people and for programs."""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from parcours.checking import checked
    from parcours.flow.bound import Bound
    from parcours.flow.explain import Explained


def explained_text(journey: "checked.Journey", found: "Explained", currency: str) -> str:
    """Durations in words, the greatest cost, and the bound for each cap."""
    from parcours.flow.words import duration

    shortest = "the steps have no end" if found.shortest is None else duration(found.shortest)
    lines = [
        f"{journey.name}{': ' if journey.doc else ''}{journey.doc}",
        "",
        f"  shortest  {shortest}",
        f"  longest   {_longest(found)}",
        f"  cost      {_cost(found, currency)}",
    ]
    if found.bounds:
        lines += ["", "  the most messages that one run can want in the window of each cap:"]
        width = max(len(bound.cap.text) for bound in found.bounds)
        for bound in found.bounds:
            lines.extend(_bound(bound, width, found))
    return "\n".join(lines)


def _longest(found: "Explained") -> str:
    from parcours.flow.words import duration

    longest = found.longest
    if longest.minutes is not None:
        return duration(longest.minutes)
    if longest.because is None:
        return "no limit: steps are gone back to"
    return f"no limit: line {longest.because.place.line} waits for as long as it takes"


def _cost(found: "Explained", currency: str) -> str:
    if found.cost is None:
        return "no limit: messages are sent again and again"
    return f"at most {found.cost.normalize():f} {currency} per contact" if found.cost else "nothing"


def _bound(bound: "Bound", width: int, found: "Explained") -> list[str]:
    from parcours.flow.words import way

    most = "no limit" if bound.most is None else f"{bound.most}{' or more' if bound.is_more else ''}"
    kept = "" if bound.limit == bound.cap.count else f", {bound.limit} allowed"
    verdict = "never all of them" if bound.must else "can be too many" if bound.exceeds else "fits"
    lines = [f"    {bound.cap.text:{width}}  {most}{kept}: {verdict}"]
    said = way(found.unfolded, bound.way)
    return [*lines, f"    {'':{width}}  {said}"] if said else lines


def explained_json(journey: "checked.Journey", found: "Explained", currency: str) -> str:
    """The same as JSON; durations in minutes, null where there is no limit."""
    from parcours.flow.words import messages

    made: dict[str, Any] = {
        "journey": journey.name,
        "shortest_minutes": found.shortest,
        "longest_minutes": found.longest.minutes,
        "greatest_cost": None if found.cost is None else str(found.cost),
        "currency": currency,
        "bounds": [
            {
                "cap": bound.cap.text,
                "allowed": bound.limit,
                "most": bound.most,
                "must_exceed": bound.must,
                "way": [
                    {"message": message, "after_minutes": at}
                    for message, at in messages(found.unfolded, bound.way)
                ],
            }
            for bound in found.bounds
        ],
    }
    return json.dumps(made, indent=2, ensure_ascii=False)
