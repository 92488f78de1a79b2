"""One mistake, one diagnostic: what only follows from a line that could not be read is not told."""

import pytest
from journey_check import NOWHERE, POLICY, SHOP, findings, project, told

from parcours.checking.check import CheckResult, check
from parcours.diagnostics import Diagnostic, Place

USES = """\
journey other
    enter on joining vip
        if customer is active and season.summer
    send hello by email
    exit

example "a second one"
    journey j
    expect no message
"""
WHOLE = """\
journey j
    enter on order
    leave when age > 9
    send hello by email
"""
LIFECYCLE = """\
lifecycle customer
    new: no order
    active: has order in last 90 days
    lost: otherwise
"""
SEGMENT = "segment vip\n    age > 9\n"
SEASON = "season summer\n    from 06-01 to 08-31\n"


def everything(*, but: str = "", by: str = "") -> list[str]:
    """The codes for a whole project in which a piece of text is replaced."""
    files = (WHOLE, USES, LIFECYCLE, SEGMENT, SEASON, POLICY)
    assert sum(file.count(but) for file in files) == 1 or not but
    return [found.code for found in findings(*(file.replace(but, by) if but else file for file in files))]


def test_the_project_that_is_damaged_here_is_whole() -> None:
    assert everything() == []


@pytest.mark.parametrize(
    ("line", "damaged"),
    [
        ("    enter on order\n", "    enter on on order\n"),
        ("    leave when age > 9\n", "    leave when age >> 9\n"),
        ("    enter on order\n", "    entr on order\n"),
        ("journey j\n    enter", "jorney j\n    enter"),
        ("journey j\n    enter", "journey j by email\n    enter"),
        ("    active: has order in last 90 days\n", "    active: has order in last 90 dys\n"),
        ("    lost: otherwise\n", "     lost: otherwise\n"),
        ("segment vip\n", "segmnt vip\n"),
        ("segment vip\n    age > 9\n", "segment vip\n    age >\n"),
        ("    from 06-01 to 08-31\n", "    from 06-01 until 08-31\n"),
        ("    consent email_opt_in\n", "    consent email_opt_in and\n"),
        ('    email "Hello"\n', "    email Hello\n"),
        ("message hello\n", "mesage hello\n"),
        ("channel email\n", "chanel email\n"),
    ],
)
def test_a_line_that_cannot_be_read_is_the_only_thing_told(line: str, damaged: str) -> None:
    (code,) = everything(but=line, by=damaged)
    assert code in ("syntax", "indentation")


def test_a_value_that_is_refused_when_reading_costs_its_declaration_and_is_told_once() -> None:
    assert everything(but="segment vip\n    age > 9\n", by="segment vip\n    age + (age > 9) > 1\n") == [
        "wrong-type"
    ]


def test_what_is_wrong_elsewhere_is_told_beside_a_line_that_cannot_be_read() -> None:
    found = findings(WHOLE.replace("enter on", "enter"), "segment s\n    contry = 1\n", POLICY)
    assert [(d.code, d.place.file) for d in found] == [
        ("syntax", "a.journey"),
        ("unknown-attribute", "b.journey"),
    ]


def test_a_name_that_no_damaged_declaration_may_hold_is_still_missed() -> None:
    found = findings("segmnt vip\n    age > 9\n", "segment s\n    in segment vipp\n")
    assert [d.code for d in found] == ["syntax", "unknown-segment"]


def test_a_clause_said_twice_leaves_the_rest_to_be_checked() -> None:
    text = "journey j\n    priority 1\n    priority 2\n    enter on ordr\n    exit\n"
    assert told(findings(text)) == [
        ("repeated-clause", "`priority` is said twice", 3, 5, "first said in line 2"),
        ("unknown-event", "`ordr` is no event of the datamart", 4, 14, "did you mean `order`?"),
    ]


def test_a_period_that_is_no_period_is_said_once() -> None:
    text = "pressure\n    at most 1 message per calendar hour\n    at most 1 message per calendar day\n"
    found = findings(text)
    assert [(d.code, d.place.line) for d in found] == [("bad-period", 2)]


@pytest.mark.parametrize("code", ["unreadable-file", "unknown-library"])
def test_a_file_that_could_not_be_read_may_have_declared_any_name(code: str) -> None:
    made, _ = project(USES)
    lost = Diagnostic(code, "gone", Place("b.journey.yaml"))
    assert check(made, SHOP, (lost,)) == CheckResult(None, ())
    made, _ = project("segment s\n    has ordr\n")
    assert [d.code for d in check(made, SHOP, (lost,)).diagnostics] == ["unknown-event"]


def test_a_warning_spoils_nothing() -> None:
    made, _ = project(POLICY)
    assert check(made, SHOP, (Diagnostic("different-keys", "odd", NOWHERE),)).project is not None
