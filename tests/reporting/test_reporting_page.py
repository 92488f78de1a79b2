"""The page: one file that fetches nothing, runs nothing, and shows what others wrote as text only."""

import base64
import re
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from post_office import PostOffice

from parcours.reporting.page import as_page
from parcours.reporting.report import Report

HOSTILE = '<img src=x onerror="alert(1)">&</style></svg><script>alert(2)</script>'
JOURNEYS = f"""\
journey greet
    "{HOSTILE.replace('"', "'")}"
    purpose loyalty
    enter on visit[channel != "{HOSTILE.replace('"', "'")}"]
        again
    goal opened: open within 3 days
    send hello by email
    wait 1 day
    if kind = "</style><b>x</b>"
        send offer by push
    else
        exit done
"""
GROUPS = """
segment grown
    age >= 24
"""


class Seen(HTMLParser):
    """What a browser would find."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.styles: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.styles.append(data)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, str]:
    office = PostOffice(tmp_path_factory.mktemp("page") / "post", JOURNEYS, GROUPS)
    for person in (1, 2, 3, 4, 5):
        office.event("visits", person, "2026-03-02 09:30", channel="web")
    office.event("opens", 5, "2026-03-02 12:00", "hello")
    office.event("clicks", 5, "2026-03-02 12:00", "hello")
    office.simulate("2026-03-02 00:00", "2026-03-04 00:00")
    office.write("own.journey", JOURNEYS.replace("wait 1 day", "wait 2 days") + GROUPS)
    for person in (6, 7):
        office.event("visits", person, "2026-03-04 01:00", channel="web")
    office.tick("2026-03-04 02:00")
    report, journeys = office.report_with_journeys()
    office.close()
    return report, as_page(report, journeys)


def test_nothing_that_others_wrote_becomes_markup(made: tuple[Report, str]) -> None:
    seen = Seen(made[1])
    assert not seen.open
    assert {"script", "img", "b", "iframe", "link", "object", "form"}.isdisjoint(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "style"]
    assert "alert(2)" in made[1] and "&lt;script&gt;alert(2)" in made[1]


def test_nothing_is_fetched(made: tuple[Report, str]) -> None:
    seen = Seen(made[1])
    leading = [
        value for name, value in seen.attributes if name in ("href", "src", "xlink:href", "data", "action")
    ]
    assert leading and all(value.startswith("#") for value in leading)
    named = {value for name, value in seen.attributes if name == "id"}
    assert {value.removeprefix("#") for value in leading} <= named
    assert "url(" not in made[1] and "@import" not in made[1]
    assert re.findall(r"https?://[^\s\"'<]+", made[1]) == ["http://www.w3.org/2000/svg"] * made[1].count(
        "xmlns="
    )


def test_the_policy_allows_these_styles_and_nothing_else(made: tuple[Report, str]) -> None:
    head = made[1][: made[1].index("<style>")]
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', head)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    styles = dict.fromkeys(Seen(made[1]).styles)
    hashes = [f"'sha256-{base64.b64encode(sha256(one.encode()).digest()).decode()}'" for one in styles]
    assert len(styles) == 2 and rules["style-src"].split() == hashes


def test_the_picture_of_each_version_has_counts_on_its_arrows(made: tuple[Report, str]) -> None:
    report, page = made
    assert page.count('class="pj"') == len(report.walked) == 2
    assert page.count("<details>") == 1
    assert ">sent 5, not sent 0<" in page and ">yes · 0<" in page and ">no · 4<" in page
    assert "version " + report.walked[0].hash[:12] in page


def test_the_page_tells_what_the_report_does(made: tuple[Report, str]) -> None:
    report, page = made
    (everything,) = report.of("all")
    assert f"of {everything.figures.granted:,} granted" in page
    for title in (
        "By channel",
        "By campaign purpose",
        "Segments and stages",
        "Goals",
        "What the figures are",
    ):
        assert f">{title}<" in page
    assert all(note in page for note in report.notes)
    assert "<script" not in page and page.startswith("<!doctype html>\n")


def test_a_state_in_which_nothing_happened_has_a_page_too(post_office: Callable[..., PostOffice]) -> None:
    office = post_office()
    office.simulate("2026-03-02 00:00", "2026-03-03 00:00", hours=24)
    report, journeys = office.report_with_journeys()
    page = as_page(report, journeys)
    assert not Seen(page).open
    assert "nan" not in page and ">–<" in page
