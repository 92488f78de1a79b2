"""Events that journeys record: of what kind their fields are."""

from journey_check import findings, journey, told


def test_a_field_that_is_only_recorded_of_itself_is_of_no_kind() -> None:
    found = told(findings(journey("    record gift with since = last gift.since, what = country\n")))
    message = "nothing says what kind of value `since` of `gift` is: it is recorded of itself"
    assert [(code, said) for code, said, *_ in found] == [("wrong-type", message)]


def test_one_place_that_says_the_kind_is_enough() -> None:
    body = "    record gift with since = last gift.since\n    record gift with since = entry.at\n"
    assert not findings(journey(body))


def test_nothing_is_said_of_it_beside_a_mistake_that_may_be_why() -> None:
    found = findings(journey("    record gift with since = last gift.since, what = contry\n"))
    assert [d.code for d in found] == ["unknown-attribute"]
