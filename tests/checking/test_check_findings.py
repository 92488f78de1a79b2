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
