"""What a server's reply to a mail means: for now, for this mail, or for this address.

A reply has three digits (RFC 5321) and mostly, at its beginning or in brackets at its end, an enhanced code (RFC 3463). The
digits alone do not tell a mailbox that is not there from a sender who is not welcome; the enhanced code does, so where there is one
it decides. An address that is called bad is closed for good: it is called so only by what speaks of the address."""

import re

from parcours.delivery.send import Outcome, TerminalFailure, TransientFailure

# bad mailbox, bad system, bad syntax, ambiguous, moved away, a domain that takes no mail (RFC 7505); 5.1.0 is what else
# there is about an address; 5.2.1 as a lasting error: a mailbox that will never be opened again. 5.1.7 and 5.1.8 are of the sender.
_OF_THE_ADDRESS = frozenset(("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"))
# of the sender, of a password, of the order of commands: no mail would fare better, until somebody mends it
_OF_US = frozenset(("5.1.7", "5.1.8", "5.7.8", "5.7.9", "5.7.11", "5.7.54"))
_FULL = "5.2.2"
_NO_MAILBOX = frozenset((550, 551, 553))
# commands out of order or not understood, and a password that is missing or wrong
_NOT_THE_MAIL = frozenset((500, 502, 503, 504, 530, 534, 535, 538))
_MAILBOX_FULL = 552
_RELAYING = re.compile(r"\brelay|rcpthosts", re.IGNORECASE)
# 550 alone is said for both; where its words speak of a policy it is not believed of the address
_POLICY = re.compile(
    r"\b(sender|spam|policy|prohibit|black ?list|block ?list|dnsbl|reputation)", re.IGNORECASE
)
_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)|.*\(#([245]\.\d{1,3}\.\d{1,3})\)", re.DOTALL)


def to_recipient(code: int, text: str) -> Outcome:
    """What a refusal of the recipient means."""
    enhanced = _enhanced(text)
    if _is_ours(code, enhanced, text):
        return TransientFailure(_said(code, text))
    if enhanced is None and code in _NO_MAILBOX and not _POLICY.search(text):
        return TerminalFailure(_said(code, text), "address")
    if enhanced is None and code == _MAILBOX_FULL:
        return TransientFailure(_said(code, text))
    return to_mail(code, text)


def to_mail(code: int, text: str) -> Outcome:
    """What a refusal of the whole mail means. It speaks of the address only where its enhanced code does."""
    enhanced = _enhanced(text)
    if code < 500 or enhanced == _FULL or _is_ours(code, enhanced, text):
        return TransientFailure(_said(code, text))
    return TerminalFailure(_said(code, text), "address" if enhanced in _OF_THE_ADDRESS else "message")


def to_sender(code: int, text: str) -> Outcome:
    """A refusal of the sender, or of us: nothing that this mail could help."""
    return TransientFailure(_said(code, text))


def one_line(text: str) -> str:
    """What a server or a library has said, fit to be kept."""
    return " ".join(text.split())[:200]


def _is_ours(code: int, enhanced: str | None, text: str) -> bool:
    """Whether it is refused that we use this server at all. Servers say so of the recipient, whom they do not look at."""
    return code in _NOT_THE_MAIL or enhanced in _OF_US or bool(_RELAYING.search(text))


def _enhanced(text: str) -> str | None:
    found = _ENHANCED.match(text)
    return None if found is None else found[1] or found[2]


def _said(code: int, text: str) -> str:
    return f"{code} {one_line(text)}"
