"""What is wrong in a YAML journey file is told at its place in that file, in the words of the language."""

import pytest

from parcours.diagnostics.render import render_text
from parcours.language.parser import parse, parse_yaml


def _found(content: str) -> list[tuple[str, int, int, str]]:
    return [
        (found.code, found.place.line, found.place.column, found.message)
        for found in parse_yaml(content, "a.journey.yaml")[1]
    ]


HEAD = "- journey: j\n  enter: {by hand: true}\n"


@pytest.mark.parametrize(
    ("content", "code", "line", "column", "message"),
    [
        ("journey: j\n", "yaml-form", 1, 1, "a journey file is a list of declarations"),
        ("- jorney: j\n", "yaml-form", 1, 3, "`jorney` begins no declaration"),
        ("- 3\n", "yaml-form", 1, 3, "a declaration begins with its key"),
        (HEAD + "  step: [exit]\n  steps: [exit]\n", "yaml-form", 3, 3, "`step` is no key of this"),
        ("- journey: j\n  enter: {by hand: true}\n", "yaml-form", 1, 3, "`steps` is missing here"),
        (HEAD + "  steps: exit\n", "yaml-form", 3, 3, "a list is wanted below `steps`"),
        (HEAD + "  steps: []\n", "yaml-form", 3, 3, "a list is wanted below `steps`"),
        (HEAD + "  steps:\n    - split: s\n      arms: []\n", "yaml-form", 5, 7, "a list is wanted below `arms`"),
        ("- pressure: 3\n", "yaml-form", 1, 3, "a list is wanted below `pressure`"),
        (HEAD + "  steps:\n    - sned: m\n", "yaml-form", 4, 7, "`sned` begins no step"),
        (HEAD + "  steps:\n    - send: m\n", "yaml-form", 4, 7, "`by` is missing here"),
        (HEAD + "  steps:\n    - wait:\n", "yaml-form", 4, 7, "`wait` says nothing"),
        (HEAD + "  steps:\n    - wait: [3 days]\n", "yaml-form", 4, 7, "`wait` says one thing, no list and no keys"),
        (HEAD + "  steps:\n    - if: and a = 1\n      then: [exit]\n", "syntax", 4, 15, None),
        (HEAD + "  steps:\n    - if: 'a = 1 # no'\n      then: [exit]\n", "yaml-form", 4, 18, "a `#` that is in no text"),
        (HEAD + "  steps:\n    - if: 'a = \"x'\n      then: [exit]\n", "syntax", 4, 16, None),
        (HEAD + "  steps:\n    - if: a == 1\n      then: [exit]\n", "syntax", 4, 13, None),
        (HEAD + "  steps:\n    - if: >-\n        a = 1\n        and b ==\n          2\n      then: [exit]\n", "syntax", 6, 15, None),
        (HEAD + "  steps:\n    - record: x\n      with: a\n", "yaml-form", 5, 7, None),
        (HEAD + "  steps:\n    - record: x\n      with: {}\n", "yaml-form", 5, 7, None),
        ("- journey: j\n  enter:\n    once: true\n  steps: [exit]\n", "yaml-form", 3, 5, None),
        ("- journey: j\n  enter:\n    by hand: true\n    on: order\n  steps: [exit]\n", "yaml-form", 3, 5, None),
        ("- journey: j\n  enter: on order\n  steps: [exit]\n", "yaml-form", 2, 3, "keys are wanted below `enter`"),
        ("- journey: j\n  enter:\n    by hand: false\n  steps: [exit]\n", "yaml-form", 3, 5, "`by hand` says it all"),
        (HEAD + "  steps: [exit]\n  journey: k\n", "yaml", 4, 3, "`journey` is said twice"),
        ("- journey: &a j\n", "yaml", 1, 12, "anchors and aliases are not allowed here"),
        ("- !!python/object:os.system\n  x: y\n", "yaml", 1, 3, None),
        ("- journey: j\n\tsteps: []\n", "tab", 2, 1, None),
    ],
)  # fmt: skip
def test_one_mistake_is_told_at_its_place(content, code, line, column, message) -> None:
    (found,) = _found(content)
    assert found[:3] == (code, line, column)
    assert message is None or found[3] == message


@pytest.mark.parametrize(
    "value",
    [
        'a = 1\n    send other by email',
        "a = 1\n\n    exit",
        "x\njourney other\n    exit",
        'a = "\n" exit "',
        "a = 1 up to 3 days",
    ],
)  # fmt: skip
def test_a_value_cannot_bring_further_lines_along(value) -> None:
    import json

    content = HEAD + f"  steps:\n    - if: {json.dumps(value)}\n      then: [exit]\n    - wait: 1 day\n"
    declarations, found = parse_yaml(content, "a.journey.yaml")
    assert found != ()
    assert len(declarations) <= 1
    for journey in declarations:
        assert [step.kind for step in journey.steps] in (["wait"], ["if", "wait"])


def test_words_that_yaml_once_took_for_something_else_are_text() -> None:
    content = "- message: no\n  topic: on\n  bodies:\n    - channel: y\n      text: NO\n    - channel: x\n      text: 1e3\n"
    declarations, found = parse_yaml(content, "a.journey.yaml")
    text = 'message no\n    topic on\n    y "NO"\n    x "1e3"\n'
    assert (declarations, found) == (parse(text, "a.journey")[0], ())


def test_places_of_the_model_are_those_of_the_yaml_file() -> None:
    content = HEAD + '  steps:\n    - if: "total > 1\n        and naem is known"\n      then: [exit]\n'
    ((journey,), _) = parse_yaml(content, "a.journey.yaml")
    place = journey.steps[0].branches[0].predicate.items[1].place
    assert (place.file, place.line, place.column) == ("a.journey.yaml", 5, 13)


def test_a_mistake_is_marked_in_its_line() -> None:
    content = HEAD + "  steps:\n    - wait: 3 dyas\n"
    _, found = parse_yaml(content, "a.journey.yaml")
    shown = render_text(found, {"a.journey.yaml": content}, colour=False)
    assert "a.journey.yaml:4:13" in shown
    assert "    - wait: 3 dyas\n      |             ^^^^^^ write `3 days`" in shown


def test_an_empty_file_says_nothing() -> None:
    assert parse_yaml("", "a.journey.yaml") == ((), ())
    assert parse_yaml("# only a comment\n", "a.journey.yaml") == ((), ())


def test_a_bomb_is_refused() -> None:
    for content in ("[" * 5000, "- journey: &a [b, b]\n- *a\n", "{a: " * 200 + "}" * 200):
        (found, *_) = parse_yaml(content, "a.journey.yaml")[1]
        assert found.code == "yaml"
