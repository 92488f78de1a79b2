"""Files that are too large, too deep or too wrong: some diagnostics each, whatever the size. How long they take,
benchmarks/bad_input.py tells."""

from pathlib import Path

import pytest
from everything import checked_and_shown, put_through
from mangled import HOSTILE
from monsters import MONSTERS, TEXT, YAML

from parcours.language.effort import MOST_IN_FILE, MOST_MISTAKES
from parcours.language.files import journey_files


@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_gives_a_few_diagnostics(name: str) -> None:
    file, text = MONSTERS[name]()
    found = checked_and_shown(text, file)
    assert found
    of_form = [d for d in found if d.code in ("syntax", "indentation", "yaml-form", "too-many-mistakes")]
    assert len(of_form) <= MOST_IN_FILE + MOST_MISTAKES + 1


@pytest.mark.parametrize("name", [TEXT, YAML])
def test_a_file_of_ten_megabytes_is_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"# nothing\n" * 1_000_000)
    files = journey_files([tmp_path])
    assert files.texts == {}
    assert [d.code for d in files.diagnostics] == ["too-large"]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b'segment s\n    a = "\xe9"\n', b"\xed\xa0\x80", b"ok\n\xf0\x9f"]
)
def test_bytes_that_are_no_text_are_told_with_their_place(tmp_path: Path, content: bytes) -> None:
    (tmp_path / TEXT).write_bytes(content)
    (found,) = journey_files([tmp_path]).diagnostics
    assert (found.code, found.place.line) == ("unreadable-file", 2 if b"\n" in content else 1)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("where", ["name", "text", "value", "yaml name", "yaml text", "comment"])
def test_a_hostile_word_is_read_as_it_is_or_refused(hostile: str, where: str) -> None:
    quoted = hostile.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    texts = {
        "name": (TEXT, f"journey `{hostile}`\n    enter on order\n    exit\n"),
        "text": (TEXT, f'message m\n    subject "{quoted}"\n    email "{quoted}"\n'),
        "value": (TEXT, f'segment s\n    country = "{quoted}" or country is `{hostile}`\n'),
        "yaml name": (YAML, f"- journey: {hostile}\n  enter:\n    on: order\n  steps:\n    - exit\n"),
        "yaml text": (YAML, f'- message: m\n  subject: "{quoted}"\n'),
        "comment": (TEXT, f"# {hostile}\nsegment s\n    email_opt_in\n"),
    }
    file, text = texts[where]
    put_through(text, file)
