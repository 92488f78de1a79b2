"""The comments of a YAML file, by the line of code that each stands above or beside."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parcours.language.yaml_reader import Listing, Mapping, Scalar, YamlValue
from parcours.language.yaml_spans import Source


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A line of nothing but a comment, or a blank one (`text` is ""). `column` counts the blanks before it."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class YamlComments:
    """`above` and `beside` by the number of the line of code; what stands behind the last code is `end`."""

    above: dict[int, tuple[CommentLine, ...]]
    beside: dict[int, str]
    end: tuple[CommentLine, ...]


def yaml_comments(source: Source, tree: YamlValue) -> YamlComments:
    """Every comment of the file once; of blank lines in a row the first."""
    folded = [scalar for scalar in scalars(tree) if source.is_block(scalar)]
    flowing = [scalar for scalar in scalars(tree) if not source.is_block(scalar)]
    in_folded, in_flowing = _lines_inside(source, folded), _lines_inside(source, flowing)
    spans = dict(scalar.span for scalar in flowing)
    above: dict[int, tuple[CommentLine, ...]] = {}
    beside: dict[int, str] = {}
    waiting: list[CommentLine] = []
    ends = sorted(spans.items())
    start = begun = met = 0
    for number, line in enumerate(source.text.split("\n"), 1):
        bare = line.lstrip(" \t")
        if number in in_folded or number in in_flowing:
            pass  # a line of a text that goes over several
        elif not bare:
            if not (waiting and not waiting[-1].text):
                waiting.append(CommentLine("", 0))
        elif bare.startswith("#"):
            waiting.append(CommentLine(bare.rstrip(), len(line) - len(bare)))
        else:
            if waiting:
                above[number] = tuple(waiting)
                waiting = []
        code = number in in_flowing or (bare[:1] not in ("", "#") and number not in in_folded)
        while met < len(ends) and ends[met][0] < start:
            begun = max(begun, ends[met][1])
            met += 1
        at = _comment(line, start, begun, spans) if code else None
        if at is not None:
            beside[number] = line[at:].rstrip()
        start += len(line) + 1
    return YamlComments(above, beside, tuple(waiting))


def _comment(line: str, start: int, begun: int, spans: dict[int, int]) -> int | None:
    """Where the comment of a line of code begins, which begins itself at `start`: spans of texts are stepped over.
    `begun`: where a text that goes over from the line above ends."""
    at = max(begun, start) - start
    while at < len(line):
        if start + at in spans and spans[start + at] > start + at:
            at = spans[start + at] - start
        elif line[at] == "#" and (at == 0 or line[at - 1] in " \t"):
            return at
        else:
            at += 1
    return None


def _lines_inside(source: Source, several: Iterable[Scalar]) -> set[int]:
    """The lines, but for the first, of scalars that go over several."""
    found: set[int] = set()
    for scalar in several:
        start, end = scalar.span[0], scalar.span[0] + len(source.inside(scalar).rstrip())
        if end > start:
            found.update(range(source.line(start) + 1, source.line(end - 1) + 1))
    return found


def scalars(value: YamlValue) -> Iterator[Scalar]:
    """Every scalar below a value, keys too, in the order of the file."""
    match value:
        case Scalar():
            yield value
        case Listing():
            for item in value.items:
                yield from scalars(item)
        case Mapping():
            for key, inner in value.entries:
                yield key
                yield from scalars(inner)
