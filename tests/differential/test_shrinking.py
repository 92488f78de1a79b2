"""Shrinking keeps what is needed to go wrong, and nothing else."""

from datetime import datetime, timedelta
from pathlib import Path

from differential.cases import Script
from differential.corpus import read, written
from differential.population import Contact, Event
from differential.shrinking import shrunk

BEGIN = datetime(2026, 3, 2)
TEXT = """
journey a
    enter on visit
        if country is FR and (vip or age > 3)
    if vip
        wait 1 hour
    else
        wait 1 day
    exit

journey b
    enter on order
    exit
"""


def _script() -> Script:
    return Script(
        "one",
        "UTC",
        {"a.journey": TEXT},
        tuple(Contact(f"c{n}", "UTC", None, {"age": n}) for n in range(6)),
        tuple(Event("visit", f"c{n % 6}", BEGIN + timedelta(hours=n), None, f"v{n}", {}) for n in range(12)),
        tuple(BEGIN + timedelta(hours=n) for n in range(8)),
    )


def _is_wrong(script: Script) -> bool:
    text = script.texts.get("a.journey", "")
    return (
        "journey a" in text
        and "    wait 1 day" in text
        and "age > 3" in text
        and any(contact.name == "c4" for contact in script.contacts)
        and any(event.id == "v10" for event in script.events)
        and BEGIN + timedelta(hours=5) in script.ticks
    )


def test_only_what_is_needed_to_go_wrong_is_left() -> None:
    small = shrunk(_script(), _is_wrong)
    assert [contact.name for contact in small.contacts] == ["c4"]
    assert [event.id for event in small.events] == ["v10"]
    assert small.ticks == (BEGIN + timedelta(hours=5),)
    lines = small.texts["a.journey"].strip().split("\n")
    assert [line.strip() for line in lines if line.strip()] == ["journey a", "if age > 3", "wait 1 day"]


def test_what_is_kept_is_read_again_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(written(_script(), "why"))
    assert read(path).script == _script()
