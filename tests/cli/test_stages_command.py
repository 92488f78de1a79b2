"""`parcours stages`, as people use it."""

import json

import pytest
from corner_project import assert_told

LIFECYCLE = """
lifecycle buyer
    new: first order.at in last 1 day
    active: has order
    prospect: otherwise
"""
DAYS = ("--from", "2026-03-01", "--to", "2026-03-02", "--every", "1d")


@pytest.fixture
def staged(corner):
    corner.write("stages.journey", LIFECYCLE)
    return corner


def test_counts_and_the_matrix(staged, parcours) -> None:
    before = staged.files()
    answer = parcours("stages", "corner", *DAYS)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.split("\n") == [
        "buyer: 3 dates (Europe/Paris)",
        "",
        "How many were in each stage",
        "            new  active  prospect  contacts",
        "2026-03-01    0       0         3         3",
        "2026-03-02    2       0         1         3",
        "2026-03-03    1       2         0         3",
        "",
        "From one date to the next, all together",
        "from, to      new    active  prospect  all",
        "new                2 (100%)              2",
        "prospect  3 (75%)             1 (25%)    4",
        "",
    ]
    assert staged.files() == before


def test_the_same_for_programs_and_as_a_picture(staged, parcours) -> None:
    answer = parcours("stages", "corner", "buyer", *DAYS, "--format", "json", "--svg", "flow.svg")
    found = json.loads(answer.out)
    assert found["counts"][2] == {"new": 1, "active": 2, "prospect": 0}
    assert {"from": "prospect", "to": "new", "contacts": 2} in found["moves"][0]
    picture = (staged.folder.parent / "flow.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg ") and "2026-03-03: 1 new (33%)" in picture


def test_what_cannot_be_asked_for(staged, parcours) -> None:
    answer = parcours("stages", "corner", "byer", *DAYS)
    assert_told(answer, "unknown-name", "`byer` is no lifecycle", "LIFECYCLE\n  did you mean `buyer`?")
    staged.write("more.journey", "lifecycle other\n    there: has order\n")
    answer = parcours("stages", "corner", *DAYS)
    assert_told(answer, "bad-option", "there is more than one lifecycle", "LIFECYCLE\n  help: name one")
    answer = parcours("stages", "corner", "buyer", "--from", "2026-03-02", "--to", "2026-03-01")
    assert_told(answer, "bad-option", "`--to 2026-03-01` is not after `--from 2026-03-02`", "--to")


def test_a_project_without_a_lifecycle(corner, parcours) -> None:
    assert_told(
        parcours("stages", "corner", *DAYS), "bad-option", "the project declares no lifecycle", "corner"
    )
