"""The bytes of a mail: what a parser makes of them is what was to be said."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sends import send

from parcours.delivery.mail import Letterhead, NoAddress, address_of
from parcours.delivery.send import Send

HEAD = Letterhead("Shop <news@shop.example>")


def parsed(one: Send, head: Letterhead = HEAD) -> EmailMessage:
    data = head.mail(one, *address_of(one.address))
    assert max(map(len, data.split(b"\r\n"))) < 998
    assert data.replace(b"\r\n", b"").count(b"\n") == 0
    assert data.isascii()
    mail = message_from_bytes(data, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage) and not mail.defects
    return mail


TEXTS = [
    "",
    "Hello",
    "Hello\n",
    "one\ntwo\r\nthree\rfour",
    "café, 日本語, 🎉",
    "a = b; 100 %; =3D",
    ".\n..\n. starts with a dot",
    "From here on",
    "x" * 5000,
    "é" * 5000,
    "ends in a space \nand a tab\t\n",
    "--=_00000000000000000000000000000001\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    mail = parsed(send(1, text=text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert mail.get_content().replace("\r\n", "\n") == (lines if lines.endswith("\n") else f"{lines}\n")


@pytest.mark.parametrize("html", ["<p>Hello</p>", "<p>é</p>" * 1000, "--=_x--\n<p>--=_x"])
def test_both_parts_come_out_as_they_went_in(html: str) -> None:
    mail = parsed(send(1, text="Hello", html=html))
    text, page = mail.iter_parts()
    assert isinstance(text, EmailMessage) and isinstance(page, EmailMessage)
    assert (text.get_content_type(), text.get_content()) == ("text/plain", "Hello\r\n")
    assert (page.get_content_type(), page.get_content().strip()) == ("text/html", html.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "subject",
    ["", "Hello", "Grüße aus Köln", "日本語" * 30, "x" * 300, "=?utf-8?q?no?=", "a " * 80 + "é", "🎉 party"],
)
def test_a_subject_comes_out_as_it_went_in(subject: str) -> None:
    assert str(parsed(send(1, subject=subject))["Subject"]).strip() == subject.strip()


def test_a_sender_may_have_any_name() -> None:
    mail = parsed(send(1), Letterhead('"Müller, Söhne & Co." <news@müller.example>'))
    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Müller, Söhne & Co.", "news@xn--mller-kva.example")


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\x00b", "a\x0bb"])
def test_a_header_is_one_line(text: str) -> None:
    for said in ({"subject": text}, {"unsubscribe": f"https://x.example/{text}"}):
        with pytest.raises(ValueError, match="linefeed or carriage return"):
            parsed(send(1, **said))


@pytest.mark.parametrize(
    "sender", ["", "shop", "a@b@c", "Shop <a@b.example>, Other <c@d.example>", "a\nb <a@b.example>"]
)
def test_what_is_no_sender_is_refused(sender: str) -> None:
    with pytest.raises(ValueError, match="is no sender"):
        Letterhead(sender)


def test_the_same_send_has_the_same_bytes() -> None:
    one = send(1, html="<p>Hello")
    assert HEAD.mail(one, "a", "b.example") == HEAD.mail(one, "a", "b.example")


@pytest.mark.parametrize(
    "text", ["ann@example.org", " ann@example.org ", "o'hara+tag@EXAMPLE.org", "a!#$%&*/=?^_`{|}~-@x.example"]
)
def test_addresses_are_taken_as_they_are(text: str) -> None:
    local, domain = address_of(text)
    assert (f"{local}@{domain}", domain) == (f"{local}@{domain.lower()}", domain.lower())
    assert f"{local}@{domain}".lower() == text.strip().lower()


@pytest.mark.parametrize(
    "text", ["ann", "é@example.org", f"ann@{'x' * 70}.example", "ann@exa..mple", "a@b\n"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(NoAddress):
        address_of(text)
