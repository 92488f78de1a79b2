"""What the cases have to be all together: for every rule."""

import re
from collections import Counter
from pathlib import Path

import pytest
from casefile import FOLDER, BadCaseError, read, read_all

REFERENCE = Path(__file__).parents[2] / "grammar" / "language.md"
RULES = re.findall(r"^## ([ETPA]\d+) ·", REFERENCE.read_text(), re.MULTILINE)
CASES = read_all()


def test_the_reference_has_the_rules_of_the_language() -> None:
    assert [
        *_numbered("E", 4),
        *_numbered("T", 19),
        *_numbered("P", 10),
        *_numbered("A", 3),
        "A10",
        "A11",
        "A12",
        "A13",
        "A14",
        "A15",
    ] == RULES


def _numbered(letter: str, last: int) -> list[str]:
    return [f"{letter}{number}" for number in range(1, last + 1)]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_at_least_two_cases(rule: str) -> None:
    assert len([case for case in CASES if case.rule == rule]) >= 2


def test_no_case_is_about_a_rule_that_the_reference_does_not_have() -> None:
    assert {case.rule for case in CASES} == set(RULES)


def test_no_two_cases_of_a_rule_have_one_name() -> None:
    names = Counter((case.rule, case.name) for case in CASES)
    assert not [name for name, times in names.items() if times > 1]


GOOD = """\
rule: T1
says: something
journeys: |
  journey j
      enter on order
cases:
  - name: one
    events: [2026-03-02 10:00 ann order]
    ticks: [2026-03-02 00:00, 2026-03-02 10:00]
    expect: [2026-03-02 10:00 ann enters j]
"""


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("ticks:", "tics:"), "T1.yaml:9: `tics` is no key here"),
        (("ann order", "bob order"), "T1.yaml:8: there is no contact `bob`"),
        (("ann enters j", "ann comes to j"), "is none of the sentences"),
        (("10:00]\n    expect", "00:00]\n    expect"), "T1.yaml:9: ticks must go forward"),
        (("expect: [2026-03-02 10:00 ann enters j]", "looks at: [messages]"), "either `expect` or `errors`"),
        (("    ticks: [2026-03-02 00:00, 2026-03-02 10:00]\n", ""), "`ticks` is missing"),
        (("rule: T1", "rule: T2"), "the cases of T2 belong into T2.yaml or"),
        (("order]", "order with amount 5]"), "does not begin with a field"),
    ],
)
def test_a_slip_in_a_case_is_told_with_its_place(wrong: tuple[str, str], said: str) -> None:
    assert len(read(GOOD, "T1.yaml")) == 1
    assert wrong[0] in GOOD
    with pytest.raises(BadCaseError, match=re.escape(said)):
        read(GOOD.replace(*wrong), "T1.yaml")


def test_every_file_of_the_folder_is_read() -> None:
    assert {case.place.split(":")[0] for case in CASES} == {path.name for path in FOLDER.glob("*.yaml")}
