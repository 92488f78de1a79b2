"""Cases that once differed, kept for ever: a script as plain data in a YAML file, and read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from differential.cases import Script
from differential.learned import Told
from differential.mart import LIVE, PACK, Where
from differential.population import Contact, Event

FOLDER = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Kept:
    """A script, and on which datamart it is run: that of packs only when it went wrong there alone."""

    script: Script
    where: Where


def written(script: Script, says: str, where: Where = LIVE) -> str:
    """The script as YAML. `says`: what was wrong, and by which rule."""
    tree = {
        "says": says,
        **({"packed": True} if where == PACK else {}),
        "zone": script.zone,
        "texts": dict(script.texts),
        "contacts": {contact.name: _contact(contact) for contact in script.contacts},
        "events": [_event(event) for event in script.events],
        **({"learned": [_told(run) for run in script.learned]} if script.learned else {}),
        "ticks": [str(tick) for tick in script.ticks],
    }
    return yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def read(path: Path) -> Kept:
    tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    script = Script(
        path.stem,
        tree["zone"],
        tree["texts"],
        tuple(_read_contact(name, values or {}) for name, values in tree["contacts"].items()),
        tuple(_read_event(values) for values in tree["events"]),
        tuple(datetime.fromisoformat(tick) for tick in tree["ticks"]),
        tuple(_read_told(run) for run in tree.get("learned", ())),
    )
    return Kept(script, PACK if tree.get("packed") else LIVE)


def read_all() -> list[Kept]:
    return [read(path) for path in sorted(FOLDER.glob("*.yaml"))]


class _Dumper(yaml.SafeDumper):
    pass


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def _contact(contact: Contact) -> dict[str, Any]:
    own = {"zone": contact.zone, "known_since": contact.known_since}
    return {name: _plain(value) for name, value in {**own, **contact.values}.items() if value is not None}


def _read_contact(name: str, values: Mapping[str, Any]) -> Contact:
    own = {key: _value(value) for key, value in values.items()}
    return Contact(str(name), own.pop("zone", None), own.pop("known_since", None), own)


def _event(event: Event) -> dict[str, Any]:
    own = {
        "kind": event.kind,
        "contact": event.contact,
        "at": event.at,
        "loaded": event.loaded,
        "id": event.id,
    }
    return {name: _plain(value) for name, value in {**own, **event.values}.items() if value is not None}


def _read_event(values: Mapping[str, Any]) -> Event:
    own = {key: _value(value) for key, value in values.items()}
    front = (own.pop("kind"), own.pop("contact"), own.pop("at"), own.pop("loaded", None), own.pop("id", None))
    return Event(*front, own)


def _told(run: Told) -> dict[str, Any]:
    says = {_written_key(key): dict(parts) for key, parts in run.says.items()}
    return {"of": f"{run.kind} {run.name}", "as of": str(run.as_of), "says": says}


def _read_told(values: Mapping[str, Any]) -> Told:
    kind, _, name = values["of"].partition(" ")
    says = {_key(str(key)): parts for key, parts in values["says"].items()}
    return Told(kind, name, datetime.fromisoformat(values["as of"]), says)


def _written_key(key: Any) -> str:
    """A contact; everybody; or a segment and a channel."""
    return " by ".join(key) if isinstance(key, tuple) else "everybody" if key is None else key


def _key(text: str) -> Any:
    segment, by, channel = text.rpartition(" by ")
    return (segment, channel) if by else None if text == "everybody" else text


def _plain(value: Any) -> Any:
    """Instants, dates and decimals as text that says what it is."""
    match value:
        case datetime():
            return f"instant {value}"
        case date():
            return f"date {value}"
        case Decimal():
            return f"decimal {value}"
    return value


def _value(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    word, _, rest = value.partition(" ")
    made = {"instant": datetime.fromisoformat, "date": date.fromisoformat, "decimal": Decimal}.get(word)
    return made(rest) if made and rest else value
