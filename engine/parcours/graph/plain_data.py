"""Checked things ⇄ what JSON can hold. Only the classes of one table are ever built, and only from parts of the types
that they declare.

A thing is an object of its fields and `is`, the name of its class; decimals, dates and instants are objects of `is`
and `as`, their text; tuples are lists; everything else stands for itself. What is read is trusted in nothing: it may
come from a file that somebody has changed by hand.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from parcours.checking import checked, terms
from parcours.clock.calendar import Recurrence
from parcours.clock.span import Span
from parcours.diagnostics import Place

CLASSES: Mapping[str, type] = {
    made.__name__: made
    for made in (
        Place,
        Span,
        Recurrence,
        # terms
        terms.Constant,
        terms.Attribute,
        terms.Field,
        terms.Captured,
        terms.ProductField,
        terms.Learned,
        terms.Shift,
        terms.Arithmetic,
        terms.Window,
        terms.Events,
        terms.Count,
        terms.Aggregate,
        terms.Nth,
        terms.DaysSince,
        terms.PartOf,
        terms.InLast,
        terms.InSeason,
        terms.Compare,
        terms.Among,
        terms.Known,
        terms.And,
        terms.Or,
        terms.Not,
        terms.Holds,
        # who enters
        checked.EventTrigger,
        checked.Group,
        checked.GroupTrigger,
        checked.ScheduleTrigger,
        checked.DateTrigger,
        checked.HandTrigger,
        checked.Enter,
        # moments and periods
        checked.AtTime,
        checked.InWindow,
        checked.AtLocal,
        checked.Offset,
        checked.Period,
        # journeys
        checked.Needs,
        checked.Goal,
        checked.Leave,
        checked.Journey,
        # steps
        checked.Wait,
        checked.WaitUntil,
        checked.WaitEvent,
        checked.WaitCondition,
        checked.Offering,
        checked.Send,
        checked.If,
        checked.Split,
        checked.Experiment,
        checked.Repeat,
        checked.SetAttribute,
        checked.Record,
        checked.Start,
        checked.GoTo,
        checked.Exit,
    )
}
_NAMES = {made: name for name, made in CLASSES.items()}
_FIELDS: dict[
    type, Mapping[str, Any]
] = {}  # of each class that was asked for: reading type hints takes its time
_TEXTS = {"Decimal": Decimal, "date": date, "datetime": datetime}


class Unreadable(ValueError):  # noqa: N818 - the data's fault, told in words by whoever reads it
    """The data is not what `plain` makes."""


def plain(value: object) -> object:
    """What JSON can hold for a checked thing or a part of one. `TypeError` for what the table does not have: our
    mistake, not the user's."""
    kind = type(value)
    if value is None or kind in (str, int, bool):
        return value
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if kind is Decimal:
        return {"is": "Decimal", "as": str(value)}
    if isinstance(value, date):  # an instant is a date too
        return {"is": kind.__name__, "as": value.isoformat()}
    if kind in _NAMES:
        return {"is": _NAMES[kind]} | {name: plain(getattr(value, name)) for name in _types(kind)}
    raise TypeError(f"{kind.__name__} has no form as data")


def built(data: object, wanted: Any) -> Any:
    """The thing of the type `wanted` that `plain` made the data of; a field that is not there has its default.
    `Unreadable` when there is no such thing."""
    origin = get_origin(wanted)
    if origin in (Union, UnionType):
        return built(data, _alternative(data, wanted))
    if origin is tuple:
        return _tuple(data, get_args(wanted))
    if origin is Literal:
        if type(data) in (str, int) and data in get_args(wanted):
            return data
    elif wanted in _TEXTS.values():
        return _text(data, wanted)
    elif wanted in _NAMES:
        return _thing(data, wanted)
    elif type(data) is wanted:
        return data
    raise Unreadable(f"there is {_told(data)} in the place of {_said(wanted)}")


def _alternative(data: object, wanted: Any) -> Any:
    """The one of several types that the data is of, by its form alone."""
    for one in get_args(wanted):
        origin = get_origin(one)
        if isinstance(data, dict):
            fits = _named(one) == data.get("is")
        elif isinstance(data, list):
            fits = origin is tuple
        elif data is None:
            fits = one is NoneType
        else:
            fits = one is type(data) or origin is Literal
        if fits:
            return one
    raise Unreadable(f"there is {_told(data)} in the place of {_said(wanted)}")


def _tuple(data: object, items: tuple[Any, ...]) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise Unreadable(f"there is {_told(data)} in the place of a list")
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(built(item, items[0]) for item in data)
    if len(data) != len(items):
        raise Unreadable(f"there are {len(data)} items in the place of {len(items)}")
    return tuple(built(item, wanted) for item, wanted in zip(data, items, strict=True))


def _text(data: object, wanted: type) -> object:
    if isinstance(data, dict) and data.keys() == {"is", "as"} and data["is"] == wanted.__name__:
        text = data["as"]
        try:
            if type(text) is str:
                return Decimal(text) if wanted is Decimal else wanted.fromisoformat(text)  # type: ignore[attr-defined]
        except (ValueError, InvalidOperation):
            pass
    raise Unreadable(f"there is {_told(data)} in the place of {_said(wanted)}")


def _thing(data: object, wanted: type) -> object:
    name = _NAMES[wanted]
    if not isinstance(data, dict) or data.get("is") != name:
        raise Unreadable(f"there is {_told(data)} in the place of {_said(wanted)}")
    types = _types(wanted)
    unknown = sorted(data.keys() - types.keys() - {"is"})
    if unknown:
        raise Unreadable(f"`{name}` has no `{unknown[0]}`")
    missing = sorted(_required(wanted) - data.keys())
    if missing:
        raise Unreadable(f"a `{name}` has no `{missing[0]}`")
    parts = {part: built(data[part], types[part]) for part in types if part in data}
    try:
        return wanted(**parts)
    except ValueError as error:  # a thing that judges its own parts, such as a recurrence
        raise Unreadable(f"a `{name}` cannot be: {error}") from error


def _types(made: type) -> Mapping[str, Any]:
    """The fields of a class in their order, with their types."""
    if made not in _FIELDS:
        hints = get_type_hints(made)
        _FIELDS[made] = {field.name: hints[field.name] for field in fields(made)}
    return _FIELDS[made]


def _required(made: type) -> frozenset[str]:
    return frozenset(
        field.name for field in fields(made) if field.default is MISSING and field.default_factory is MISSING
    )


def _named(wanted: Any) -> str:
    """What `is` says for a type, empty where it is none that is named."""
    if wanted in _TEXTS.values():
        return str(wanted.__name__)
    return _NAMES.get(wanted, "") if isinstance(wanted, type) else ""


def _told(data: object) -> str:
    """Data in a message: never more of it than fits on a line."""
    if isinstance(data, dict):
        return f"`{str(data.get('is'))[:40]}`"
    if isinstance(data, list):
        return "a list"
    return "nothing" if data is None else f"`{str(data)[:40]}`"


def _said(wanted: Any) -> str:
    """A type in a message."""
    if get_origin(wanted) in (Union, UnionType, Literal):
        return "one of a few things that can stand there"
    words = {str: "a text", int: "a whole number", bool: "yes or no"}
    return words.get(wanted) or f"`{_named(wanted)}`"
