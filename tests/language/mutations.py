"""Slips of the pen: every text that differs from a good one by a single mistake that a person could make."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# what a line is made of: a text in quotes, a word or number, a sign
_WORD = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`\n]*`|[\w.%:-]*\w%?|[^\w\s]+')
_OTHER_SIGN = {
    "=": "==",
    "!=": "<>",
    "<": "=<",
    ">": "=>",
    "<=": "=<",
    ">=": "=>",
    ",": ";",
    ".": ",",
    ":": ";",
}
_OTHER_WORD = dict(
    pair.split(":")
    for pair in [
        "and:&&",
        "or:||",
        "not:!",
        "if:when",
        "else:otherwise",
        "otherwise:else",
        "by:via",
        "wait:pause",
        "send:mail",
        "exit:end",
        "yes:true",
        "no:false",
        "has:have",
        "days:d",
        "hours:h",
        "day:daily",
        "from:since",
        "until:till",
        "every:each",
        "per:a",
        "is:==",
        "in:of",
        "to:=",
        "for:if",
    ]
)


@dataclass(frozen=True, slots=True)
class Slip:
    """`text` with what was done to which line (from 1) of the good one."""

    kind: str
    line: int
    text: str


def slips(text: str) -> Iterator[Slip]:
    """All of them, kind by kind in each line, in the order of the file."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        code = line.split("#")[0].rstrip()
        if not code.strip():
            continue
        for kind, changes in _KINDS.items():
            for changed in changes(code):
                if changed != code:
                    yield Slip(kind, number, "\n".join([*lines[: number - 1], changed, *lines[number:]]))


def _spans(line: str) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(line)]


def _word_left_out(line: str) -> Iterator[str]:
    for start, end in _spans(line):
        rest = line[:start] + line[end:].lstrip(" ")
        if rest.strip():
            yield rest.rstrip()


def _word_twice(line: str) -> Iterator[str]:
    for start, end in _spans(line):
        if line[start].isalpha():
            yield f"{line[:end]} {line[start:]}"


def _words_swapped(line: str) -> Iterator[str]:
    spans = _spans(line)
    for (start, end), (next_start, next_end) in pairwise(spans):
        first, second = line[start:end], line[next_start:next_end]
        yield line[:start] + second + line[end:next_start] + first + line[next_end:]


def _letter_left_out(line: str) -> Iterator[str]:
    for start, end in _spans(line):
        if line[start].isalpha() and end - start > 2:
            middle = (start + end) // 2
            yield line[:middle] + line[middle + 1 :]


def _letters_swapped(line: str) -> Iterator[str]:
    for start, end in _spans(line):
        if line[start].isalpha() and end - start > 3:
            at = start + 1
            yield line[:at] + line[at + 1] + line[at] + line[at + 2 :]


def _capital(line: str) -> Iterator[str]:
    for start, _ in _spans(line):
        if line[start].islower():
            yield line[:start] + line[start].upper() + line[start + 1 :]


def _quote_left_open(line: str) -> Iterator[str]:
    for start, end in _spans(line):
        if line[start] == '"':
            yield line[: end - 1] + line[end:]
            yield line[:start] + line[start + 1 :]


def _bracket_left_out(line: str) -> Iterator[str]:
    for match in re.finditer(r"[()\[\]]", line):
        yield line[: match.start()] + line[match.end() :]


def _other_sign(line: str) -> Iterator[str]:
    for start, end in _spans(line):
        if (other := _OTHER_SIGN.get(line[start:end])) is not None:
            yield line[:start] + other + line[end:]


def _other_word(line: str) -> Iterator[str]:
    for start, end in _spans(line):
        if (other := _OTHER_WORD.get(line[start:end])) is not None:
            yield line[:start] + other + line[end:]


def _other_depth(line: str) -> Iterator[str]:
    yield f"  {line}"
    yield f"    {line}"
    if line.startswith("    "):
        yield line[2:]
        yield line[4:]


def _colon_at_the_end(line: str) -> Iterator[str]:
    yield f"{line}:"


_KINDS: dict[str, Callable[[str], Iterator[str]]] = {
    "a word left out": _word_left_out,
    "a word twice": _word_twice,
    "two words swapped": _words_swapped,
    "a letter left out": _letter_left_out,
    "two letters swapped": _letters_swapped,
    "a capital letter": _capital,
    "a quote left open": _quote_left_open,
    "a bracket left out": _bracket_left_out,
    "another sign": _other_sign,
    "another word": _other_word,
    "another depth": _other_depth,
    "a colon at the end": _colon_at_the_end,
}
KINDS: Sequence[str] = tuple(_KINDS)
