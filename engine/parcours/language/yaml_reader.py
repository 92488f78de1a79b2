"""YAML becomes a tree of values with places, by the core rules of YAML 1.2: `on` and `NO` are text.

Refused, each with its place: a key said twice, anchors and aliases (a few lines of them make gigabytes), tags,
a second document, and what is too large or too deep to be settings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

import yaml

from parcours.diagnostics import Diagnostic, Place
from parcours.language.normalise import without_line_noise

LARGEST_CHARACTERS = 1_000_000
DEEPEST = 30

_UNSEEN_BREAK = re.compile("[\x85\u2028\u2029]")
_CORE = "tag:yaml.org,2002:"
_RESOLVERS: tuple[tuple[str, str, str], ...] = (
    ("null", r"null|Null|NULL|~|", "nN~\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]{1,30}", "-+0123456789"),
    ("float", r"[-+]?[0-9]{0,30}\.[0-9]{1,30}|[-+]?[0-9]{1,30}\.", "-+.0123456789"),
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """`text` is as written, without quotes; `value` is what it means: text, a number, yes or no, or nothing. `span` is
    where it begins and ends in the text of the file, as indexes of characters, with quotes and marks."""

    place: Place
    text: str
    value: str | Decimal | bool | None
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Listing:
    place: Place
    items: tuple["YamlValue", ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """`entries` in the order written; no two keys have the same text."""

    place: Place
    entries: tuple[tuple[Scalar, "YamlValue"], ...]


YamlValue: TypeAlias = Scalar | Listing | Mapping


class _Refused(Exception):  # noqa: N818 - a mistake of the user
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def read_yaml(
    text: str, file: str, deepest: int = DEEPEST
) -> tuple[YamlValue | None, tuple[Diagnostic, ...]]:
    """The document in `text`, or None and why not. An empty text is a scalar without value.

    Keys that are said twice leave the first of them and one `yaml` diagnostic each."""
    text = without_line_noise(text)
    if len(text) > LARGEST_CHARACTERS:
        message = f"the file has {len(text):,} characters, more than {LARGEST_CHARACTERS:,}"
        return None, (Diagnostic("yaml", message, Place(file)),)
    diagnostics: list[Diagnostic] = []
    try:
        _refuse_unseen_breaks(text, file)
        _refuse_bombs(text, file, deepest)
        node = yaml.compose(text, Loader=_loader())
        tree = Scalar(Place(file), "", None) if node is None else _value(node, file, diagnostics)
    except _Refused as refused:
        return None, (refused.diagnostic,)
    except yaml.YAMLError as error:
        return None, (_no_yaml(error, text, file),)
    return tree, tuple(diagnostics)


def _loader() -> Any:
    """A safe loader that knows only the resolvers above."""
    fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class CoreLoader(fastest):  # type: ignore[misc]
        yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - yaml's own name

    for tag, pattern, starts in _RESOLVERS:
        for start in starts:
            resolver = (_CORE + tag, re.compile(f"(?:{pattern})$"))
            CoreLoader.yaml_implicit_resolvers.setdefault(start.replace("\0", ""), []).append(resolver)
    return CoreLoader


def _refuse_unseen_breaks(text: str, file: str) -> None:
    """Characters that are text by the rules of 1.2, and ends of lines to the library, as they were in 1.1."""
    found = _UNSEEN_BREAK.search(text)
    if found is not None:
        line, column = (
            text.count("\n", 0, found.start()) + 1,
            found.start() - text.rfind("\n", 0, found.start()),
        )
        code = f"{ord(found.group()):04X}"
        message = f"an invisible end of line, U+{code}"
        help_text = f'take it out, or write it as "\\u{code}" in a text in double quotes'
        place = Place(file, line, column, line, column + 1)
        raise _Refused(Diagnostic("yaml", message, place, "", help_text))


def _refuse_bombs(text: str, file: str, deepest: int) -> None:
    """Reads the events, which takes no memory, before anything is made of them."""
    depth = 0
    for event in _events(text):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(
                Diagnostic("yaml", "anchors and aliases are not allowed here", _place(event, file))
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > deepest:
            raise _Refused(Diagnostic("yaml", "this is nested too deeply", _place(event, file)))


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _value(node: Any, file: str, diagnostics: list[Diagnostic]) -> YamlValue:
    place = _place(node, file)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, place)
    if node.tag not in (f"{_CORE}seq", f"{_CORE}map"):
        raise _Refused(Diagnostic("yaml", f"tags such as `{node.tag}` are not allowed here", place))
    if isinstance(node, yaml.SequenceNode):
        return Listing(place, tuple(_value(item, file, diagnostics) for item in node.value))
    entries: dict[str, tuple[Scalar, YamlValue]] = {}
    for key_node, value_node in node.value:
        key_place = _place(key_node, file)
        if not isinstance(key_node, yaml.ScalarNode):
            raise _Refused(Diagnostic("yaml", "a key is a single word or text", key_place))
        key, value = _scalar(key_node, key_place), _value(value_node, file, diagnostics)
        if key.text in entries:
            mark = f"first said in line {entries[key.text][0].place.line}"
            diagnostics.append(
                Diagnostic("yaml", f"`{key.text}` is said twice", key.place, mark, "keep one of the two")
            )
            continue
        entries[key.text] = (key, value)
    return Mapping(place, tuple(entries.values()))


def _scalar(node: Any, place: Place) -> Scalar:
    text = str(node.value)
    span = (node.start_mark.index, node.end_mark.index)
    match node.tag.removeprefix(_CORE):
        case "str":
            return Scalar(place, text, text, span)
        case "null":
            return Scalar(place, text, None, span)
        case "bool":
            return Scalar(place, text, text.lower() == "true", span)
        case "int" | "float":
            return Scalar(place, text, Decimal(text), span)
    raise _Refused(Diagnostic("yaml", f"tags such as `{node.tag}` are not allowed here", place))


def _place(node: Any, file: str) -> Place:
    """The words of a scalar; of a list or mapping the first of its characters, since it ends lines below."""
    start, end = node.start_mark, node.end_mark
    line, column = start.line + 1, start.column + 1
    if end.line == start.line and end.column > start.column:
        return Place(file, line, column, line, end.column + 1)
    return Place(file, line, column, line, column + 1)


def _no_yaml(error: yaml.YAMLError, text: str, file: str) -> Diagnostic:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        reason = error.problem or error.context or "it cannot be read"
        if isinstance(
            error, yaml.composer.ComposerError
        ):  # aliases were refused before: what is left is `---`
            reason = "a second document begins here"
    else:  # a character that YAML does not allow: told by its position in the text
        position = getattr(error, "position", 0)
        before = text[: position if isinstance(position, int) else 0]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        reason = "a control character"
    lines = text.split("\n")
    if line > len(lines):  # the library's mark of the end
        line, column = len(lines), len(lines[-1]) + 1
    if line and line <= len(lines) and lines[line - 1][column - 1 : column] == "\t":
        return Diagnostic("tab", "a tab in the indentation", Place(file, line, column, line, column + 1))
    place = Place(file, line, column, line, column + 1) if line else Place(file)
    return Diagnostic("yaml", f"this is no YAML: {reason}", place)
