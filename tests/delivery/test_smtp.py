"""Mail: what it says in its headers, what a refusal means, and how many at once."""

import asyncio
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from math import inf
from pathlib import Path
from typing import Any

import pytest
from sends import send
from servers import Mailbox, smtp_server

from parcours.delivery import loop
from parcours.delivery.channels.smtp import Pace, SmtpChannel
from parcours.delivery.send import (
    Accepted,
    Outcome,
    Send,
    TerminalFailure,
    TransientFailure,
    Untried,
)
from parcours.diagnostics import Place
from parcours.model.channel_settings import SmtpSettings
from parcours.model.node import Name

HERE = Place("parcours.yaml")


def name(text: str) -> Name:
    return Name(place=HERE, text=text)


def channel(
    port: int,
    *,
    password: str | None = None,
    trusted: Any = None,
    **more: Any,
) -> SmtpChannel:
    said: dict[str, Any] = {
        "host": name("127.0.0.1"),
        "port": port,
        "security": "none",
        "sender": name("Shop <news@shop.example>"),
        "timeout_seconds": 5,
    }
    return SmtpChannel(SmtpSettings(place=HERE, **{**said, **more}), password, trusted)


def handed(made: SmtpChannel, batch: Sequence[Send], fresh: float = inf) -> list[Outcome]:
    async def go() -> list[Outcome]:
        await made.open()
        try:
            return list(await made.hand_over(batch, asyncio.get_running_loop().time() + fresh))
        finally:
            await made.close()

    return loop.run(go())


def mailed(one: Send, **more: Any) -> EmailMessage:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        assert [type(answer) for answer in handed(channel(port, **more), [one])] == [Accepted]
    (mail,) = mailbox.mails
    return mail


def test_a_mail_says_who_writes_to_whom_and_which_send_it_is() -> None:
    mail = mailed(send(1, subject="Schöne Grüße"), reply_to=name("help@shop.example"))
    assert mail["From"] == "Shop <news@shop.example>"
    assert mail["To"] == "c1@example.org"
    assert mail["Subject"] == "Schöne Grüße"
    assert mail["Message-ID"] == f"<{send(1).id}@shop.example>"
    assert mail["Reply-To"] == "help@shop.example"
    assert mail["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert mail.get_content() == "Dear 1, café\r\n"
    assert mail["List-Unsubscribe"] is None


def test_one_click_unsubscribes_as_rfc_8058_has_it() -> None:
    mail = mailed(send(1, unsubscribe="https://news.example/unsubscribe/token.with.dots"))
    assert mail["List-Unsubscribe"] == "<https://news.example/unsubscribe/token.with.dots>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_in_html_has_its_text_first() -> None:
    mail = mailed(send(1, html="<p>Dear <b>1</b></p>"))
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "address",
    [
        "ann@example.org\r\nBcc: all@example.org",
        "ann@example.org, bob@example.org",
        "ann@example.org bob@example.org",
        "Ann <ann@example.org>",
        "ann",
        "",
        "@example.org",
        "ann@",
        "a\x00nn@example.org",
    ],
)
def test_what_is_no_address_never_reaches_the_server(address: str) -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        (answer,) = handed(channel(port), [send(1, address=address)])
    assert isinstance(answer, TerminalFailure) and answer.kind == "address"
    assert (mailbox.mails, mailbox.recipients) == ([], [])


@pytest.mark.parametrize("text", ["Hello\nBcc: all@example.org", "Hello\r\n\r\nBody"])
def test_a_line_break_in_a_subject_is_refused_as_a_header(text: str) -> None:
    """The texts make one line of it before it comes here; the mail itself refuses it too."""
    with smtp_server(Mailbox()) as port, pytest.raises(ValueError, match="linefeed or carriage return"):
        handed(channel(port), [send(1, subject=text)])


def test_a_domain_is_written_in_ascii() -> None:
    assert mailed(send(1, address="ann@müller.example"))["To"] == "ann@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("550 5.1.1 no such user", "address"),
        ("550 5.7.1 not welcome", "message"),
        ("554 5.7.1 Relay access denied", None),
        ("552 mailbox full", None),
        ("450 greylisted", None),
    ],
)
def test_what_a_server_says_of_a_recipient(said: str, kind: str | None) -> None:
    mailbox = Mailbox(refuse={"c1@example.org": said})
    with smtp_server(mailbox) as port:
        first, second = handed(channel(port, connections=1), [send(1), send(2)])
    assert isinstance(second, Accepted)
    assert isinstance(first, TransientFailure if kind is None else TerminalFailure)
    assert said[:3] in first.reason
    assert kind is None or (isinstance(first, TerminalFailure) and first.kind == kind)


@pytest.mark.parametrize(
    ("said", "kind"), [("554 looks like spam", TerminalFailure), ("451 later", TransientFailure)]
)
def test_what_a_server_says_of_a_mail(said: str, kind: type) -> None:
    mailbox = Mailbox(after_data=[said])
    with smtp_server(mailbox) as port:
        first, second = handed(channel(port, connections=1), [send(1), send(2)])
    assert isinstance(first, kind) and isinstance(second, Accepted)
    assert not isinstance(first, TerminalFailure) or first.kind == "message"


def test_an_answer_that_is_lost_is_a_failure_that_passes_and_the_next_mail_goes() -> None:
    mailbox = Mailbox(hang_up=1)
    with smtp_server(mailbox) as port:
        answers = handed(channel(port, connections=1), [send(1), send(2)])
        assert [type(answer) for answer in answers] == [TransientFailure, Accepted]
        assert [type(answer) for answer in handed(channel(port), [send(1)])] == [Accepted]
    assert mailbox.ids == {send(1).id: 2, send(2).id: 1}


def test_connections_are_kept_open_and_no_more_than_are_allowed() -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        handed(channel(port, connections=3), [send(n) for n in range(60)])
    assert mailbox.connections == 3
    assert len(mailbox.mails) == 60


def test_a_domain_gets_no_more_than_so_many_a_second() -> None:
    """Twenty at a thousand a second: the last one has its turn after 19 thousandths, however fast the machine is."""

    async def go() -> float:
        pace, loop = Pace(1000), asyncio.get_running_loop()
        begun = loop.time()
        for _ in range(20):
            await pace.turn("example.org", loop.time() + 60)
        await pace.turn("other.example", loop.time() + 60)
        return loop.time() - begun

    assert loop.run(go()) >= 0.0189


def test_what_has_no_turn_in_time_waits_and_keeps_nobody_else_waiting() -> None:
    """P8: whoever opts out meanwhile is seen before the next batch. One a second, and half a second: one of them."""
    mailbox = Mailbox()
    batch = [send(n) for n in range(5)] + [send(9, address="ann@other.example")]
    with smtp_server(mailbox) as port:
        answers = handed(channel(port, connections=2, per_domain=1), batch, fresh=0.5)
    assert [type(answer) for answer in answers] == [Accepted, *[Untried] * 4, Accepted]
    assert mailbox.ids == {send(0).id: 1, send(9).id: 1}


def test_a_server_that_is_slow_gets_no_mail_that_was_prepared_long_ago() -> None:
    class Slow(Mailbox):
        async def handle_DATA(self, *told: Any) -> str:  # noqa: N802 - the name is the server's
            await asyncio.sleep(0.1)
            return await super().handle_DATA(*told)

    mailbox = Slow()
    with smtp_server(mailbox) as port:
        answers = handed(channel(port, connections=1), [send(n) for n in range(9)], fresh=0.15)
    begun = sum(isinstance(answer, Accepted) for answer in answers)
    assert 1 <= begun <= 2
    assert [type(answer) for answer in answers] == [Accepted] * begun + [Untried] * (9 - begun)
    assert mailbox.ids == {send(n).id: 1 for n in range(begun)}


def test_what_was_never_tried_as_the_server_is_not_reached_waits() -> None:
    answers = handed(channel(1, connections=2), [send(n) for n in range(5)])
    assert [type(answer) for answer in answers] == [TransientFailure] * 2 + [Untried] * 3


def test_a_password_is_never_said_in_the_clear(tmp_path: Path) -> None:
    """The server offers no STARTTLS: nothing is sent, and the password neither."""
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        made = channel(port, security="starttls", user=name("shop"), password="hush")
        (answer,) = handed(made, [send(1)])
    assert isinstance(answer, TransientFailure)
    assert "hush" not in answer.reason
    assert mailbox.mails == []


def test_a_certificate_that_nobody_knows_is_refused(
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, trusting = certificate
    mailbox = Mailbox()
    with smtp_server(mailbox, tls_context=server, require_starttls=True) as port:
        (answer,) = handed(channel(port, security="starttls", host=name("localhost")), [send(1)])
        assert isinstance(answer, TransientFailure)
        made = channel(port, security="starttls", host=name("localhost"), trusted=trusting)
        assert [type(a) for a in handed(made, [send(1)])] == [Accepted]
    assert len(mailbox.mails) == 1
