"""Journeys: header and entry. Their steps are built in build_steps."""

from typing import cast

from lark import Token

from parcours.language.build_predicates import build_event, build_predicate, optional_predicate
from parcours.language.build_steps import build_steps
from parcours.language.build_values import (
    build_duration,
    build_money,
    build_path,
    build_period,
    build_schedule,
    optional_duration,
    optional_time,
    percent,
)
from parcours.language.building import (
    Branch,
    Building,
    branch,
    branch_or_none,
    branches,
    plain_name,
    plain_text,
    word,
    word_or_none,
)
from parcours.model.journey import (
    Budget,
    ByHand,
    Enter,
    EntryCap,
    Goal,
    HoldOut,
    Journey,
    LeaveWhen,
    Needs,
    OnAnniversary,
    OnBecoming,
    OnDate,
    OnEvent,
    OnJoining,
    OnLeaving,
    OnSchedule,
    Reentry,
    Trigger,
)


def build_journey(building: Building, tree: Branch) -> Journey:
    """The clauses of the header may stand in any order; those that can be said once only are checked here."""
    name, doc, header, steps = tree.children
    clauses = branches(cast(Branch, header))

    def single(kind: str) -> Branch | None:
        return building.single(clauses, kind)

    purpose, priority, enter = single("purpose"), single("priority"), single("enter")
    return Journey(
        place=building.head(tree),
        name=building.name(cast(Token, name)),
        doc=build_doc(cast("Branch | None", doc)),
        purpose=None if purpose is None else building.name(word(purpose, 0)),
        priority=None if priority is None else int(word(priority, 0)),
        owner=_owner(single("owner")),
        enter=None if enter is None else _enter(building, enter),
        goals=tuple(_goal(building, clause) for clause in clauses if clause.data == "goal"),
        leave_when=tuple(_leave_when(building, clause) for clause in clauses if clause.data == "leave_when"),
        needs=tuple(_needs(building, clause) for clause in clauses if clause.data == "needs"),
        budget=_budget(building, single("budget")),
        steps=build_steps(building, cast(Branch, steps)),
        lines=building.lines(clauses),
    )


def build_doc(tree: Branch | None) -> str:
    """The text under the name of a declaration, "" when there is none."""
    return "" if tree is None else plain_text(word(tree, 0))


def _owner(tree: Branch | None) -> str | None:
    if tree is None:
        return None
    token = word(tree, 0)
    return plain_text(token) if token.type == "STRING" else plain_name(token)


def _goal(building: Building, tree: Branch) -> Goal:
    worth = branch_or_none(tree, 3)
    return Goal(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        event=build_event(building, branch(tree, 1)),
        within=optional_duration(building, branch_or_none(tree, 2)),
        worth=None if worth is None else build_money(building, worth),
    )


def _leave_when(building: Building, tree: Branch) -> LeaveWhen:
    predicate, outcome = build_predicate(building, branch(tree, 0)), word_or_none(tree, 1)
    return LeaveWhen(place=building.head(tree), predicate=predicate, outcome=building.optional_name(outcome))


def _needs(building: Building, tree: Branch) -> Needs:
    return Needs(
        place=building.head(tree),
        event=building.name(word(tree, 0)),
        within=build_duration(building, branch(tree, 1)),
        wait=optional_duration(building, branch_or_none(tree, 2)),
    )


def _budget(building: Building, tree: Branch | None) -> Budget | None:
    if tree is None:
        return None
    amount, period = build_money(building, branch(tree, 0)), build_period(building, branch(tree, 1))
    return Budget(place=building.head(tree), amount=amount, period=period)


def _enter(building: Building, tree: Branch) -> Enter:
    clauses = branches(branch_or_none(tree, 1))

    def single(*kinds: str) -> Branch | None:
        return building.single(clauses, *kinds)

    condition, per, within = single("only_if"), single("per_key"), single("entry_within")
    hold_out, cap = single("hold_out"), single("entry_cap")
    return Enter(
        place=building.head(tree),
        trigger=_trigger(building, branch(tree, 0)),
        condition=None if condition is None else build_predicate(building, branch(condition, 0)),
        reentry=_reentry(building, single("once", "again")),
        per=None if per is None else build_path(building, branch(per, 0)),
        within=None if within is None else build_duration(building, branch(within, 0)),
        hold_out=None if hold_out is None else _hold_out(building, hold_out),
        cap=None if cap is None else _entry_cap(building, cap),
    )


def _hold_out(building: Building, tree: Branch) -> HoldOut:
    return HoldOut(place=building.head(tree), percent=percent(word(tree, 0)))


def _entry_cap(building: Building, tree: Branch) -> EntryCap:
    period = build_period(building, branch(tree, 1))
    return EntryCap(place=building.head(tree), count=int(word(tree, 0)), period=period)


def _reentry(building: Building, tree: Branch | None) -> Reentry | None:
    if tree is None:
        return None
    place = building.head(tree)
    if tree.data == "once":
        return Reentry(place=place, again=False)
    return Reentry(place=place, again=True, after=optional_duration(building, branch_or_none(tree, 0)))


def _trigger(building: Building, tree: Branch) -> Trigger:
    place = building.place(tree)
    match str(tree.data):
        case "on_event":
            return OnEvent(place=place, event=build_event(building, branch(tree, 0)))
        case "on_joining":
            segment, including = building.name(word(tree, 0)), branch_or_none(tree, 1)
            return OnJoining(place=place, segment=segment, including_members=including is not None)
        case "on_leaving":
            return OnLeaving(place=place, segment=building.name(word(tree, 0)))
        case "on_becoming":
            stage, after = building.name(word(tree, 0)), word_or_none(tree, 1)
            return OnBecoming(place=place, stage=stage, after=building.optional_name(after))
        case "on_anniversary":
            path, time = build_path(building, branch(tree, 0)), branch_or_none(tree, 1)
            return OnAnniversary(place=place, path=path, time=optional_time(building, time))
        case "on_date_before" | "on_date_after":
            return OnDate(
                place=place,
                duration=build_duration(building, branch(tree, 0)),
                direction="before" if tree.data == "on_date_before" else "after",
                path=build_path(building, branch(tree, 1)),
                time=optional_time(building, branch_or_none(tree, 2)),
            )
        case "on_schedule":
            schedule = build_schedule(building, branch(tree, 0))
            predicate = optional_predicate(building, branch_or_none(tree, 1))
            return OnSchedule(place=place, schedule=schedule, predicate=predicate)
        case "by_hand":
            return ByHand(place=place)
    raise AssertionError(f"the grammar has a trigger that is not built: {tree.data}")
