"""T18: a version is kept as a text, from which it comes back whole, or not at all."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from many_journeys import every_step, library, samples, wild
from wild_predicates import Dice

from parcours.checking.checked import Journey
from parcours.diagnostics import Problem
from parcours.graph.build import build
from parcours.graph.drawing import to_json
from parcours.graph.edges import all_steps
from parcours.graph.plain_data import CLASSES, plain
from parcours.graph.stored import FORM, from_text, to_text
from parcours.graph.versions import content_hash

FORMS = Path(__file__).parent / "stored_forms"
WHERE = "state.duckdb"


def read(text: str) -> Journey:
    return from_text(text, "j", WHERE)


def comes_back(journey: Journey) -> None:
    """As it was: its meaning, and with it the places and texts that comparison leaves out."""
    text = to_text(journey)
    back = read(text)
    assert back == journey
    assert content_hash(back) == content_hash(journey)
    assert plain(back) == plain(journey)
    assert to_text(back) == text
    assert text.isascii()
    assert to_json(build(back)) == to_json(build(journey))


def test_the_library_and_the_example_shop_come_back(tmp_path: Path) -> None:
    journeys = library(tmp_path)
    assert len(journeys) == 6
    for journey in journeys.values():
        comes_back(journey)


def test_the_samples_come_back() -> None:
    journeys = samples()
    if not journeys:
        pytest.skip("the design's samples are not beside this checkout")
    assert len(journeys) == 10
    for journey in journeys.values():
        comes_back(journey)


def test_every_kind_of_step_comes_back() -> None:
    journey = every_step()
    comes_back(journey)
    missing = {name for name in CLASSES if f'"is":"{name}"' not in to_text(journey)}
    assert missing == {  # those that stand in the journeys by chance, the library or the samples
        "DateTrigger", "Group", "GroupTrigger", "HandTrigger", "ScheduleTrigger", "Recurrence", "Offering",
        "ProductField", "Learned", "DaysSince", "PartOf", "Arithmetic", "Or", "Known",
    }  # fmt: skip


@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_journeys_by_chance_come_back(seed: str) -> None:
    for journey in wild(f"stored/{seed}"):
        comes_back(journey)


def test_what_tells_of_a_version_is_kept_too() -> None:
    journey = every_step()
    back = read(to_text(journey))
    assert (back.doc, back.enter_text, back.place) == (journey.doc, journey.enter_text, journey.place)
    assert [step.place for step in all_steps(back.steps)] == [step.place for step in all_steps(journey.steps)]


@pytest.mark.parametrize("file", sorted(FORMS.glob("*.json")), ids=lambda file: file.name)
def test_a_text_that_was_written_once_can_be_read_for_ever(file: Path) -> None:
    """Never change these files: states that hold such texts are out there (see `graph.stored`)."""
    journey = read(file.read_text(encoding="utf-8").strip())
    assert [step.name for step in all_steps(journey.steps)][:3] == ["first", "2 wait until", "3 wait until"]


def test_every_form_has_such_a_text() -> None:
    assert {file.stem for file in FORMS.glob("*.json")} == {f"form_{number}" for number in range(1, FORM + 1)}


# ---- damage


def told(text: str) -> tuple[str, str, str]:
    """Code, message and file of what is said of a text that cannot be read."""
    with pytest.raises(Problem) as caught:
        read(text)
    (found,) = caught.value.diagnostics
    return found.code, found.message, found.place.file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is cut off or changed"),
        ("{", "it is cut off or changed"),
        ("[" * 100_000, "it is cut off or changed"),
        ('{"form":' + "1" * 5000 + "}", "it is cut off or changed"),
        ("null", "it does not say its form"),
        ("{}", "it does not say its form"),
        ('{"form":true}', "it does not say its form"),
        ('{"form":1.5}', "`1.5` is no number of a journey"),
        ('{"form":NaN}', "`NaN` is no number of a journey"),
        ('{"form":1}', "parts of it are missing"),
        ('{"form":0,"journey":{},"sum":""}', "parts of it are missing"),
        ('{"form":1,"journey":{},"sum":""}', "its check sum is another one"),
    ],
)
def test_what_is_no_such_text_is_told_of(text: str, said: str) -> None:
    assert told(text) == ("state-damaged", f"the version `j` cannot be read: {said}", WHERE)


def test_a_text_of_a_form_to_come_is_told_of() -> None:
    code, message, _ = told('{"form":99,"future":1}')
    assert code == "state-newer"
    assert message == "the version `j` is kept in the form 99, this version of Parcours knows forms up to 1"


def test_every_small_damage_is_noticed() -> None:
    text = to_text(every_step())
    dice = Dice("damage")
    for _ in range(150):
        at, sign = dice.below(len(text)), dice.one('"{}[],:0123456789abc')
        if text[at] != sign:
            assert told(text[:at] + sign + text[at + 1 :])[0] in {"state-damaged", "state-newer"}
            assert told(text[:at])[0] == "state-damaged"


JUNK = (
    None,
    True,
    -1,
    "",
    "Journey",
    [],
    [[]],
    {},
    {"is": "Popen"},
    {"is": "Span", "count": 1, "unit": "day"},
)


def places_in(data: Any) -> Iterator[tuple[Any, Any]]:
    """(what holds it, key or number) of every part of the data."""
    for key, part in list(data.items() if isinstance(data, dict) else enumerate(data)):
        yield data, key
        if isinstance(part, dict | list):
            yield from places_in(part)


def test_whoever_writes_a_false_text_with_the_right_sum_gets_a_journey_or_an_error() -> None:
    dice = Dice("junk")
    original = json.loads(to_text(every_step()))["journey"]
    read_anyway = 0
    for _ in range(300):
        data = json.loads(json.dumps(original))
        holder, key = dice.one(tuple(places_in(data)))
        holder[key] = dice.one(JUNK)
        inner = json.dumps(data, sort_keys=True, separators=(",", ":"))
        text = json.dumps({"form": 1, "journey": data, "sum": sha256(inner.encode()).hexdigest()[:16]})
        try:
            journey = read(text)
        except Problem as problem:
            assert problem.diagnostics[0].code == "state-damaged"
        else:
            read_anyway += 1
            assert plain(journey) == data
    assert 0 < read_anyway < 150
