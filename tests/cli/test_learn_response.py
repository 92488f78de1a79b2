"""`parcours learn` learns how messages are answered wherever the mapping says what answers them."""

import json
from pathlib import Path

import duckdb
import pytest
from corner_project import Parcours

SETTINGS = """\
name: answers
time_zone: UTC
datamart:
  database: answers.duckdb
  contacts: {table: customers, key: customer_id}
  events:
    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}
    click: {table: clicks, contact: customer_id, at: clicked_at, send: message}
"""
JOURNEYS = """\
channel email
    address email
    consent agreed

message thanks
    subject "Thank you"
    email "See you soon"

segment young
    age < 30

journey thank
    enter on order
    send thanks by email
"""
TABLES = """
CREATE TABLE customers AS
    SELECT n AS customer_id, 'c' || n || '@example.com' AS email, true AS agreed, n AS age FROM range(60) AS r(n);
CREATE TABLE orders AS
    SELECT n AS customer_id, 'o' || n AS order_id, TIMESTAMP '2026-03-02 09:30' AS ordered_at FROM range(60) AS r(n);
CREATE TABLE clicks AS
    SELECT n AS customer_id, TIMESTAMP '2026-03-02 20:00' AS clicked_at, 'thanks' AS message FROM range(0, 60, 4) AS r(n);
"""


@pytest.fixture
def answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parcours: Parcours) -> Path:
    """A project that has sent 60 messages, of which 15 were answered."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "parcours.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "all.journey").write_text(JOURNEYS, encoding="utf-8")
    with duckdb.connect("answers.duckdb") as connection:
        connection.execute(TABLES)
    days = ("--from", "2026-03-01", "--to", "2026-03-03", "--every", "1h")
    sent = parcours("simulate", ".", *days, "--state", "state/state.duckdb")
    assert sent.code == 0, sent.err
    return tmp_path


def test_rates_and_hours_are_learned_of_what_journeys_have_sent(answers: Path, parcours: Parcours) -> None:
    answer = parcours("learn", ".", "--as-of", "2026-03-08", "--format", "json")
    assert answer.code == 0, answer.err
    found = {one["name"]: one for one in json.loads(answer.out)}
    assert {name: one["became"] for name, one in found.items()} == {
        "best_hour": "learned",
        "response": "learned",
    }
    assert found["response"]["run"]["report"]["summary"] == "answered: email 25.0% of 60"
    with duckdb.connect("state/analytics.duckdb", read_only=True) as store:
        rows = store.execute(
            "SELECT segment, channel, sends, responses FROM response_response ORDER BY segment"
        ).fetchall()
        hours = store.execute(
            "SELECT contact, hour FROM response_best_hour ORDER BY contact NULLS FIRST"
        ).fetchall()
    assert rows == [("", "email", 60, 15), ("young", "email", 30, 8)]
    assert hours == [(None, 10), *((n, 10) for n in range(0, 60, 4))]


def test_it_is_learned_once_a_week(answers: Path, parcours: Parcours) -> None:
    assert parcours("learn", ".", "--as-of", "2026-03-04").code == 0
    assert "still fresh" in parcours("learn", ".", "--as-of", "2026-03-05").out
    assert "still fresh" not in parcours("learn", ".", "--as-of", "2026-03-12").out
    assert "response" in parcours("models", ".").out


def test_before_anything_was_sent_there_is_nothing_to_say(answers: Path, parcours: Parcours) -> None:
    answer = parcours("learn", ".", "--as-of", "2026-03-01")
    assert answer.code == 0, answer.err
    assert "nothing was sent that could be answered" in answer.out
