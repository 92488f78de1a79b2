"""A send as an e-mail, in bytes.

Written line by line: the library's messages, which can be anything, take longer to make than a server takes to accept
them. What a parser makes of the bytes is tested."""

import re
from binascii import b2a_qp
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime, getaddresses
from functools import lru_cache

from parcours.delivery.send import Send

_LOCAL = r"[^\s@<>(),;:\\\"\[\]\x00-\x20\x7f]+"
_ADDRESS = re.compile(rf"({_LOCAL})@({_LOCAL})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NEW_LINE = re.compile(r"\r\n|\r|\n")
_LONGEST_LINE = 900
"""Bytes of a line: SMTP takes 998."""
_LONGEST_SUBJECT = 60
"""Characters of a subject that need no folding."""


class NoAddress(Exception):  # noqa: N818 - a fact about a contact
    """The text is no address that mail can be sent to."""


def address_of(text: str) -> tuple[str, str]:
    """The two parts of an address, the domain in ASCII. Raises `NoAddress`, also for a line break or a second address,
    which would say something else in the header of a mail."""
    found = _ADDRESS.fullmatch(text.strip(" "))
    if found is None or not found[1].isascii():
        raise NoAddress(f"`{text[:80]!r}` is no e-mail address")
    try:
        return found[1], _ascii(found[2])
    except UnicodeError as error:
        raise NoAddress(f"`{found[2]}` is no domain") from error


@lru_cache(maxsize=10_000)
def _ascii(domain: str) -> str:
    return domain.encode("idna").decode("ascii").lower()


class Letterhead:
    """What all mails of a channel have in common. `sender` is `Shop <news@example.com>`; ValueError when it is not."""

    def __init__(self, sender: str, reply_to: str | None = None) -> None:
        mailbox = _mailbox(sender)
        self.envelope_from = mailbox.addr_spec
        self.domain = mailbox.domain
        self._head = [f"From: {_written(mailbox)}"]
        if reply_to is not None:
            self._head.append(f"Reply-To: {_written(_mailbox(reply_to))}")

    def message_id(self, send: Send) -> str:
        """The Message-ID is the idempotency key: whoever gets a mail twice can tell."""
        return f"<{send.id}@{self.domain}>"

    def mail(self, send: Send, local: str, domain: str) -> bytes:
        """The mail to an address in its two parts. The same send gives the same bytes. ValueError for a line break where
        another header would begin."""
        head = [
            *self._head,
            f"To: {local}@{domain}",
            f"Subject: {_subject(send.subject)}",
            f"Date: {_date(send.granted_at)}",
            f"Message-ID: {self.message_id(send)}",
            "MIME-Version: 1.0",
        ]
        if send.unsubscribe is not None:
            # RFC 8058: one click, without a page
            head += [
                f"List-Unsubscribe: <{_one_line(send.unsubscribe)}>",
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            ]
        start = "\r\n".join(head).encode("ascii") + b"\r\n"
        text = _part("plain", send.text)
        if send.html is None:
            return start + text
        # no line of a part begins so: quoted-printable writes `=` as `=3D`, and a part in plain ASCII has not this id
        boundary = f"=_{send.id}"
        parts = b"".join(f"\r\n--{boundary}\r\n".encode() + part for part in (text, _part("html", send.html)))
        kind = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n'.encode()
        return start + kind + parts + f"\r\n--{boundary}--\r\n".encode()


def _part(subtype: str, text: str) -> bytes:
    """The headers of a part, and what stands in it."""
    body = "\r\n".join(_NEW_LINE.split(text)).encode("utf-8", "replace")
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    encoding = "7bit"
    if not body.isascii() or b"\x00" in body or max(map(len, body.split(b"\r\n"))) > _LONGEST_LINE:
        body, encoding = b2a_qp(body), "quoted-printable"
    return (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'.encode()
        + body
    )


def _subject(text: str) -> str:
    one_line = _one_line(text)
    if one_line.isascii() and len(one_line) <= _LONGEST_SUBJECT and "=?" not in one_line:
        return one_line
    return Header(one_line, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError(
            "a header cannot hold a linefeed or carriage return, nor another character that is unseen"
        )
    return text


@lru_cache(maxsize=1000)
def _date(granted_at: datetime) -> str:
    return format_datetime(granted_at.replace(tzinfo=UTC))


def _written(mailbox: Address) -> str:
    """A mailbox as a header holds it."""
    if mailbox.display_name.isascii():
        return str(mailbox)
    return f"{Header(mailbox.display_name, 'utf-8').encode()} <{mailbox.addr_spec}>"


def _mailbox(text: str) -> Address:
    try:
        ((name, address),) = getaddresses([_one_line(text)])
        local, domain = address_of(address)
        return Address(display_name=name, username=local, domain=domain)
    except (NoAddress, ValueError) as error:
        raise ValueError(f"`{text}` is no sender, such as `Shop <news@example.com>`") from error
