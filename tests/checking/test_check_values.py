"""E3: values are typed when checked, against the datamart."""

from datetime import datetime
from decimal import Decimal

import pytest
from journey_check import term, wrong

from parcours.checking.terms import Among, Arithmetic, Attribute, Compare, Constant, PartOf, Shift
from parcours.clock.span import Span

AGE = Attribute("age", "number")


@pytest.mark.parametrize(
    ("predicate", "code", "message", "said", "mark"),
    [
        ('age = "5"', "wrong-type", '`age` is a number, `"5"` is text', '"5"', "write it without quotes"),
        ("country = 5", "wrong-type", "`country` is text, `5` is a number", "5", ""),
        ("birth_date = signed_up", "wrong-type", "`birth_date` is a date, `signed_up` is an instant", "signed_up", ""),
        ('signed_up > "2026-01-01"', "wrong-type", '`signed_up` is an instant, `"2026-01-01"` is text', '"2026-01-01"', "write it without quotes"),
        ("email_opt_in > yes", "wrong-type", "yes and no have no order: `>` says nothing", "yes", ""),
        ("age > 5 USD", "wrong-type", "the project counts in EUR, not in `USD`", "5 USD", ""),
        ("country + 1 > 2", "wrong-type", "`+` needs numbers on both sides: `country` is text", "country", ""),
        ("age + 3 days > 2", "wrong-type", "`age` is a number: `3 days` cannot be added to it", "3 days", ""),
        ("birth_date + 3 hours > 2026-01-01", "wrong-type", "`birth_date` is a date: `3 hours` cannot be added to it", "3 hours", ""),
        ("age > 3 days", "wrong-type", "`3 days` is a length of time: it can only be added to or taken from an instant", "3 days", ""),
        ("month of age = 3", "wrong-type", "`age` is a number: it has no month", "age", ""),
        ("hour of birth_date = 3", "wrong-type", "`birth_date` is a date: it has no hour", "birth_date", ""),
        ("month of birth_date = 13", "bad-number", "`13` is no month: write 1 to 12", "13", ""),
        ("weekday of signed_up in (0, 1)", "bad-number", "`0` is no weekday: write 1 to 7", "0", ""),
        ("hour of signed_up >= 24", "bad-number", "`24` is no hour: write 0 to 23", "24", ""),
        ("month of birth_date is juni", "unknown-name", "`juni` is no month", "juni", "did you mean `june`?"),
        ("weekday of signed_up is mon", "unknown-name", "`mon` is no weekday", "mon", "did you mean `monday`?"),
        ("age is old", "wrong-type", "`age` is a number: it cannot be `old`", "old", ""),
        ("email_opt_in is maybe", "wrong-type", "`email_opt_in` is yes or no: it cannot be `maybe`", "maybe", ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_said_at_its_place(
    predicate: str, code: str, message: str, said: str, mark: str
) -> None:
    assert wrong(predicate) == (code, message, said, mark)


def test_a_percent_is_a_hundredth_and_money_a_number() -> None:
    assert term("age = 20%") == Compare("=", AGE, Constant(Decimal("0.2"), "number"))
    assert term("age = 5.50 EUR") == Compare("=", AGE, Constant(Decimal("5.50"), "number"))


def test_a_written_date_beside_an_instant_is_its_local_midnight() -> None:
    midnight = Constant(datetime(2026, 6, 30, 22), "instant")
    signed_up = Attribute("signed_up", "instant")
    assert term("signed_up >= 2026-07-01") == Compare(">=", signed_up, midnight)
    assert term("2026-07-01 <= signed_up") == Compare("<=", midnight, signed_up)


def test_a_written_instant_is_local_time_of_the_project() -> None:
    assert term("signed_up < 2026-07-01 09:00") == Compare(
        "<", Attribute("signed_up", "instant"), Constant(datetime(2026, 7, 1, 7), "instant")
    )


def test_days_are_taken_from_an_instant_and_from_a_date() -> None:
    birthday = Attribute("birth_date", "date")
    made = term("birth_date - 2 weeks < birth_date")
    assert made == Compare("<", Shift(birthday, Span(2, "week"), -1, "date"), birthday)


def test_a_difference_is_taken_from_the_left() -> None:
    made = term("age - 1 - 2 > 0")
    one, two = (Constant(Decimal(n), "number") for n in (1, 2))
    left = Arithmetic("-", Arithmetic("-", AGE, one), two)
    assert made == Compare(">", left, Constant(Decimal(0), "number"))


def test_days_and_months_have_names() -> None:
    weekday = PartOf("weekday", Attribute("signed_up", "instant"))
    saturday, sunday = (Constant(Decimal(n), "number") for n in (6, 7))
    assert term("weekday of signed_up is sunday") == Compare("=", weekday, sunday)
    assert term("weekday of signed_up in (saturday, sunday)") == Among(weekday, (saturday, sunday))
    month = PartOf("month", Attribute("birth_date", "date"))
    assert term("month of birth_date is december") == Compare("=", month, Constant(Decimal(12), "number"))
