"""Metrics and health over HTTP."""

import json
import socket
from collections.abc import Iterator
from datetime import datetime
from http.client import HTTPConnection, HTTPResponse

import pytest
from running_notes import MINUTE, NINE, failure, notes

from parcours.delivery.monitor import monitored
from parcours.delivery.notes import Notes
from parcours.diagnostics import Problem


class Served:
    """A monitor; `notes` are what it is told, `at` is what time it is."""

    def __init__(self) -> None:
        self.notes: Notes = notes()
        self.at: datetime = NINE
        self.port = 0

    def ask(self, path: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()


@pytest.fixture
def served() -> Iterator[Served]:
    one = Served()
    with monitored("127.0.0.1", 0, lambda: one.notes, lambda: one.at) as (_, one.port):
        yield one


def test_metrics_are_there(served: Served) -> None:
    answer, body = served.ask("/metrics")
    assert (answer.status, answer.headers["Content-Type"]) == (
        200,
        "text/plain; version=0.0.4; charset=utf-8",
    )
    assert b"\nparcours_ticks_total 12.0\n" in body
    assert b'\nparcours_outbox_depth{channel="email"} 9.0\n' in body


def test_health_is_200_while_ticks_are_made_and_503_with_the_reasons_when_not(served: Served) -> None:
    answer, body = served.ask("/healthz")
    assert answer.status == 200
    assert json.loads(body) == {
        "healthy": True,
        "reasons": [],
        "doing": "waiting",
        "last_tick_at": "2026-03-02T09:00:00Z",
        "left_alone": [],
    }
    served.notes, served.at = notes(failure=failure(4), left_alone=("sms",)), NINE + 20 * MINUTE
    answer, body = served.ask("/healthz")
    assert answer.status == 503
    said = json.loads(body)
    assert said["reasons"] == [
        "the last tick was 20 minutes ago",
        "4 tries in a row have failed: no-database",
    ]
    assert (said["healthy"], said["left_alone"]) == (False, ["sms"])
    assert b"@" not in body


def test_there_is_nothing_else(served: Served) -> None:
    assert served.ask("/")[0].status == 404
    assert served.ask("/metrics", "POST")[0].status == 501
    answer, body = served.ask("/healthz", "HEAD")
    assert (answer.status, body) == (200, b"")


def test_who_asks_slowly_keeps_nobody_waiting(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as slow:
        slow.sendall(b"GET /met")
        assert served.ask("/healthz?x=1")[0].status == 200


def test_a_port_that_is_taken_is_told(served: Served) -> None:
    with pytest.raises(Problem) as found, monitored("127.0.0.1", served.port, notes, lambda: NINE):
        pass
    (told,) = found.value.diagnostics
    assert (told.code, str(told.place)) == ("bad-option", "--metrics")
    assert told.message == f"127.0.0.1:{served.port} cannot be listened at: address already in use"
