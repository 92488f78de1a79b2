"""Secrets: from the environment, and none that can be guessed, wherever it is used."""

import pytest
from receiving_world import SETTINGS

from parcours.delivery.opening import addresses_of
from parcours.delivery.secrets import long_secret_in, secret_in
from parcours.diagnostics import Place, Problem
from parcours.language.settings import read_settings
from parcours.model.node import Name

VARIABLE = Name(place=Place("parcours.yaml"), text="LINKS")
LONG = "sixteen-letters-"


@pytest.mark.parametrize("held", [LONG, f"{LONG} {LONG}more"])
def test_a_long_secret_is_what_the_variable_holds(held: str) -> None:
    assert long_secret_in({"LINKS": held}, VARIABLE) == held


@pytest.mark.parametrize("held", ["short", LONG[:-1], f"{LONG} short", "   "])
def test_a_secret_that_can_be_guessed_is_refused_and_not_shown(held: str) -> None:
    with pytest.raises(Problem, match="a secret of less than 16 characters") as caught:
        long_secret_in({"LINKS": held}, VARIABLE)
    assert "short" not in str(caught.value) and "sixteen" not in str(caught.value)


def test_a_variable_that_is_not_set_is_told() -> None:
    with pytest.raises(Problem, match="the variable `LINKS` of the environment is not set"):
        secret_in({"LINKS": ""}, VARIABLE)


def test_links_in_messages_are_not_signed_with_a_secret_that_can_be_guessed() -> None:
    """Whoever guesses it unsubscribes everybody, and `parcours receive` refuses to begin with it anyway."""
    settings, found = read_settings(SETTINGS, "parcours.yaml")
    assert settings is not None, found
    with pytest.raises(Problem, match="a secret of less than 16 characters"):
        addresses_of(settings, {"LINKS": "secret"})
    assert "unsubscribe" in addresses_of(settings, {"LINKS": LONG}).of("1", "s", "email")
