"""What providers post."""

import hmac
from hashlib import sha256
from typing import Any

import pytest
from receiving_world import NOW, SETTINGS

from parcours.delivery.door import Door, Refused
from parcours.delivery.inbox import Received
from parcours.delivery.webhooks import events_of, is_signed, objects
from parcours.language.settings import read_settings

READ = read_settings(SETTINGS, "p")[0]
assert READ is not None and READ.receive is not None
DOOR = Door(READ.datamart.received)
(MAILER,) = READ.receive.webhooks


def digest(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, sha256).hexdigest()


def test_a_body_is_signed_with_any_of_the_secrets() -> None:
    for given in (digest(b"x", "old"), f"sha256={digest(b'x', 'new')}", digest(b"x", "new").upper()):
        assert is_signed(b"x", given, "new old")


@pytest.mark.parametrize("given", ["", "sha256=", "x", digest(b"y", "new"), digest(b"x", "other"), "ß" * 64])
def test_anything_else_is_no_signature(given: str) -> None:
    assert not is_signed(b"x", given, "new old")
    assert not is_signed(b"x", digest(b"x", ""), "")


@pytest.mark.parametrize(
    ("posted", "found"),
    [({}, [{}]), ([1, 2], [1, 2]), ({"events": [1]}, [1]), ({"events": 1}, [{"events": 1}])],
)
def test_one_or_many(posted: Any, found: list[Any]) -> None:
    assert objects(posted) == found


def test_what_a_provider_says_becomes_an_event() -> None:
    posted = {
        "type": "bounced",
        "meta": {"contact": 7},
        "at": 1772359200,
        "id": 5,
        "reason": "full",
        "channel": "x",
    }
    (event,) = events_of(MAILER, DOOR, posted, NOW)
    assert isinstance(event, Received)
    assert (event.event, event.contact, event.id, event.send) == ("bounce", "7", "5", None)
    # what parcours.yaml says of all of them is stronger
    assert event.fields == {"reason": "full", "channel": "email"}


@pytest.mark.parametrize("posted", [7, None, "x", {"type": "bounced"}, {"type": "bounced", "meta": 7}])
def test_what_cannot_be_an_event_is_told(posted: Any) -> None:
    (found,) = events_of(MAILER, DOOR, posted, NOW)
    assert isinstance(found, Refused)


def test_what_nobody_wants_to_know_is_nothing() -> None:
    assert list(events_of(MAILER, DOOR, [{}, {"type": "delivered"}, {"type": []}], NOW)) == [None] * 3
