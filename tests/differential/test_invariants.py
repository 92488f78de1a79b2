"""The invariants say so when a run breaks them: an outcome of the executor with one thing changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from differential.cases import Script
from differential.checking import judged
from differential.executed import executed
from differential.invariants import violations
from differential.mart import LONE
from differential.population import Contact, Event
from differential.rows import Outcome, Row
from parcours.checking.checked import CheckedProject

_TEXT = """
journey a
    enter on visit
    wait 1 day
    send hello by email
    wait for cart up to 1 hour
        otherwise
            send hello by email and push

message hello
    email "…"
    push "…"

channel email
    address email
    consent email_opt_in
    quiet from 00:00 to 06:00

channel push
    address push_token
    consent push_opt_in
"""


@cache
def _run() -> tuple[Script, CheckedProject, Outcome]:
    begin = datetime(2026, 3, 2)
    values = {"email": "ann@example.org", "email_opt_in": True}
    script = Script(
        "ann",
        "UTC",
        {"a.journey": _TEXT},
        (Contact("ann", "UTC", None, values),),
        (Event("visit", "ann", begin + timedelta(hours=1), None, "v1", {}),),
        tuple(begin + timedelta(hours=hours) for hours in (0, 1, 24, 25, 26, 30, 31, 32)),
    )
    project = judged(script.texts, script.zone, LONE).project
    assert project is not None
    return script, project, executed(script, project, LONE)


def _with(part: str, change: Callable[[list[Row]], Any]) -> list[str]:
    script, project, outcome = _run()
    rows = list(outcome.rows[part])
    change(rows)
    return violations(script, project, Outcome({**outcome.rows, part: tuple(rows)}))


def test_the_run_itself_keeps_them_all() -> None:
    script, project, outcome = _run()
    assert [row[6] for row in outcome.rows["sent"]] == ["hello", "hello"]
    assert outcome.rows["held"] and outcome.rows["not_sent"]
    assert violations(script, project, outcome) == []


def _earlier(rows: list[Row], label: str) -> None:
    """Whoever goes by that label goes an hour sooner."""
    for number, row in enumerate(rows):
        if any(edge[1] == label for edge in row[5]):
            rows[number] = (row[0] - timedelta(hours=1), *row[1:])


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("standing", lambda rows: rows.append(rows[0]), "stands in 2 places"),
        (
            "standing",
            lambda rows: rows.append((*rows[0][:8], rows[0][0], *rows[0][9:])),
            "still stands there",
        ),
        ("standing", lambda rows: rows.append((*rows[0][:6], "end", *rows[0][7:])), "nobody rests"),
        ("ended", lambda rows: rows.append(rows[0]), "2 runs are called"),
        ("standing", lambda rows: rows.pop(0), "standing are"),
        ("moved", lambda rows: rows.pop(0), "to which it never came"),
        ("moved", lambda rows: _earlier(rows, "otherwise"), "which ends at"),
        ("sent", lambda rows: rows.pop(0), "moved 1 more times than recorded"),
        ("sent", lambda rows: rows.append(rows[0]), "recorded 1 more times than moved"),
        ("sent", lambda rows: rows.pop(1), "is left by ['sent']"),
        ("not_sent", lambda rows: rows.pop(0), "is left by ['sent']"),
        (
            "held",
            lambda rows: rows.append((rows[0][0] + timedelta(days=1), *rows[0][1:])),
            "held, and due at None",
        ),
    ],
)
def test_what_is_changed_is_noticed(part: str, change: Callable[[list[Row]], Any], said: str) -> None:
    assert any(said in violation for violation in _with(part, change))
