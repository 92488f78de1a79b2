"""What is posted, read up to a limit and in time."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.requests import Request

from parcours.delivery import bodies
from parcours.delivery.bodies import TooMuch, body_of, json_of
from parcours.delivery.door import Refused


def read(pieces: Sequence[bytes | None], length: str | None = None, most: int = 10) -> bytes:
    """None: whoever posts goes away; when the pieces are at their end, nothing comes any more."""
    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.sleep(3600)
        piece = waiting.pop(0)
        if piece is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": piece != b""}

    headers = [] if length is None else [(b"content-length", length.encode())]
    return asyncio.run(body_of(Request({"type": "http", "headers": headers}, receive), most))


def test_a_body_comes_in_pieces() -> None:
    assert read([b"abc", b"defg", b""]) == b"abcdefg"
    assert read([b"x" * 10, b""], "10") == b"x" * 10


@pytest.mark.parametrize(
    ("pieces", "length"),
    [([b"x" * 11], None), ([b"x" * 6] * 2, "5"), ([], "11"), ([], "x"), ([], "9" * 5000)],
)
def test_more_than_the_most_is_not_read(pieces: list[bytes], length: str | None) -> None:
    with pytest.raises(TooMuch, match="more than 10 bytes"):
        read(pieces, length)


def test_whoever_goes_away_or_waits_too_long_has_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="did not come to its end"):
        read([b"x", None])
    monkeypatch.setattr(bodies, "LONGEST_SECONDS", 0.01)
    with pytest.raises(Refused, match="did not come to its end"):
        read([b"x"])


def test_a_value_or_one_for_each_line() -> None:
    assert json_of(b'{"a": [1]}') == {"a": [1]}
    assert json_of(b'{"a": 1}\r\n\n{"a": 2}\n') == [{"a": 1}, {"a": 2}]
    with pytest.raises(Refused, match=r"no JSON \(line 2, column 1\)"):
        json_of(b'{"a": 1}\nx\n')
