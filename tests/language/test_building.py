"""Comments, names and texts as they are written."""

import pytest
from lark import Token

from parcours.language.building import code_of, plain_name, plain_text


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("    wait 1 day", "    wait 1 day"),
        ("    wait 1 day   # why", "    wait 1 day"),
        ('    sms "a # b" # c', '    sms "a # b"'),
        (r'    sms "a \" # b" # c', r'    sms "a \" # b"'),
        ("    go to `a # b` # c", "    go to `a # b`"),
        ("# all of it", ""),
    ],
)
def test_the_code_of_a_line_ends_before_its_comment(line: str, code: str) -> None:
    assert code_of(line) == code


def test_a_name_is_what_stands_between_back_quotes() -> None:
    assert plain_name(Token("NAME", "`go to`")) == plain_name(Token("NAME", "go to"))


def test_a_text_is_what_stands_between_quotes() -> None:
    assert plain_text(Token("STRING", r'"a \"b\" \\n c\nd \x"')) == 'a "b" \\n c\nd \\x'
