"""What conditions presume of the data is asked, and told where the data does not bear it out (E1, E3)."""

from dataclasses import dataclass

import pytest
from journey_check import POLICY, SHOP, project

from parcours.checking.check import check
from parcours.checking.observed import answered


@dataclass(frozen=True)
class Column:
    rows: int = 200
    unknown: int = 0
    values: tuple[str, ...] | None = None


class Data:
    """Columns by event and name; of every other column nothing is known."""

    def __init__(self, **columns: Column) -> None:
        self._columns = columns
        self.asked: list[tuple[str | None, str]] = []

    def column(self, event: str | None, name: str) -> Column:
        self.asked.append((event, name))
        return self._columns.get(name, Column())

    def has(self, event: str | None, name: str, value: str) -> bool:
        return value == "far down"


COUNTRIES = Data(country=Column(values=("BE", "DE", "FR")))
HALF = Data(country=Column(unknown=100), age=Column(unknown=1), status=Column(rows=10, unknown=10))


def found(condition: str, data: Data) -> list[tuple[str, str, int]]:
    declared, read = project(f"segment s\n    {condition}\n", POLICY)
    result = check(declared, SHOP, read)
    assert result.project is not None, result.diagnostics
    return [(d.code, d.message, d.place.column) for d in answered(result.questions, data)]


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        ('country = "FRA"', 15),
        ('"FRA" = country', 5),
        ("country is FRA", 16),
        ('country in ("FR", "FRA")', 23),
        ('country != "FRA"', 16),
        ('age > 3 and (country = "FRA" or age < 1)', 28),
    ],
)
def test_a_value_that_a_column_never_has_is_told_with_those_that_it_has(condition, column) -> None:
    assert found(condition, COUNTRIES) == [("unknown-value", '`country` is never "FRA" in the data', column)]


@pytest.mark.parametrize(
    "condition",
    [
        'country = "FR"',
        'country in ("FR", "BE")',
        'language = "xx"',
        'country = "far down"',
        "country = email",
    ],
)
def test_values_that_are_there_and_columns_of_many_values_are_left_alone(condition) -> None:
    assert found(condition, COUNTRIES) == []


def test_the_nearest_value_and_all_others_are_offered() -> None:
    declared, read = project('segment s\n    country = "paif"\n', POLICY)
    (told,) = answered(check(declared, SHOP, read).questions, Data(country=Column(values=("new", "paid"))))
    assert told.mark == 'did you mean "paid"?'
    assert told.help == 'its values are "new", "paid"'
    assert told.severity == "warning"


def test_fields_of_events_are_looked_up_in_their_event() -> None:
    data = Data(status=Column(values=("new", "paid")))
    assert [f[0] for f in found('has order[status = "pade"]', data)] == ["unknown-value"]
    assert data.asked == [("order", "status")]


@pytest.mark.parametrize(
    ("condition", "share"),
    [
        ('country != "FR"', "50%"),
        ('country not in ("FR", "BE")', "50%"),
        ('not country = "FR"', "50%"),
        ("not age > 60", "fewer than 1%"),
        ('not (country = "FR" and email = "x")', "50%"),
    ],
)
def test_e1_a_condition_that_excludes_says_how_many_are_unknown(condition, share) -> None:
    ((code, message, _),) = found(condition, HALF)
    assert code == "unknown-left-out"
    assert f"is unknown for {share} of contacts" in message


@pytest.mark.parametrize(
    "condition",
    [
        'country = "FR"',
        'country != "FR" or country is unknown',
        'country is known and not country = "FR"',
        'not email = "x"',
        "not has order ever",
    ],
)
def test_e1_whoever_asks_for_the_unknown_or_excludes_nothing_is_not_told(condition) -> None:
    assert found(condition, HALF) == []


def test_an_event_whose_field_is_always_unknown_is_told_so() -> None:
    ((_, message, _),) = found('has order[status != "paid"]', HALF)
    assert message == "`status` is unknown for all of the events `order`: they are left out here"
