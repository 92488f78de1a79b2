"""What is known of a state and of who runs on it, in Prometheus' text format."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from parcours.delivery.extras import need
from parcours.executor.status import Status

if TYPE_CHECKING:
    from prometheus_client import Metric
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    from parcours.delivery.notes import Notes

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def need_metrics(option: str) -> None:
    """`Problem` when the library that writes the format is not installed."""
    need("prometheus_client", option, option)


def exposition(status: Status | None, at: datetime, notes: "Notes | None" = None) -> bytes:
    """All metrics as of `at`: of the state, where its status is known; and of a `run`, where one is going on."""
    from prometheus_client import CollectorRegistry, generate_latest

    class Collector:
        def collect(self) -> Iterator["Metric"]:
            if status is not None:
                yield from _of_state(status, at, notes)
            if notes is not None:
                yield from _of_run(notes, at)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector())
    return generate_latest(registry)


def _of_state(status: Status, at: datetime, notes: "Notes | None") -> Iterator["Metric"]:
    yield from _of_ticks(status)
    yield _gauge(
        "parcours_due_runs", "Runs whose time has come and that no tick has moved", status.due_by(at)
    )
    if notes is not None:
        late = status.due_by(at - notes.every)
        yield _gauge("parcours_late_runs", "Those of them that have waited longer than an interval", late)
    yield from _of_journeys(status)
    yield from _of_channels(status)


def _of_ticks(status: Status) -> Iterator["Metric"]:
    yield _counter("parcours_ticks", "Ticks made on this state", status.ticks)
    did = _counters("parcours_tick_rows", "What ticks did, in runs, triggers and messages", ["did"])
    for name, total in status.totals.items():
        did.add_metric([name], total)
    yield did
    spent = _counters("parcours_stage_seconds", "What the stages of all ticks took", ["stage"])
    for stage, seconds in status.stage_seconds.items():
        spent.add_metric([stage], seconds)
    yield spent
    if status.last is None:
        return
    yield _gauge(
        "parcours_last_tick_timestamp_seconds",
        "When the last tick was",
        status.last.at.replace(tzinfo=UTC).timestamp(),
    )
    last = _gauges("parcours_last_tick_stage_seconds", "What the stages of the last tick took", ["stage"])
    for stage, seconds in status.last.seconds.items():
        last.add_metric([stage], seconds)
    yield last


def _of_journeys(status: Status) -> Iterator["Metric"]:
    standing = _gauges("parcours_standing_runs", "Runs that are going on", ["journey"])
    entered = _counters("parcours_entered_runs", "Runs that have begun", ["journey"])
    ended = _counters("parcours_ended_runs", "Runs that are over", ["journey"])
    held = _gauges(
        "parcours_held_runs", "Runs whose message is held, by the last reason", ["journey", "reason"]
    )
    paused = _gauges("parcours_journey_paused", "Whether a journey is paused", ["journey"])
    for one in status.journeys:
        standing.add_metric([one.journey], one.standing)
        entered.add_metric([one.journey], one.entered)
        ended.add_metric([one.journey], one.ended)
        paused.add_metric([one.journey], one.paused_since is not None)
        for reason, runs in one.held.items():
            held.add_metric([one.journey, reason], runs)
    yield from (standing, entered, ended, held, paused)


def _of_channels(status: Status) -> Iterator["Metric"]:
    depth = _gauges("parcours_outbox_depth", "Messages that are still to be handed over", ["channel"])
    retrying = _gauges("parcours_outbox_retrying", "Those of them that have failed so far", ["channel"])
    oldest = _gauges(
        "parcours_outbox_oldest_timestamp_seconds", "When the oldest of them was granted", ["channel"]
    )
    sends = _counters("parcours_sends", "What became of messages, in the end", ["channel", "outcome"])
    for one in status.channels:
        depth.add_metric([one.channel], one.waiting)
        retrying.add_metric([one.channel], one.retrying)
        if one.oldest is not None:
            oldest.add_metric([one.channel], one.oldest.replace(tzinfo=UTC).timestamp())
        for outcome, total in one.outcomes.items():
            sends.add_metric([one.channel, outcome], total)
    yield from (depth, retrying, oldest, sends)
    yield _counter("parcours_send_retries", "Times that handing over failed for now", status.retries)


def _of_run(notes: "Notes", at: datetime) -> Iterator["Metric"]:
    yield _gauge("parcours_interval_seconds", "From tick to tick", notes.every.total_seconds())
    yield _counter("parcours_tick_failures", "Tries without a tick, since the process began", notes.failures)
    lasting = 0 if notes.failure is None else notes.failure.times
    yield _gauge("parcours_tick_failures_in_a_row", "Those of them since the last tick", lasting)
    doing = _gauges("parcours_doing_seconds", "How long it has been doing what it does now", ["doing"])
    doing.add_metric([notes.doing], max((at - notes.since).total_seconds(), 0))
    yield doing
    left = _gauges(
        "parcours_channel_left_alone", "Channels that did not answer in the last relay", ["channel"]
    )
    for channel in notes.left_alone:
        left.add_metric([channel], 1)
    yield left


def _gauge(name: str, words: str, value: float) -> "Metric":
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(name, words, value=value)


def _counter(name: str, words: str, value: float) -> "Metric":
    from prometheus_client.core import CounterMetricFamily

    return CounterMetricFamily(name, words, value=value)


def _gauges(name: str, words: str, labels: list[str]) -> "GaugeMetricFamily":
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(name, words, labels=labels)


def _counters(name: str, words: str, labels: list[str]) -> "CounterMetricFamily":
    from prometheus_client.core import CounterMetricFamily

    return CounterMetricFamily(name, words, labels=labels)
