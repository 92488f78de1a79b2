"""The numbers of a report, against counts made in another way."""

import json
from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from small_projects import Simulate, loaded, make_kiosk

from parcours.clock.span import Span
from parcours.clock.zones import to_local
from parcours.simulator.options import Options, first_instant, last_instant
from parcours.simulator.report import Report, report
from parcours.simulator.report_json import as_json
from parcours.simulator.run import Simulation, simulate

HOUR = Span(1, "hour")

EAGER = """\
journey eager
    enter on order
        again
    send thanks by email
"""


@pytest.fixture(scope="module")
def kiosk_report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    project = loaded(make_kiosk(tmp_path_factory.mktemp("project") / "kiosk"))
    first, last = first_instant("2026-03-02", "Europe/Paris"), last_instant("2026-03-05", "Europe/Paris")
    simulation = simulate(project, Options(first, last, HOUR))
    made = report(simulation)
    simulation.engine.close()
    return made


def rows(simulation: Simulation, table: str) -> list[dict[str, Any]]:
    """The rows of a table of the state, by column."""
    names = [
        n
        for (n,) in simulation.engine.run_text(
            "SELECT column_name FROM duckdb_columns() WHERE database_name = 'state' AND table_name = ? "
            "ORDER BY column_index",
            [table],
        )
    ]
    return [
        dict(zip(names, row, strict=True))
        for row in simulation.engine.run_text(f"SELECT * FROM state.{table}")
    ]


def test_four_people_and_five_orders_are_counted_as_one_would_by_hand(kiosk_report: Report) -> None:
    (journey,) = kiosk_report.journeys
    # orders a, b, c and d are worth more than 10; contact 1 comes back with a visit within two days, 2 too
    assert (journey.name, journey.entries) == ("after_order", 4)
    assert journey.exits == (("back", 2),)
    assert [(g.name, g.reached, g.rate) for g in journey.goals] == [("back", 2, 0.5)]
    # 3 has no address and 4 has not agreed: both wait on, unwritten to
    assert [(s.step, s.title, s.kind, s.contacts) for s in journey.standing] == [
        ("3 wait", "wait 3 days", "wait", 2)
    ]
    assert (journey.sent, journey.not_sent, journey.held_now, journey.running) == (2, 2, 0, 2)
    assert [(m.journey, m.message, m.channel, m.sent) for m in kiosk_report.messages] == [
        ("after_order", "thanks", "email", 2)
    ]
    assert [(r.reason, r.messages) for r in kiosk_report.not_sent] == [("no_consent", 1), ("unreachable", 1)]
    assert kiosk_report.contacts == 4


def test_a_message_that_had_to_wait_is_told_with_the_rule_and_its_place(kiosk_report: Report) -> None:
    # P7: contact 2 lives by the clock of Paris (T1): its order becomes known at 02:00, and 08:00 ends the quiet hours
    (held,) = kiosk_report.held
    assert (held.reason, held.rule, held.messages) == ("quiet_hours", "email: quiet from 22:00 to 08:00", 1)
    assert held.place.endswith("kiosk/policy.journey:4:5")
    assert [(d.day, d.channel, d.sent) for d in kiosk_report.by_day] == [
        (date(2026, 3, 2), "email", 1),
        (date(2026, 3, 3), "email", 1),
    ]


def test_the_data_are_noted_as_they_are(kiosk_report: Report) -> None:
    # T1: counted and reported
    assert [(note.text, note.rows) for note in kiosk_report.notes] == [
        ("contacts with an invalid time zone, taken as Europe/Paris", 1)
    ]


def test_what_a_view_leaves_out_is_noted(tmp_path: Path, run: Simulate) -> None:
    folder = make_kiosk(tmp_path / "kiosk")
    settings = (folder / "parcours.yaml").read_text(encoding="utf-8")
    changed = settings.replace("orders: orders.csv,", "raw: orders.csv,").replace(
        "  contacts:", "  views:\n    orders: {sql: orders.sql, dropped: dropped.sql}\n  contacts:"
    )
    (folder / "parcours.yaml").write_text(changed, encoding="utf-8")
    (folder / "orders.sql").write_text("SELECT * FROM raw WHERE amount > 5", encoding="utf-8")
    (folder / "dropped.sql").write_text(
        "SELECT 'too small' AS reason, count(*) AS rows FROM raw WHERE amount <= 5", encoding="utf-8"
    )
    found = report(run(folder, "2026-03-02", "2026-03-02", Span(1, "day"))).notes
    assert [(note.text, note.rows) for note in found[1:]] == [("left out of `orders`: too small", 1)]


def test_a_span_is_told_in_local_days(kiosk_report: Report) -> None:
    span = kiosk_report.span
    assert (span.first_day, span.last_day) == (date(2026, 3, 2), date(2026, 3, 5))
    assert (span.first, span.last) == (datetime(2026, 3, 1, 23), datetime(2026, 3, 5, 23))
    assert (span.first_local, span.last_local) == (datetime(2026, 3, 2), datetime(2026, 3, 6))
    assert (span.every, span.ticks) == ("1 hour", 97)


def test_the_midnight_that_ends_a_span_belongs_to_its_last_day(tmp_path: Path, run: Simulate) -> None:
    folder = make_kiosk(tmp_path / "kiosk", EAGER)
    policy = (folder / "policy.journey").read_text(encoding="utf-8")
    awake = policy.replace("    quiet from 22:00 to 08:00\n", "")
    (folder / "policy.journey").write_text(awake, encoding="utf-8")
    found = report(run(folder, "2026-03-02", "2026-03-02", Span(1, "day")))
    assert [(d.day, d.sent) for d in found.by_day] == [(date(2026, 3, 2), 1)]


def test_a_journey_without_entries_has_a_goal_without_a_rate(kiosk: Path, run: Simulate) -> None:
    found = report(run(kiosk, "2026-05-01", "2026-05-02", Span(1, "day")))
    (journey,) = found.journeys
    assert [(g.reached, g.rate) for g in journey.goals] == [(0, None)]
    assert (journey.entries, journey.refused, journey.standing, journey.exits) == (0, (), (), ())
    assert (found.by_day, found.messages, found.not_sent, found.held, found.sent) == ((), (), (), (), 0)


def test_every_number_of_the_shop_agrees_with_the_rows_of_the_state(shop: Path, run: Simulate) -> None:
    simulation = run(shop, "2026-01-05 02:00", "2026-01-10 02:00", Span(8, "hour"))
    found = report(simulation)
    journey_of = {row["version"]: row["journey"] for row in rows(simulation, "version")}
    ticks, outbox, not_sent = (rows(simulation, t) for t in ("tick", "outbox", "not_sent"))
    refused, ended, standing = (rows(simulation, t) for t in ("refused", "ended", "instance"))
    for journey in found.journeys:
        running = [row for row in standing if journey_of[row["version"]] == journey.name]
        left = [row for row in ended if row["journey"] == journey.name]
        assert (
            journey.entries == len(running) + len(left) == journey.running + sum(dict(journey.exits).values())
        )
        why = Counter(row["reason"] for row in refused if journey_of[row["version"]] == journey.name)
        assert dict(journey.refused) == why
        assert list(journey.refused) == sorted(journey.refused, key=lambda pair: (-pair[1], pair[0]))
        assert journey.sent == sum(row["journey"] == journey.name for row in outbox)
        assert all(goal.reached == dict(journey.exits).get(goal.name, 0) for goal in journey.goals)
    assert sum(journey.entries for journey in found.journeys) == sum(row["entered"] for row in ticks)
    days = Counter((to_local("Europe/Paris", row["sent_at"]).date(), row["channel"]) for row in outbox)
    assert {(day.day, day.channel): day.sent for day in found.by_day} == days
    by_message = Counter((row["journey"], row["message"], row["channel"]) for row in outbox)
    assert {(m.journey, m.message, m.channel): m.sent for m in found.messages} == by_message
    given_up = Counter(
        (row["reason"], row["rule"], row["place"]) for row in not_sent if row["decision"] == "not_sent"
    )
    assert {(s.reason, s.rule, s.place): s.messages for s in found.not_sent} == given_up
    held = {
        (row["version"], row["contact"], row["key"], row["entry_at"], row["node"], row["reason"], row["rule"])
        for row in not_sent
        if row["decision"] == "held"
    }
    assert sum(stopped.messages for stopped in found.held) == len(held) > 0
    assert found.sent == len(outbox) > 0
    assert sum(given_up.values()) == sum(row["not_sent"] for row in ticks) > 0


def test_a_sample_says_so(kiosk: Path, run: Simulate) -> None:
    found = report(run(kiosk, "2026-03-02", "2026-03-05", HOUR, sample=Decimal("50")))
    assert found.sample == Decimal("50")
    assert found.contacts < 4
    assert json.loads(as_json(found))["sample"] == 50.0


def test_json_gives_every_field_of_a_report(kiosk_report: Report) -> None:
    given = json.loads(as_json(kiosk_report))
    assert list(given) == [field.name for field in fields(Report)]
    assert given["span"]["first"] == "2026-03-01T23:00:00Z"
    assert given["span"]["first_local"] == "2026-03-02T00:00:00"
    (journey,) = given["journeys"]
    assert journey["exits"] == {"back": 2}
    assert journey["goals"] == [{"name": "back", "reached": 2, "rate": 0.5}]
    assert given["by_day"][0] == {"day": "2026-03-02", "channel": "email", "sent": 1}
    _same_fields(kiosk_report, given)


def _same_fields(value: object, given: Any) -> None:
    """Nothing of a dataclass is left out, at any depth."""
    if is_dataclass(value):
        assert list(given) == [field.name for field in fields(value)]
        for field in fields(value):
            _same_fields(getattr(value, field.name), given[field.name])
    elif isinstance(value, tuple):
        assert len(value) == len(given)
        if isinstance(given, list):
            for item, other in zip(value, given, strict=True):
                _same_fields(item, other)


def test_the_same_simulation_gives_the_same_json(kiosk: Path, run: Simulate) -> None:
    span = "2026-03-02", "2026-03-03", Span(8, "hour")
    assert as_json(report(run(kiosk, *span))) == as_json(report(run(kiosk, *span)))
