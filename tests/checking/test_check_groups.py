"""Segments, lifecycles and seasons: resolved once, wrong once."""

from journey_check import SHOP, checked, codes, findings, term, told

from parcours.checking.terms import (
    And,
    Compare,
    Constant,
    Count,
    Events,
    Holds,
    InSeason,
    Not,
    Window,
    number,
)

ORDERS = Count(Events("order", None, Window("ever")))
NO_ORDER = Holds(Compare("=", ORDERS, number(0)))


def test_membership_is_never_unknown() -> None:
    adults = "segment adults\n    age > 17\n"
    made = term("in segment adults", adults)
    assert isinstance(made, Holds)
    assert term("not in segment adults", adults) == Not(made)


def test_the_first_line_that_holds_is_the_stage() -> None:
    lifecycle = "lifecycle life\n    none: no order\n    rest: otherwise\n"
    assert term("life is none", lifecycle) == NO_ORDER
    assert term("life is rest", lifecycle) == And((Not(NO_ORDER), Holds(Constant(True, "yes_no"))))


def test_a_season_has_both_its_ends() -> None:
    assert term("season.winter", "season winter\n    from 12-01 to 02-29\n") == InSeason((12, 1), (2, 29))


def test_a_mistake_in_a_segment_is_said_once_however_many_journeys_use_it() -> None:
    uses = "".join(
        f"journey j{n}\n    enter on joining vip\n    if in segment vip\n        wait 1 day\n"
        for n in range(3)
    )
    found = findings(f"{uses}segment vip\n    contry = 1\n")
    message = "`contry` is no attribute of a contact"
    assert told(found) == [("unknown-attribute", message, 14, 5, "did you mean `country`?")]


def test_a_mistake_in_a_stage_is_said_once_however_many_journeys_use_it() -> None:
    uses = "".join(
        f"journey j{n}\n    enter on becoming new\n    if life is old\n        wait 1 day\n" for n in range(3)
    )
    found = findings(f"{uses}lifecycle life\n    new: contry = 1\n    old: otherwise\n")
    assert [(d.code, d.place.line) for d in found] == [("unknown-attribute", 14)]


def test_what_nothing_uses_is_checked_too() -> None:
    assert codes("segment s\n    contry = 1\n") == ["unknown-attribute"]
    assert codes("lifecycle s\n    a: contry = 1\n") == ["unknown-attribute"]
    assert codes("season s\n    from 13-01 to 02-01\n") == ["impossible-date"]
    assert codes("segment s\n    refresh every 0 hours\n    age > 1\n") == ["bad-number"]


def test_a_segment_is_not_defined_by_way_of_itself() -> None:
    found = findings("segment a\n    in segment b\nsegment b\n    age > 1 or in segment a\n")
    message = "the segment `a` is defined by way of itself"
    assert told(found) == [("circular-segment", message, 4, 27, "")]


def test_a_circle_is_told_of_once_wherever_one_comes_into_it() -> None:
    a, b = "segment a\n    in segment b\n", "segment b\n    in segment c\n"
    c, user = "segment c\n    age > 1 or in segment a\n", "segment user\n    in segment c\n"
    files = {"a": a, "b": b, "c": c, "u": user}
    for order in ("abcu", "ucba", "bcua"):
        (found,) = findings(*(files[name] for name in order))
        assert found.message == "the segment `a` is defined by way of itself"
        assert found.place.file == f"{'abcd'[order.index('c')]}.journey"


def test_a_lifecycle_is_not_defined_by_way_of_itself() -> None:
    found = findings("lifecycle a\n    x: in segment b\n    y: otherwise\nsegment b\n    a is y\n")
    (only,) = found
    assert (only.code, only.message) == ("circular-segment", "the segment `b` is defined by way of itself")
    assert (only.place.line, only.place.column) == (2, 19)


def test_a_segment_and_a_lifecycle_may_share_a_name() -> None:
    assert (
        codes("segment life\n    life is old\nlifecycle life\n    new: no order\n    old: otherwise\n") == []
    )


def test_a_stage_is_there_once_and_none_stands_below_otherwise() -> None:
    found = findings("lifecycle a\n    x: age > 1\n    x: age > 2\n    y: otherwise\n    z: age > 3\n")
    assert told(found) == [
        ("duplicate-name", "the stage `x` is there twice", 3, 5, ""),
        ("unreachable-stage", "nobody can be in the stage `z`: the one before it takes everybody", 5, 5, ""),
    ]


def test_the_days_of_a_season_exist() -> None:
    found = findings("season a\n    from 02-30 to 03-01\nseason b\n    from 01-01 to 12-32\n")
    assert told(found) == [
        ("impossible-date", "`02-30` is no day of a year", 2, 10, ""),
        ("impossible-date", "`12-32` is no day of a year", 4, 19, ""),
    ]


def test_groups_that_nobody_listens_to_make_a_project_all_the_same() -> None:
    made = checked("segment adults\n    age > 17\n")
    assert made.journeys == ()
    assert made.events == tuple(sorted(SHOP.events))
