"""Addresses: what cannot be right by its shape, and what a library refuses."""

import sys

import pytest

from parcours.datamart.addresses import address_kind, has_shape, profile_addresses

email_validator = pytest.importorskip("email_validator")
phonenumbers = pytest.importorskip("phonenumbers")

EMAILS = {
    "ann@example.org": True,
    "ann.b+c@mail.example.co.uk": True,
    "ä@ö.de": True,
    "o'hara@example.org": True,
    "ann@example": False,
    "ann@@example.org": False,
    "ann example.org": False,
    "@example.org": False,
    "ann@": False,
    "ann@.org": False,
}


def shape(shop, kind: str, value: str) -> bool:
    ((found,),) = shop.rows(
        f"SELECT {has_shape(kind, 'v')} FROM (SELECT '{value.replace(chr(39), chr(39) * 2)}' AS v)"
    )
    return bool(found)


@pytest.mark.parametrize(("address", "likely"), EMAILS.items())
def test_the_shape_of_an_email_address(shop, address: str, likely: bool) -> None:
    assert shape(shop, "email", address) == likely


@pytest.mark.parametrize("address", EMAILS)
def test_what_the_library_takes_has_the_shape(shop, address: str) -> None:
    try:
        email_validator.validate_email(address, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return
    assert shape(shop, "email", address)


@pytest.mark.parametrize("country", ["FR", "US", "DE", "GB", "JP", "AU", "BR", "IN", "IT", "SE"])
def test_every_real_phone_number_has_the_shape_however_it_is_written(shop, country: str) -> None:
    number = phonenumbers.example_number(country)
    for style in (
        phonenumbers.PhoneNumberFormat.E164,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        phonenumbers.PhoneNumberFormat.NATIONAL,
    ):
        assert shape(shop, "phone", phonenumbers.format_number(number, style))
    assert not shape(shop, "phone", "none")
    assert not shape(shop, "phone", "12")


def test_the_kind_goes_by_the_name_of_the_channel() -> None:
    assert [address_kind(name) for name in ("email", "e_mail", "sms", "whatsapp", "push", "letter")] == [
        "email", "email", "phone", "phone", None, None,
    ]  # fmt: skip


@pytest.fixture
def people(shop):
    shop.fill(
        """CREATE OR REPLACE TABLE customers AS FROM (VALUES
            (1, 'ann@example.org', '+33612345678'), (2, 'ANN@example.org ', '06 12 34 56 78'), (3, 'nobody', '123'),
            (4, NULL, NULL), (5, 'bob@example..org', '+33600'), (6, 'eve@example.org', '+33751234567')
        ) AS c(customer_id, email, phone)"""
    )
    return shop


def test_addresses_are_counted(people) -> None:
    connection, catalog, _ = people.connect()
    found = profile_addresses(connection, catalog, "email", "email", None)
    assert found is not None
    assert (found.known, found.shapeless, found.shared) == (5, 3, 2)
    assert (found.looked_at, found.invalid, found.examples) == (5, 3, ("2", "3", "5"))


def test_a_phone_number_without_a_country_is_of_the_projects(people) -> None:
    connection, catalog, _ = people.connect()
    in_france = profile_addresses(connection, catalog, "sms", "phone", "FR")
    anywhere = profile_addresses(connection, catalog, "sms", "phone", None)
    assert in_france is not None and anywhere is not None
    assert (in_france.known, in_france.invalid) == (5, 2)
    assert (anywhere.invalid, anywhere.examples) == (3, ("2", "3", "5"))


def test_the_library_is_asked_about_a_sample_that_is_the_same_each_time(people) -> None:
    connection, catalog, _ = people.connect()
    first, again = (
        profile_addresses(connection, catalog, "email", "email", None, sample=3) for _ in range(2)
    )
    assert first == again
    assert first is not None and first.looked_at == 3


def test_without_the_library_it_says_so(people, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "email_validator", None)
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    connection, catalog, _ = people.connect()
    for channel, column in (("email", "email"), ("sms", "phone")):
        found = profile_addresses(connection, catalog, channel, column, None)
        assert found is not None
        assert (found.looked_at, found.invalid) == (None, 0)


def test_what_nobody_can_judge_is_left_out(people) -> None:
    connection, catalog, _ = people.connect()
    assert profile_addresses(connection, catalog, "push", "email", None) is None
    assert profile_addresses(connection, catalog, "email", "nothing", None) is None
    assert profile_addresses(connection, catalog, "email", "customer_id", None) is None
