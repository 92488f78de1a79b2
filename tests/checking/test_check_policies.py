"""Channels and pressure (LANGUAGE.md section 6)."""

import pytest
from journey_check import POLICY, SHOP, catalog, checked, findings, told

from parcours.checking.checked import Cap, Channel, Never, Period, Policy, Quiet, Selector
from parcours.checking.terms import Attribute, Compare, Constant, Field, Known, Not, Or
from parcours.clock.span import Span

CHANNEL = "channel letter\n    address country\n    consent email_opt_in\n"
JOURNEY = "journey welcome\n    enter on order\n    exit\n"


def policy(*rules: str) -> Policy:
    lines = "".join(f"    {rule}\n" for rule in rules)
    return checked(POLICY, JOURNEY, f"pressure\n{lines}" if rules else "").policy


def said_of_rule(*rules: str) -> list[tuple[str, str, int, int, str]]:
    lines = "".join(f"    {rule}\n" for rule in rules)
    return told(findings(f"pressure\n{lines}", POLICY, JOURNEY))


def channel(*lines: str) -> Channel:
    body = "".join(f"    {line}\n" for line in lines)
    return checked(CHANNEL + body).policy.channels[0]


def said_of_channel(*lines: str) -> list[tuple[str, str, int, int, str]]:
    return told(findings(CHANNEL + "".join(f"    {line}\n" for line in lines)))


# ---- channels


def test_a_channel_has_an_address_and_a_consent() -> None:
    made = channel("cost 0.90 EUR")
    assert (made.name, made.address, made.quiet) == ("letter", Attribute("country", "text"), ())
    assert made.consent == Attribute("email_opt_in", "yes_no")
    assert (made.address_place.line, made.consent_place.line) == (2, 3)


def test_opt_outs_that_name_a_channel_or_none_close_it() -> None:
    ((event, closes),) = channel().suppressed
    named = Field("channel", "text")
    assert event == "opt_out"
    assert isinstance(closes, Compare)
    assert closes.left.events.filter == Or(  # type: ignore[union-attr]
        (Not(Known(named)), Compare("=", named, Constant("letter", "text")))
    )


def test_complaints_and_bounces_without_a_channel_close_all() -> None:
    datamart = catalog(
        {name: column.sql_type for name, column in SHOP.contacts.columns.items()},
        {"complaint": {}, "bounce": {"channel": "BIGINT"}},
    )
    made = checked(CHANNEL, datamart=datamart).policy.channels[0]
    assert [(event, closes.left.events.filter) for event, closes in made.suppressed] == [  # type: ignore[union-attr]
        ("complaint", None),
        ("bounce", None),
    ]


def test_quiet_hours_and_days_are_kept_as_written() -> None:
    hours, days = channel("quiet from 21:00 to 08:00", "quiet on sunday, saturday").quiet
    assert hours == Quiet("quiet from 21:00 to 08:00", 1260, 480, (), hours.place)
    assert days == Quiet("quiet on sunday, saturday", 0, 0, (6, 7), days.place)


@pytest.mark.parametrize(
    "lines",
    [
        ("quiet on weekdays", "quiet on weekends"),
        ("quiet from 08:00 to 20:00", "quiet from 20:00 to 08:00"),
        ("quiet on sunday", "quiet from 00:00 to 12:30", "quiet from 12:00 to 00:00"),
    ],
)
def test_a_channel_that_is_always_quiet_is_none(lines: tuple[str, ...]) -> None:
    message = "the channel `letter` is quiet at every hour of the week: it can send nothing"
    assert said_of_channel(*lines) == [("bad-number", message, 3 + len(lines), 5, "")]


def test_a_channel_that_is_quiet_but_for_a_minute_can_send() -> None:
    assert said_of_channel("quiet from 08:00 to 20:00", "quiet from 20:01 to 08:00") == []
    assert said_of_channel("quiet on weekdays, saturday", "quiet from 20:01 to 20:00") == []


@pytest.mark.parametrize(
    ("line", "code", "message", "column"),
    [
        ("quiet from 21:00 to 21:00", "bad-number", "nothing lies between `21:00` and `21:00`", 25),
        ("quiet from 24:00 to 08:00", "impossible-time", "`24:00` is no time of day", 16),
        ("cost 1 USD", "wrong-type", "the project counts in EUR, not in `USD`", 10),
    ],
)  # fmt: skip
def test_a_line_of_a_channel_that_makes_no_sense_is_said_at_its_place(
    line: str, code: str, message: str, column: int
) -> None:
    assert said_of_channel(line) == [(code, message, 4, column, "")]


@pytest.mark.parametrize(
    ("lines", "line", "column"),
    [
        ("channel a\n    address email\n    consent email_opt_in\n    cost -0.10 EUR\n", 4, 10),
        ("pressure\n    a lost contact costs -3 EUR\n", 2, 26),
        ("journey j\n    enter by hand\n    budget -5 EUR per calendar month\n    exit\n", 3, 12),
        ("journey j\n    enter by hand\n    goal g: order worth -5 EUR\n    exit\n", 3, 25),
    ],
)
def test_an_amount_of_money_is_never_below_nothing(lines: str, line: int, column: int) -> None:
    ((code, message, *place, _),) = told(findings(lines))
    assert (code, message) == ("syntax", "an amount of money is never below nothing")
    assert place == [line, column]


def test_all_amounts_are_in_the_currency_of_the_project() -> None:
    text = "journey j\n    enter by hand\n    budget 5 USD per day\n    goal g: order worth 4 CHF\n    exit\n"
    assert told(findings(text)) == [
        ("wrong-type", "the project counts in EUR, not in `USD`", 3, 12, ""),
        ("wrong-type", "the project counts in EUR, not in `CHF`", 4, 25, ""),
    ]


def test_one_goal_of_a_journey_can_be_worth_something() -> None:
    goals = "    goal g: order within 3 days worth 4 EUR\n    goal h: order[amount > 3] worth 1 EUR\n"
    message = "only one goal of a journey can be worth something: it is what messages are for"
    assert told(findings(f"journey j\n    enter by hand\n{goals}    exit\n")) == [
        ("repeated-clause", message, 4, 37, "`g` in line 3 is")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("channel a\n    consent email_opt_in\n", ("missing-address", "the channel `a` has no address", 1, 9, "")),
        ("channel a\n    address email\n", ("missing-consent", "the channel `a` has no consent", 1, 9, "")),
        ("channel a\n    address emal\n    consent email_opt_in\n", ("unknown-attribute", "`emal` is no attribute of a contact", 2, 13, "did you mean `email`?")),
        ("channel a\n    address email\n    consent age\n", ("not-a-condition", "`age` is a number, not a condition", 3, 13, "compare it with something")),
        ("channel a\n    address season.x\n    consent email_opt_in\nseason x\n    from 01-01 to 02-01\n", ("wrong-type", "an address is an attribute of the contact", 2, 13, "")),
    ],
)  # fmt: skip
def test_a_channel_that_is_not_whole_is_said(text: str, expected: tuple[str, str, int, int, str]) -> None:
    assert told(findings(text)) == [expected]


# ---- pressure


def test_without_rules_held_messages_are_kept_for_two_days() -> None:
    made = policy()
    assert (made.exempt, made.never, made.caps, made.keep_held) == ((), (), (), Span(2, "day"))


@pytest.mark.parametrize(
    ("what", "selector"),
    [
        ("messages", Selector("all", "")),
        ("message", Selector("all", "")),
        ("email", Selector("channel", "email")),
        ("emails", Selector("channel", "email")),
        ("purpose loyalty", Selector("purpose", "loyalty")),
        ("topic news", Selector("topic", "news")),
        ("journey welcome", Selector("journey", "welcome")),
        ("message hello", Selector("message", "hello")),
    ],
)
def test_a_rule_speaks_of_messages_in_six_ways(what: str, selector: Selector) -> None:
    (cap,) = policy(f"at most 2 {what} per 7 days").caps
    assert cap.selector == selector


def test_caps_and_never_rules_are_kept_as_written() -> None:
    made = policy(
        "exempt purpose service",
        "at most 0 messages per day for age > 17",
        "never messages for email_opt_in",
        "keep held messages for 0 hours",
        "arbitrate by priority, then value",
        "a lost contact costs 40 EUR",
    )
    adults = Compare(">", Attribute("age", "number"), Constant(made.caps[0].condition.right.value, "number"))  # type: ignore[union-attr]
    everything = Selector("all", "")
    assert made.exempt == (Selector("purpose", "service"),)
    assert made.caps == (
        Cap("at most 0 messages per day for age > 17", 0, everything, Period("rolling", Span(1, "day")), adults, made.caps[0].place),
    )  # fmt: skip
    assert made.never == (
        Never("never messages for email_opt_in", everything, Attribute("email_opt_in", "yes_no"), made.never[0].place),
    )  # fmt: skip
    assert made.keep_held == Span(0, "hour")


@pytest.mark.parametrize(
    ("rule", "code", "message", "column", "mark"),
    [
        ("at most 1 emial per day", "unknown-channel", "`emial` is no channel", 15, "did you mean `email`?"),
        ("at most 1 purpose loyality per day", "unknown-purpose", "`loyality` is no purpose", 23, "did you mean `loyalty`?"),
        ("at most 1 topic new per day", "unknown-name", "`new` is no topic", 21, "did you mean `news`?"),
        ("at most 1 journey welcom per day", "unknown-journey", "`welcom` is no journey", 23, "did you mean `welcome`?"),
        ("at most 1 message helo per day", "unknown-message", "`helo` is no message", 23, "did you mean `hello`?"),
        ("at most 1 message per 0 days", "bad-number", "`0 days` is no time at all", 27, ""),
        ("at most 1 message per 999 years", "bad-number", "`999 years` is more than 100 years", 27, ""),
        ("at most 1 message per day for ag > 1", "unknown-attribute", "`ag` is no attribute of a contact", 35, "did you mean `age`?"),
        ("never messages for ag > 1", "unknown-attribute", "`ag` is no attribute of a contact", 24, "did you mean `age`?"),
        ("never messages for no order since entry", "no-event-here", "`since entry`: nobody has entered a journey here", 33, ""),
        ("exempt topic new", "unknown-name", "`new` is no topic", 18, "did you mean `news`?"),
        ("at most 1 message per day, keep 1 for priority from 70", "bad-number", "`keep 1` of at most 1 leaves nothing for the others", 32, ""),
        ("a lost contact costs 40 USD", "wrong-type", "the project counts in EUR, not in `USD`", 26, ""),
        ("arbitrate by priority, then valu", "unknown-name", "candidates have no `valu` to rank them by", 33, "did you mean `value`?"),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_said_once_at_its_place(
    rule: str, code: str, message: str, column: int, mark: str
) -> None:
    assert said_of_rule(rule) == [(code, message, 2, column, mark)]


def test_names_in_spacing_rules_are_checked() -> None:
    found = said_of_rule("at least 0 days between smsx and emial", "no smsy within 3 days after topic new")
    assert [(code, line, column) for code, _, line, column, _ in found] == [
        ("bad-number", 2, 14),
        ("unknown-channel", 2, 29),
        ("unknown-channel", 2, 38),
        ("unknown-channel", 3, 8),
        ("unknown-name", 3, 39),
    ]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("keep held messages for 2 days", "keep held messages"),
        ("arbitrate by priority", "arbitrate"),
        ("a lost contact costs 4 EUR", "a lost contact costs"),
    ],
)
def test_what_can_hold_once_is_said_once(rule: str, said: str) -> None:
    expected = ("repeated-clause", f"`{said}` is said twice", 3, 5, "first said in a.journey:2:5")
    assert said_of_rule(rule, rule) == [expected]


def test_messages_keep_topic_and_expiry() -> None:
    (message,) = checked('message m\n    topic news\n    email "Hi"\n    expires after 2 days\n').messages
    assert (message.name, message.topic, message.expires) == ("m", "news", Span(2, "day"))
    found = findings('message m\n    email "Hi"\n    expires after 0 days\n    live stock\n')
    assert told(found) == [
        ("bad-number", "`0 days` is no time at all", 3, 19, ""),
    ]
