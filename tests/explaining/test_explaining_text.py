"""The story as text and as JSON."""

import json
from textwrap import dedent

import pytest
from telling import story_of
from telling_worlds import DAY, event, happened
from world import World

from parcours.diagnostics import Problem
from parcours.explaining.as_json import as_json
from parcours.explaining.text import as_text

TEXT = """
journey j
    enter on cart[total > 100]
        again
        per event.cart_id
    wait 1 hour
    send hello by email

journey k
    enter by hand
    send hello by email

pressure
    at most 1 message per 7 days
    keep held messages for 2 days
"""


def world() -> World:
    events = tuple(
        event("cart", f"{DAY} {at}", cart_id=name, total=120)
        for name, at in (("c1", "09:00"), ("c2", "10:00"))
    )
    made = World(TEXT)
    made.contact("ann", zone="Europe/Paris")
    for kind, at, values in events:
        made.event(kind, "ann", at, **values)
    made.executor.bindings  # noqa: B018 - the executor is made after the contact, whose zone it must know
    made.tick(f"{DAY} 08:00", f"{DAY} 09:00", f"{DAY} 10:00", f"{DAY} 11:00")
    return made


def test_the_text_is_a_time_line_on_the_contacts_clock() -> None:
    assert as_text(story_of(world()), colour=False, width=100) == dedent(
        """\
        Contact ann, on the clock of Europe/Paris
        as of the tick of 2026-03-01 12:00

          j (c1)  entered 2026-03-01 10:00, left as `finished` 2026-03-01 11:00
          j (c2)  entered 2026-03-01 11:00, stands at `hello` until 2026-03-03 12:00

        Sunday 2026-03-01
          10:00  j (c1)  enters `j` because of `cart` of 2026-03-01 10:00  (test.journey:1)
                         · its `cart_id`: "c1"
                         · its `total`: 120
          10:00  j (c1)  waits 1 hour, until 2026-03-01 11:00  (test.journey:5)
          11:00  j (c1)  `hello` is sent by email  (test.journey:6)
          11:00  j (c1)  leaves `j` as `finished`: the steps come to their end  (test.journey:1)
          11:00  j (c2)  enters `j` because of `cart` of 2026-03-01 11:00  (test.journey:1)
                         · its `cart_id`: "c2"
                         · its `total`: 120
          11:00  j (c2)  waits 1 hour, until 2026-03-01 12:00  (test.journey:5)
          12:00  j (c2)  `hello` is held by email: the cap is used up, `at most 1 message per 7 days`
                         (test.journey:13)
                         · 1 of 1 allowed in the 7 days before (hello by email: 2026-03-01 11:00)
                         · it is looked at again: 2026-03-03 12:00
                         → it can go from 2026-03-08 11:00 on, if nothing else closes it

        not in k now: `--journey NAME` says why"""
    )


def test_a_span_shows_what_happened_in_it() -> None:
    story = story_of(world(), first=f"{DAY} 10:30", last=f"{DAY} 12:00")
    assert [line.kind for line in story.lines] == ["held"]
    assert as_text(story_of(world(), first="2026-03-05 00:00"), colour=False, width=100).endswith(
        "nothing has happened to this contact in this time\n\nnot in k now: `--journey NAME` says why"
    )


def test_why_not_is_the_end_of_the_text() -> None:
    assert as_text(story_of(world(), journey="k"), colour=False, width=100) == dedent(
        """\
        Contact ann, on the clock of Europe/Paris
        as of the tick of 2026-03-01 12:00

        is not in `k` now: it is entered by hand, and nobody has asked for this contact
          yes  the contact is in the datamart
          NO   it is entered by hand, and nobody has asked for this contact  (test.journey:8)
               → needed: `parcours enter k ann`"""
    )


def test_colours_are_only_for_terminals() -> None:
    story = story_of(world())
    assert "\x1b[32m`hello` is sent by email" in as_text(story, colour=True, width=100)
    assert "\x1b" not in as_text(story, colour=False, width=100)


def test_what_somebody_has_typed_steers_no_terminal() -> None:
    text = "journey j\n    enter on cart\n        per event.cart_id\n    wait 1 day\n"
    world = happened(text, events=(event("cart", f"{DAY} 10:00", cart_id="a\x1b[2J\x9b", total=1),))
    assert not any(sign in as_text(story_of(world), colour=False, width=100) for sign in "\x1b\x9b")


def test_no_line_is_wider_than_it_may_be() -> None:
    text = as_text(story_of(world()), colour=False, width=60)
    assert max(len(line) for line in text.splitlines()) <= 60


def test_json_loses_nothing_of_an_instant() -> None:
    world = happened(TEXT, events=(event("cart", f"{DAY} 09:59:59.123456", cart_id="c1", total=120),))
    made = json.loads(as_json(story_of(world)))
    assert made["runs"][0]["run"]["entry_at"] == "2026-03-01T09:59:59.123456Z"


def test_json_has_the_shape_that_the_page_describes() -> None:
    made = json.loads(as_json(story_of(world())))
    assert list(made) == [
        *("contact", "zone", "as_of", "from", "to", "runs", "timeline", "absence", "elsewhere"),
    ]
    assert made["as_of"] == "2026-03-01T11:00:00Z"
    assert made["runs"][1] == {
        "run": {"journey": "j", "version": 1, "key": "c2", "entry_at": "2026-03-01T10:00:00Z"},
        "entered_at": "2026-03-01T10:00:00Z",
        "outcome": None,
        "left_at": None,
        "step": "hello",
        "due_at": "2026-03-03T11:00:00Z",
        "status": "newest",
    }
    held = made["timeline"][-1]
    assert held["local"] == "2026-03-01T12:00:00"
    assert (held["kind"], held["place"]) == ("held", "test.journey:13")
    assert held["facts"][0] == {
        "text": "1 of 1 allowed in the 7 days before",
        "says": "",
        "todays": False,
        "parts": [{"text": "hello by email", "says": "2026-03-01 11:00", "todays": False, "parts": []}],
    }
    assert made["elsewhere"] == ["k"]


def test_who_is_no_contact_and_was_never_met_is_an_error_with_the_nearest() -> None:
    with pytest.raises(Problem) as raised:
        story_of(happened(TEXT), contact="anne")
    (found,) = raised.value.diagnostics
    assert (found.code, found.mark) == ("unknown-contact", "did you mean `ann`?")


def test_who_is_gone_from_the_datamart_still_has_a_story() -> None:
    made = world()
    made.connection.execute("DELETE FROM memory.main.contact")
    assert [line.kind for line in story_of(made).lines][-1] == "held"


def test_a_journey_that_is_none_is_an_error_with_the_nearest() -> None:
    with pytest.raises(Problem) as raised:
        story_of(happened(TEXT), journey="jj")
    (found,) = raised.value.diagnostics
    assert (found.code, found.help) == ("unknown-journey", "the journeys are `j`, `k`")
