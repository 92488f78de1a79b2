"""“Did you mean”: the nearest of the names that exist."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like `name`, or None when none is close. Ties go to the first in
    alphabetical order, so that the answer does not depend on the order of `known`."""
    matches = get_close_matches(name.lower(), sorted(set(known)), n=1, cutoff=0.6)
    return matches[0] if matches else None
