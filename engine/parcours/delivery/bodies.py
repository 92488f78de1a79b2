"""What somebody posts, read up to a limit, and in time."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

from parcours.delivery.door import Refused

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_BYTES = 4_000_000
FORM_BYTES = 20_000
LONGEST_SECONDS = 20


class TooMuch(Exception):  # noqa: N818 - a mistake of whoever sent it
    """More than is read; the message says how much that is."""


async def body_of(request: "Request", most: int = MOST_BYTES) -> bytes:
    """The body of a request. Raises `TooMuch` as soon as that is clear, and `Refused` when it does not come."""
    from starlette.requests import ClientDisconnect

    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said[:20]) > most:
        raise TooMuch(f"more than {most:,} bytes")
    read = bytearray()
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            async for piece in request.stream():
                read += piece
                if len(read) > most:
                    raise TooMuch(f"more than {most:,} bytes")
    except (TimeoutError, ClientDisconnect):
        raise Refused("what was sent did not come to its end") from None
    return bytes(read)


def json_of(body: bytes) -> Any:
    """The JSON value of a body, or the list of those of its lines. Raises `Refused` when it is neither."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("what was sent is no UTF-8 text") from None
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        try:
            lines = [line for line in text.splitlines() if line.strip()]
            if len(lines) > 1:
                return [json.loads(line, parse_constant=_no_number) for line in lines]
        except (ValueError, RecursionError):
            pass
        where = (
            f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        raise Refused(f"what was sent is no JSON{where}") from None


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
