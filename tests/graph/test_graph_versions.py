"""T18: a version is what a journey means."""

import re

import pytest
from journey_check import checked

from parcours.checking.checked import Journey
from parcours.graph.difference import build_difference
from parcours.graph.stored import from_text, to_text
from parcours.graph.versions import content_hash

FILES = {
    "journey": """\
journey j
    "Greets"
    purpose loyalty
    priority 60
    owner "crm"
    enter on order[amount > 20]
        if customer is new
        again after 7 days
    goal second: order within 30 days
    leave when email_opt_in is no as opted_out

    first:
    wait 1 day
    wait until 10:00 on weekdays
    send hello by email else sms
        unless in segment vip
        keep for 1 day
    if country in ("FR", "DE") and not season.summer
        split tone
            40% warm
                wait 2 hours
            60% cold
    else
        exit others
    wait for click[link = "x"] since entry up to 3 days
        then
            exit won
    wait until 3 days after entry.at
    exit done
""",
    "segments": """\
segment vip
    refresh every 2 hours
    age > 60

segment unused
    age > 1

lifecycle customer
    new: no order[paid]
    old: otherwise

season summer
    from 06-01 to 08-31
""",
    "policy": """\
channel email
    address email
    consent email_opt_in

channel sms
    address phone
    consent sms_opt_in
    quiet from 21:00 to 08:00

message hello
    topic news
    subject "Hello"
    email "Hello"
    sms "Hello"

pressure
    at most 2 messages per 7 days
""",
}


def version(*edits: tuple[str, str], order: tuple[str, ...] = ("journey", "segments", "policy")) -> str:
    """The version of `j` after edits, each of a piece of text that is there once."""
    texts = dict(FILES)
    for old, new in edits:
        (file,) = (name for name, text in texts.items() if text.count(old) == 1)
        texts[file] = texts[file].replace(old, new)
    journeys = checked(*(texts[name] for name in order)).journeys
    (found,) = (content_hash(journey) for journey in journeys if journey.name == "j")
    return found


def test_a_version_is_sixteen_hex_digits() -> None:
    assert re.fullmatch("[0-9a-f]{16}", version())


@pytest.mark.parametrize(
    "edit",
    [
        ("    wait 1 day\n", "    # a comment\n\n    wait 1 day # and another\n"),
        ('"Greets"', '"Greets everybody"'),
        ('owner "crm"', "owner editors"),
        ("amount > 20]", "amount>20 ]"),
        ("        exit others\n", "          exit others\n"),
        ("and not season.summer", "\n        and not season.summer"),
        ("10:00 on weekdays", "10:00 on monday, tuesday, wednesday, thursday, friday"),
        ("age > 1\n", "age > 2\n"),
    ],
)
def test_what_means_the_same_is_the_same_version(edit: tuple[str, str]) -> None:
    assert version(edit) == version()


@pytest.mark.parametrize(
    "edit",
    [
        ("address phone", "address email"),
        ("consent sms_opt_in", "consent email_opt_in"),
        ("quiet from 21:00", "quiet from 20:00"),
        ("at most 2", "at most 1"),
        ('subject "Hello"', 'subject "Hi"'),
        ("topic news", "topic offers"),
        ('email "Hello"', 'email "Good morning"'),
    ],
)
def test_policy_channels_and_messages_are_no_part_of_a_version(edit: tuple[str, str]) -> None:
    assert version(edit) == version()


def test_moving_and_ordering_files_changes_nothing() -> None:
    assert version(order=("policy", "segments", "journey")) == version()


@pytest.mark.parametrize(
    "edit",
    [
        ("purpose loyalty", "purpose service"),
        ("priority 60", "priority 61"),
        ("order[amount > 20]", "order[amount > 21]"),
        ("order[amount > 20]", "order[amount >= 20]"),
        ("enter on order[amount > 20]", "enter on order"),
        ("customer is new", "customer is old"),
        ("again after 7 days", "again after 8 days"),
        ("again after 7 days", "again after 7 weeks"),
        ("again after 7 days", "again"),
        ("again after 7 days", "once"),
        ("again after 7 days\n", "again after 7 days\n        per event.order_id\n"),
        ("again after 7 days\n", "again after 7 days\n        within 2 days\n"),
        ("goal second:", "goal third:"),
        ("within 30 days", "within 31 days"),
        ("    goal second: order within 30 days\n", ""),
        ("email_opt_in is no as", "email_opt_in is yes as"),
        ("as opted_out", "as gone"),
        ("    first:\n", "    pause:\n"),
        ("wait 1 day\n", "wait 24 hours\n"),
        ("10:00 on", "10:01 on"),
        ("on weekdays", "on weekends"),
        ("by email else sms", "by sms else email"),
        ("by email else sms", "by email"),
        ("unless in segment vip", "unless not in segment vip"),
        ("keep for 1 day", "keep for 2 days"),
        ('"FR", "DE"', '"FR", "AT"'),
        ("and not season", "or not season"),
        ("40% warm\n", "39% warm\n"),
        ("split tone", "split voice"),
        ("60% cold", "60% calm"),
        ("exit others", "exit rest"),
        ('link = "x"', 'link = "y"'),
        (" since entry up to", " up to"),
        ("up to 3 days", "up to 4 days"),
        ("exit won", "exit lost"),
        ("3 days after entry.at", "3 days after entry.at + 1 day"),
        ("    exit done\n", ""),
        # what it uses of others
        ("age > 60", "age > 61"),
        ("no order[paid]", "no order"),
        ("from 06-01", "from 06-02"),
    ],
)
def test_every_change_of_meaning_is_another_version(edit: tuple[str, str]) -> None:
    edits = [edit, ("60% cold", "61% cold")] if edit[1] == "39% warm\n" else [edit]
    assert version(*edits) != version()


def test_a_change_in_what_it_does_not_use_is_no_change() -> None:
    assert version(("segment unused\n    age > 1", "segment unused\n    age > 5")) == version()


def test_how_often_a_watched_segment_is_refreshed_is_part_of_the_version() -> None:
    joining = ("enter on order[amount > 20]", "enter on joining vip")
    assert version(joining, ("every 2 hours", "every 3 hours")) != version(joining)


def test_the_name_of_the_journey_is_part_of_its_version() -> None:
    body = "    enter on order\n    exit\n"
    one, other = checked(f"journey a\n{body}journey b\n{body}").journeys
    assert content_hash(one) != content_hash(other)


LEARNS = """\
score churn
    "Does not come back"
    predict no order within 60 days
    from age
    refresh every 7 days

journey j
    enter on order
    if score.churn > 70%
        exit high
    exit low
"""


def learning(old: str = "", new: str = "") -> Journey:
    assert old in LEARNS
    (journey,) = checked(LEARNS.replace(old, new, 1) if old else LEARNS).journeys
    return journey


def test_what_a_journey_reads_that_is_learned_is_part_of_its_version() -> None:
    """A2."""
    before, after = learning(), learning("60 days", "90 days")
    assert content_hash(before) != content_hash(after)
    changes = [
        data["changes"] for _, data in build_difference(before, after).nodes(data=True) if data["changes"]
    ]
    assert changes == [("if: `score.churn > 0.7` means something else now",)]
    assert content_hash(learning("7 days", "1 day")) == content_hash(before)


def test_a_version_that_is_kept_knows_what_it_reads() -> None:
    before = learning()
    assert from_text(to_text(before), "j 1", "state") == before
