"""Whose turn comes, and when the others' does not any more."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from math import inf

import pytest
from aiohttp import web
from sends import send
from servers import Mailbox, smtp_server

from parcours.delivery.channels.smtp import SmtpChannel
from parcours.delivery.channels.turns import MOST_SILENT, Turns
from parcours.delivery.channels.webhook import WebhookChannel
from parcours.delivery.send import Accepted, Channel, Outcome, TransientFailure, Untried
from parcours.diagnostics import Place
from parcours.model.channel_settings import SmtpSettings, WebhookSettings
from parcours.model.node import Name

HERE = Place("parcours.yaml")
BATCH = [send(number) for number in range(60)]
SILENCE = TransientFailure("no answer in time", is_silent=True)


def test_every_send_has_its_turn_once_whoever_asks() -> None:
    turns = Turns(BATCH[:4], lambda: False)
    for number, one in turns:
        turns.answer(number, Accepted(one.id))
    assert turns.answers() == [Accepted(one.id) for one in BATCH[:4]]


def test_they_end_when_it_is_time_to_stop_and_the_rest_was_not_tried() -> None:
    taken: list[int] = []
    turns = Turns(BATCH[:5], lambda: len(taken) == 2)
    for number, _ in turns:
        taken.append(number)
        turns.answer(number, Accepted())
    assert turns.answers() == [Accepted(), Accepted(), Untried(), Untried(), Untried()]


def test_they_end_after_so_many_in_a_row_that_nobody_answered() -> None:
    turns = Turns(BATCH, lambda: False)
    for number, _ in turns:
        turns.answer(number, SILENCE if number else Accepted())
    answers = turns.answers()
    assert answers[1 : MOST_SILENT + 1] == [SILENCE] * MOST_SILENT
    assert answers[MOST_SILENT + 1 :] == [Untried(is_left_alone=True)] * (len(BATCH) - MOST_SILENT - 1)


def test_an_answer_in_between_counts_and_a_refusal_is_one() -> None:
    turns = Turns(BATCH, lambda: False)
    for number, _ in turns:
        turns.answer(number, TransientFailure("answered with status 503") if number % 4 == 3 else SILENCE)
    assert not any(isinstance(answer, Untried) for answer in turns.answers())


def test_a_late_answer_does_not_begin_it_anew() -> None:
    """Another worker has waited for it while the channel was given up."""
    turns = Turns(BATCH, lambda: False)
    late, _ = next(turns)
    for number, _ in turns:
        turns.answer(number, SILENCE)
    turns.answer(late, Accepted())
    assert next(turns, None) is None


# ---- channels whose other side hangs


def handed(channel: Channel) -> Sequence[Outcome]:
    async def go() -> Sequence[Outcome]:
        await channel.open()
        try:
            return await channel.hand_over(BATCH, inf)
        finally:
            await channel.close()

    return asyncio.run(go())


def tried(answers: Sequence[Outcome]) -> int:
    return sum(not isinstance(answer, Untried) for answer in answers)


def test_a_web_server_that_hangs_is_left_alone() -> None:
    over = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        await over.wait()
        return web.Response()

    async def go() -> Sequence[Outcome]:
        app = web.Application()
        app.router.add_post("/", hang)
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        url = Name(place=HERE, text=f"http://127.0.0.1:{port}/")
        channel = WebhookChannel(WebhookSettings(place=HERE, url=url, concurrency=8, timeout_seconds=1), None)
        await channel.open()
        try:
            return await channel.hand_over(BATCH, inf)
        finally:
            await channel.close()
            over.set()
            await runner.cleanup()

    answers = asyncio.run(go())
    # one wave, and those who were the first to give up once more
    assert 8 <= tried(answers) < 8 + MOST_SILENT
    assert answers[0] == TransientFailure("no answer in time")
    assert answers[-1] == Untried(is_left_alone=True)


class Hanging(Mailbox):
    """Takes a mail and says nothing more."""

    async def handle_DATA(self, server, session, envelope) -> str:  # type: ignore[no-untyped-def]  # noqa: N802
        await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(60)
        raise AssertionError


def test_a_mail_server_that_hangs_is_left_alone() -> None:
    def name(text: str) -> Name:
        return Name(place=HERE, text=text)

    mailbox = Hanging()
    with smtp_server(mailbox) as port, suppress(asyncio.CancelledError):
        settings = SmtpSettings(
            place=HERE,
            host=name("127.0.0.1"),
            port=port,
            security="none",
            sender=name("a@example.org"),
            connections=MOST_SILENT,
            timeout_seconds=1,
        )
        answers = handed(SmtpChannel(settings, None))
    assert MOST_SILENT <= tried(answers) < 2 * MOST_SILENT
    assert sum(mailbox.ids.values()) == tried(answers)
    assert answers[-1] == Untried(is_left_alone=True)


@pytest.mark.parametrize("most", [0, 3])
def test_a_channel_stops_in_the_middle_of_a_batch(most: int) -> None:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        settings = SmtpSettings(
            place=HERE,
            host=Name(place=HERE, text="127.0.0.1"),
            port=port,
            security="none",
            sender=Name(place=HERE, text="a@example.org"),
            connections=1,
        )
        answers = handed(SmtpChannel(settings, None, stopping=lambda: sum(mailbox.ids.values()) >= most))
    assert tried(answers) == most == sum(mailbox.ids.values())
    assert answers[-1] == Untried()
