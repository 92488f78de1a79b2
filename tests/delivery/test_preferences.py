"""The form of the preferences page as events."""

from datetime import datetime

import pytest
from receiving_world import NOW, SETTINGS

from parcours.delivery.door import Door, Refused
from parcours.delivery.links import Link
from parcours.delivery.preferences import Choices, PreferencesForm
from parcours.language.settings import read_settings

CHOICES = Choices(("news", "sales"), ("winter",))
ANN = Link("1", "welcome:hello")


def form(
    fields: str = "frequency: text, until: date, topic: text, wanted: yes_no, season: text",
) -> PreferencesForm:
    lines = SETTINGS.splitlines(keepends=True)
    text = "".join(
        f"    preference_changed: {{received: {{{fields}}}}}\n" if "preference_changed" in line else line
        for line in lines
    )
    read = read_settings(text, "p")[0]
    assert read is not None
    return PreferencesForm(Door(read.datamart.received), CHOICES)


def said(posted: dict[str, str], now: datetime = NOW) -> list[dict[str, str]]:
    events = form().events(ANN, posted, now)
    assert {(event.event, event.contact, event.send) for event in events} <= {
        ("preference_changed", "1", "welcome:hello")
    }
    return [dict(event.fields) for event in events]


def test_only_what_was_changed_is_said() -> None:
    assert said({}) == []
    assert said({"frequency": "monthly", "season": "", "topic:news": ""}) == [{"frequency": "monthly"}]
    assert said({"topic:news": "yes", "topic:sales": "no"}) == [
        {"topic": "news", "wanted": "true"},
        {"topic": "sales", "wanted": "false"},
    ]


def test_a_wish_can_be_taken_back() -> None:
    assert said({"frequency": "any", "season": "any", "break": "none"}) == [
        {"frequency": "any", "season": "any", "until": "2026-02-28"}
    ]


@pytest.mark.parametrize(
    ("posted", "now", "until"),
    [
        ({"break": "month"}, datetime(2026, 1, 31, 10), "2026-02-28"),
        ({"break": "quarter"}, NOW, "2026-06-02"),
        ({"until": "2026-03-03"}, NOW, "2026-03-03"),
        ({"until": "2026-03-03", "break": "month"}, NOW, "2026-03-03"),
    ],
)
def test_a_break_ends_on_a_day(posted: dict[str, str], now: datetime, until: str) -> None:
    assert said(posted, now) == [{"until": until}]


@pytest.mark.parametrize(
    "posted",
    [{"break": "week"}, {"until": "2026-03-02"}, {"until": "soon"}, {"topic:": "no"}, {"season": "dry"}],
)
def test_what_is_not_offered_is_refused(posted: dict[str, str]) -> None:
    with pytest.raises(Refused):
        said(posted)


def test_the_form_has_what_the_event_has() -> None:
    assert form().values() == {
        "frequencies": ["daily", "weekly", "monthly"],
        "topics": ["news", "sales"],
        "seasons": ["winter"],
        "break": True,
    }
    few = form("topic: text, until: date")
    assert few.is_there
    assert few.values() == {"frequencies": [], "topics": [], "seasons": [], "break": True}
    with pytest.raises(Refused):
        few.events(ANN, {"frequency": "daily"}, NOW)
    assert not PreferencesForm(Door([]), CHOICES).is_there
