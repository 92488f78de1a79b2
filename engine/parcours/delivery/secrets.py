"""Secrets: in variables of the environment, which parcours.yaml names, and nowhere else."""

from collections.abc import Mapping

from parcours.diagnostics import problem
from parcours.model.node import Name


def secret_in(environment: Mapping[str, str], variable: Name | None) -> str | None:
    """What the variable holds; None when there is no variable. `Problem` when it is not set, or empty."""
    if variable is None:
        return None
    found = environment.get(variable.text)
    if not found:
        message = f"the variable `{variable}` of the environment is not set"
        raise problem("missing-secret", message, variable.place)
    return found
