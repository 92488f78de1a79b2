"""Entries on a schedule and on dates of the contact: T11, and wall clocks (T1)."""

from datetime import date
from typing import Any

from world import World, utc

PARIS, NEW_YORK, TOKYO = "Europe/Paris", "America/New_York", "Asia/Tokyo"


def scheduled(trigger: str, zone: str = "UTC", **contacts: dict[str, Any]) -> World:
    world = World(
        f"""
        journey j
            enter {trigger}
                again
            exit done
        """,
        zone=zone,
    )
    for name, values in contacts.items():
        world.contact(name, **values)
    return world


def entry_instants(world: World) -> list[tuple[str, str]]:
    """(contact, the instant of the occurrence) of every run, in order."""
    return world.rows(
        "SELECT contact, strftime(entry_at, '%Y-%m-%d %H:%M') FROM state.journal ORDER BY entry_at, contact"
    )


def test_t11_a_schedule_fires_when_the_contacts_own_clock_has_come_to_the_time() -> None:
    zones: dict[str, dict[str, Any]] = {
        "paris": {"zone": PARIS}, "new_york": {"zone": NEW_YORK}, "tokyo": {"zone": TOKYO}, "project": {}
    }  # fmt: skip
    world = scheduled("every tuesday at 09:00", zone="UTC", **zones)
    world.tick(*(f"2026-03-{day:02} {hour:02}:00" for day in (2, 3) for hour in range(24)))
    assert world.entered() == [
        ("tokyo", utc(TOKYO, "2026-03-03 09:00")),
        ("paris", utc(PARIS, "2026-03-03 09:00")),
        ("project", "2026-03-03 09:00"),
        ("new_york", utc(NEW_YORK, "2026-03-03 09:00")),
    ]


def test_t11_after_a_long_gap_a_schedule_fires_once() -> None:
    world = scheduled("every day at 09:00", ann={})
    world.tick("2026-03-01 10:00", "2026-03-20 12:00", "2026-03-20 13:00")
    assert world.entered() == [("ann", "2026-03-20 12:00")]
    # the occurrence that it stands for is the latest
    assert entry_instants(world) == [("ann", "2026-03-20 09:00")]


def test_t11_an_occurrence_at_the_tick_belongs_to_it_and_not_to_the_next() -> None:
    world = scheduled("every day at 09:00", ann={})
    world.tick("2026-03-01 08:00", "2026-03-01 09:00", "2026-03-01 10:00", "2026-03-02 08:59")
    assert world.entered() == [("ann", "2026-03-01 09:00")]


def test_t2_the_first_tick_fires_nothing() -> None:
    world = scheduled("every day at 09:00", ann={})
    world.tick("2026-03-01 09:00", "2026-03-01 10:00")
    assert world.entered() == []


def test_t11_a_schedule_takes_those_for_whom_its_predicate_is_yes_and_tells_of_no_others() -> None:
    world = scheduled(
        "every day at 09:00 for points > 10", yes={"points": 11}, no={"points": 10}, unknown={"points": None}
    )
    world.tick("2026-03-01 08:00", "2026-03-01 09:00")
    assert world.entered() == [("yes", "2026-03-01 09:00")]
    assert world.refused() == []


def test_t11_a_contact_who_is_not_known_yet_is_not_taken() -> None:
    world = scheduled("every day at 09:00", late={"known_since": "2026-03-01 09:00:01"})
    world.tick("2026-03-01 08:00", "2026-03-01 09:00", "2026-03-02 09:00")
    assert world.entered() == [("late", "2026-03-02 09:00")]


def test_t11_every_month_on_the_31st_means_the_last_day() -> None:
    world = scheduled("every month on 31 at 09:00", ann={})
    world.tick("2026-01-30 00:00", *(f"2026-{month:02}-{day:02} 10:00" for month in (1, 2, 3, 4) for day in (27, 28) if (month, day) > (1, 28)))  # fmt: skip
    world.tick("2026-04-29 10:00", "2026-04-30 10:00", "2026-05-01 10:00")
    assert entry_instants(world) == [
        ("ann", "2026-01-31 09:00"),
        ("ann", "2026-02-28 09:00"),
        ("ann", "2026-03-31 09:00"),
        ("ann", "2026-04-30 09:00"),
    ]


def test_t11_a_time_that_a_day_does_not_have_is_the_first_that_it_has() -> None:
    # T12: in Paris 02:00 becomes 03:00 on 2026-03-29 at 01:00 UTC
    world = scheduled("every day at 02:30", zone=PARIS, ann={})
    world.tick("2026-03-28 12:00", "2026-03-29 00:59", "2026-03-29 01:00", "2026-03-29 02:00")
    assert world.entered() == [("ann", "2026-03-29 01:00")]


def test_t11_a_time_that_a_day_has_twice_fires_once_the_first_time() -> None:
    world = scheduled("every day at 02:30", zone=PARIS, ann={})
    world.tick(
        "2026-10-24 12:00", "2026-10-25 00:29", "2026-10-25 00:30", "2026-10-25 01:30", "2026-10-25 02:00"
    )
    assert world.entered() == [("ann", "2026-10-25 00:30")]


BIRTHDAY = "on anniversary of birth_date at 09:00"


def test_t11_an_anniversary_is_the_contacts_day_and_time() -> None:
    world = scheduled(
        BIRTHDAY,
        paris={"zone": PARIS, "birth_date": date(1990, 3, 2)},
        tokyo={"zone": TOKYO, "birth_date": date(1990, 3, 2)},
        other={"zone": PARIS, "birth_date": date(1990, 3, 3)},
        unknown={"zone": PARIS},
    )
    world.tick(*(f"2026-03-{day:02} {hour:02}:00" for day in (1, 2) for hour in range(24)))
    assert world.entered() == [("tokyo", "2026-03-02 00:00"), ("paris", "2026-03-02 08:00")]


def test_t11_29_february_is_celebrated_on_the_28th_in_other_years() -> None:
    world = scheduled(
        BIRTHDAY, leap={"birth_date": date(2004, 2, 29)}, plain={"birth_date": date(2004, 2, 28)}
    )
    world.tick("2027-02-27 12:00", "2027-02-28 12:00", "2027-03-01 12:00")
    world.tick("2028-02-27 12:00", "2028-02-28 12:00", "2028-02-29 12:00", "2028-03-01 12:00")
    assert entry_instants(world) == [
        ("leap", "2027-02-28 09:00"),
        ("plain", "2027-02-28 09:00"),
        ("plain", "2028-02-28 09:00"),
        ("leap", "2028-02-29 09:00"),
    ]


def test_t11_the_day_itself_is_no_anniversary() -> None:
    world = scheduled(BIRTHDAY, born={"birth_date": date(2026, 3, 2)})
    world.tick("2026-03-01 00:00", "2026-03-03 00:00", "2027-03-03 00:00")
    assert entry_instants(world) == [("born", "2027-03-02 09:00")]


def test_t11_an_anniversary_in_a_gap_of_years_is_celebrated_once() -> None:
    world = scheduled(BIRTHDAY, ann={"birth_date": date(1990, 3, 2)})
    world.tick("2026-03-01 00:00", "2029-01-01 00:00")
    assert entry_instants(world) == [("ann", "2028-03-02 09:00")]


def test_t11_days_before_a_date_come_once_at_the_contacts_time() -> None:
    world = scheduled(
        "7 days before contract_end at 09:00",
        paris={"zone": PARIS, "contract_end": date(2026, 4, 2)},
        new_york={"zone": NEW_YORK, "contract_end": date(2026, 4, 2)},
        unknown={"zone": PARIS},
    )
    world.tick(*(f"2026-03-{day} {hour:02}:00" for day in (25, 26, 27) for hour in range(24)))
    assert world.entered() == [
        ("paris", utc(PARIS, "2026-03-26 09:00")),
        ("new_york", utc(NEW_YORK, "2026-03-26 09:00")),
    ]


def test_t11_a_month_before_the_end_of_a_month_is_clipped() -> None:
    world = scheduled(
        "1 month before contract_end",
        march={"contract_end": date(2026, 3, 31)},
        may={"contract_end": date(2026, 5, 31)},
        june={"contract_end": date(2026, 6, 30)},
    )
    world.tick("2026-02-01 00:00", "2026-07-01 00:00")
    assert entry_instants(world) == [
        ("march", "2026-02-28 00:00"),
        ("may", "2026-04-30 00:00"),
        ("june", "2026-05-30 00:00"),
    ]


def test_t11_days_after_a_date() -> None:
    world = scheduled("3 days after contract_end at 10:00", ann={"contract_end": date(2026, 2, 27)})
    world.tick("2026-02-01 00:00", "2026-03-02 09:00", "2026-03-02 10:00", "2026-03-02 11:00")
    assert world.entered() == [("ann", "2026-03-02 10:00")]


def test_t1_a_contact_without_a_clock_of_its_own_has_the_projects() -> None:
    world = scheduled("every day at 09:00", zone=TOKYO, own={"zone": PARIS}, none={})
    world.tick("2026-03-01 12:00", *(f"2026-03-02 {hour:02}:00" for hour in range(12)))
    assert world.entered() == [("none", "2026-03-02 00:00"), ("own", "2026-03-02 08:00")]
