"""What the policy promises is kept, whatever happens: recomputed from the outbox alone, over the example shop. Over generated
projects the differential tests recompute it of each case.

PARCOURS_GUARANTEE says how many days of the shop are gone through; two years are 730."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from differential.checking import judged
from differential.executed import running
from differential.faults import FAULTS
from differential.mart import LONE
from differential.packs import alone, pack
from differential.shop import LANES
from differential.trials import uncollected
from guarantee import Person, Sent, Suppressing, broken
from recomputed import OUTBOX, broken_by, changing
from small_shop import make_shop

from parcours.clock.span import Span
from parcours.compiler import capacity
from parcours.simulator.options import Options, first_instant
from parcours.simulator.run import simulate
from parcours.workspace.load import load

DAYS = int(os.environ.get("PARCOURS_GUARANTEE", "14"))


def _in_a_case(number: int) -> list[str]:
    """What is broken in a generated case that stands alone."""
    made = pack(number // LANES)
    script = alone(made, next(case for case in made.cases if case.number == number))
    project = judged(script.texts, script.zone, LONE).project
    assert project is not None
    with uncollected(), running(script, project, LONE) as run:
        for at in script.ticks:
            run.executor.tick(at)
        return broken_by(script, project, [Sent(*row) for row in run.rows(OUTBOX)])


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


@pytest.mark.parametrize(
    ("plant", "number", "said"),
    [
        (FAULTS["consent_is_not_looked_at"], 6, "there is no consent"),
        (FAULTS["this_tick_is_forgotten"], 4, "where at most"),
        (FAULTS["always_open"], 9, "it was not open"),
        (_no_end_to_a_channel, 11, "where at most"),
    ],
)
def test_a_planted_fault_is_found(
    plant: Callable[[pytest.MonkeyPatch], None], number: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _in_a_case(number) == []
    plant(monkeypatch)
    assert any(said in one for one in _in_a_case(number))
