"""`${VARIABLE}` and `${VARIABLE:-default}` in the paths of parcours.yaml."""

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_INSIDE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", re.DOTALL)


class Unset(Exception):  # noqa: N818 - a mistake of the user
    """A variable that the environment lacks and that has no default; or what is in braces is no variable."""

    def __init__(self, said: str, reason: str) -> None:
        super().__init__(f"{said}: {reason}")
        self.said = said
        self.reason = reason


def replaced(text: str, environment: Mapping[str, str]) -> str:
    """`text` with the values of its variables; an empty variable counts as unset. Raises `Unset`."""

    def value(match: re.Match[str]) -> str:
        inside = _INSIDE.fullmatch(match[1])
        if inside is None:
            raise Unset(match[0], "is no variable: write `${NAME}` or `${NAME:-default}`")
        found = environment.get(inside[1]) or inside[2]
        if found is None:
            raise Unset(match[0], "is not set in the environment, and has no default")
        return found

    return _VARIABLE.sub(value, text)
