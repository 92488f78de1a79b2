"""`${VARIABLE}` in paths."""

import pytest

from parcours.language.variables import Unset, replaced

ENVIRONMENT = {"HOME_OF_DATA": "/data", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a/b.parquet", "a/b.parquet"),
        ("${HOME_OF_DATA}/b", "/data/b"),
        ("${HOME_OF_DATA:-x}/b", "/data/b"),
        ("${MISSING:-x/y}/b", "x/y/b"),
        ("${EMPTY:-x}", "x"),
        ("${MISSING:-}", ""),
        ("$HOME_OF_DATA $5", "$HOME_OF_DATA $5"),
        ("${HOME_OF_DATA}${MISSING:-!}", "/data!"),
    ],
)
def test_a_variable_is_replaced_by_its_value_or_its_default(text: str, answer: str) -> None:
    assert replaced(text, ENVIRONMENT) == answer


@pytest.mark.parametrize(
    ("text", "said"), [("a/${MISSING}", "${MISSING}"), ("${a b}", "${a b}"), ("${}", "${}")]
)
def test_what_has_no_value_is_told(text: str, said: str) -> None:
    with pytest.raises(Unset) as caught:
        replaced(text, ENVIRONMENT)
    assert caught.value.said == said


def test_a_value_is_not_looked_into_again() -> None:
    assert replaced("${A}", {"A": "${B}"}) == "${B}"
