"""Texts that nobody writes by hand, by what they are; each within the size that is read at all."""

from collections.abc import Callable, Mapping

from parcours.language.files import MOST_BYTES
from parcours.language.limits import MOST_IN_DECLARATION

TEXT, YAML = "a.journey", "a.journey.yaml"

_HEAD = "journey j{0}\n    enter on order[amount > 10]\n        again\n"
_STEPS = """\
    wait 2 days
    send hello by email else sms
        unless has order since entry
    if country = "FR" and age > 18
        send hello by sms
    else
        exit left
"""


def _filled(piece: str) -> str:
    return piece * (MOST_BYTES // len(piece.encode()))


def _journeys(step_of: Callable[[int, str], str]) -> str:
    """As many and as long journeys as are read, with each line as `step_of` has it."""
    whole = _HEAD.format(0) + _STEPS * ((MOST_IN_DECLARATION - 2_000) // len(_STEPS))
    lines = [step_of(number, line) for number, line in enumerate(whole.split("\n"))]
    one = "\n".join(lines)
    count = (MOST_BYTES - 100) // (len(one) + 10)
    return "\n".join(one.replace("j0", f"j{number}", 1) for number in range(count))


def _late(number: int, line: str) -> str:
    return line.replace("send", "sned") if number > 1_400 else line


def _crooked(number: int, line: str) -> str:
    return "   " + line if number > 900 and number % 3 == 0 else line


def _aliases() -> str:
    return "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(20))


MONSTERS: Mapping[str, Callable[[], tuple[str, str]]] = {
    "mistakes late in long journeys": lambda: (TEXT, _journeys(_late)),
    "long journeys with crooked lines": lambda: (TEXT, _journeys(_crooked)),
    "ten thousand parentheses": lambda: (TEXT, "segment s\n    " + "(" * 10_000 + "a"),
    "parentheses that close": lambda: (TEXT, "segment s\n    " + "(" * 4_900 + "a" + ")" * 4_900),
    "a parenthesis a line": lambda: (TEXT, "segment s\n" + "    (\n" * 8_000),
    "a line of a million characters": lambda: (TEXT, ("segment s\n    " + "a" * 1_000_000)[:MOST_BYTES]),
    "nothing but not": lambda: (TEXT, "segment s\n    " + "not " * 2_400 + "a"),
    "brackets in brackets": lambda: (TEXT, "segment s\n    has " + "order[" * 1_600 + "a" + "]" * 1_600),
    "signs": lambda: (TEXT, _filled("%$& /(& ][\n")),
    "quotes": lambda: (TEXT, _filled('"' * 49 + "\n")),
    "words": lambda: (TEXT, _filled("wait for it\n")),
    "journeys without a name": lambda: (TEXT, _filled("journey\n")),
    "journeys of one wrong line": lambda: (TEXT, _filled("journey a\n  x y z\n")),
    "the same journey again and again": lambda: (TEXT, _filled("journey a\n    exit\n")),
    "blocks in blocks": lambda: (
        TEXT,
        "journey j\n" + "".join("    " * (n + 1) + "if a\n" for n in range(140)),
    ),
    "invisible characters": lambda: (TEXT, _filled("\x00\x1b\n")),
    "yaml: brackets": lambda: (YAML, "[" * 100_000),
    "yaml: deep": lambda: (YAML, "\n".join(" " * n + "a:" for n in range(400))),
    "yaml: aliases": lambda: (YAML, _aliases()),
    "yaml: one long journey": lambda: (YAML, "- journey: a\n  steps:\n" + "    - wait: 2 days\n" * 2_000),
    "yaml: journeys again and again": lambda: (YAML, _filled("- journey: a\n  steps:\n    - exit\n")),
    "yaml: keys that are none": lambda: (YAML, "- journey: a\n  steps:\n" + "    - wat: 2 days\n" * 6_000),
    "yaml: declarations that are none": lambda: (YAML, _filled("- segment: a\n  if: b\n")),
    "yaml: one key again and again": lambda: (YAML, _filled("a: b\n")),
}
