"""Webhooks: what is posted, and what an answer means."""

import asyncio
import hmac
import json
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web
from sends import send
from servers import Hook, hook_server

from parcours.delivery.channels.webhook import WebhookChannel
from parcours.delivery.send import Accepted, Outcome, Send, TerminalFailure, TransientFailure
from parcours.diagnostics import Place
from parcours.model.channel_settings import WebhookSettings
from parcours.model.node import Name

HERE = Place("parcours.yaml")


def posted(hook: Hook, batch: Sequence[Send], secret: str | None = None, **more: Any) -> list[Outcome]:
    async def go() -> list[Outcome]:
        async with hook_server(hook) as url:
            settings = WebhookSettings(place=HERE, url=Name(place=HERE, text=url), **more)
            channel = WebhookChannel(settings, secret)
            await channel.open()
            try:
                return list(await channel.hand_over(batch))
            finally:
                await channel.close()

    return asyncio.run(go())


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


@pytest.mark.parametrize("status", [301, 401, 403, 404, 408, 409, 425, 429, 500, 502, 503])
def test_what_may_be_mended_is_tried_again(status: int) -> None:
    assert posted(Hook(statuses=[status]), [send(1)]) == [TransientFailure(f"answered with status {status}")]


@pytest.mark.parametrize(
    ("status", "kind"), [(400, "message"), (410, "address"), (413, "message"), (422, "message")]
)
def test_what_never_changes_is_a_failure_for_good(status: int, kind: Any) -> None:
    assert posted(Hook(statuses=[status]), [send(1)]) == [
        TerminalFailure(f"refused with status {status}", kind)
    ]


def test_each_send_has_its_own_answer() -> None:
    answers = posted(Hook(statuses=[200, 500, 410]), [send(n) for n in range(4)], concurrency=1)
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


@pytest.mark.parametrize("said", ["", "no json", "[1]", '{"id": null}', '{"id": {"x": 1}}', "x" * 100_000])
def test_whatever_an_accepting_server_says_it_is_accepted(said: str) -> None:
    class Saying(Hook):
        async def post(self, request: web.Request) -> web.StreamResponse:
            return web.Response(text=said)

    assert posted(Saying(), [send(1)]) == [Accepted(None)]
