"""A line at the wrong depth: which lines to move, and how far, so that the text makes sense again.

Blanking such a line would take what it heads, or what follows it, out of its place, and many mistakes would be told
for one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from parcours.language.pieces import is_code

AFTER = 40  # lines behind the mistake that a try looks at
BEFORE = 8  # lines before it whose depths are tried
LAST_LINE = 1_000  # of a declaration: every try reads it from its beginning
LEVEL = 4


@dataclass(frozen=True, slots=True)
class Shift:
    """Lines `first` to `last` (from 1, both included) get `by` more spaces."""

    first: int
    last: int
    by: int

    def applied(self, lines: Sequence[str]) -> list[str]:
        return [
            _moved(line, self.by) if self.first <= number <= self.last else line
            for number, line in enumerate(lines, 1)
        ]


def shift_of(
    lines: Sequence[str], line: int, error_line: Callable[[Sequence[str]], int | None]
) -> Shift | None:
    """The smallest shift of the line that cannot stand where it is, or of the one before it, that lets the text be
    read the farthest; None when none lets it be read beyond what was moved.

    `error_line` is the line of the first mistake of a text, None when there is none."""
    if not 1 <= line <= min(len(lines), LAST_LINE):
        return None
    shown = lines[: line + AFTER]
    best: tuple[tuple[int, ...], Shift] | None = None
    for shift in _shifts(shown, line):
        found = error_line(shift.applied(shown))
        # a text that is cut off may seem to end too early
        reached = len(shown) + 1 if found is None else min(found, len(shown) + 1)
        if reached <= max(line, shift.last):
            continue
        odd = (depth_of(lines[shift.first - 1]) + shift.by) % LEVEL
        moved = sum(map(is_code, shown[shift.first - 1 : shift.last]))
        rank = (-reached, odd, moved, abs(shift.by))
        if best is None or rank < best[0]:
            best = rank, shift
    return best[1] if best else None


def depth_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _shifts(lines: Sequence[str], line: int) -> Iterator[Shift]:
    """Ways to move the line or the one before it, alone or with what is below it, to the depths around them."""
    code = [number for number in range(1, len(lines) + 1) if is_code(lines[number - 1])]
    before = [number for number in code if number < line][-BEFORE:]
    after = [number for number in code if number > line][:2]
    around = {depth_of(lines[number - 1]) for number in (*before, line, *after)}
    depths = sorted(around | {depth + LEVEL for depth in around})
    for moving in (line, *before[-1:]):
        depth = depth_of(lines[moving - 1])
        lasts = {moving, _last_at_least(lines, moving, depth), _last_at_least(lines, moving, depth + 1)}
        for last in sorted(lasts):
            yield from (Shift(moving, last, wanted - depth) for wanted in depths if wanted != depth)


def _last_at_least(lines: Sequence[str], line: int, depth: int) -> int:
    """The last of the lines that follow on `line` and are at least so deep."""
    last = line
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1]
        if is_code(text) and depth_of(text) < depth:
            break
        if is_code(text):
            last = number
    return last


def _moved(line: str, by: int) -> str:
    if not line.strip(" "):
        return line
    return " " * (depth_of(line) + by) + line.lstrip(" ") if by > 0 else line[min(-by, depth_of(line)) :]
