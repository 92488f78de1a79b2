"""What the checker remembers of each condition: its words, its meaning, and which stand for themselves."""

from journey_check import SHOP, project

from parcours.checking.conditions import Condition, Conditions
from parcours.checking.findings import Findings
from parcours.checking.predicates import Predicates
from parcours.checking.terms import Attribute, Compare, Constant
from parcours.checking.vocabulary import vocabulary_of


def noted(*segments: str) -> tuple[Conditions, Findings]:
    text = "".join(f"segment s{number}\n    {segment}\n" for number, segment in enumerate(segments))
    made, found = project(text)
    assert found == ()
    findings = Findings(made.sources)
    vocabulary = vocabulary_of(made.settings, made.declarations, SHOP)
    predicates = Predicates(vocabulary, findings)
    for segment in vocabulary.segments.values():
        predicates.groups.segment(segment.name)
    return predicates.conditions, findings


def words(findings: Findings, *conditions: Condition) -> list[str]:
    return [findings.text(c.node.place) for c in conditions]


def test_a_condition_has_its_words_and_its_meaning() -> None:
    conditions, findings = noted('country = "FR"')
    (only,) = conditions.whole()
    assert words(findings, only) == ['country = "FR"']
    assert only.term == Compare("=", Attribute("country", "text"), Constant("FR", "text"))


def test_parts_are_not_whole_and_what_stands_in_brackets_is() -> None:
    conditions, findings = noted("not (email_opt_in and has order[paid or amount > 3])")
    assert words(findings, *conditions.whole()) == [
        "paid or amount > 3",
        "not (email_opt_in and has order[paid or amount > 3])",
    ]


def test_the_parts_of_a_condition_are_what_its_words_join() -> None:
    conditions, findings = noted("email_opt_in and not sms_opt_in")
    (whole,) = conditions.whole()
    first, second = conditions.parts(whole)
    assert words(findings, first, second) == ["email_opt_in", "not sms_opt_in"]
    assert words(findings, *conditions.parts(second)) == ["sms_opt_in"]
    assert conditions.parts(first) == ()


def test_equal_conditions_in_two_places_are_two() -> None:
    conditions, _ = noted("age > 3", "age > 3")
    assert [c.node.place.line for c in conditions.whole()] == [2, 4]


def test_a_condition_with_a_mistake_is_not_there_and_its_other_parts_are() -> None:
    conditions, findings = noted("agee > 3 and email_opt_in")
    assert words(findings, *conditions.whole()) == ["email_opt_in"]
