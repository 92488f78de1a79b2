"""From a folder to a receiver: what must be there, and what need not."""

from pathlib import Path

import pytest
from receiving_world import ENVIRONMENT, KEY, NOW, SETTINGS, SIGNER, Somebody, make_project, receiving

from parcours.delivery.links import Link
from parcours.delivery.receiving import opened_application
from parcours.diagnostics import Problem


def told(
    folder: Path, settings: str = SETTINGS, environment: dict[str, str] = ENVIRONMENT
) -> list[tuple[str, str]]:
    make_project(folder, settings)
    with pytest.raises(Problem) as caught, opened_application(folder, environment, lambda: NOW):
        pass
    return [(d.code, d.message) for d in caught.value.diagnostics]


def test_every_secret_that_is_missing_or_short_is_told_and_none_is_shown(tmp_path: Path) -> None:
    environment = {"LINKS": "s3cr3t", "HOOK": f"{KEY} s3cr3t"}
    found = told(tmp_path, environment=environment)
    assert found == [
        ("bad-setting", "the variable `LINKS` holds a secret of less than 16 characters"),
        ("missing-secret", "the variable `KEY` of the environment is not set"),
        ("bad-setting", "the variable `HOOK` holds a secret of less than 16 characters"),
    ]


def test_a_project_that_says_nothing_of_receiving_cannot(tmp_path: Path) -> None:
    assert told(tmp_path, SETTINGS[: SETTINGS.index("receive:\n  url")]) == [
        ("missing-setting", "`receive` is missing")
    ]


def test_nobody_receives_who_cannot_be_unsubscribed_from(tmp_path: Path) -> None:
    settings = SETTINGS.replace("    opt_out: {received: {channel: text}}\n", "")
    assert told(tmp_path, settings) == [
        ("bad-setting", "`opt_out` is no event that can be received: nobody could unsubscribe")
    ]


def test_an_inbox_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    assert told(tmp_path) == [("output-unwritable", "the inbox cannot be written: not a directory")]


def test_whoever_unsubscribes_does_not_wait_for_the_data_or_for_the_journeys(tmp_path: Path) -> None:
    make_project(tmp_path / "shop")
    (tmp_path / "shop" / "contacts.csv").unlink()
    (tmp_path / "shop" / "bad.journey").write_text("journey ???\n")
    with opened_application(tmp_path / "shop", ENVIRONMENT, lambda: NOW) as app:
        assert Somebody(app).post(SIGNER.unsubscribe(Link("1"))).status == 200


def test_a_library_that_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parcours.delivery.extras.find_spec", lambda library: None)
    assert told(tmp_path) == [
        ("missing-extra", "`parcours receive` needs `starlette`, which is not installed")
    ]


def test_without_a_public_address_the_links_of_pages_are_of_this_one(tmp_path: Path) -> None:
    with receiving(
        tmp_path / "shop", SETTINGS.replace("  url: https://news.example.com/in\n", "")
    ) as somebody:
        page = somebody.get(SIGNER.unsubscribe(Link("1"))).text
    assert 'href="/style.css"' in page and 'href="/preferences/' in page
