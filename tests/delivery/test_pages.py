"""Pages: ours, or the project's own; everything in them is escaped."""

from pathlib import Path

import jinja2
import pytest

from parcours.delivery.pages import Pages, style

MARK = "<script>'\"&"


def test_a_page_escapes_what_it_is_given() -> None:
    page = Pages(MARK, "/in").page("refused", title=MARK, reason=MARK)
    assert "<script" not in page
    assert page.count("&lt;script&gt;&#39;&#34;&amp;") >= 4
    assert '<link rel="stylesheet" href="/in/style.css">' in page


def test_a_page_that_is_not_in_the_folder_is_ours(tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text("{{ count }} {{ name }}")
    pages = Pages("Tea", "", tmp_path)
    assert pages.page("saved", count=2) == "2 Tea"
    assert "You are unsubscribed" in pages.page("unsubscribed", channel=None)


@pytest.mark.parametrize("text", ["{{ ''.__class__.__mro__ }}", "{{ self._TemplateReference__context }}"])
def test_a_page_of_the_projects_own_reaches_nothing_of_ours(tmp_path: Path, text: str) -> None:
    (tmp_path / "saved.html").write_text(text)
    with pytest.raises(jinja2.exceptions.TemplateError):
        Pages("Tea", "", tmp_path).page("saved", count=1)


def test_a_name_that_a_page_does_not_have_is_an_error_and_not_nothing(tmp_path: Path) -> None:
    (tmp_path / "saved.html").write_text("{{ cuont }}")
    with pytest.raises(jinja2.exceptions.UndefinedError):
        Pages("Tea", "", tmp_path).page("saved", count=1)


def test_the_style_fetches_nothing() -> None:
    assert "main {" in style()
    assert "url(" not in style() and "@import" not in style()
