"""What the policy promises is kept, whatever happens: recomputed from the outbox alone, over generated projects and over the
example shop.

PARCOURS_GUARANTEE says how many days of the shop are gone through; two years are 730."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import holidays
import pytest
from differential.checking import judged
from differential.executed import running
from differential.faults import FAULTS
from differential.instants import PROJECT_ZONES, ZONES
from differential.mart import PACK
from differential.packs import pack
from differential.trials import uncollected
from guarantee import Person, Sent, Suppressing, broken
from small_shop import make_shop
from wishes import Wish

from parcours.checking import checked
from parcours.clock.span import Span
from parcours.compiler import capacity
from parcours.graph.edges import all_steps
from parcours.simulator.options import Options, first_instant
from parcours.simulator.run import simulate
from parcours.workspace.load import load

DAYS = int(os.environ.get("PARCOURS_GUARANTEE", "14"))
_OUTBOX = "SELECT sent_at, contact, channel, purpose, topic, journey, message, exempt FROM state.outbox"
TALKATIVE = (6, 9, 11)
"""Packs of which most journeys come to sends soon, under many rules."""
_CLOSING = ("opt_out", "bounce", "complaint")


def _changing(project: checked.CheckedProject) -> set[str]:
    return {
        step.attribute.name
        for journey in project.journeys
        for step in all_steps(journey.steps)
        if isinstance(step, checked.SetAttribute)
    }


def _in_a_pack(number_: int) -> tuple[list[str], int]:
    """What is broken in a generated pack, and how many messages there were."""
    script = pack(number_).script()
    project = judged(script.texts, script.zone, PACK).project
    assert project is not None
    with uncollected(), running(script, project, PACK) as run:
        for at in script.ticks:
            run.executor.tick(at)
        sent = [Sent(*row) for row in run.rows(_OUTBOX)]
    known = {*ZONES, *PROJECT_ZONES}
    people = {
        person.name: Person(person.zone if person.zone in known else script.zone, person.values)
        for person in script.contacts
    }
    # of rows with one id only one counts
    ids = Counter(event.id for event in script.events)
    closing = [
        Suppressing(event.contact, max(event.at, event.loaded or event.at), event.values.get("channel"))
        for event in script.events
        if event.kind in _CLOSING and event.id is not None and ids[event.id] == 1
    ]
    said = [event for event in script.events if event.kind == "preference_changed"]
    # whoever has said something twice under one id is left aside: which of the two counts is a matter of T4
    unclear = {event.contact for event in said if event.id is None or ids[event.id] > 1}
    wishes = [
        Wish(event.contact, event.at, event.id or "", max(event.at, event.loaded or event.at), event.values)
        for event in said
        if event.contact not in unclear
    ]
    broken_ = broken(
        project.policy,
        script.zone,
        sent,
        people,
        closing,
        _changing(project),
        wishes,
        holidays.country_holidays("FR", years=range(2011, 2030)),
    )
    return broken_, len(sent)


@pytest.mark.parametrize("number_", TALKATIVE)
def test_no_generated_project_breaks_its_policy(number_: int) -> None:
    found, messages = _in_a_pack(number_)
    assert messages > 10
    assert found == []


def test_the_shop_breaks_nothing(tmp_path: Any) -> None:
    found, sent, policy = _in_the_shop(tmp_path, DAYS)
    assert len(sent) > DAYS / 2
    assert found == []
    # the rules are not there for nothing: each kind of them has held something back
    assert {"spacing", "cap", "capacity", "opening_hours", "quiet_hours"} <= policy


def _in_the_shop(folder: Any, days: int) -> tuple[list[str], list[Sent], set[str]]:
    loaded = load(make_shop(folder / "shop", 300), {})
    assert loaded.checked is not None, [d.message for d in loaded.diagnostics]
    project = loaded.checked
    first = first_instant("2026-01-01 07:30", project.time_zone)
    options = Options(first, first + timedelta(days=days), Span(5, "hour"))
    run = simulate(loaded, options).engine.run_text
    sent = [Sent(*row) for row in run(_OUTBOX)]
    columns = "email, phone, push_token, email_opt_in, sms_opt_in, push_opt_in, country"
    people = {
        contact: Person(zone or project.time_zone, dict(zip(columns.split(", "), values, strict=True)))
        for contact, zone, *values in run(f"SELECT _contact, _zone, {columns} FROM contact")
    }
    closing = [Suppressing(*row) for row in run("SELECT _contact, _visible_at, channel FROM event_opt_out")]
    reasons = {reason for (reason,) in run("SELECT DISTINCT reason FROM state.not_sent")}
    found = broken(project.policy, project.time_zone, sent, people, closing, _changing(project))
    loaded.connection and loaded.connection.close()
    return found, sent, reasons


# ---- it finds what is wrong


def _no_end_to_a_channel(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(capacity, "limited", lambda policy: [])


@pytest.mark.parametrize(
    ("plant", "number_", "said"),
    [
        (FAULTS["consent_is_not_looked_at"], 6, "there is no consent"),
        (FAULTS["this_tick_is_forgotten"], 4, "where at most"),
        (FAULTS["always_open"], 9, "it was not open"),
        (_no_end_to_a_channel, 11, "where at most"),
    ],
)
def test_a_planted_fault_is_found(
    plant: Callable[[pytest.MonkeyPatch], None], number_: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    found, _ = _in_a_pack(number_)
    assert any(said in one for one in found)
