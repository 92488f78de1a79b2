"""What servers say, and what is made of it: an address is closed for good, so only what speaks of the address closes it."""

import pytest

from parcours.delivery.channels.smtp_replies import to_mail, to_recipient, to_sender
from parcours.delivery.send import Outcome, TerminalFailure, TransientFailure


def meaning(outcome: Outcome) -> str:
    assert isinstance(outcome, TransientFailure | TerminalFailure)
    return "again" if isinstance(outcome, TransientFailure) else outcome.kind


@pytest.mark.parametrize(
    ("code", "text", "means"),
    [
        # RFC 3463: the address
        (550, "5.1.1 <ann@example.org>: Recipient address rejected: User unknown", "address"),
        (550, "5.1.1 The email account that you tried to reach does not exist.\n5.1.1 Look again", "address"),
        (550, "sorry, no mailbox here by that name (#5.1.1)", "address"),
        (550, "5.1.2 bad destination system", "address"),
        (501, "5.1.3 Bad recipient address syntax", "address"),
        (556, "5.1.10 Recipient address has null MX", "address"),
        (551, "5.1.6 has moved", "address"),
        (550, "5.2.1 The email account that you tried to reach is disabled", "address"),
        # RFC 5321 alone
        (550, "No such user here", "address"),
        (551, "User not local", "address"),
        (553, "Mailbox name not allowed", "address"),
        # policy: what is refused is the mail
        (550, "5.7.1 Delivery not authorized, message refused", "message"),
        (554, "5.7.1 Service unavailable; Client host blocked", "message"),
        (554, "Transaction failed", "message"),
        (550, "Administrative prohibition", "message"),
        (550, "Sender verify failed", "message"),
        (550, "rejected: listed at a blacklist", "message"),
        (550, "5.4.1 Recipient address rejected: Access denied", "message"),
        (550, "5.3.4 message too big", "message"),
        # the mailbox is full: that passes
        (552, "mailbox full", "again"),
        (552, "5.2.2 over quota", "again"),
        (550, "5.2.2 over quota", "again"),
        # us: a server that does not know us refuses everybody whom it is asked for
        (554, "5.7.1 <ann@example.org>: Relay access denied", "again"),
        (550, "relay not permitted", "again"),
        (553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "again"),
        (550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", "again"),
        (530, "5.7.0 Authentication required", "again"),
        (530, "Authentication required", "again"),
        (500, "Error: (UnicodeEncodeError) an error of the server's", "again"),
        (503, "5.5.1 bad sequence of commands", "again"),
        (550, "5.1.8 Sender address rejected: Domain not found", "again"),
        (553, "5.1.7 bad sender's mailbox", "again"),
        # for now
        (450, "4.2.1 receiving mail too quickly", "again"),
        (451, "greylisted", "again"),
        (421, "4.1.1 closing", "again"),
    ],
)
def test_what_is_said_of_a_recipient(code: int, text: str, means: str) -> None:
    assert meaning(to_recipient(code, text)) == means


@pytest.mark.parametrize(
    ("code", "text", "means"),
    [
        (554, "looks like spam", "message"),
        (550, "looks like spam", "message"),
        (552, "5.3.4 message too big", "message"),
        (552, "message too big", "message"),
        (550, "5.1.1 no such user", "address"),
        (552, "5.2.2 over quota", "again"),
        (451, "5.1.1 later", "again"),
    ],
)
def test_what_is_said_of_a_mail_is_of_its_address_only_where_it_says_so(
    code: int, text: str, means: str
) -> None:
    assert meaning(to_mail(code, text)) == means


def test_what_is_said_of_the_sender_is_mended_and_tried_again() -> None:
    assert meaning(to_sender(550, "5.1.1 who are you")) == "again"


def test_numbers_in_a_text_are_no_code() -> None:
    assert meaning(to_recipient(554, "server 5.1.1.4 says no")) == "message"
    assert meaning(to_recipient(554, "no, see chapter 5.1.1")) == "message"


def test_a_reason_is_one_line_that_is_not_too_long() -> None:
    (reason,) = {to_recipient(550, "5.1.1 no\r\nsuch   user " + "x" * 500).reason}  # type: ignore[union-attr]
    assert reason.startswith("550 5.1.1 no such user x") and len(reason) == 204
