"""One little shop for all tests of a process; a test leaves nothing in it."""

from pathlib import Path

import pytest
from little_shop import LittleShop, make_database


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> LittleShop:
    folder: Path = tmp_path_factory.mktemp("shop")
    make_database(folder / "shop.duckdb")
    return LittleShop(folder)
