"""Texts that nobody meant: bytes by chance, words of the language in any order, and good files with a piece gone wrong."""

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests" / "language"))
from dice import Dice  # noqa: E402 - a neighbour of tests/language

SAMPLES = ROOT.parent / "shared" / "design" / "samples" / "shop"
WORDS = (
    *(
        "journey",
        "message",
        "channel",
        "pressure",
        "segment",
        "lifecycle",
        "season",
        "rfm",
        "clusters",
        "score",
    ),
    *(
        "rules",
        "example",
        "enter",
        "on",
        "every",
        "for",
        "if",
        "else",
        "else if",
        "wait",
        "wait until",
        "send",
    ),
    *(
        "by",
        "unless",
        "keep",
        "goal",
        "within",
        "leave when",
        "as",
        "split",
        "test",
        "repeat",
        "until",
        "go to",
    ),
    *(
        "set",
        "record",
        "start",
        "exit",
        "then",
        "otherwise",
        "and",
        "or",
        "not",
        "is",
        "in",
        "in last",
        "between",
    ),
    *("has", "no", "order", "order.amount", "count of", "sum of", "since entry", "ever", "known", "country"),
    *(
        "age",
        "email",
        "hello",
        "50%",
        "3",
        "0.5",
        "7 days",
        "2026-02-30",
        "09:00",
        '"text"',
        '"open',
        "`name`",
    ),
    *(
        "`",
        '"',
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        "=",
        "!=",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "#",
        ";",
        "--",
        "{{",
        "}}",
    ),
    *(
        "\t",
        "\u00a0",
        "\r\n",
        "\n",
        "\n    ",
        "\n        ",
        "\n  ",
        "é",
        "🙂",
        "\x00",
        "\x1b[31m",
        "\u2028",
        "\ufeff",
    ),
)
HOSTILE = (
    "'; DROP TABLE contact; --",
    '"; DELETE FROM instances; --',
    "`a``b`",
    "`a\nb`",
    '"a\\',
    '"\\x"',
    "{{ 7*7 }}",
    "{{ self.__class__ }}",
    "%s%n",
    "../../etc/passwd",
    "${HOME}",
    "\x1b[2J",
    "\u202e",
    "a" * 300,
    "`" + "ü" * 300 + "`",
    "!!python/object/apply:os.system ['true']",
    "&a [*a, *a]",
    "<<: *a",
    "? {a: b}",
    "99999999999999999999999999",
    "1e999",
    "-0",
    "0x1F",
    "9999-12-31",
    "0000-00-00",
    "24:00",
)


def good_texts() -> dict[str, str]:
    """The files of the library and of the example shop, and of the design's samples where they are."""
    files = [
        *sorted((ROOT / "journeys").rglob("*.journey*")),
        *sorted((ROOT / "examples" / "shop").rglob("*.journey*")),
    ]
    files += sorted(SAMPLES.glob("*.journey"))
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def noise(dice: Dice) -> bytes:
    return bytes(dice.below(256) for _ in range(dice.between(0, 200)))


def babble(dice: Dice) -> str:
    """Words and signs of the language, in any order."""
    blanks = (" ", " ", " ", "", "\n", "\n    ", "\n        ")
    return "".join(dice.one(WORDS) + dice.one(blanks) for _ in range(dice.between(1, 60)))


def mangled(text: str, others: Sequence[str], dice: Dice) -> str:
    """A good text after one to five accidents."""
    for _ in range(dice.between(1, 5)):
        text = _accident(text, others, dice)
    return text


def _accident(text: str, others: Sequence[str], dice: Dice) -> str:
    at = dice.below(len(text) + 1)
    end = min(len(text), at + dice.between(1, 40))
    match dice.below(9):
        case 0:
            return text[:at] + text[end:]
        case 1:
            return text[:at] + text[at:end] * 2 + text[end:]
        case 2:
            return text[:at] + dice.one(WORDS) + text[at:]
        case 3:
            return text[:at] + dice.one(HOSTILE) + text[end:]
        case 4:
            return text[:at]
        case 5:
            other = dice.one(others)
            begin = dice.below(len(other) + 1)
            return text[:at] + other[begin : begin + dice.between(1, 200)] + text[end:]
        case 6:
            lines = text.split("\n")
            one, two = dice.below(len(lines)), dice.below(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            return "\n".join(lines)
        case 7:
            lines = text.split("\n")
            one = dice.below(len(lines))
            lines[one] = " " * dice.below(13) + lines[one].lstrip()
            return "\n".join(lines)
        case _:
            return text[:at] + chr(dice.below(0x300)) + text[at + 1 :]
