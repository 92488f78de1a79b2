"""The JSON Schema of the YAML form, made from the table of clauses: what an editor completes and explains by.

It says which keys there are and what they take; whether a condition makes sense is the checker's business."""

import json
from typing import Any

from parcours.language.clauses import Block, Form, Part
from parcours.language.forms.descriptions import DESCRIPTIONS
from parcours.language.forms.steps import STEPS
from parcours.language.forms.table import DECLARATIONS, FORMS
from parcours.language.yaml_keys import (
    alternatives,
    as_list,
    may_be_implied,
    parts_of,
    required_keys,
    stands_below,
    telling_keys,
)

Schema = dict[str, Any]

_WORDS: Schema = {"type": ["string", "number"]}
_BARE: Schema = {"type": ["string", "number", "null"]}


def schema_text() -> str:
    """The text of grammar/journey.schema.json."""
    return json.dumps(journey_schema(), indent=2, ensure_ascii=False) + "\n"


def journey_schema() -> Schema:
    """The schema of a whole file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Journeys of Parcours in YAML",
        "description": "A list of declarations: journeys, messages, channels, pressure, segments and more",
        "type": ["array", "null"],
        "items": _one_of(DECLARATIONS),
        "definitions": {
            **{name: _object(FORMS[name]) for name in FORMS if _is_item(name)},
            "steps": {"type": "array", "minItems": 1, "items": _one_of(STEPS)},
        },
    }


def _is_item(name: str) -> bool:
    """Whether clauses of this form are members of a list."""
    lists = (block.forms for form in FORMS.values() for block in form.blocks if not block.merged)
    return name in DECLARATIONS or any(name in forms for forms in lists)


def _one_of(names: tuple[str, ...]) -> Schema:
    bare = sorted({key for name in names for key in _bare(FORMS[name])})
    choices: list[Schema] = [{"$ref": f"#/definitions/{name}"} for name in names]
    return {"anyOf": [*choices, {"enum": bare}] if bare else choices}


def _bare(form: Form) -> list[str]:
    first = form.parts[0]
    return [first.key] if first.bare or (first.kind == "flag" and not form.blocks) else []


def _object(form: Form) -> Schema:
    """The mapping that a clause is, as a member of a list."""
    schema: Schema = {
        "title": form.parts[0].key,
        "description": DESCRIPTIONS[form.name].get(form.parts[0].key, ""),
        "type": "object",
        "additionalProperties": False,
        "properties": _properties(form),
        "required": list(required_keys(form)),
    }
    if not schema["required"]:
        schema["anyOf"] = [{"required": [key]} for key in telling_keys(form)]
    return schema


def _properties(form: Form) -> Schema:
    properties: Schema = {}
    for part in parts_of(form):
        properties[part.key] = {"description": DESCRIPTIONS[form.name][part.key], **_value(form, part)}
    if not stands_below(form):
        for block in form.blocks:
            _add_block(form, block, properties)
    return properties


def _add_block(form: Form, block: Block, properties: Schema) -> None:
    if block.merged:
        for name in block.forms:
            for key, schema in _properties(FORMS[name]).items():
                properties.setdefault(key, schema)
    else:
        properties[block.key] = {"description": DESCRIPTIONS[form.name][block.key], **_list(block)}


def _list(block: Block) -> Schema:
    if block.forms == STEPS:
        return {"allOf": [{"$ref": "#/definitions/steps"}]}
    return {"type": "array", "minItems": 1, "items": _one_of(block.forms)}


def _value(form: Form, part: Part) -> Schema:
    if stands_below(form):
        listed = as_list(form)
        return _below(form) if listed is None else _list(listed)
    match part.kind:
        case "flag":
            return {"enum": [True, None] if may_be_implied(form) else [True]}
        case "bindings":
            return {"type": "object", "minProperties": 1, "additionalProperties": _WORDS}
        case "texts":
            return {"anyOf": [_WORDS, {"type": "array", "minItems": 1, "items": _WORDS}]}
        case "code" | "text":
            return _BARE if part.bare else _WORDS


def _below(form: Form) -> Schema:
    """The mapping below the key of a clause: what `enter` says."""
    properties: Schema = {}
    needed: list[Schema] = []
    for block in form.blocks:
        _add_block(form, block, properties)
        if block.inline:
            (group,) = alternatives(block)
            needed.extend({"required": [inner.parts[0].key]} for inner in group)
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        **({"anyOf": needed} if needed else {}),
    }
