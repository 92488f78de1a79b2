"""The loop of the relay: uvloop where it is installed, and that of the library where it is not."""

import asyncio
import sys

import pytest

from parcours.delivery import loop


async def name_of_the_loop() -> str:
    await asyncio.sleep(0)
    return type(asyncio.get_running_loop()).__module__


def test_it_is_the_faster_one_where_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("uvloop")
    assert loop.run(name_of_the_loop()).startswith("uvloop")
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert loop.run(name_of_the_loop()).startswith("asyncio")
