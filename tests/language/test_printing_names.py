"""A name may be any word of the language: it is put between back-quotes where the parser would misread it."""

import re

import pytest

from parcours.language.formatting import formatted
from parcours.language.grammar import grammar_text
from parcours.language.parser import parse

WORDS = sorted(
    {
        *(match.lower() for match in re.findall(r"^_([A-Z]+)\.2: /", grammar_text(), re.MULTILINE)),
        *("ever", "days", "day", "count", "sum", "average", "first", "last", "messages", "message"),
        *("month", "year", "hour", "weekday", "monday", "and", "or", "x"),
    }
)
PLACES = {
    "a journey": "journey {}\n    enter by hand\n    exit\n",
    "a purpose": "journey j\n    purpose {}\n    enter by hand\n    exit\n",
    "an event that lets in": "journey j\n    enter on {}\n    exit\n",
    "a chosen event": "journey j\n    enter on {}[{} = 1]\n    exit\n",
    "a segment that lets in": "journey j\n    enter on joining {}, including members\n    exit\n",
    "a stage": "journey j\n    enter on becoming {} after {}\n    exit\n",
    "a date": "journey j\n    enter 3 days before {}.{} at 09:00\n    exit\n",
    "an anniversary": "journey j\n    enter on anniversary of {}\n    exit\n",
    "a key": "journey j\n    enter on order\n        per {}.{}\n    exit\n",
    "a goal": "journey j\n    enter by hand\n    goal {}: {} within 3 days worth 1 EUR\n    exit\n",
    "an outcome": "journey j\n    enter by hand\n    leave when a = 1 as {}\n    exit {}\n",
    "a need": "journey j\n    enter by hand\n    needs {} fresh within 1 day\n    exit\n",
    "a message and its channels": "journey j\n    enter by hand\n    send {} by {} else {}\n    exit\n",
    "the best channel": "journey j\n    enter by hand\n    send m by best of {}, {}\n    exit\n",
    "an offer": "journey j\n    enter by hand\n    send m by c\n        offering 1 from {} where {} = 1\n    exit\n",
    "a condition": "journey j\n    enter by hand\n    if {} = 1\n        exit\n    exit\n",
    "a condition to wait for": "journey j\n    enter by hand\n    wait until {} = 1 up to 1 day\n    exit\n",
    "an instant to wait for": "journey j\n    enter by hand\n    wait until 2 days before {}\n    exit\n",
    "an event to wait for": "journey j\n    enter by hand\n    wait for {} since entry up to 1 day\n    exit\n",
    "a split": "journey j\n    enter by hand\n    split {}\n        50% {}\n            exit\n        50% {}\n            exit\n",
    "an experiment": "journey j\n    enter by hand\n    test {} measured by {}\n        50% a\n            exit\n        50% b\n            exit\n",
    "what is set": "journey j\n    enter by hand\n    set {} to {}\n    exit\n",
    "what is recorded": "journey j\n    enter by hand\n    record {} with {} = {}, b = 2\n    exit\n",
    "what is started": "journey j\n    enter by hand\n    start {}\n    exit\n",
    "a label": "journey j\n    enter by hand\n    {}:\n    wait 1 day\n    go to {}\n",
    "a label behind a doc": 'journey j\n    "Doc"\n    {}:\n    wait 1 day\n    exit\n',
    "a body": 'message m\n    {} "text"\n',
    "a body behind another": 'message m\n    email "text"\n    {} "text"\n    live {}\n',
    "a topic": 'message m\n    topic {}\n    email "text"\n',
    "a segment": "segment {}\n    in segment {}\n",
    "a bare condition": "segment s\n    {}\n",
    "a condition behind a doc": 'segment s\n    "Doc"\n    {} = 1\n',
    "what is after no": "segment s\n    no {} ever and no {} in last 3 days\n",
    "what is after has": "segment s\n    has {} ever\n",
    "what is after is": "segment s\n    a is {}\n",
    "what is in brackets": "segment s\n    ({} or not {}) and a in ({}, {})\n",
    "a field of the first event": "segment s\n    first {}.{} = last {}.{}\n",
    "an aggregate": "segment s\n    sum of {}.{} in last 3 days > count of {}\n",
    "days since": "segment s\n    days since {} > 3\n",
    "a sum": "segment s\n    {} + {} - {} * {} > {}\n",
    "a stage's name": "lifecycle l\n    {}: a = 1\n    {}: otherwise\n",
    "a stage's condition": "lifecycle l\n    a: {} = 1\n    b: otherwise\n",
    "an expectation": 'example "e"\n    journey j\n    given a = 1\n    at 2026-01-01 10:00 {} with {} = 1\n    expect {} by {}\n    expect exit {}\n',
}


@pytest.mark.parametrize("place", PLACES)
def test_a_word_of_the_language_may_be_a_name(place) -> None:
    for word in WORDS:
        text = PLACES[place].replace("{}", f"`{word}`")
        declarations, found = parse(text, "a.journey")
        if found:  # a name that may not be there for another reason: two arms of one name
            assert all(diagnostic.code != "syntax" for diagnostic in found), (word, found)
            continue
        printed = formatted(text, "a.journey").text
        assert printed is not None
        assert parse(printed, "a.journey") == (declarations, ()), word


@pytest.mark.parametrize("place", PLACES)
def test_a_plain_name_needs_no_back_quotes(place) -> None:
    text = PLACES[place].replace("{}", "`xyz`")
    printed = formatted(text, "a.journey").text
    if printed is not None:
        assert "`" not in printed
