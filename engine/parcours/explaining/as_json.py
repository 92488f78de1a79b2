"""A story as JSON, for programs: the shape is that of the classes in story.py, and docs/explaining.md says it."""

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from parcours.clock import to_local
from parcours.explaining.story import Story


def as_json(story: Story) -> str:
    """Instants as UTC with a Z; those of `timeline` also as `local`, on the contact's clock."""
    made = _plain(story)
    lines = made.pop("lines")
    made["runs"] = made.pop("stays")
    made["from"], made["to"] = made.pop("first"), made.pop("last")
    for line, told in zip(lines, story.lines, strict=True):
        line["local"] = to_local(story.zone, told.at).isoformat(timespec="seconds")
    made["timeline"] = lines
    order = ("contact", "zone", "as_of", "from", "to", "runs", "timeline", "absence", "elsewhere")
    return json.dumps({name: made[name] for name in order}, indent=2, ensure_ascii=False)


def _plain(thing: Any) -> Any:
    if is_dataclass(thing):
        return {field.name: _plain(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, tuple):
        return [_plain(item) for item in thing]
    if isinstance(thing, datetime):
        return f"{thing.isoformat()}Z"
    return thing
