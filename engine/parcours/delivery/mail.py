"""A send as an e-mail, in bytes."""

import re
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from parcours.delivery.send import Send

_LOCAL = r"[^\s@<>(),;:\\\"\[\]\x00-\x20\x7f]+"
_ADDRESS = re.compile(rf"({_LOCAL})@({_LOCAL})")


class NoAddress(Exception):  # noqa: N818 - a fact about a contact
    """The text is no address that mail can be sent to."""


def address_of(text: str) -> tuple[str, str]:
    """The two parts of an address, the domain in ASCII. Raises `NoAddress`, also for a line break or a second address,
    which would say something else in the header of a mail."""
    found = _ADDRESS.fullmatch(text.strip())
    if found is None or not found[1].isascii():
        raise NoAddress(f"`{text.strip()[:80]!r}` is no e-mail address")
    try:
        domain = found[2].encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise NoAddress(f"`{found[2]}` is no domain") from error
    return found[1], domain


class Letterhead:
    """What all mails of a channel have in common. `sender` is `Shop <news@example.com>`; ValueError when it is not."""

    def __init__(self, sender: str, reply_to: str | None = None) -> None:
        self._sender = _mailbox(sender)
        self._reply_to = None if reply_to is None else _mailbox(reply_to)
        self.envelope_from = self._sender.addr_spec
        self.domain = self._sender.domain

    def message_id(self, send: Send) -> str:
        """The Message-ID is the idempotency key: whoever gets a mail twice can tell."""
        return f"<{send.id}@{self.domain}>"

    def mail(self, send: Send, local: str, domain: str) -> bytes:
        """The mail to an address in its two parts. The same send gives the same bytes, but for the boundary between its
        parts, which follows from the send too."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self._sender
        mail["To"] = Address(username=local, domain=domain)
        mail["Subject"] = send.subject
        mail["Date"] = format_datetime(send.granted_at.replace(tzinfo=UTC))
        mail["Message-ID"] = self.message_id(send)
        if self._reply_to is not None:
            mail["Reply-To"] = self._reply_to
        if send.unsubscribe is not None:
            # RFC 8058: one click, without a page
            mail["List-Unsubscribe"] = f"<{send.unsubscribe}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(send.text)
        if send.html is not None:
            mail.add_alternative(send.html, subtype="html")
            mail.set_boundary(f"=_{send.id}")
        return mail.as_bytes()


def _mailbox(text: str) -> Address:
    name, address = parseaddr(text)
    try:
        local, domain = address_of(address)
        return Address(display_name=name, username=local, domain=domain)
    except (NoAddress, ValueError) as error:
        raise ValueError(f"`{text}` is no sender, such as `Shop <news@example.com>`") from error
