"""Names are declared once."""

import pytest
from journey_check import codes, findings, told

DECLARATIONS = {
    "journey": "journey x\n    enter on order\n    exit\n",
    "message": 'message x\n    email "Hi"\n',
    "channel": "channel x\n    address email\n    consent email_opt_in\n",
    "segment": "segment x\n    age > 1\n",
    "lifecycle": "lifecycle x\n    a: otherwise\n",
    "season": "season x\n    from 06-01 to 08-31\n",
}


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_of_two_with_one_name_the_second_is_told_where_the_first_stands(kind: str) -> None:
    text = DECLARATIONS[kind]
    (found,) = findings(f"# first\n{text}", text)
    assert (found.place.file, found.place.line, found.place.column) == ("b.journey", 1, len(kind) + 2)
    assert (found.code, found.message) == ("duplicate-name", f"the {kind} `x` is declared twice")
    assert found.mark == f"first in a.journey:2:{len(kind) + 2}"


def test_different_kinds_may_share_a_name() -> None:
    assert codes("\n".join(DECLARATIONS.values())) == []


def test_a_lifecycle_takes_no_name_of_an_attribute() -> None:
    found = findings("lifecycle country\n    a: otherwise\n")
    message = "the lifecycle `country` has the name of an attribute of contacts"
    assert told(found) == [("duplicate-name", message, 1, 11, "")]
