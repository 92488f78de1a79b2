"""What the language has and the executor has not: nothing is wrong with it, and it is refused when it is to run."""

import pytest
from journey_check import findings, journey, told, unsupported

HEADER = "    enter on order\n    goal g: click\n"
LIFECYCLE = "lifecycle customer\n    active: has order\n    lost: otherwise\n"


def refused(*texts: str) -> list[tuple[str, int, int]]:
    """(what, line, column) of each."""
    found = unsupported(*texts)
    assert {d.code for d in found} <= {"not-supported-yet"}
    return [(d.message.removeprefix("not supported yet: "), d.place.line, d.place.column) for d in found]


@pytest.mark.parametrize(
    ("body", "what", "line", "column"),
    [
        ("    send hello by email\n        at best hour within 1 day\n", "`at best hour`", 19, 9),
    ],
)  # fmt: skip
def test_a_step_that_the_executor_lacks_is_refused_once(body: str, what: str, line: int, column: int) -> None:
    vip = "segment vip\n    has order\n"
    assert refused(journey(body, HEADER), vip, LIFECYCLE) == [(what, line, column)]


def test_live_content_is_refused() -> None:
    assert refused('message m\n    email "Hi"\n    live stock, store\n') == [("`live` content", 3, 10)]


def test_what_is_wrong_in_it_is_a_finding_all_the_same() -> None:
    found = findings(
        "journey j\n    enter on order\n    repeat up to 2 times until contry = 1\n        exit\n"
    )
    message = "`contry` is no attribute of a contact"
    assert told(found) == [("unknown-attribute", message, 3, 32, "did you mean `country`?")]
