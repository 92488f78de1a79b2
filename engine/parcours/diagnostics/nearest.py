"""“Did you mean”: the nearest of the names that exist."""

from collections.abc import Iterable
from difflib import get_close_matches

from parcours.diagnostics.diagnostic import Problem, problem


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name`, or None when none is close. Ties go to the first in
    alphabetical order, so that the answer does not depend on the order of `known`."""
    matches = get_close_matches(name.lower(), sorted(set(known)), n=1, cutoff=0.6)
    return matches[0] if matches else None


def no_such(code: str, message: str, place: str, name: str, known: Iterable[str], listed: str) -> Problem:
    """A name that somebody gave and that is none of the known ones: with the nearest, and with all. `listed` is what they
    are called: `the journeys`."""
    names = list(known)
    guess = nearest(name, names)
    return problem(
        code,
        message,
        place,
        mark=f"did you mean `{guess}`?" if guess else "",
        help=f"{listed} are {', '.join(f'`{one}`' for one in names)}",
    )
