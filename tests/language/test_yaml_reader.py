"""YAML by the core rules of 1.2, with places, and without bombs."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from parcours.diagnostics import Place
from parcours.language import yaml_reader as module
from parcours.language.yaml_reader import LARGEST_CHARACTERS, Listing, Mapping, Scalar, read_yaml


@pytest.fixture(params=["fast", "plain"], autouse=True)
def both_readers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """libyaml and the reader in Python: an installation may have no libyaml."""
    if request.param == "plain":
        monkeypatch.delattr(module.yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("no libyaml here")


def entries(text: str) -> dict[str, Any]:
    tree, diagnostics = read_yaml(text, "f")
    assert diagnostics == ()
    assert isinstance(tree, Mapping)
    return {key.text: value for key, value in tree.entries}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("on", "on"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("<<", "<<"),
        ("true", True),
        ("False", False),
        ("3", Decimal(3)),
        ("-0.5", Decimal("-0.5")),
        ("'3'", "3"),
        ('"true"', "true"),
        ("~", None),
        ("", None),
        ("null", None),
    ],
)
def test_a_word_means_what_the_core_rules_say(written: str, meant: object) -> None:
    assert entries(f"a: {written}\n")["a"].value == meant


def test_words_keep_how_they_were_written() -> None:
    assert entries("a: 007\n")["a"].text == "007"


def test_keys_and_values_know_their_places() -> None:
    tree, _ = read_yaml("a: 1\nb:\n  c: [x, 'y z']\n", "f")
    assert isinstance(tree, Mapping)
    (_, _), (key, inner) = tree.entries
    assert key.place == Place("f", 2, 1, 2, 2)
    assert isinstance(inner, Mapping)
    assert inner.place == Place("f", 3, 3, 3, 4)
    ((_, listing),) = inner.entries
    assert isinstance(listing, Listing)
    assert [item.place for item in listing.items] == [Place("f", 3, 7, 3, 8), Place("f", 3, 10, 3, 15)]


def test_a_file_may_come_from_windows() -> None:
    assert list(entries("\ufeffa: 1\r\nb: 2\r\n")) == ["a", "b"]


def test_an_empty_file_is_no_value() -> None:
    tree, diagnostics = read_yaml("# nothing\n", "f")
    assert isinstance(tree, Scalar)
    assert (tree.value, diagnostics) == (None, ())


def test_every_key_that_is_said_twice_is_told() -> None:
    tree, diagnostics = read_yaml("a: 1\nb: {c: 1, c: 2}\na: 2\n", "f")
    assert [(d.code, d.place.line, d.place.column, d.mark) for d in diagnostics] == [
        ("yaml", 2, 11, "first said in line 2"),
        ("yaml", 3, 1, "first said in line 1"),
    ]
    assert isinstance(tree, Mapping)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: &x 1\n", 1, 4),
        ("a: 1\nb: *x\n", 2, 4),
        ("a: !!python/object:os.system x\n", 1, 4),
        ("a: !own {b: 1}\n", 1, 4),
        ("a: !own [b]\n", 1, 4),
        ("[" * 100, 1, 31),
        ("? [a]\n: b\n", 1, 3),
        ("a: 1\n---\nb: 1\n", 2, 1),
        ("a: b: c\n", 1, 5),
        ("a: 1\n b: 2\n", 2, 3),
        ("a: \x01\n", 1, 4),
    ],
)
def test_what_is_refused_is_told_with_its_place(text: str, line: int, column: int) -> None:
    tree, (finding,) = read_yaml(text, "f")
    assert tree is None
    assert (finding.code, finding.place.line, finding.place.column) == ("yaml", line, column)


def test_a_text_without_its_closing_quote_is_told() -> None:
    tree, (finding,) = read_yaml('a: "b\n', "f")
    assert (tree, finding.code) == (None, "yaml")


def test_a_tab_is_called_a_tab() -> None:
    tree, (finding,) = read_yaml("a:\n\tb: 1\n", "f")
    assert (tree, finding.code, finding.place.line, finding.place.column) == (None, "tab", 2, 1)


def test_a_file_that_is_too_large_is_not_read() -> None:
    tree, (finding,) = read_yaml("#" * (LARGEST_CHARACTERS + 1), "f")
    assert (tree, finding.code, finding.place) == (None, "yaml", Place("f"))


def test_a_bomb_of_aliases_does_not_go_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    tree, diagnostics = read_yaml("\n".join(lines), "f")
    assert tree is None
    assert len(diagnostics) == 1
