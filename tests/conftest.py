"""No test reads or leaves anything in the user's own cache folder."""

import gc
import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def rarer_collections() -> None:
    """Compiling makes trees of many small objects that all live for long: looking through them costs a tenth of the time."""
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(autouse=True, scope="session")
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before
