"""The JSON Schema of the YAML form: it takes what the reader takes, and it is the one that the table gives."""

import os
import re
from pathlib import Path

import pytest
import yaml
from dice import Dice
from generated_text import TextByChance
from jsonschema import Draft7Validator

from parcours.language.formatting import converted
from parcours.language.forms.descriptions import DESCRIPTIONS
from parcours.language.forms.table import FORMS
from parcours.language.parser import parse_yaml
from parcours.language.schema import journey_schema, schema_text
from parcours.language.yaml_keys import parts_of

TEXTS = int(os.environ.get("PARCOURS_LAWS", "200"))
TOP = Path(__file__).parents[2]
WRITTEN = sorted([*TOP.glob("journeys/*/*.journey"), *TOP.glob("examples/*/*.journey")])
SCHEMA = Draft7Validator(journey_schema())


class _Core(yaml.SafeLoader):
    """Reads as YAML 1.2 does: days and times, `yes` and `on` are text."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":int", ":float", ":null"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _first in "tTfF":
    _Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), [_first])


def _wrong(content: str) -> list[str]:
    return [error.message for error in SCHEMA.iter_errors(yaml.load(content, _Core))]


def _yaml(text: str) -> str:
    written = converted(text, "a.journey", "yaml").text
    assert written is not None
    return written


def test_the_file_in_the_grammar_folder_is_the_one_that_the_table_gives() -> None:
    stale = "grammar/journey.schema.json is stale: run scripts/schema"
    assert (TOP / "grammar" / "journey.schema.json").read_text(encoding="utf-8") == schema_text(), stale


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(journey_schema())


def test_every_key_of_every_clause_is_described() -> None:
    keys = {
        name: {
            *(part.key for part in parts_of(form)),
            *(block.key for block in form.blocks if not block.merged and block.key),
        }
        for name, form in FORMS.items()
    }
    keys["pressure"].discard("rules")  # the list is the value of `pressure` itself
    assert {name: set(said) for name, said in DESCRIPTIONS.items()} == keys
    assert [text for said in DESCRIPTIONS.values() for text in said.values() if not text] == []


def test_every_field_that_the_table_names_is_one_of_the_model() -> None:
    missing = [
        (form.name, part.field)
        for form in FORMS.values()
        for part in form.parts
        if part.field and part.field not in form.model.model_fields
    ]
    assert missing == []


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.stem)
def test_it_takes_every_journey_of_ours(file) -> None:
    assert _wrong(_yaml(file.read_text(encoding="utf-8"))) == []


def test_it_takes_every_clause_of_the_language() -> None:
    for seed in range(TEXTS):
        content = _yaml(TextByChance(Dice(f"schema {seed}")).right_text(1))
        assert _wrong(content) == [], content


@pytest.mark.parametrize(
    "content",
    [
        "journey: j\n",
        "- jorney: j\n",
        "- journey: j\n  enter: {by hand: true}\n",
        "- journey: j\n  enter: {by hand: true}\n  steps: []\n",
        "- journey: j\n  enter: {by hand: true}\n  steps: [{sned: m, by: email}]\n",
        "- journey: j\n  enter: {by hand: true}\n  steps: [{send: m}]\n",
        "- journey: j\n  enter: {once: true}\n  steps: [exit]\n",
        "- journey: j\n  enter: {by hand: yes, oncee: true}\n  steps: [exit]\n",
        "- journey: j\n  enter: {by hand: true}\n  steps: [{wait: [3]}]\n",
        "- message: m\n  bodies: [{channel: email}]\n",
        "- pressure: [{at least: 3 days, between: email}]\n",
    ],
)
def test_it_refuses_what_the_reader_refuses(content) -> None:
    assert parse_yaml(content, "a.journey.yaml")[1] != ()
    assert _wrong(content) != []
