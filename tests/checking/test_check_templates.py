"""What is to be filled in a text is provided by somebody."""

import pytest
from journey_check import findings, told


def _message(text: str) -> str:
    return f'message hello\n    subject "{text}"\n    email "Fine"\n'


@pytest.mark.parametrize(
    "text",
    [
        "Hello {{ email }}",
        "{{email|upper}} and {{ country }}",
        "{{ event.total }} of {{ entry.cart_id }}, {{ entry }}",
        "{{ link }}, {{ links.shop }}, {{ offers }}, until {{ expires }}",
        "no { place } at all }}",
        "{% for offer in offers %}{{ loop.index }}. {{ offer.name }} {% endfor %}",
        "{% set town, land = country.split('-') %}{{ town }} in {{ land }}",
    ],
)
def test_what_the_contact_the_events_and_the_send_bring_is_provided(text) -> None:
    assert findings(_message(text)) == ()


@pytest.mark.parametrize(
    ("text", "code", "message", "mark"),
    [
        ("{{ emial }}", "unknown-variable", "nothing provides `emial`", "did you mean `email`?"),
        ("{{ event.totl }}", "unknown-variable", "nothing provides `event.totl`: no event has such a field", None),
        ("{{ }}", "bad-template", "`{{ }}` names nothing to fill in", ""),
        ("{{ email", "bad-template", "`{{` without `}}`", ""),
        ("{{ email }} {{ x", "bad-template", "`{{` without `}}`", ""),
    ],
)  # fmt: skip
def test_what_nothing_provides_is_told_in_its_line(text, code, message, mark) -> None:
    (found,) = findings(_message(text))
    assert (found.code, found.message, found.place.line) == (code, message, 2)
    assert mark is None or found.mark == mark


def test_the_text_of_each_channel_is_looked_at() -> None:
    text = 'message hello\n    email "{{ nothing_like_it }}"\n    sms "{{ neither_this }}"\n'
    assert [found[:3] for found in told(findings(text))] == [
        ("unknown-variable", "nothing provides `nothing_like_it`", 2),
        ("unknown-variable", "nothing provides `neither_this`", 3),
    ]
