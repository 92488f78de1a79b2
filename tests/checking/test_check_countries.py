"""The country in parcours.yaml whose holidays channels may be quiet on."""

import pytest

from parcours.checking.countries import check_country
from parcours.language.settings import read_settings
from parcours.model.settings import Settings

TEXT = "name: shop\n{line}\ndatamart:\n  contacts: {{table: customers, key: customer_id}}\n"


def settings(line: str) -> Settings:
    found, diagnostics = read_settings(TEXT.format(line=line), "parcours.yaml")
    assert found is not None and diagnostics == ()
    return found


@pytest.mark.parametrize("line", ["", "holidays: FR", "holidays: DE-BY", "holidays: NO"])
def test_a_country_that_is_known_is_right_and_so_is_none(line: str) -> None:
    assert check_country(settings(line)) == ()


@pytest.mark.parametrize(
    ("country", "mark"),
    [("DE-BYX", "did you mean `DE-BY`?"), ("US-NYC", "did you mean `US-NY`?"), ("XX", "")],
)
def test_a_country_that_is_unknown_is_told_with_its_place_and_the_nearest(country: str, mark: str) -> None:
    (found,) = check_country(settings(f"holidays: {country}"))
    assert (found.code, found.message) == (
        "unknown-country",
        f"nothing is known of the holidays of `{country}`",
    )
    assert (found.place.file, found.place.line, found.place.column) == ("parcours.yaml", 2, 11)
    assert (found.mark, found.severity) == (mark, "error")
