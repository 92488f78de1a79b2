"""A report as JSON: all of it, with what is not known as null."""

import json
from dataclasses import fields

from post_office import PostOffice, all_of

from parcours.reporting.as_json import as_json
from parcours.reporting.rates import RATES, Figures
from parcours.reporting.span import Span


def test_every_figure_and_every_rate_is_there(greeted: PostOffice) -> None:
    greeted.event("opens", 1, "2026-03-02 11:00", "hello")
    made = greeted.report()
    given = json.loads(as_json(made))
    found = all_of(made)
    everything = given["messages"][0]
    assert (everything["by"], everything["journey"], everything["name"]) == ("all", None, None)
    counts = {field.name for field in fields(Figures)} - {"cost"}
    assert {name: everything[name] for name in counts} == {name: getattr(found, name) for name in counts}
    assert everything["stopped"] == 0 and everything["cost"] == "0.04" and given["currency"] == "CHF"
    assert set(RATES) < everything.keys()
    assert everything["open_rate"]["value"] == 0.25
    assert everything["open_rate"]["low"] < 0.25 < everything["open_rate"]["high"]
    assert everything["reactivity"] == {"value": 0.0, "low": None, "high": None}
    assert len(given["messages"]) == len(made.parts)


def test_instants_are_those_of_the_span_in_utc(greeted: PostOffice) -> None:
    given = json.loads(as_json(greeted.report("2026-03-02 00:00", "2026-03-02 23:00", "2026-03-03 12:00")))
    assert (given["from"], given["to"], given["as_of"]) == (
        "2026-03-02T00:00:00Z",
        "2026-03-02T23:00:00Z",
        "2026-03-03T12:00:00Z",
    )
    assert (given["sent_by"], given["time_zone"]) == ("grants", "Europe/Paris")
    assert [one["begins"] for one in given["over_time"]["stretches"]] == ["2026-03-02"]


def test_what_has_no_whole_is_null(greeted: PostOffice) -> None:
    given = json.loads(as_json(greeted.report("2026-03-02 12:00", "2026-03-02 13:00")))
    (everything,) = (one for one in given["messages"] if one["by"] == "all")
    assert {everything[name] for name in RATES} == {None}
    assert (everything["granted"], everything["cost"]) == (0, None)


def test_ways_are_told_by_step_and_label(greeted: PostOffice) -> None:
    (version,) = json.loads(as_json(greeted.report()))["versions"]
    assert version["journey"] == "greet" and version["entered"] == 4
    assert {"source": "hello", "label": "sent", "runs": 4} in version["passages"]
    assert version["arrived"] == {"enter": 4, "end": 4}


def test_a_span_of_one_instant_of_the_last_tick_is_told_by_default(greeted: PostOffice) -> None:
    span = greeted.report().span
    assert isinstance(span, Span)
    assert (f"{span.first}", f"{span.at}") == ("2026-03-02 00:00:00", "2026-03-03 00:00:00")
