"""Webhooks: what is posted, and what an answer means."""

import asyncio
import hmac
import json
from collections.abc import Sequence
from math import inf
from typing import Any

import pytest
from aiohttp import web
from sends import send
from servers import Hook, hook_server

from parcours.delivery import loop
from parcours.delivery.channels.webhook import WebhookChannel
from parcours.delivery.send import (
    Accepted,
    Outcome,
    Send,
    TerminalFailure,
    TransientFailure,
    Untried,
)
from parcours.diagnostics import Place
from parcours.model.channel_settings import WebhookSettings
from parcours.model.node import Name

HERE = Place("parcours.yaml")


def posted(
    hook: Hook, batch: Sequence[Send], secret: str | None = None, fresh: float = inf, **more: Any
) -> list[Outcome]:
    async def go() -> list[Outcome]:
        async with hook_server(hook) as url:
            settings = WebhookSettings(place=HERE, url=Name(place=HERE, text=url), **more)
            channel = WebhookChannel(settings, secret)
            await channel.open()
            try:
                return list(await channel.hand_over(batch, asyncio.get_running_loop().time() + fresh))
            finally:
                await channel.close()

    return loop.run(go())


def test_a_send_is_posted_as_json_with_its_id_and_a_signature() -> None:
    hook = Hook()
    one = send(1, html="<p>é", unsubscribe="https://x.example/u")
    assert posted(hook, [one], "hush") == [Accepted("p1")]
    ((headers, body),) = hook.posts
    assert headers["Idempotency-Key"] == one.id
    assert headers["X-Parcours-Signature"] == "sha256=" + hmac.new(b"hush", body, "sha256").hexdigest()
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {
        "id": one.id,
        "contact": "1",
        "address": "c1@example.org",
        "journey": "welcome",
        "step": "hello",
        "message": "hello",
        "channel": "email",
        "purpose": "service",
        "topic": "news",
        "reference": "welcome::1:hello:email",
        "granted_at": "2026-03-02T09:00:00Z",
        "subject": "Hello 1",
        "text": "Dear 1, café",
        "html": "<p>é",
        "unsubscribe": "https://x.example/u",
    }


def test_without_a_secret_nothing_is_signed() -> None:
    hook = Hook()
    posted(hook, [send(1)])
    assert "X-Parcours-Signature" not in hook.posts[0][0]


@pytest.mark.parametrize("status", [301, 401, 403, 404, 408, 409, 410, 425, 429, 500, 502, 503])
def test_what_may_be_mended_is_tried_again(status: int) -> None:
    assert posted(Hook(statuses=[status]), [send(1)]) == [TransientFailure(f"answered with status {status}")]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_never_changes_is_a_failure_for_good(status: int) -> None:
    assert posted(Hook(statuses=[status]), [send(1)]) == [
        TerminalFailure(f"refused with status {status}", "message")
    ]


class Answering(Hook):
    """Says a text with a status."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__()
        self.status, self.said = status, said

    async def post(self, request: web.Request) -> web.StreamResponse:
        return web.Response(text=self.said, status=self.status)


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_that_nobody_is_at_an_address_is_said_in_words(status: int) -> None:
    """A number alone is said by an endpoint that was taken down, too, and to everybody."""
    assert posted(Answering(status, '{"error": "address"}'), [send(1)]) == [
        TerminalFailure(f"refused with status {status}: the address", "address")
    ]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (410, ""),
        (410, "Gone"),
        (410, '{"error": "gone"}'),
        (410, '["address"]'),
        (500, '{"error": "address"}'),
    ],
)
def test_nothing_else_calls_an_address_bad(status: int, said: str) -> None:
    assert posted(Answering(status, said), [send(1)]) == [TransientFailure(f"answered with status {status}")]


def test_each_send_has_its_own_answer() -> None:
    answers = posted(Hook(statuses=[200, 500, 422]), [send(n) for n in range(4)], concurrency=1)
    assert [type(answer) for answer in answers] == [Accepted, TransientFailure, TerminalFailure, Accepted]


class Slow(Hook):
    """Counts how many are being answered at the same time."""

    now = most = 0

    async def post(self, request: web.Request) -> web.StreamResponse:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.01)
        self.now -= 1
        return await super().post(request)


def test_no_more_are_posted_at_once_than_are_allowed() -> None:
    hook = Slow()
    posted(hook, [send(n) for n in range(12)], concurrency=3)
    assert hook.most == 3


class Hanging(Hook):
    async def post(self, request: web.Request) -> web.StreamResponse:
        await super().post(request)
        await asyncio.sleep(30)
        raise AssertionError("nobody waits so long")


def test_an_answer_that_does_not_come_in_time_is_a_failure_that_passes() -> None:
    hook = Hanging()
    assert posted(hook, [send(1)], timeout_seconds=1) == [TransientFailure("no answer in time")]
    assert hook.taken == {send(1).id: 1}


class Breaking(Hook):
    """Says that it has taken a send, and then nothing more."""

    async def post(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "100"})
        await answer.prepare(request)
        await answer.write(b'{"id": ')
        assert request.transport is not None
        request.transport.abort()
        return answer


def test_what_is_accepted_is_so_even_where_the_rest_of_the_answer_is_lost() -> None:
    assert posted(Breaking(), [send(1)]) == [Accepted(None)]


def test_a_server_that_is_slow_gets_no_send_that_was_prepared_long_ago() -> None:
    """P8: whoever opts out meanwhile is seen before the next batch."""

    class Late(Hook):
        async def post(self, request: web.Request) -> web.StreamResponse:
            await asyncio.sleep(0.1)
            return await super().post(request)

    hook = Late()
    answers = posted(hook, [send(n) for n in range(9)], fresh=0.15, concurrency=1)
    begun = sum(isinstance(answer, Accepted) for answer in answers)
    assert 1 <= begun <= 2
    assert [type(answer) for answer in answers[begun:]] == [Untried] * (9 - begun)
    assert hook.taken == {send(n).id: 1 for n in range(begun)}


@pytest.mark.parametrize("said", ["", "no json", "[1]", '{"id": null}', '{"id": {"x": 1}}', "x" * 100_000])
def test_whatever_an_accepting_server_says_it_is_accepted(said: str) -> None:
    assert posted(Answering(200, said), [send(1)]) == [Accepted(None)]
