"""`parcours models PROJECT NAME`: what is known of one of the things that were learned."""

import pytest

RFM = """
rfm value
    of order.total over 24 months
"""


@pytest.fixture
def learned(corner, parcours):
    corner.write("analytics.journey", RFM)
    assert parcours("learn", "corner", "--as-of", "2026-03-02 12:00").code == 0
    return corner


def test_a_name_shows_what_is_known_of_it(learned, parcours) -> None:
    answer = parcours("models", "corner", "value")
    assert answer.code == 0
    assert answer.out.split("\n") == [
        "rfm value, as of 2026-03-02 12:00: 3 rows",
        "raw figures",
        "",
    ]


def test_a_name_that_is_none_is_told(learned, parcours) -> None:
    answer = parcours("models", "corner", "valu")
    assert answer.code == 2
    assert "nothing is learned that is called `valu`" in answer.err
    assert "did you mean `value`?" in answer.err


def test_what_was_never_learned_is_listed_as_that(corner, parcours) -> None:
    corner.write("analytics.journey", RFM)
    answer = parcours("models", "corner", "value")
    assert answer.code == 0
    assert "never learned" in answer.out
