"""Signed tokens: what a link in a message says, so that nobody else can have said it.

A token can be read by everybody who has it, and made only with the secret. It is of one purpose: a token that opens the
preferences page unsubscribes nobody."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

Purpose = Literal["unsubscribe", "preferences", "open", "click"]

LONGEST = 4096
"""Characters of a token; a longer one is refused unread."""

_EXPIRES = "_expires"


class BadToken(Exception):  # noqa: N818 - somebody's mistake, or an attack
    """The token is not ours, is for something else, was changed, or has expired; the message says which of the last
    and the others it is."""


def sign(purpose: Purpose, data: Mapping[str, Any], secret: str, expires: datetime | None = None) -> str:
    """A token of letters, digits, `-`, `_` and `.` that holds `data` (plain JSON values). The same data give the same
    token. `secret`: several divided by spaces are there for a change of secrets: the first one signs. `expires`: naive
    UTC; without it, the token is good for ever, as a link to unsubscribe must be."""
    said = dict(data)
    if expires is not None:
        said[_EXPIRES] = expires.isoformat()
    token = _serializer(purpose, secret).dumps(said)
    return token if isinstance(token, str) else token.decode("ascii")


def read(purpose: Purpose, token: str, secret: str, now: datetime | None = None) -> dict[str, Any]:
    """What `sign` put into a token, signed by any of the secrets. `now` is held against the token's end; without it
    no token has expired. Raises `BadToken`."""
    from itsdangerous import BadData

    if len(token) > LONGEST:
        raise BadToken("the link is not one of ours")
    try:
        said = _serializer(purpose, secret).loads(token)
    except BadData as error:
        raise BadToken("the link is not one of ours") from error
    expires = said.pop(_EXPIRES, None)
    if expires is not None and now is not None and now >= datetime.fromisoformat(expires):
        raise BadToken("the link has expired")
    return dict(said)


def _serializer(purpose: Purpose, secret: str) -> Any:
    from itsdangerous import URLSafeSerializer

    secrets = secret.split()
    if not secrets:
        raise ValueError("the secret that signs tokens is empty")
    return URLSafeSerializer(
        # the library signs with the last one
        secrets[::-1],
        salt=f"parcours.{purpose}",
        serializer_kwargs={"sort_keys": True},
        signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
    )
