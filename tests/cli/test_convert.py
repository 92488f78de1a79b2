"""`parcours convert`: the same declarations in the other form; no file is written over."""

from pathlib import Path

import pytest

TEXT = "# why\njourney j\n    enter by hand  # when asked\n\n    exit\n"
YAML = "# why\n- journey: j\n  enter:  # when asked\n    by hand: true\n\n  steps:\n    - exit:\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "j.journey").write_text(TEXT)
    return tmp_path


def test_a_text_becomes_yaml_with_its_comments(here, parcours) -> None:
    answer = parcours("convert", "j.journey", "--to", "yaml")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == YAML


def test_yaml_becomes_text_with_its_comments(here, parcours) -> None:
    (here / "j.journey.yaml").write_text(YAML)
    assert parcours("convert", "j.journey.yaml", "--to", "text").out == TEXT


def test_a_file_converted_to_its_own_form_is_formatted(here, parcours) -> None:
    (here / "j.journey").write_text("journey j\n  enter by hand\n  exit\n")
    answer = parcours("convert", "j.journey", "--to", "text")
    assert answer.out == "journey j\n    enter by hand\n\n    exit\n"


def test_the_output_is_a_new_file_and_the_first_stays(here, parcours) -> None:
    answer = parcours("convert", "j.journey", "--to", "yaml", "--output", "new.journey.yaml")
    assert (answer.code, answer.out) == (0, "")
    assert (here / "new.journey.yaml").read_text() == YAML
    assert (here / "j.journey").read_text() == TEXT


def test_no_file_is_written_over(here, parcours) -> None:
    (here / "there.journey.yaml").write_text("mine")
    answer = parcours("convert", "j.journey", "--to", "yaml", "--output", "there.journey.yaml")
    assert answer.code == 2
    assert "error[output-unwritable]: `there.journey.yaml` is there already" in answer.err
    assert (here / "there.journey.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("wrong.journey", "journey j\n    sned hello\n", "syntax"),
        ("wrong.journey.yaml", "- journey: j\n  stepps: []\n", "yaml-form"),
        ("wrong.journey.yaml", "- journey: [", "yaml"),
        ("wrong.txt", "journey j\n", "no-journey-file"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(here, parcours, name, content, code) -> None:
    (here / name).write_text(content)
    answer = parcours("convert", name, "--to", "text", "--output", "out.journey")
    assert answer.code == 2
    assert f"error[{code}]" in answer.err
    assert not (here / "out.journey").exists()


def test_a_folder_cannot_be_converted(here, parcours) -> None:
    answer = parcours("convert", ".", "--to", "yaml")
    assert answer.code == 2
    assert "error[no-journey-file]" in answer.err
