"""A long line goes on in the next one, which begins with `and` or `or`: the only place where the language allows it."""

import re
from itertools import pairwise

WIDEST = 100

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|\.?[A-Za-z_][\w-]*|[(\[]|[)\]]')


def broken(line: str, width: int) -> list[str]:
    """The line, cut before each `or` outside of brackets when it is wider than `width`; before each `and` when there
    is no such `or`."""
    if len(line) <= width:
        return [line]
    places = _places(line, "or") or _places(line, "and")
    cuts = [0, *places, len(line)]
    return [line[start:end].rstrip(" ") for start, end in pairwise(cuts)]


def _places(line: str, word: str) -> list[int]:
    """Where the word joins two conditions or texts outside of brackets: the `and` of `between` joins none."""
    found = []
    depth = 0
    between = 0  # how many are still without their `and`
    for token in _TOKEN.finditer(line):
        said = token.group()
        if said in "([":
            depth += 1
        elif said in ")]":
            depth -= 1
        elif depth:
            continue
        elif said == "between":
            between += 1
        elif said == "and" and between:
            between -= 1
        elif said == word:
            found.append(token.start())
    return found
