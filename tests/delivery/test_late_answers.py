"""A provider that answers when nobody listens any more: it is asked again with the same id, and delivers once."""

import asyncio
from dataclasses import dataclass

import pytest
from aiohttp import web
from relay_world import Shop
from servers import Hook, hook_in_thread

from parcours.delivery.channels.webhook import WebhookChannel
from parcours.diagnostics import Place
from parcours.executor.integrity import check_rows
from parcours.model.channel_settings import WebhookSettings
from parcours.model.node import Name

HERE = Place("parcours.yaml")
NAMES = ("ann", "bob", "cleo")


@dataclass
class Late(Hook):
    """Takes what is posted at once, and is slow to say so for the first `late` posts."""

    late: int = 0
    seconds: float = 0.0

    async def post(self, request: web.Request) -> web.StreamResponse:
        answer = await super().post(request)
        if len(self.posts) <= self.late:
            await asyncio.sleep(self.seconds)
        return answer


@pytest.mark.parametrize("late", [1, 3])
def test_an_answer_that_comes_too_late_is_as_good_as_lost(late: int) -> None:
    hook = Late(late=late, seconds=1.2)
    with hook_in_thread(hook) as url:
        settings = WebhookSettings(place=HERE, url=Name(place=HERE, text=url), timeout_seconds=1)
        shop = Shop(channels={"email": WebhookChannel(settings, None)})
        for name in NAMES:
            shop.contact(name)
        shop.granted(*NAMES)
        first = shop.relay()
        assert (first.accepted, first.retried, first.reasons) == (3 - late, late, {"no answer in time": late})
        second = shop.relay("2026-03-02 09:02")
        assert (second.accepted, second.waiting) == (late, 0)
    assert sorted(hook.taken) == shop.ids()
    assert sorted(hook.taken.values()) == [1] * (3 - late) + [2] * late
    assert shop.receipts() == [(name, "accepted", "") for name in NAMES]
    check_rows(shop.engine, "memory")
    shop.close()
