"""What there is to learn, in which order and when."""

import pytest
from world import checked_project, instant

from parcours.analytics.due import Learnable, is_due, learnables, with_what_they_read

DECLARATIONS = """
score appetency
    predict has order within 30 days
    from typology, score.churned
    refresh every 7 days

clusters typology
    from value, age
    refresh every 1 month

score churned
    predict no order within 90 days
    from value, average of order.amount in last 3 months

rfm value
    of order.amount over 12 months

rfm engagement
    of click over 12 months

segment low
    score.churned < 20%
"""


def _learnables(text: str = DECLARATIONS) -> tuple[Learnable, ...]:
    return learnables(checked_project(text))


def _names(found: tuple[Learnable, ...]) -> list[str]:
    return [one.declared.name for one in found]


def test_each_is_learned_after_what_it_reads() -> None:
    assert _names(_learnables()) == ["engagement", "value", "typology", "churned", "appetency"]


def test_what_is_read_by_way_of_a_segment_counts() -> None:
    text = DECLARATIONS.replace("from value, age", "from age\n    for in segment low")
    assert _names(_learnables(text)) == ["engagement", "value", "churned", "typology", "appetency"]


def test_a_name_brings_what_it_is_learned_from() -> None:
    every = _learnables()
    assert with_what_they_read(every, ()) == every
    assert _names(with_what_they_read(every, ("typology",))) == ["value", "typology"]
    assert _names(with_what_they_read(every, ("engagement", "appetency"))) == [
        *("engagement", "value", "typology", "churned", "appetency")
    ]


def test_a_changed_declaration_changes_what_reads_it() -> None:
    before = {one.declared.name: one.hash for one in _learnables()}
    after = {
        one.declared.name: one.hash for one in _learnables(DECLARATIONS.replace("12 months", "6 months", 1))
    }
    assert {name for name, digest in before.items() if after[name] != digest} == {
        *("value", "typology", "churned", "appetency")
    }


@pytest.mark.parametrize(
    ("name", "last", "now", "due"),
    [
        ("value", None, "2026-03-01 00:00", True),
        ("value", "2026-03-01 00:00", "2026-03-01 23:59", False),  # every day when it does not say
        ("value", "2026-03-01 23:59", "2026-03-02 00:00", True),
        ("typology", "2026-03-01 00:00", "2026-03-31 23:59", False),
        ("typology", "2026-03-31 12:00", "2026-04-01 00:00", True),
        ("appetency", "2026-03-02 00:00", "2026-03-08 23:00", False),  # monday to sunday
        ("appetency", "2026-03-08 00:00", "2026-03-09 00:00", True),
    ],
)
def test_it_is_due_once_in_each_stretch_of_its_refresh(name, last, now, due) -> None:
    one = next(one for one in _learnables() if one.declared.name == name)
    assert is_due(one, instant(last) if last else None, instant(now), "UTC") is due


def test_days_are_those_of_the_projects_zone() -> None:
    one = next(one for one in _learnables() if one.declared.name == "value")
    last = instant("2026-03-01 22:30")
    assert not is_due(one, last, instant("2026-03-01 23:30"), "UTC")
    assert is_due(one, last, instant("2026-03-01 23:30"), "Europe/Paris")
