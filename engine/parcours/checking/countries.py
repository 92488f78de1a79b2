"""The country in parcours.yaml whose holidays channels may be quiet on."""

from parcours.clock.holidays import countries
from parcours.diagnostics import Diagnostic, nearest
from parcours.model.settings import Settings


def check_country(settings: Settings) -> tuple[Diagnostic, ...]:
    """What is wrong with it. Nothing is looked up where no country is named."""
    country = settings.holiday_country
    if country is None or country.text in countries():
        return ()
    small = {code.lower(): code for code in countries()}
    near = small.get(nearest(country.text, small) or "")
    message = f"nothing is known of the holidays of `{country}`"
    mark = f"did you mean `{near}`?" if near else ""
    return (Diagnostic("unknown-country", message, country.place, mark),)
