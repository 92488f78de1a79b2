"""docs/receiving.md: what it shows is what the program reads and does."""

import re
from pathlib import Path

from parcours.delivery.links import PATHS
from parcours.language.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "receiving.md").read_text(encoding="utf-8")
EVENTS, RECEIVE = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_settings_on_the_page_are_read_without_a_word() -> None:
    contacts = "  contacts: {table: c, key: k}\n"
    settings, found = read_settings(f"name: shop\n{EVENTS}{contacts}{RECEIVE}", "parcours.yaml")
    assert found == ()
    assert settings is not None and settings.receive is not None
    assert len(settings.datamart.received) == 8


def test_every_path_and_every_page_is_on_the_page() -> None:
    assert [path for path in PATHS.values() if f"`{path}/TOKEN`" not in PAGE] == []
    pages = {path.name for path in (ROOT / "engine" / "parcours" / "delivery" / "html").glob("*.html")}
    assert [name for name in pages - {"layout.html"} if f"`{name}`" not in PAGE] == []
