"""Channels and pressure rules as models (LANGUAGE.md section 6)."""

from decimal import Decimal

import pytest
from journey_text import declaration, findings, rule, words


def test_a_channel_says_how_it_is_used() -> None:
    channel = declaration(
        'channel phone\n    "Calls"\n    address phone\n    consent not a\n    cost 0.06 EUR\n'
        "    quiet from 21:00 to 08:00\n    quiet on sunday\n"
        "    quiet on holidays\n    open weekdays from 09:00 to 18:00\n    at most 40 per day\n"
        "    at most 9 per hour, doubling every 3 days up to 500\n"
    )
    assert (channel.doc, str(channel.address), channel.consent.kind, channel.cost.amount) == (
        "Calls",
        "phone",
        "not",
        Decimal("0.06"),
    )
    assert [quiet.kind for quiet in channel.quiet] == ["quiet_hours", "quiet_days", "quiet_holidays"]
    assert str(channel.quiet[0].end) == "08:00"
    assert (channel.opening[0].days.numbers, str(channel.opening[0].start)) == ((1, 2, 3, 4, 5), "09:00")
    plain, doubling = channel.capacity
    assert (plain.count, plain.doubling) == (40, None)
    assert (str(doubling.doubling.every), doubling.doubling.up_to) == ("3 days", 500)


def test_a_clause_of_a_channel_is_said_once() -> None:
    (finding,) = findings("channel c\n    cost 1 EUR\n    cost 2 EUR\n")
    assert (finding.code, finding.place.line) == ("repeated-clause", 3)


@pytest.mark.parametrize(
    ("written", "kind", "name"),
    [
        ("messages", "name", "messages"),
        ("message", "name", "message"),
        ("letters", "name", "letters"),
        ("purpose survey", "purpose", "survey"),
        ("topic news", "topic", "news"),
        ("journey welcome", "journey", "welcome"),
        ("message welcome", "message", "welcome"),
    ],
)
@pytest.mark.parametrize(
    "rule_text",
    [
        "exempt {}",
        "never {} for a",
        "at most 1 {} per day",
        "no {} within 1 day after x",
        "at least 1 day between {} and x",
    ],
)
def test_a_rule_speaks_of_messages_channels_purposes_topics_journeys_or_a_message(
    rule_text: str, written: str, kind: str, name: str
) -> None:
    read = rule(rule_text.format(written))
    selector = read.first if read.kind == "spacing" else read.selector
    assert (selector.kind, str(selector.name)) == (kind, name)


def test_a_cap_has_all_its_clauses() -> None:
    """P4, P5, P6"""
    cap = rule(
        "at most 2 letters per 30 days for a > 3 per household, keep 1 for priority from 70 counting exempt"
    )
    assert (cap.count, str(cap.period.duration), cap.condition.kind, str(cap.per)) == (
        2,
        "30 days",
        "compare",
        "household",
    )
    assert (cap.keep.count, cap.keep.priority, cap.counting_exempt) == (1, 70, True)


def test_the_clauses_of_a_cap_may_stand_in_another_order() -> None:
    one = rule(
        "at most 2 letters per 30 days per household for a, keep 1 for priority from 70, counting exempt"
    )
    other = rule(
        "at most 2 letters counting exempt, keep 1 for priority from 70 for a per household per 30 days"
    )
    assert one == other


def test_a_cap_may_say_little() -> None:
    cap = rule("at most 0 messages per calendar week")
    assert (cap.count, cap.condition, cap.per, cap.keep, cap.counting_exempt) == (0, None, None, None, False)


def test_a_cap_without_a_time_is_told() -> None:
    (finding,) = findings("pressure\n    at most 2 letters per household\n")
    assert (finding.code, finding.place.line, finding.place.column) == ("syntax", 2, 5)


def test_a_cap_that_says_a_thing_twice_is_told() -> None:
    source = "pressure\n    at most 2 letters per day per 3 days\n"
    (finding,) = findings(source)
    assert (finding.code, words(finding.place, source)) == ("repeated-clause", "per 3 days")


def test_spacing_is_both_ways_or_one_way() -> None:
    both, one = rule("at least 3 days between phone and messages"), rule("no sms within 2 hours after phone")
    assert (both.kind, str(both.duration), str(both.second)) == ("spacing", "3 days", "messages")
    assert (one.kind, str(one.selector), str(one.duration), str(one.after)) == (
        "not_after",
        "sms",
        "2 hours",
        "phone",
    )


def test_the_other_rules() -> None:
    assert rule("never messages for zone.appetency is low").condition.kind == "is_name"
    assert rule("honour preferences").kind == "honour_preferences"
    assert rule("a lost contact costs 40 EUR").cost.currency == "EUR"
    assert [str(name) for name in rule("arbitrate by priority, then value").by] == ["priority", "value"]
    assert str(rule("keep held messages for 2 days").duration) == "2 days"
