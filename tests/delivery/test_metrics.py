"""Metrics: what another reader of the format makes of them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from running_notes import MINUTE, NINE, STATUS, failure, notes

from parcours.delivery.metrics import exposition, need_metrics
from parcours.diagnostics import Problem

Samples = dict[tuple[str, tuple[str, ...]], float]


def samples(text: bytes) -> Samples:
    """Values by name and the values of the labels."""
    return {
        (one.name, tuple(one.labels.values())): one.value
        for family in text_string_to_metric_families(text.decode())
        for one in family.samples
    }


def test_a_state_is_told_in_numbers() -> None:
    found = samples(exposition(STATUS, NINE))
    assert found["parcours_ticks_total", ()] == 12
    assert found["parcours_last_tick_timestamp_seconds", ()] == 1_772_442_000
    assert found["parcours_last_tick_stage_seconds", ("write",)] == 0.5
    assert found["parcours_stage_seconds_total", ("move",)] == 2.5
    assert found["parcours_tick_rows_total", ("granted",)] == 40
    assert found["parcours_standing_runs", ("welcome",)] == 7
    assert found["parcours_held_runs", ("welcome", "cap")] == 2
    assert found["parcours_journey_paused", ('odd "name"',)] == 1
    assert found["parcours_outbox_depth", ("email",)] == 9
    assert found["parcours_outbox_retrying", ("email",)] == 4
    assert found["parcours_sends_total", ("email", "failed")] == 2
    assert found["parcours_send_retries_total", ()] == 6
    assert not any(name.startswith("parcours_interval") for name, _ in found)


def test_who_is_due_and_late_is_as_of_the_moment_of_the_question() -> None:
    def due(minutes: int) -> tuple[float, float]:
        found = samples(exposition(STATUS, NINE + minutes * MINUTE, notes()))
        return found["parcours_due_runs", ()], found["parcours_late_runs", ()]

    assert [due(minutes) for minutes in (0, 1, 5, 6, 30, 35)] == [
        *((0, 0), (2, 0), (2, 0), (2, 2), (7, 2), (7, 7)),
    ]


def test_a_run_tells_of_itself() -> None:
    said = notes(failure=failure(2), failures=4, doing="relaying", left_alone=("sms",))
    found = samples(exposition(None, NINE + 2 * MINUTE, said))
    assert found["parcours_interval_seconds", ()] == 300
    assert found["parcours_tick_failures_total", ()] == 4
    assert found["parcours_tick_failures_in_a_row", ()] == 2
    assert found["parcours_doing_seconds", ("relaying",)] == 120
    assert found["parcours_channel_left_alone", ("sms",)] == 1
    assert not any(name.startswith("parcours_ticks") for name, _ in found)


def test_no_metric_names_a_contact() -> None:
    assert b"@" not in exposition(STATUS, NINE, notes(failure=failure(3)))


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parcours.delivery.extras.find_spec", lambda name: None)
    with pytest.raises(Problem, match="--metrics needs `prometheus_client`"):
        need_metrics("--metrics")
