"""Secrets: in variables of the environment, which parcours.yaml names, and nowhere else."""

from collections.abc import Mapping

from parcours.diagnostics import problem
from parcours.model.node import Name

SHORTEST = 16
"""Characters of a secret that signs links or opens a door."""


def secret_in(environment: Mapping[str, str], variable: Name | None) -> str | None:
    """What the variable holds; None when there is no variable. `Problem` when it is not set, or empty."""
    if variable is None:
        return None
    found = environment.get(variable.text)
    if not found:
        message = f"the variable `{variable}` of the environment is not set"
        raise problem("missing-secret", message, variable.place)
    return found


def long_secret_in(environment: Mapping[str, str], variable: Name) -> str:
    """What the variable holds: a secret, or several divided by spaces, none of which can be guessed. `Problem` when it is
    not set, or one of them is short."""
    found = secret_in(environment, variable) or ""
    if not found.split() or any(len(one) < SHORTEST for one in found.split()):
        message = f"the variable `{variable}` holds a secret of less than {SHORTEST} characters"
        raise problem("bad-setting", message, variable.place, help="make a longer one")
    return found
