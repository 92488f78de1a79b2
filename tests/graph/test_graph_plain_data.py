"""Checked things as data: every class has its form, and nothing else is ever built."""

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest

from parcours.checking import checked, terms
from parcours.clock.calendar import Recurrence
from parcours.clock.span import Span
from parcours.diagnostics import Place
from parcours.graph.plain_data import CLASSES, Unreadable, built, plain

SPAN = {"is": "Span", "count": 3, "unit": "day"}


def classes_in(wanted: Any, seen: set[type]) -> Iterator[type]:
    """Every dataclass that a thing of this type can hold."""
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type) and wanted not in seen:
        seen.add(wanted)
        yield wanted
        for hint in get_type_hints(wanted).values():
            yield from classes_in(hint, seen)
    for part in get_args(wanted):
        yield from classes_in(part, seen)


def test_the_table_has_every_class_of_a_journey_and_no_other() -> None:
    assert {made.__name__: made for made in classes_in(checked.Journey, set())} == dict(CLASSES)


@pytest.mark.parametrize(
    ("thing", "wanted"),
    [
        (Span(3, "day"), Span),
        (Place("a.journey", 1, 2, 3, 4), Place),
        (Recurrence(weekdays=(2, 4), minutes=540), Recurrence),
        (terms.Constant(Decimal("1.50"), "number"), terms.Term),
        (terms.Constant(Decimal("1E+3"), "number"), terms.Term),
        (terms.Constant(True, "yes_no"), terms.Term),
        (terms.Constant('ü\ud800"\n', "text"), terms.Term),
        (terms.Constant(date(2026, 2, 28), "date"), terms.Term),
        (terms.Constant(datetime(2026, 2, 28, 1, 2, 3, 4), "instant"), terms.Term),
        (terms.InSeason((6, 1), (8, 31)), terms.Term),
        ((Decimal(500), checked.Period("calendar", Span(1, "month"))), tuple[Decimal, checked.Period] | None),
        (None, Span | None),
    ],
)
def test_a_thing_comes_back_as_it_was(thing: object, wanted: Any) -> None:
    back = built(plain(thing), wanted)
    assert back == thing
    assert repr(back) == repr(thing)


def test_a_field_that_is_not_there_has_its_default() -> None:
    assert built({"is": "Window", "kind": "ever"}, terms.Window) == terms.Window("ever")


@pytest.mark.parametrize(
    ("data", "wanted", "said"),
    [
        ({"count": 3, "unit": "day"}, Span, "there is `None` in the place of `Span`"),
        ({**SPAN, "is": "Popen"}, Span, "there is `Popen` in the place of `Span`"),
        ({**SPAN, "is": "os.system"}, Span | None, "one of a few things"),
        ({**SPAN, "is": ["Span"]}, Span | None, "one of a few things"),
        ({**SPAN, "more": 1}, Span, "`Span` has no `more`"),
        ({"is": "Span", "count": 3}, Span, "a `Span` has no `unit`"),
        ({**SPAN, "count": "3"}, Span, "there is `3` in the place of a whole number"),
        ({**SPAN, "count": True}, Span, "there is `True` in the place of a whole number"),
        ({**SPAN, "unit": "aeon"}, Span, "there is `aeon` in the place of one of a few things"),
        ({**SPAN, "unit": ["day"]}, Span, "a list in the place of"),
        ({"is": "Decimal", "as": "many"}, Decimal, "there is `Decimal` in the place of `Decimal`"),
        ({"is": "date", "as": "2026-02-30"}, date, "`date`"),
        ({"is": "date", "as": 5}, date, "`date`"),
        ([1], tuple[int, int], "there are 1 items in the place of 2"),
        ("ab", tuple[int, ...], "there is `ab` in the place of a list"),
        (None, Span, "there is nothing in the place of `Span`"),
        (1.5, int | None, "there is `1.5` in the place of"),
        ({"is": "Recurrence", "minutes": -1, "unit": "day"}, Recurrence, "a `Recurrence` cannot be: minutes"),
    ],
)
def test_what_is_no_such_thing_is_told_of(data: object, wanted: Any, said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        built(data, wanted)
    assert said in str(caught.value)


def test_what_the_table_does_not_have_is_our_mistake() -> None:
    for thing in (1.5, {"a": 1}, b"x", terms.Compare, checked.Selector("all", "")):
        with pytest.raises(TypeError):
            plain(thing)
