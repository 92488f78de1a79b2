"""Learnings as YAML files, written and read."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from parcours.diagnostics import Diagnostic, Place
from parcours.language.printing.yaml_scalars import text_scalar
from parcours.language.yaml_reader import Listing, Scalar, YamlValue, read_yaml
from parcours.language.yaml_reader import Mapping as YamlMapping
from parcours.model.learning import LearnedArm, LearnedDifference, Learning

FOLDER = "learnings"

_Plain: TypeAlias = "str | int | Decimal | date | None"


def learning_text(learning: Learning) -> str:
    """The file of a learning."""
    lines = [
        "# what an experiment has taught; a winner is merged by a person, nothing switches it on by itself"
    ]
    top: dict[str, _Plain] = {
        "test": learning.test,
        "question": learning.question,
        "goal": learning.goal,
        "worth": learning.worth,
        "purpose": learning.purpose or None,
        "from": learning.first,
        "to": learning.last,
    }
    lines += [_line("", key, value) for key, value in top.items() if value is not None]
    for key, names in (
        ("messages", learning.messages),
        ("topics", learning.topics),
        ("channels", learning.channels),
        ("segments", learning.segments),
    ):
        lines.append(f"{key}: [{', '.join(_in_flow(name) for name in names)}]")
    lines.append("arms:")
    for arm in learning.arms:
        lines += _item(
            {
                "name": arm.name,
                "share": arm.share,
                "contacts": arm.contacts,
                "reached": arm.reached,
                "rate": arm.rate,
                "worth_each": arm.worth,
            }
        )
    lines.append("differences:" if learning.differences else "differences: []")
    for one in learning.differences:
        lines += _item(
            {
                "arm": one.arm,
                "against": one.against,
                **_interval("points", one.points),
                **_interval("lift", one.lift),
            }
        )
    lines += [
        _line("", "sample_ratio", learning.sample_ratio),
        _line("", "verdict", learning.verdict),
        f"winner: {'none' if learning.winner is None else text_scalar(learning.winner)}",
        _line("", "decided_on", learning.decided_on or learning.last),
    ]
    return "\n".join(lines) + "\n"


def read_learnings(folder: Path) -> tuple[tuple[Learning, ...], tuple[Diagnostic, ...]]:
    """The learnings in the folder `learnings` of a project, by name of the file, and what is wrong with others."""
    found: list[Learning] = []
    wrong: list[Diagnostic] = []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        shown = path.as_posix()
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = (error.strerror or "") if isinstance(error, OSError) else "it is no UTF-8"
            wrong.append(
                Diagnostic("bad-learning", f"the file cannot be read: {reason.lower()}", Place(shown))
            )
            continue
        learning, diagnostics = read_learning(text, shown)
        wrong += diagnostics
        if learning is not None:
            found.append(learning)
    return tuple(found), tuple(wrong)


def read_learning(text: str, file: str) -> tuple[Learning | None, tuple[Diagnostic, ...]]:
    """One file; None and why not when it does not say what a learning says. Keys that are unknown are a person's notes."""
    tree, diagnostics = read_yaml(text, file)
    if diagnostics:
        return None, diagnostics
    try:
        return _learning(tree, file), ()
    except _Missing as missing:
        return None, (Diagnostic("bad-learning", str(missing), missing.place or Place(file)),)


class _Missing(Exception):  # noqa: N818 - a mistake of the user
    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.place = place


def _learning(tree: YamlValue | None, file: str) -> Learning:
    top = _entries(tree, "the file")
    winner = _text(top, "winner")
    return Learning(
        test=_text(top, "test"),
        question=_text(top, "question"),
        goal=_text(top, "goal"),
        purpose=_text(top, "purpose", ""),
        messages=_names(top, "messages"),
        topics=_names(top, "topics"),
        channels=_names(top, "channels"),
        segments=_names(top, "segments"),
        first=_day(top, "from") if "from" in top else None,
        last=_day(top, "to"),
        arms=tuple(_arm(_entries(item, "an arm")) for item in _items(top, "arms")),
        differences=tuple(_difference(_entries(item, "a difference")) for item in _items(top, "differences")),
        sample_ratio=_number(top, "sample_ratio"),
        verdict=_text(top, "verdict"),
        winner=None if winner == "none" else winner,
        worth=_text(top, "worth", "") or None,
        decided_on=_day(top, "decided_on"),
        file=file,
    )


def _arm(entries: Mapping[str, YamlValue]) -> LearnedArm:
    return LearnedArm(
        name=_text(entries, "name"),
        share=_number(entries, "share"),
        contacts=int(_number(entries, "contacts")),
        reached=int(_number(entries, "reached")),
        rate=_number(entries, "rate") if "rate" in entries else None,
        worth=_number(entries, "worth_each") if "worth_each" in entries else None,
    )


def _difference(entries: Mapping[str, YamlValue]) -> LearnedDifference:
    points = None
    if "points" in entries:
        points = (_number(entries, "points"), _number(entries, "points_low"), _number(entries, "points_high"))
    lift = None
    if "lift" in entries:
        low, high = (_number(entries, key) if key in entries else None for key in ("lift_low", "lift_high"))
        lift = (_number(entries, "lift"), low, high)
    return LearnedDifference(_text(entries, "arm"), _text(entries, "against"), points, lift)


# ---- writing


def _line(indent: str, key: str, value: _Plain) -> str:
    return f"{indent}{key}: {text_scalar(value) if isinstance(value, str) else _plain(value)}"


def _plain(value: int | Decimal | date | None) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _in_flow(name: str) -> str:
    # signs that end a plain text inside brackets
    quoted = any(sign in name for sign in ",[]{}")
    return "'" + name.replace("'", "''") + "'" if quoted else text_scalar(name)


def _item(values: Mapping[str, _Plain]) -> Iterator[str]:
    known = [(key, value) for key, value in values.items() if value is not None]
    for number, (key, value) in enumerate(known):
        yield _line("  - " if number == 0 else "    ", key, value)


def _interval(name: str, ends: Iterable[Decimal | None] | None) -> dict[str, _Plain]:
    if ends is None:
        return {}
    estimate, low, high = ends
    return {name: estimate, f"{name}_low": low, f"{name}_high": high}


# ---- reading


def _entries(value: YamlValue | None, what: str) -> dict[str, YamlValue]:
    if not isinstance(value, YamlMapping):
        raise _Missing(f"{what} is no list of keys with values", value.place if value else None)
    return {key.text: inner for key, inner in value.entries}


def _scalar(entries: Mapping[str, YamlValue], key: str) -> Scalar:
    value = entries.get(key)
    if value is None:
        raise _Missing(f"`{key}` is missing")
    if not isinstance(value, Scalar):
        raise _Missing(f"`{key}` is no single value", value.place)
    return value


def _text(entries: Mapping[str, YamlValue], key: str, default: str | None = None) -> str:
    return default if default is not None and key not in entries else _scalar(entries, key).text


def _number(entries: Mapping[str, YamlValue], key: str) -> Decimal:
    scalar = _scalar(entries, key)
    if not isinstance(scalar.value, Decimal):
        raise _Missing(f"`{scalar.text}` is no number", scalar.place)
    return scalar.value


def _day(entries: Mapping[str, YamlValue], key: str) -> date:
    scalar = _scalar(entries, key)
    try:
        return date.fromisoformat(scalar.text)
    except ValueError:
        raise _Missing(f"`{scalar.text}` is no date", scalar.place) from None


def _items(entries: Mapping[str, YamlValue], key: str) -> tuple[YamlValue, ...]:
    value = entries.get(key)
    if not isinstance(value, Listing):
        raise _Missing(f"`{key}` is no list", value.place if value else None)
    return value.items


def _names(entries: Mapping[str, YamlValue], key: str) -> tuple[str, ...]:
    if key not in entries:
        return ()
    return tuple(item.text for item in _items(entries, key) if isinstance(item, Scalar))
