"""docs/: what the pages show is what the program says, and what they name is there."""

import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from parcours.cli.main import run
from parcours.executor.migrations import MIGRATIONS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HOW_IT_WORKS = (DOCS / "how-it-works.md").read_text(encoding="utf-8")
GETTING_STARTED = (DOCS / "getting-started.md").read_text(encoding="utf-8")
SETTINGS = """\
name: shop
time_zone: Europe/Paris
datamart:
  tables: {contacts: contacts.csv, orders: orders.csv}
  contacts: {table: contacts, key: contact_id, time_zone: time_zone}
  events:
    order: {table: orders, contact: contact_id, at: ordered_at}
"""
CONTACTS = """\
contact_id,email,phone,push_token,email_opt_in,sms_opt_in,push_opt_in,first_name,time_zone
1,ann@example.com,+331,t,true,true,true,Ann,Europe/Paris
"""
ORDERS = "contact_id,ordered_at,amount\n1,2026-03-01 10:00:00,20.50\n"
CHANNEL = (
    '\nmessage thanks\n    email "Thank you"\n\nchannel email\n    address email\n    consent email_opt_in\n'
)
Says = Callable[..., str]


def block(page: str, language: str) -> str:
    """The first block of a language on a page."""
    found = re.search(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A very small shop, in the place at which the pages have the large one."""
    folder = tmp_path / "examples" / "shop"
    folder.mkdir(parents=True)
    for name, text in (("parcours.yaml", SETTINGS), ("contacts.csv", CONTACTS), ("orders.csv", ORDERS)):
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return folder


@pytest.fixture
def says(capfd: pytest.CaptureFixture[str]) -> Says:
    """What a command line answers on standard output."""

    def call(*arguments: str) -> str:
        capfd.readouterr()
        run(arguments)
        return capfd.readouterr().out

    return call


def test_links_of_the_pages_lead_to_files() -> None:
    for page in DOCS.glob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_index_names_every_page() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in DOCS.glob("*.md")} - {"README.md"}
    assert {name for name in pages if f"]({name})" not in index} == set()


def test_the_files_that_how_it_works_names_are_there() -> None:
    named = re.findall(r"`([\w.-]+/[\w./-]+\.(?:py|lark|toml))`", HOW_IT_WORKS)
    assert len(named) > 30
    gone = [name for name in named if not (ROOT / "engine" / "parcours" / name).is_file()]
    assert [name for name in gone if not (ROOT / name).is_file()] == []


def test_how_it_works_describes_every_room_in_the_order_of_the_contract() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = [
        room.removeprefix("parcours.")
        for layer in contract["contracts"][0]["layers"]
        for room in layer.split(" | ")
    ]
    line = re.search(r"^`cli` → .*?\n\n", HOW_IT_WORKS, re.MULTILINE | re.DOTALL)
    assert line is not None
    assert re.findall(r"`(\w+)`", line[0]) == layers
    rooms = HOW_IT_WORKS[: HOW_IT_WORKS.index("## Who may import whom")]
    assert sorted(re.findall(r"^\| `(\w+)` \|", rooms, re.MULTILINE)) == sorted(layers)


def test_how_it_works_describes_every_table_of_the_state() -> None:
    made = re.findall(r"CREATE TABLE (state\.\w+)", "\n".join(text for one in MIGRATIONS for text in one))
    assert sorted(re.findall(r"^\| `(state\.\w+)` \|", HOW_IT_WORKS, re.MULTILINE)) == sorted(made)


def test_the_journey_of_how_it_works_becomes_what_the_page_shows(shop: Path, says: Says) -> None:
    (shop / "thanks.journey").write_text(block(HOW_IT_WORKS, "journey") + CHANNEL, encoding="utf-8")
    project = ("--project", "examples/shop")
    assert says("graph", "thanks", *project, "--format", "mermaid") == block(HOW_IT_WORKS, "mermaid")
    program = says("sql", "thanks", *project)
    assert block(HOW_IT_WORKS, "sql") in program
    titles = re.findall(r"^-- ==== (.*?) =+$", program, re.MULTILINE)
    assert [title for title in titles[1:] if f"| {title} |" not in HOW_IT_WORKS] == []


def test_the_journey_of_getting_started_does_what_the_page_shows(shop: Path, says: Says) -> None:
    shutil.copy(ROOT / "examples" / "shop" / "policy.journey", shop)
    journey = block(GETTING_STARTED, "journey")
    file = shop / "thanks.journey"

    file.write_text(journey.replace("else email", "els email"), encoding="utf-8")
    assert f"```\n{says('check', 'examples/shop')}```" in GETTING_STARTED

    file.write_text(journey, encoding="utf-8")
    test = ("test", "examples/shop", "--journey", "thanks")
    assert f"```\n{says(*test)}```" in GETTING_STARTED

    expected, evening = "email at 2026-03-05 10:00", "email at 2026-03-04 20:00"
    file.write_text(journey.replace(expected, evening), encoding="utf-8")
    assert f"```\n{says(*test)}```" in GETTING_STARTED
