"""Tokens: who has the secret can make them, and nobody else."""

from datetime import datetime

import pytest

from parcours.delivery.tokens import LONGEST, BadToken, read, sign

SECRET, OTHER = "a-secret", "another-secret"
DATA = {"c": "1042", "s": "welcome:hello"}


def test_what_was_signed_is_read() -> None:
    token = sign("click", DATA, SECRET)
    assert read("click", token, SECRET) == DATA
    assert sign("click", dict(reversed(DATA.items())), SECRET) == token
    assert token.replace("-", "").replace("_", "").replace(".", "").isalnum()


def test_a_token_of_one_purpose_is_none_of_another() -> None:
    with pytest.raises(BadToken, match="not one of ours"):
        read("unsubscribe", sign("preferences", DATA, SECRET), SECRET)


def test_a_token_that_was_changed_anywhere_is_refused() -> None:
    token = sign("click", DATA, SECRET)
    # but for the last character, of which base64 does not read every bit
    for at in range(len(token) - 1):
        other = "A" if token[at] != "A" else "B"
        with pytest.raises(BadToken):
            read("click", f"{token[:at]}{other}{token[at + 1 :]}", SECRET)


@pytest.mark.parametrize(
    "token", ["", ".", "x", "..", "eyJjIjoiMSJ9", "eyJjIjoiMSJ9.", "é", "a" * (LONGEST + 1), "\0"]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(BadToken, match="not one of ours"):
        read("click", token, SECRET)


def test_a_token_of_another_secret_is_refused() -> None:
    with pytest.raises(BadToken):
        read("click", sign("click", DATA, OTHER), SECRET)


def test_a_secret_is_changed_without_breaking_the_links_that_are_out() -> None:
    old = sign("click", DATA, OTHER)
    assert read("click", old, f"{SECRET} {OTHER}") == DATA
    assert sign("click", DATA, f"{SECRET} {OTHER}") == sign("click", DATA, SECRET)


def test_a_token_expires_when_it_says_so() -> None:
    end = datetime(2026, 3, 1, 10)
    token = sign("click", DATA, SECRET, expires=end)
    assert read("click", token, SECRET, now=datetime(2026, 3, 1, 9, 59)) == DATA
    with pytest.raises(BadToken, match="expired"):
        read("click", token, SECRET, now=end)


def test_an_empty_secret_signs_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        sign("click", DATA, " ")
