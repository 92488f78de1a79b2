"""Texts of messages: what fills them in, what is escaped, and what cannot be done in them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from world import full_text, project_of

from parcours.delivery.texts import BrokenText, Facts, Filled, Texts, Unfilled
from parcours.model.vocabulary import Message

AT = datetime(2026, 3, 2, 9)


def texts(body: str, *, subject: str = "", file: str = "", folder: Path = Path()) -> Texts:
    """One message `hello`: a text, or what stands in a file of this name."""
    said = f'subject "{subject}"\n    ' if subject else ""
    message = f'email from "{folder / file}"' if file else f'email "{body}"'
    if file:
        (folder / file).write_text(body, encoding="utf-8")
    project, found = project_of(full_text(f"message hello\n    {said}{message}\n"))
    assert not found, found
    return Texts([d for d in project.declarations if isinstance(d, Message)], folder, ("name", "age", "vip"))


def facts(**more: Any) -> Facts:
    said: dict[str, Any] = {
        "attributes": {"name": "Ann", "age": 5, "vip": True, "unknown": None},
        "entry": '{"cart_id": "17", "gone": null}',
        "event": '{"total": "20.50"}',
        "entry_at": AT,
        "links": {"shop": "https://shop.example/?a=1&b=2"},
        "link": "shop",
        "expires": None,
        "choice": 0,
    }
    return Facts(**{**said, **more})


def filled(body: str, **more: Any) -> Filled:
    return texts(body).fill("hello", "email", facts(**more))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Dear {{ name }}", "Dear Ann"),
        ("{{ name | upper }} {{ age + 1 }}", "ANN 6"),
        ("{{ vip }}", "yes"),
        ("{{ entry.cart_id }} at {{ entry.at }}", "17 at 2026-03-02 09:00:00"),
        ("{{ event.total }}", "20.50"),
        ("{{ link }} {{ links.shop }}", "https://shop.example/?a=1&b=2 https://shop.example/?a=1&b=2"),
        ("{% for offer in offers %}{{ offer.name }} {% endfor %}", "hat sock "),
        ("{{ unknown | default('you') }}", "you"),
        ("{% if unknown %}{{ unknown }}{% else %}friend{% endif %}", "friend"),
        ("{% if never_heard_of is defined %}a{% else %}b{% endif %}", "b"),
        ("<{{ name }}> & co", "<Ann> & co"),
    ],
)
def test_a_text_is_filled_in(body: str, text: str) -> None:
    offers = ({"name": "hat"}, {"name": "sock"})
    assert filled(body, offers=offers) == Filled("", text, None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{{ unknown }}", "`unknown` is not known of this contact"),
        ("{{ entry.gone }}", "`entry.gone` is not known of this contact"),
        ("{{ entry.cart }}", "nothing provides `cart`"),
        ("{{ nmae }}", "nothing provides `nmae`"),
        ("{{ link }}", "`link` is not known of this contact"),
        ("{{ expires }}", "`expires` is not known of this contact"),
        ("{% if nmae %}a{% endif %}", "nothing provides `nmae`"),
        ("{{ age // 0 }}", "by zero"),
        ("{{ name + age }}", "str"),
    ],
)
def test_what_cannot_be_filled_in_is_said(body: str, reason: str) -> None:
    with pytest.raises(Unfilled, match=reason):
        filled(body, link=None)


@pytest.mark.parametrize(
    "body",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ name.__init__.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ ''['__class__'].__base__ }}",
        "{{ '{0.__class__.__init__.__globals__}'.format(name).x }}",
        "{% for n in range(999999999) %}x{% endfor %}",
        "{{ offers.append(1) }}",
    ],
)
def test_nothing_leads_out_of_the_sandbox(body: str) -> None:
    with pytest.raises(Unfilled):
        filled(body)


def test_html_is_escaped_and_has_a_text_part(tmp_path: Path) -> None:
    body = '<h1>Dear {{ name }}</h1><p><a href="{{ links.shop }}">Shop</a></p>'
    made = texts(body, file="hello.html", folder=tmp_path)
    found = made.fill("hello", "email", facts(attributes={"name": "<script>A & B</script>"}))
    assert found.html is not None
    assert "<h1>Dear &lt;script&gt;A &amp; B&lt;/script&gt;</h1>" in found.html
    assert 'href="https://shop.example/?a=1&amp;b=2"' in found.html
    assert found.text == "Dear <script>A & B</script>\n\nShop (https://shop.example/?a=1&b=2)\n"


def test_a_line_break_in_a_subject_begins_no_header() -> None:
    made = texts("…", subject="For {{ name }}")
    found = made.fill("hello", "email", facts(attributes={"name": "Ann\r\nBcc: all@example.org\u2028x"}))
    assert found.subject == "For Ann Bcc: all@example.org x"


def test_of_several_subjects_the_same_send_has_always_the_same() -> None:
    made = texts("…", subject='One" or "Two')
    assert [made.fill("hello", "email", facts(choice=n)).subject for n in (0, 1, 2, 2)] == [
        "One",
        "Two",
        "One",
        "One",
    ]


def test_a_layout_is_found_in_the_project_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "layout.txt").write_text("[{% block body %}{% endblock %}]")
    child = "{% extends 'layout.txt' %}{% block body %}{{ name }}{% endblock %}"
    made = texts(child, file="hello.txt", folder=tmp_path)
    assert made.fill("hello", "email", facts()).text == "[Ann]"
    assert made.reads(["hello"], "email") == ("name", "age", "vip")


@pytest.mark.parametrize("outside", ["../secret.txt", "{folder}/../secret.txt", "a/../../secret.txt"])
def test_no_file_outside_of_the_project_is_included(outside: str, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "project"
    (folder / "a").mkdir(parents=True)
    body = f"{{% include '{outside.format(folder=folder)}' %}}"
    with pytest.raises(BrokenText, match="there is no file"):
        texts(body, file="hello.txt", folder=folder).fill("hello", "email", facts())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "hello.txt: there is no file `part.txt` in the project's folder"),
        (b"a\n{% if %}", "part.txt: line 2: "),
        (b"\xff", "hello.txt cannot be read: it is no UTF-8"),
    ],
)
def test_a_file_that_is_included_is_wrong_for_everybody(
    content: bytes | None, reason: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "part.txt").write_bytes(content)
    made = texts("{% include 'part.txt' %}", file="hello.txt", folder=tmp_path)
    with pytest.raises(BrokenText, match=reason):
        made.fill("hello", "email", facts())


def test_what_is_no_text_is_not_sent() -> None:
    with pytest.raises(Unfilled, match="surrogates not allowed"):
        filled("{{ '\\\\ud800' }}")


@pytest.mark.parametrize(
    ("body", "reason"), [("{% if %}", "hello.txt: line 1: "), ("a\n{{ name", "hello.txt: line 2: ")]
)
def test_a_text_that_is_wrong_for_everybody_says_where(body: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenText, match=reason):
        texts(body, file="hello.txt", folder=tmp_path).fill("hello", "email", facts())


def test_only_the_attributes_are_asked_for_that_a_text_fills_in() -> None:
    assert texts("{{ age }} {{ entry.x }}", subject="{{ name }}").reads(["hello", "other"], "email") == (
        "name",
        "age",
    )
