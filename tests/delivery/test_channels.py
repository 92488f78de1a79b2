"""The one suite that every channel passes: an answer for each send, in order; again with the same id; bad input."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from math import inf
from pathlib import Path

import duckdb
import pytest
from sends import send
from servers import Hook, Mailbox, hook_server, smtp_server

from parcours.delivery import loop
from parcours.delivery.outlets import channel_of
from parcours.delivery.send import Accepted, Channel, Outcome, Send, TerminalFailure, TransientFailure
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.language.settings import read_settings

Seen = Callable[[], Counter[str]]
Opened = AbstractAsyncContextManager[tuple[Channel, Seen]]


def made(settings: str, folder: Path, environment: dict[str, str] | None = None) -> Channel:
    """The channel of a line of `channels:`."""
    text = f"name: s\ndatamart:\n  contacts: {{table: c, key: k}}\nchannels:\n  email: {{{settings}}}\n"
    read, found = read_settings(text, "parcours.yaml")
    assert read is not None, found
    engine = DuckDBEngine(duckdb.connect())
    return channel_of(read.channels[0].adapter, folder, environment or {}, engine.write_parquet)


@asynccontextmanager
async def smtp(folder: Path) -> AsyncIterator[tuple[Channel, Seen]]:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        line = f"adapter: smtp, host: 127.0.0.1, port: {port}, security: none, sender: a@example.org"
        yield made(line, folder), lambda: mailbox.ids


@asynccontextmanager
async def webhook(folder: Path) -> AsyncIterator[tuple[Channel, Seen]]:
    hook = Hook()
    async with hook_server(hook) as url:
        yield made(f"adapter: webhook, url: '{url}'", folder), lambda: hook.taken


@asynccontextmanager
async def csv(folder: Path) -> AsyncIterator[tuple[Channel, Seen]]:
    yield made("adapter: file, folder: out", folder), lambda: in_files(folder / "out", "id")


@asynccontextmanager
async def parquet(folder: Path) -> AsyncIterator[tuple[Channel, Seen]]:
    yield (
        made("adapter: file, folder: out, format: parquet", folder),
        lambda: in_files(folder / "out", "id"),
    )


@asynccontextmanager
async def task(folder: Path) -> AsyncIterator[tuple[Channel, Seen]]:
    yield made("adapter: task, folder: out", folder), lambda: in_files(folder / "out", "id")


@asynccontextmanager
async def faulty(folder: Path) -> AsyncIterator[tuple[Channel, Seen]]:
    from parcours.delivery.channels.faulty import FaultyChannel

    channel = made("adapter: faulty", folder)
    assert isinstance(channel, FaultyChannel)
    yield channel, lambda: channel.taken


def in_files(folder: Path, column: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in sorted(folder.iterdir()):
        rows = duckdb.sql(f"SELECT {column} FROM '{path}'") if path.suffix == ".parquet" else None
        rows = rows or duckdb.sql(f"SELECT {column} FROM read_csv('{path}', all_varchar = true)")
        found.update(name for (name,) in rows.fetchall())
    return found


ALL = [smtp, webhook, csv, parquet, task, faulty]


def handed(channel: Channel, *batches: Sequence[Send]) -> list[Sequence[Outcome]]:
    async def go() -> list[Sequence[Outcome]]:
        await channel.open()
        try:
            return [await channel.hand_over(batch, inf) for batch in batches]
        finally:
            await channel.close()

    return loop.run(go())


async def through(channel: Channel, *batches: Sequence[Send]) -> list[Sequence[Outcome]]:
    await channel.open()
    try:
        return [await channel.hand_over(batch, inf) for batch in batches]
    finally:
        await channel.close()


@pytest.mark.parametrize("kind", ALL)
def test_what_is_accepted_is_there_once(kind: Callable[[Path], Opened], tmp_path: Path) -> None:
    async def go() -> None:
        async with kind(tmp_path) as (channel, seen):
            batch = [send(n) for n in range(40)]
            (answers,) = await through(channel, batch)
            assert [type(answer) for answer in answers] == [Accepted] * 40
            assert seen() == {one.id: 1 for one in batch}

    loop.run(go())


@pytest.mark.parametrize("kind", ALL)
def test_a_batch_that_is_handed_over_again_has_the_same_ids(
    kind: Callable[[Path], Opened], tmp_path: Path
) -> None:
    async def go() -> None:
        async with kind(tmp_path) as (channel, seen):
            batch = [send(n) for n in range(3)]
            await through(channel, batch)
            await through(channel, batch)
            assert seen().keys() == {one.id for one in batch}

    loop.run(go())


@pytest.mark.parametrize("kind", ALL)
def test_texts_arrive_whatever_they_hold(kind: Callable[[Path], Opened], tmp_path: Path) -> None:
    async def go() -> None:
        async with kind(tmp_path) as (channel, seen):
            odd = send(
                1, text='=cmd, "quoted"\r\n.\r\nline; 日本語 \u2028 end', subject="Zu dir: “é” " + "x" * 300
            )
            (answers,) = await through(
                channel, [odd, send(2, html="<p>Hi", unsubscribe="https://x.example/u/1")]
            )
            assert [type(answer) for answer in answers] == [Accepted, Accepted]
            assert sum(seen().values()) == 2

    loop.run(go())


# ---- what cannot be reached, and what is refused


@pytest.mark.parametrize(
    "line",
    [
        "adapter: smtp, host: 127.0.0.1, port: 1, security: none, sender: a@example.org",
        "adapter: webhook, url: 'http://127.0.0.1:1/hook'",
        "adapter: file, folder: taken/by/a/file",
        "adapter: task, folder: taken/by/a/file",
        "adapter: faulty, transient: 100",
    ],
)
def test_who_is_not_there_is_a_failure_that_passes(line: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    (answers,) = handed(made(line, tmp_path), [send(1), send(2)])
    assert [type(answer) for answer in answers] == [TransientFailure, TransientFailure]
    assert all(isinstance(answer, TransientFailure) and answer.reason for answer in answers)


def test_null_takes_everything(tmp_path: Path) -> None:
    (answers,) = handed(made("adapter: null", tmp_path), [send(1), send(2)])
    assert answers == [Accepted(), Accepted()]


def test_faulty_fails_as_told_and_always_the_same(tmp_path: Path) -> None:
    from parcours.delivery.channels.faulty import FaultyChannel

    line = "adapter: faulty, transient: 30, terminal: 10, lost: 20, seed: 7"
    batch = [send(n) for n in range(2000)]
    channel = made(line, tmp_path)
    assert isinstance(channel, FaultyChannel)
    first, second = handed(channel, batch)[0], handed(made(line, tmp_path), batch)[0]
    assert first == second
    kinds = Counter(type(answer) for answer in first)
    assert 160 < kinds[TerminalFailure] < 240
    assert 920 < kinds[TransientFailure] < 1080
    # the answers that are lost are of sends that were taken
    assert 340 < len(channel.taken) - kinds[Accepted] < 460
