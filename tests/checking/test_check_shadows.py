"""A bare name in a condition means one thing."""

import pytest
from journey_check import findings, told

LIFECYCLE = "lifecycle {}\n    new: no order ever\n    other: otherwise\n"
RFM = "rfm {}\n    of order over 12 months\n"
CLUSTERS = "clusters {}\n    from age\n"


@pytest.mark.parametrize(("text", "what"), [(LIFECYCLE, "lifecycle"), (RFM, "rfm"), (CLUSTERS, "clusters")])
def test_the_name_of_an_attribute_is_taken(text, what) -> None:
    (found,) = findings(text.format("country"))
    assert (found.code, found.message) == (
        "duplicate-name",
        f"the {what} `country` has the name of an attribute of contacts",
    )


@pytest.mark.parametrize("text", [LIFECYCLE, RFM, CLUSTERS])
@pytest.mark.parametrize("name", ["event", "entry", "contact", "season", "score", "zone", "product"])
def test_a_word_that_names_begin_with_is_taken(text, name) -> None:
    (found,) = findings(text.format(name))
    assert found.code == "reserved-name"


def test_of_two_kinds_with_one_name_the_second_is_told() -> None:
    found = findings(RFM.format("value"), CLUSTERS.format("value"))
    assert told(found) == [
        ("duplicate-name", "the clusters `value` has the name of an rfm", 1, 10, "first in a.journey:1:5")
    ]


def test_other_names_hide_nothing() -> None:
    assert findings(LIFECYCLE.format("customer"), RFM.format("value"), CLUSTERS.format("typology")) == ()
