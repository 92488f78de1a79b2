"""Projects whose messages are answered, and the tools of other rooms' tests."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_TESTS = Path(__file__).parents[1]
sys.path += [str(_TESTS / "compiler"), str(_TESTS / "executor")]

from post_office import PostOffice  # noqa: E402 - found where the line above says


@pytest.fixture(scope="session")
def greeted_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose people 1 to 4 got `hello` by email at 10:00 on 2 March, to be copied."""
    office = PostOffice(tmp_path_factory.mktemp("greeted") / "post")
    office.visits(*((person, "2026-03-02 09:30") for person in (1, 2, 3, 4)))
    office.simulate("2026-03-02 00:00", "2026-03-03 00:00")
    office.close()
    return office.folder


@pytest.fixture
def greeted(greeted_folder: Path, tmp_path: Path) -> Iterator[PostOffice]:
    shutil.copytree(greeted_folder, tmp_path / "greeted")
    office = PostOffice.of(tmp_path / "greeted")
    yield office
    office.close()


@pytest.fixture
def post_office(tmp_path: Path) -> Iterator[Callable[..., PostOffice]]:
    """Makes a project of a few people in a folder of its own: `post_office(JOURNEYS)`."""
    made: list[PostOffice] = []

    def make(*texts: str) -> PostOffice:
        made.append(PostOffice(tmp_path / f"post{len(made)}", *texts))
        return made[-1]

    yield make
    for one in made:
        one.close()
