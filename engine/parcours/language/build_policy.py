"""Channels and marketing pressure: lark trees become model nodes."""

from typing import cast

from lark import Token

from parcours.language.build_journey import build_doc
from parcours.language.build_predicates import build_predicate
from parcours.language.build_values import (
    build_days,
    build_duration,
    build_money,
    build_path,
    build_period,
    build_span,
    build_time,
)
from parcours.language.building import (
    Branch,
    Building,
    branch,
    branch_or_none,
    branches,
    word,
    word_or_none,
)
from parcours.model.policy import (
    Arbitrate,
    Cap,
    Capacity,
    Channel,
    Doubling,
    Exempt,
    HonourPreferences,
    Keep,
    KeepHeld,
    LostContact,
    Never,
    NotAfter,
    OpeningHours,
    Pressure,
    PressureRule,
    Quiet,
    QuietDays,
    QuietHolidays,
    QuietHours,
    Selector,
    Spacing,
)


def build_channel(building: Building, tree: Branch) -> Channel:
    lines = branches(tree)
    address, consent, cost = (building.single(lines, kind) for kind in ("address", "consent", "cost"))
    quiet = ("quiet_hours", "quiet_days", "quiet_holidays")
    return Channel(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        doc=build_doc(branch_or_none(tree, 1)),
        address=None if address is None else build_path(building, branch(address, 0)),
        consent=None if consent is None else build_predicate(building, branch(consent, 0)),
        cost=None if cost is None else build_money(building, branch(cost, 0)),
        quiet=tuple(_quiet(building, line) for line in lines if line.data in quiet),
        opening=tuple(_opening(building, line) for line in lines if line.data == "opening"),
        capacity=tuple(_capacity(building, line) for line in lines if line.data == "capacity"),
    )


def _quiet(building: Building, tree: Branch) -> Quiet:
    place = building.head(tree)
    if tree.data == "quiet_holidays":
        return QuietHolidays(place=place)
    if tree.data == "quiet_days":
        return QuietDays(place=place, days=build_days(building, branch(tree, 0)))
    start, end = branches(tree)
    return QuietHours(place=place, start=build_time(building, start), end=build_time(building, end))


def _opening(building: Building, tree: Branch) -> OpeningHours:
    days, start, end = branches(tree)
    return OpeningHours(
        place=building.head(tree),
        days=build_days(building, days),
        start=build_time(building, start),
        end=build_time(building, end),
    )


def _capacity(building: Building, tree: Branch) -> Capacity:
    doubling = branch_or_none(tree, 2)
    return Capacity(
        place=building.head(tree),
        count=int(word(tree, 0)),
        period=build_period(building, branch(tree, 1)),
        doubling=None if doubling is None else _doubling(building, doubling),
    )


def _doubling(building: Building, tree: Branch) -> Doubling:
    every = build_span(building, branch(tree, 0))
    return Doubling(place=building.place(tree), every=every, up_to=int(word(tree, 1)))


def build_pressure(building: Building, tree: Branch) -> Pressure:
    return Pressure(
        place=building.head(tree), rules=tuple(_pressure_rule(building, rule) for rule in branches(tree))
    )


def _pressure_rule(building: Building, tree: Branch) -> PressureRule:
    place = building.head(tree)
    match str(tree.data):
        case "exempt":
            return Exempt(place=place, selector=_selector(building, branch(tree, 0)))
        case "cap":
            return _cap(building, tree)
        case "spacing":
            duration, first, second = branches(tree)
            return Spacing(
                place=place,
                duration=build_duration(building, duration),
                first=_selector(building, first),
                second=_selector(building, second),
            )
        case "not_after":
            selector, duration, after = branches(tree)
            return NotAfter(
                place=place,
                selector=_selector(building, selector),
                duration=build_duration(building, duration),
                after=_selector(building, after),
            )
        case "never":
            selector, condition = branches(tree)
            return Never(
                place=place,
                selector=_selector(building, selector),
                condition=build_predicate(building, condition),
            )
        case "honour_preferences":
            return HonourPreferences(place=place)
        case "lost_contact":
            return LostContact(place=place, cost=build_money(building, branch(tree, 0)))
        case "arbitrate":
            names = tuple(building.name(cast(Token, token)) for token in tree.children)
            return Arbitrate(place=place, by=names)
        case "keep_held":
            return KeepHeld(place=place, duration=build_duration(building, branch(tree, 0)))
    raise AssertionError(f"the grammar has a pressure rule that is not built: {tree.data}")


def _selector(building: Building, tree: Branch) -> Selector:
    kind = str(tree.data).removeprefix("select_")
    name = building.name(word(tree, 0))
    return Selector.model_validate({"place": building.place(tree), "kind": kind, "name": name})


def _cap(building: Building, tree: Branch) -> Cap:
    """What follows the selector may stand in any order; a cap without a period is refused."""
    clauses = branches(tree)[1:]

    def single(kind: str) -> Branch | None:
        return _single_part(building, clauses, kind)

    period, condition, per, keep = (
        single("cap_period"),
        single("cap_for"),
        single("cap_per"),
        single("cap_keep"),
    )
    place = building.head(tree)
    if period is None:
        raise building.refusal(
            "syntax", "this cap does not say over what time", place, help="add `per 7 days`, `per day` …"
        )
    return Cap(
        place=place,
        count=int(word(tree, 0)),
        selector=_selector(building, branch(tree, 1)),
        period=build_period(building, branch(period, 0)),
        condition=None if condition is None else build_predicate(building, branch(condition, 0)),
        per=building.optional_name(None if per is None else word_or_none(per, 0)),
        keep=None if keep is None else _keep(building, keep),
        counting_exempt=single("cap_counting_exempt") is not None,
    )


def _keep(building: Building, tree: Branch) -> Keep:
    return Keep(place=building.place(tree), count=int(word(tree, 0)), priority=int(word(tree, 1)))


def _single_part(building: Building, parts: list[Branch], kind: str) -> Branch | None:
    """The one part of a line of this kind, or None. Each further one is a `repeated-clause`."""
    found = [part for part in parts if part.data == kind]
    for extra in found[1:]:
        building.report("repeated-clause", "this cap says the same thing twice", building.place(extra))
    return found[0] if found else None
