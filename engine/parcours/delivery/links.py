"""The links that a message has to whoever receives: made where it is rendered, read where somebody follows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from parcours.delivery.tokens import BadToken, Purpose, read, sign

PATHS: Mapping[Purpose, str] = {
    "unsubscribe": "/unsubscribe",
    "preferences": "/preferences",
    "open": "/open",
    "click": "/click",
}
"""Behind each of them comes a slash and the token."""


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a link was sent to, `contact` being the key as text; by which send, on which channel; and for `click` where
    it leads."""

    contact: str
    send: str | None = None
    channel: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """`url` is the public address of `parcours receive`, `https://news.example.com`; `secret` as for `tokens.sign`."""

    url: str
    secret: str

    def unsubscribe(self, link: Link) -> str:
        """Also what List-Unsubscribe holds, with List-Unsubscribe-Post (RFC 8058)."""
        return self._made("unsubscribe", link)

    def preferences(self, link: Link) -> str:
        return self._made("preferences", link)

    def pixel(self, link: Link) -> str:
        """The address of a picture of one transparent pixel."""
        return self._made("open", link)

    def click(self, link: Link, target: str) -> str:
        """A link that leads to `target`. ValueError when that is no address on the web."""
        if not is_web_address(target):
            raise ValueError(f"`{target}` is no address that begins with https:// or http://")
        return self._made("click", Link(link.contact, link.send, link.channel, target))

    def _made(self, purpose: Purpose, link: Link) -> str:
        said = {"c": link.contact, "s": link.send, "n": link.channel, "t": link.target}
        token = sign(purpose, {key: value for key, value in said.items() if value is not None}, self.secret)
        return f"{self.url.rstrip('/')}{PATHS[purpose]}/{token}"


def read_link(purpose: Purpose, token: str, secret: str) -> Link:
    """The link that a token was made of. Raises `BadToken`."""
    said: dict[str, Any] = read(purpose, token, secret)
    contact, target = said.get("c"), said.get("t")
    if not isinstance(contact, str) or (purpose == "click" and not is_web_address(target or "")):
        raise BadToken("the link is not one of ours")
    return Link(contact, said.get("s"), said.get("n"), target)


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a page, with nothing in it that could end a header. The name of the machine is in
    its ASCII form."""
    if not text.isprintable() or " " in text or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.netloc.isascii()
