"""A report as people see it."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from parcours.simulator.report import (
    Goal,
    JourneyReport,
    MessageReport,
    MessagesOfDay,
    Note,
    Report,
    Span,
    Standing,
    Stopped,
    Unknown,
)
from parcours.simulator.text import as_text


@pytest.fixture
def report() -> Report:
    cart = JourneyReport(
        name="cart",
        entries=12345,
        refused=(("same_tick", 1000),),
        standing=(
            Standing("1 wait", "wait 4 hours", "wait", 40),
            Standing("reminder", "send reminder", "send", 2),
            Standing("reminder #2", "send reminder", "send", 3),
        ),
        exits=(("recovered", 10000), ("reminded", 2300)),
        goals=(Goal("recovered", 10000, 10000 / 12345),),
        sent=2000,
        not_sent=7,
        held_now=5,
    )
    return Report(
        project="shop",
        span=Span(
            datetime(2025, 12, 31, 23),
            datetime(2026, 1, 2, 23),
            datetime(2026, 1, 1),
            datetime(2026, 1, 3),
            "Europe/Paris",
            "1 hour",
            49,
        ),
        sample=None,
        contacts=20000,
        journeys=(cart,),
        channels=("email", "sms"),
        by_day=(
            MessagesOfDay(date(2026, 1, 1), "email", 1999),
            MessagesOfDay(date(2026, 1, 2), "email", 1),
        ),
        messages=(MessageReport("cart", "reminder", "email", 2000),),
        not_sent=(Stopped("no_consent", "consent of email", "policy.journey:5:13", 7),),
        held=(),
        notes=(Note("contacts with an invalid time zone, taken as Europe/Paris", 3),),
        unknown=(
            Unknown(("score.churn", "zone.churn"), ("cart", "the policy"), "cart.journey:3:9", None),
            Unknown(("typology",), ("cart",), "cart.journey:3:9", datetime(2026, 1, 1, 23)),
        ),
    )


def section(text: str, title: str) -> list[str]:
    """The lines under a title, words only."""
    block = next(block for block in text.split("\n\n") if block.startswith(title))
    return [" ".join(line.split()) for line in block.splitlines()[1:]]


def test_the_head_says_what_was_simulated(report: Report) -> None:
    assert as_text(report).splitlines()[:3] == [
        "shop: 2026-01-01 to 2026-01-02",
        "49 ticks, one every hour (Europe/Paris) · 20,000 contacts",
        "12,345 entries · 2,000 messages sent · 7 not sent",
    ]


def test_a_sample_is_told_in_the_head(report: Report) -> None:
    text = as_text(replace(report, sample=Decimal("10.0"), contacts=1))
    assert "1 contact, a sample of 10%: all counts are of the sample" in text


def test_each_topic_has_a_table(report: Report) -> None:
    text = as_text(report)
    assert section(text, "Journeys")[1] == "cart 12,345 45 12,300 2,000 5 7 recovered 81.0%"
    assert section(text, "Where they went")[1:] == [
        "cart recovered 10,000 81.0%",
        "reminded 2,300 18.6%",
    ]
    assert section(text, "Where they are at the end")[1:] == [
        "cart wait 4 hours 1 wait 40",
        "send reminder (held) 2",
        "send reminder (held) reminder #2 3",
    ]
    assert section(text, "Triggers that started nobody")[1:] == ["cart same tick 1,000"]
    assert section(text, "Messages\n")[1:] == ["cart reminder 2,000 2,000"]
    assert section(text, "Not sent")[1:] == ["no consent consent of email policy.journey:5:13 7"]
    assert section(text, "Unknown, because nothing was learned")[1:] == [
        "score.churn, zone.churn cart, the policy cart.journey:3:9 all the time",
        "typology cart cart.journey:3:9 until 2026-01-02 00:00",
    ]
    assert section(text, "About the data")[1:] == [
        "contacts with an invalid time zone, taken as Europe/Paris 3"
    ]


def test_a_topic_without_rows_is_left_out(report: Report) -> None:
    assert "Held" not in as_text(report)
    nothing = replace(report, by_day=(), messages=(), not_sent=(), notes=(), unknown=())
    assert not re.search("Messages|Not sent|Unknown|About the data", as_text(nothing))


def test_days_have_bars_and_the_smallest_is_still_seen(report: Report) -> None:
    assert section(as_text(report), "Messages by channel and day")[1:] == [
        f"2026-01-01 Thu 1,999 1,999 {'█' * 20}",
        "2026-01-02 Fri 1 1 ▏",
    ]


def test_a_longer_span_is_told_by_week(report: Report) -> None:
    longer = replace(report, span=replace(report.span, last_local=datetime(2026, 4, 1)))
    found = section(as_text(longer), "Messages by channel and week")
    assert found[1].startswith("2026-01-01 2,000 2,000")
    assert found[2] == "2026-01-05 0 0"


def test_a_pipe_gets_plain_lines_of_at_most_100_columns(report: Report) -> None:
    long = Stopped("cap", "at most 3 messages per 7 days for " + "x" * 150, "a/b/" + "c" * 60, 1)
    text = as_text(replace(report, not_sent=(*report.not_sent, long)))
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100
    assert all(line == line.rstrip() for line in text.splitlines())
    # nothing is cut off
    assert text.count("x") - as_text(report).count("x") == 150


def test_a_terminal_gets_bold_titles(report: Report) -> None:
    assert "\x1b[1mJourneys\x1b[0m" in as_text(report, colour=True)


def test_what_a_user_wrote_is_never_taken_for_markup(report: Report) -> None:
    odd = Stopped("cap", "[red]most[/red] :smile:", "", 1)
    assert "[red]most[/red] :smile:" in as_text(replace(report, not_sent=(odd,)))
