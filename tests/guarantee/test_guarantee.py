"""What the policy promises is kept, whatever happens: recomputed from the outbox alone, over the example shop. Over generated
projects the differential tests recompute it of each case.

PARCOURS_GUARANTEE says how many days of the shop are gone through; two years are 730."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from differential.cases import Script
from differential.checking import judged
from differential.executed import running
from differential.faults import FAULTS
from differential.mart import LONE
from differential.population import Contact, Event
from guarantee import Person, Sent, Suppressing, broken
from recomputed import OUTBOX, broken_by, changing
from small_shop import make_shop

from parcours.clock.span import Span
from parcours.compiler import capacity
from parcours.compiler.arbitration import Arbitration
from parcours.simulator.options import Options, first_instant
from parcours.simulator.run import simulate
from parcours.workspace.load import load

DAYS = int(os.environ.get("PARCOURS_GUARANTEE", "14"))


TEXTS = {
    "policy.journey": """
channel email
    address email
    consent email_opt_in
    open weekdays from 08:00 to 20:00
    at most 3 per calendar day

pressure
    at most 1 message per week
    keep held messages for 10 days
""",
    "case.journey": """
journey one
    enter on order
    send hello by email

journey other
    enter on order
    send offer by email

message hello
    topic news
    email "Hello"

message offer
    topic sales
    email "Ten percent"
""",
}
PEOPLE = tuple(
    Contact(f"c{n}", "UTC", None, {"email": "c@example.org", "email_opt_in": n != 5}) for n in range(6)
)
MONDAY = datetime(2026, 3, 2)
TICKS = tuple(MONDAY + timedelta(hours=hours) for hours in (9, 21, 33, 40, 57))
ORDERS = tuple(
    Event("order", one.name, at - timedelta(minutes=5), None, f"{one.name} {at}", {})
    for one, at in zip(PEOPLE, (TICKS[1], TICKS[1], TICKS[3], TICKS[3], TICKS[3], TICKS[3]), strict=True)
)


def _broken() -> tuple[list[str], int]:
    """What is broken in a small project whose rules all have something to hold back, and how many messages there were."""
    script = Script("guarantee", "UTC", TEXTS, PEOPLE, ORDERS, TICKS)
    judgement = judged(script.texts, script.zone, LONE)
    project = judgement.project
    assert project is not None, judgement.errors
    with running(script, project, LONE) as run:
        for at in script.ticks:
            run.executor.tick(at)
        sent = [Sent(*row) for row in run.rows(OUTBOX)]
    return broken_by(script, project, sent), len(sent)


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
    sent = [Sent(*row) for row in run(OUTBOX)]
    columns = "email, phone, push_token, email_opt_in, sms_opt_in, push_opt_in, country"
    people = {
        contact: Person(zone or project.time_zone, dict(zip(columns.split(", "), values, strict=True)))
        for contact, zone, *values in run(f"SELECT _contact, _zone, {columns} FROM contact")
    }
    closing = [Suppressing(*row) for row in run("SELECT _contact, _visible_at, channel FROM event_opt_out")]
    reasons = {reason for (reason,) in run("SELECT DISTINCT reason FROM state.not_sent")}
    found = broken(project.policy, project.time_zone, sent, people, closing, changing(project))
    loaded.connection and loaded.connection.close()
    return found, sent, reasons


# ---- it finds what is wrong


def _no_end_to_a_channel(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(capacity, "limited", lambda policy: [])
    patch.setattr(Arbitration, "with_rooms", False)


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (FAULTS["consent_is_not_looked_at"], "there is no consent"),
        (FAULTS["this_tick_is_forgotten"], "where at most 1 message"),
        (FAULTS["always_open"], "it was not open"),
        (_no_end_to_a_channel, "where at most 3 per calendar day"),
    ],
)
def test_a_planted_fault_is_found(
    plant: Callable[[pytest.MonkeyPatch], None], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    found, _ = _broken()
    assert any(said in one for one in found), found


def test_without_a_fault_nothing_is_found_and_messages_went_out() -> None:
    assert _broken() == ([], 5)
