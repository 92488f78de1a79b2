"""docs/project.md: what it shows is what the program reads and says."""

import re
from pathlib import Path

import pytest

from parcours.language.settings import read_settings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "project.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
CONTACTS = "  contacts: {table: customers, key: customer_id}\n"


def whole(block: str) -> str:
    """A block of the page with what it leaves out for brevity."""
    text = block if "contacts:" in block else block + CONTACTS
    return text if text.startswith("name:") else f"name: shop\n{text}"


def test_there_is_an_example_of_each_part() -> None:
    assert len(BLOCKS) >= 9
    named = (
        "database",
        "tables",
        "views",
        "dropped",
        "missing",
        "loaded",
        "household",
        "time_zone",
        "library",
        "${",
    )
    assert [part for part in named if not any(part in block for block in BLOCKS)] == []


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_is_read_without_a_word(block: str) -> None:
    settings, diagnostics = read_settings(whole(block), "parcours.yaml", {})
    assert diagnostics == ()
    assert settings is not None


def test_the_library_is_named_in_full() -> None:
    folders = {
        path.name for path in (Path(__file__).resolve().parents[2] / "journeys").iterdir() if path.is_dir()
    }
    row = next(line for line in PAGE.splitlines() if line.startswith("| `library`"))
    assert set(re.findall(r"`(\w+)`", row)) - {"library"} == folders


def test_the_error_on_the_page_is_the_error_of_the_program(corner, parcours) -> None:
    shown = re.search(r"^```\n(error.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert shown is not None
    corner.change("parcours.yaml", "at: ordered_at", "at: orderd_at")
    corner.change("parcours.yaml", ", id: order_id", "")
    answer = parcours("check", "corner")
    assert answer.out.replace("corner/", "shop/") == shown[1] + "\n1 error\n"
