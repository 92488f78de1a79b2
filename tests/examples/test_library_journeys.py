"""The journey library and the journeys of the example projects, as files."""

import pathlib

import pytest

from parcours.language.parser import parse
from parcours.model.example import Example
from parcours.model.journey import Journey
from parcours.model.project import Declaration

ROOT = pathlib.Path(__file__).parents[2]
LIBRARY = sorted(path for path in (ROOT / "journeys").iterdir() if path.is_dir())
FILES = sorted([*ROOT.glob("journeys/*/*.journey"), *ROOT.glob("examples/*/*.journey")])


def declarations(path: pathlib.Path) -> tuple[Declaration, ...]:
    found, problems = parse(path.read_text(encoding="utf-8"), path.name)
    assert problems == ()
    return found


def test_the_library_has_its_five_folders() -> None:
    assert [folder.name for folder in LIBRARY] == ["birthday", "cart", "newsletter", "welcome", "win_back"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_read_without_a_problem(path: pathlib.Path) -> None:
    assert declarations(path)


@pytest.mark.parametrize("folder", LIBRARY, ids=lambda folder: folder.name)
def test_a_folder_holds_the_journey_of_its_name_and_the_examples_that_test_it(folder: pathlib.Path) -> None:
    found = declarations(folder / f"{folder.name}.journey")
    (journey,) = [one for one in found if isinstance(one, Journey)]
    assert journey.name.text == folder.name
    examples = [one for one in found if isinstance(one, Example)]
    assert len(examples) >= 2
    assert all(example.journey is not None and example.journey.text == folder.name for example in examples)
    assert all(example.expects for example in examples)


@pytest.mark.parametrize("folder", LIBRARY, ids=lambda folder: folder.name)
def test_the_readme_tells_what_a_journey_expects(folder: pathlib.Path) -> None:
    assert f"| `{folder.name}` |" in (ROOT / "journeys" / "README.md").read_text(encoding="utf-8")
