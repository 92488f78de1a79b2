"""`parcours relay`, `render` and the adapters that they need. What the relay does is tested with the relay."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from corner_project import assert_told, held_open
from servers import Mailbox, smtp_server

STATE = Path("corner", "state", "state.duckdb")
FILES = "channels:\n  email: {adapter: file, folder: out}\n"


def add(corner, text: str) -> None:
    corner.write("parcours.yaml", (corner.folder / "parcours.yaml").read_text(encoding="utf-8") + text)


@pytest.fixture
def ordered(corner, parcours):
    """Ann has ordered between two ticks, just now, and was granted a message."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)  # noqa: TID251 - relay asks the machine
    corner.fill(f"UPDATE orders SET ordered_at = TIMESTAMP '{now - timedelta(minutes=5)}'")
    for before in (10, 1):
        at = f"{(now - timedelta(minutes=before)).isoformat()}Z"
        assert parcours("tick", "corner", "--at", at).code == 0
    return corner


def test_what_was_granted_is_handed_over(ordered, parcours) -> None:
    add(ordered, FILES)
    answer = parcours("relay", "corner")
    assert (answer.code, answer.out, answer.err) == (0, "relay: 1 message handed over\n", "")
    (file,) = (ordered.folder / "out").iterdir()
    with file.open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["contact"], row["address"], row["subject"], row["text"]) == (
        *("1", "ann@example.com", "Thank you", "See you soon"),
    )
    assert parcours("relay", "corner").out == "relay: 0 messages handed over\n"


def test_why_something_was_not_handed_over_is_said(ordered, parcours) -> None:
    add(ordered, FILES)
    ordered.fill("UPDATE customers SET agreed = false")
    answer = parcours("relay", "corner")
    assert answer.out == "relay: 0 messages handed over; 1 cancelled\n  1 × no_consent\n"


def test_a_channel_without_an_adapter_is_told(ordered, parcours) -> None:
    answer = parcours("relay", "corner")
    message = "parcours.yaml does not say what delivers the channel `email`"
    assert_told(answer, "missing-adapter", message, "corner/policy.journey:1:9")


def test_a_secret_that_is_not_in_the_environment_is_told(ordered, parcours) -> None:
    add(
        ordered, 'channels:\n  email: {adapter: webhook, url: "http://127.0.0.1:1/", secret: CORNER_SECRET}\n'
    )
    answer = parcours("relay", "corner")
    message = "the variable `CORNER_SECRET` of the environment is not set"
    assert_told(answer, "missing-secret", message, "corner/parcours.yaml:")


def test_a_library_that_is_not_installed_is_told(ordered, parcours, monkeypatch) -> None:
    add(ordered, 'channels:\n  email: {adapter: webhook, url: "http://127.0.0.1:1/"}\n')
    monkeypatch.setattr(
        "parcours.delivery.extras.find_spec", lambda name: None if name == "aiohttp" else name
    )
    answer = parcours("relay", "corner")
    message = "the adapter `webhook` needs `aiohttp`, which is not installed"
    assert_told(answer, "missing-extra", message, "corner/parcours.yaml:")


def test_a_channel_that_the_policy_does_not_have_is_told(corner, parcours) -> None:
    add(corner, "channels:\n  emial: {adapter: null}\n")
    answer = parcours("check", "corner")
    assert (answer.code, "error[unknown-channel]: `emial` is no channel" in answer.out) == (1, True)
    assert "did you mean `email`?" in answer.out


def test_a_state_in_use_is_told(ordered, parcours) -> None:
    add(ordered, FILES)
    with held_open(STATE):
        answer = parcours("relay", "corner")
    assert_told(answer, "state-locked", "the state is open in another process", f"{STATE}\n")


DIES = """
import os
from parcours.delivery.queue import Queue
Queue.{at} = lambda *_: os._exit(9)
"""


def test_killed_between_handing_over_and_noting_it_hands_over_again_with_the_same_id(
    ordered, parcours, parcours_alone
) -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        smtp = f"adapter: smtp, host: 127.0.0.1, port: {port}, security: none, sender: shop@shop.example"
        add(ordered, f"channels:\n  email: {{{smtp}}}\n")
        assert parcours_alone("relay", "corner", before=DIES.format(at="note")).code == 9
        assert sum(mailbox.ids.values()) == 1
        assert parcours("relay", "corner").out == "relay: 1 message handed over\n"
    assert list(mailbox.ids.values()) == [2]
    assert mailbox.recipients == ["ann@example.com", "ann@example.com"]


def test_killed_between_noting_it_and_recording_it_hands_over_once(ordered, parcours, parcours_alone) -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        smtp = f"adapter: smtp, host: 127.0.0.1, port: {port}, security: none, sender: shop@shop.example"
        add(ordered, f"channels:\n  email: {{{smtp}}}\n")
        assert parcours_alone("relay", "corner", before=DIES.format(at="settle")).code == 9
        assert parcours("relay", "corner").out == "relay: 0 messages handed over; 1 handed over before\n"
    assert list(mailbox.ids.values()) == [1]


def test_after_a_restore_nothing_is_sent_twice(ordered, parcours) -> None:
    """Granted before the copy, handed over after it: handed over once more with the same id, so the file is the same."""
    add(ordered, FILES)
    copy = STATE.read_bytes()
    for _ in range(2):
        parcours("relay", "corner")
        parcours("tick", "corner")
        parcours("relay", "corner")
        STATE.write_bytes(copy)
    assert len(list((ordered.folder / "out").iterdir())) == 1


# ---- render


def test_a_message_is_shown_as_a_contact_would_get_it(corner, parcours) -> None:
    corner.change("policy.journey", "See you soon", "See you soon at {{ email }}, {{ entry.order_id }}")
    answer = parcours("render", "thanks", "--contact", "2", "--project", "corner", "--entry", "order_id=17")
    assert (answer.code, answer.out) == (0, "Subject: Thank you\n\nSee you soon at bob@example.com, 17\n")


def test_what_cannot_be_filled_in_is_told(corner, parcours) -> None:
    corner.change("policy.journey", "See you soon", "See you soon at {{ email }}")
    answer = parcours("render", "thanks", "--contact", "3", "--project", "corner")
    message = "`thanks` cannot be filled in: `email` is not known of this contact"
    assert_told(answer, "unrendered", message, "corner/policy.journey:5:9")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("thank", "--contact", "1"), "unknown-message"),
        (("thanks", "--contact", "9"), "unknown-contact"),
        (("thanks", "--contact", "1", "--channel", "fax"), "missing-body"),
        (("thanks", "--contact", "1", "--entry", "x"), "bad-option"),
    ],
)
def test_names_that_there_are_not_are_told(corner, parcours, arguments, code) -> None:
    answer = parcours("render", *arguments, "--project", "corner")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"error[{code}]: ")
