"""Where the checker collects what it finds."""

from parcours.checking.findings import Findings
from parcours.diagnostics import Place


def test_the_same_finding_counts_once() -> None:
    findings = Findings({})
    for _ in range(2):
        findings.add("wrong-type", "no", Place("a", 1, 1, 1, 2))
    assert len(findings.diagnostics) == 1


def test_names_are_listed_when_they_are_few_and_none_is_near() -> None:
    findings = Findings({})
    place = Place("a", 1, 1, 1, 2)
    findings.unknown("unknown-event", "no", place, "zzzz", ["order", "click", "click"])
    findings.unknown("unknown-field", "no", place, "zzzz", map(str, range(1000, 1013)))
    findings.unknown("unknown-segment", "no", place, "ordre", ["order"])
    assert [(d.mark, d.help) for d in findings.diagnostics] == [
        ("", "there is: click, order"),
        ("", ""),
        ("did you mean `order`?", ""),
    ]


def test_the_text_of_a_place_is_what_the_user_wrote_on_one_line() -> None:
    findings = Findings({"a": 'if one\n    and  "two\u2028"\n\nthree'})
    assert findings.text(Place("a", 1, 4, 2, 17)) == 'one and "two "'
    assert findings.text(Place("a", 4, 1, 4, 6)) == "three"
    assert findings.text(Place("b", 4, 1, 4, 6)) == ""


def test_a_name_that_is_declared_nowhere_is_told_once_with_all_its_places() -> None:
    findings = Findings({})
    for line in (5, 2, 9, 7, 11):
        findings.unknown("unknown-message", "no", Place("a", line, 1, line, 2), "helo", ["other"])
    (found,) = findings.diagnostics
    assert found.place.line == 2
    assert found.help == "there is: other; it is used in a:5:1, a:7:1, a:9:1 and 1 more place too"


def test_an_attribute_that_does_not_exist_is_told_wherever_it_is_used() -> None:
    """It is declared in no journey file: each use of it is a slip of its own."""
    findings = Findings({})
    for line in (5, 2):
        findings.unknown("unknown-attribute", "no", Place("a", line, 1, line, 2), "contry", ["country"])
    assert len(findings.diagnostics) == 2
