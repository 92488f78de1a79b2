"""The one contact of an example, and the events that reach it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from small_projects import AFTER_ORDER

from parcours.simulator.example_world import World, build_world
from parcours.simulator.examples import examples_of
from parcours.workspace.load import Loaded


@pytest.fixture
def world(kiosk: Path, open_project: Callable[[Path], Loaded]) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def build(*lines: str) -> World:
        text = "\n    ".join(['example "x"', "journey after_order", *lines, "expect no entry"]) + "\n"
        (kiosk / "own.journey").write_text(f"{AFTER_ORDER}\n{text}", encoding="utf-8")
        project = open_project(kiosk)
        assert project.project is not None and project.catalog is not None
        made.append(build_world(project.project, project.catalog, examples_of(project)[0]))
        return made[-1]

    yield build
    for one in made:
        one.engine.close()


def test_the_contact_has_what_is_given_and_nothing_else(world: Callable[..., World]) -> None:
    made = world('given email = "ann@example.com", agreed = no, born = 1992-02-29')
    query = "SELECT _contact, _zone, id, tz, email, agreed, born, _visible_at < TIMESTAMP '1000-01-01' FROM contact"
    ((*row, always),) = made.engine.run_text(query)
    assert row[:6] == [1, "Europe/Paris", 1, None, "ann@example.com", False]
    assert str(row[6]) == "1992-02-29"
    assert always
    assert made.attributes["agreed"] is False


def test_an_event_has_its_contact_and_times_and_what_is_bound(world: Callable[..., World]) -> None:
    made = world('given tz = "Asia/Tokyo"', "at 2026-03-02 10:00 order with amount = 12.50")
    ten = datetime(2026, 3, 2, 1)  # on the wall clock of Tokyo
    query = 'SELECT _contact, _at, _visible_at, person, ordered_at, loaded_at, "at", amount, order_id FROM event_order'
    ((*row, amount, order_id),) = made.engine.run_text(query)
    assert row == [1, ten, ten, 1, ten, ten, ten]
    assert (float(amount), order_id) == (12.5, None)
    assert [(h.event, h.at, h.visible_at) for h in made.happenings] == [("order", ten, ten)]


def test_events_of_one_kind_have_ids_of_their_own(world: Callable[..., World]) -> None:
    made = world("at 2026-03-02 10:00 visit", "at 2026-03-02 10:00 visit with pages = 2")
    assert made.engine.run_text("SELECT count(DISTINCT _id) FROM event_visit") == [(2,)]


def test_an_event_is_never_known_before_it_happens(world: Callable[..., World]) -> None:
    # E2
    made = world("at 2026-03-02 10:00 order with loaded_at = 2026-03-01 10:00")
    (happening,) = made.happenings
    assert happening.visible_at == happening.at


def test_every_moment_that_the_data_hold_is_known(world: Callable[..., World]) -> None:
    made = world("given born = 2000-01-01", "at 2026-03-02 10:00 order with loaded_at = 2026-03-02 12:00")
    assert made.moments == (datetime(1999, 12, 31, 23), datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 11))
