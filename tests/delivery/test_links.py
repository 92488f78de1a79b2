"""Links of messages, as they are made and as they are read."""

import pytest

from parcours.delivery.links import Link, Links, is_web_address, read_link
from parcours.delivery.tokens import BadToken, sign

LINKS = Links("https://news.example.com/", "a-secret")
WHO = Link("1042", "welcome:hello", "email")


def token(address: str) -> str:
    return address.rpartition("/")[2]


def test_a_link_is_read_as_it_was_made() -> None:
    address = LINKS.unsubscribe(WHO)
    assert address.startswith("https://news.example.com/unsubscribe/")
    assert read_link("unsubscribe", token(address), "a-secret") == WHO
    assert read_link("open", token(LINKS.pixel(WHO)), "a-secret") == WHO
    assert read_link("preferences", token(LINKS.preferences(Link("7"))), "a-secret") == Link("7")
    clicked = read_link("click", token(LINKS.click(WHO, "https://shop.example.com/?a=1")), "a-secret")
    assert clicked == Link("1042", "welcome:hello", "email", "https://shop.example.com/?a=1")


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example.com",
        "/here",
        "https:///nowhere",
        "https://a.example.com\r\nSet-Cookie: x=1",
        "https://a.example.com/\\@evil",
        "https://[",
        "https://ü.example.com",
        "",
    ],
)
def test_a_link_leads_to_the_web_and_nowhere_else(target: str) -> None:
    assert not is_web_address(target)
    with pytest.raises(ValueError, match="no address"):
        LINKS.click(WHO, target)


def test_a_token_that_says_too_little_is_no_link() -> None:
    with pytest.raises(BadToken):
        read_link("click", sign("click", {"c": "1"}, "a-secret"), "a-secret")
    with pytest.raises(BadToken):
        read_link("open", sign("open", {"c": 1}, "a-secret"), "a-secret")
