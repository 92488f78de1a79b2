"""`example` blocks are checked before anything runs."""

import pytest
from journey_check import findings, journey, told

EXITS = journey("    send hello by email\n    exit\n")


def said(*lines: str) -> list[tuple[str, str, int, int, str]]:
    body = "".join(f"    {line}\n" for line in lines)
    return told(findings(f'example "it"\n{body}', EXITS))


def test_an_example_that_fits_the_datamart_is_right() -> None:
    assert said(
        "journey j",
        'given country = "FR", age = 20%, email_opt_in = yes, birth_date = 1990-02-28',
        "given signed_up = 2026-01-01 09:00",
        "at 2026-03-02 10:00 order with amount = 80 EUR, paid = no",
        "expect hello by email at 2026-03-02 10:00",
        "expect exit finished at 2026-03-02 10:00",
        "expect no other message",
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code", "message", "column", "mark"),
    [
        ('given contry = "FR"', "unknown-attribute", "`contry` is no attribute of a contact", 11, "did you mean `country`?"),
        ("given country = 5", "wrong-type", "`country` is text, not a number", 21, ""),
        ("given age = yes", "wrong-type", "`age` is a number, not yes or no", 17, ""),
        ("given signed_up = 2026-01-01", "wrong-type", "`signed_up` is an instant, not a date", 23, ""),
        ("given birth_date = 2026-02-30", "impossible-date", "`2026-02-30` is no date", 24, ""),
        ("given age = 5 USD", "wrong-type", "the project counts in EUR, not in `USD`", 17, ""),
        ("given country = language", "bad-example", "`language` is no plain value", 21, ""),
        ("given age = 3 days", "bad-example", "`3 days` is no plain value", 17, ""),
        ("given age = 1 + 2", "bad-example", "`1 + 2` is no plain value", 17, ""),
        ("given age = count of order", "bad-example", "`count of order` is no plain value", 17, ""),
        ('given tags = "x"', "wrong-column-type", "`tags` has the type VARCHAR[], which examples cannot give", 11, ""),
        ("at 2026-03-02 10:00 ordr", "unknown-event", "`ordr` is no event of the datamart", 25, "did you mean `order`?"),
        ("at 2026-03-02 10:00 ordr with x = 1", "unknown-event", "`ordr` is no event of the datamart", 25, "did you mean `order`?"),
        ("at 2026-03-02 10:00 order with amout = 1", "unknown-field", "`amout` is no field of `order`", 36, "did you mean `amount`?"),
        ('at 2026-03-02 10:00 order with amount = "1"', "wrong-type", "`amount` is a number, not text", 45, ""),
        ("at 2026-02-30 10:00 order", "impossible-date", "`2026-02-30` is no date", 8, ""),
        ("at 2026-03-02 24:00 order", "impossible-time", "`24:00` is no time of day", 19, ""),
        ("expect helo by email", "unknown-message", "`helo` is no message", 12, "did you mean `hello`?"),
        ("expect hello by emial", "unknown-channel", "`emial` is no channel", 21, "did you mean `email`?"),
        ("expect hello by email at 2026-02-30 10:00", "impossible-date", "`2026-02-30` is no date", 30, ""),
        ("expect exit finished at 2026-03-02 25:00", "impossible-time", "`25:00` is no time of day", 40, ""),
    ],
)  # fmt: skip
def test_a_line_that_does_not_fit_is_said_at_its_place(
    line: str, code: str, message: str, column: int, mark: str
) -> None:
    assert said("journey j", "expect no message", line) == [(code, message, 4, column, mark)]


def test_an_example_names_a_journey_that_exists_and_expects_something() -> None:
    assert said("expect no message") == [("bad-example", 'the example "it" names no journey', 1, 1, "")]
    assert said("journey jj", "expect no message") == [
        ("unknown-journey", "`jj` is no journey", 2, 13, "did you mean `j`?")
    ]
    assert said("journey j") == [("bad-example", 'the example "it" expects nothing', 1, 1, "")]
