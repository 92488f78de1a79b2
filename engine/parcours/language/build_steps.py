"""The steps of a journey: lark trees become model nodes. The place of a step is its first line."""

from collections.abc import Sequence
from typing import cast

from lark import Token

from parcours.language.build_predicates import (
    build_event,
    build_predicate,
    build_value,
    build_window,
    optional_predicate,
)
from parcours.language.build_values import (
    build_date,
    build_days,
    build_duration,
    build_time,
    optional_days,
    optional_duration,
    optional_time,
    percent,
)
from parcours.language.building import Branch as Tree
from parcours.language.building import Building, branch, branch_or_none, branches, word, word_or_none
from parcours.model.journey import (
    AnyStep,
    Arm,
    BestHour,
    Binding,
    Branch,
    Channels,
    Exit,
    Experiment,
    GoTo,
    If,
    Offering,
    Record,
    Repeat,
    Send,
    SetAttribute,
    Split,
    Start,
    WaitCondition,
    WaitEvent,
    WaitFor,
    WaitUntil,
)
from parcours.model.moments import DateMoment, Moment, OffsetMoment, TimeMoment, WindowMoment


def build_steps(building: Building, tree: Tree | None) -> tuple[AnyStep, ...]:
    """The steps of a block, in their order; none of no block."""
    return tuple(_step(building, step) for step in branches(tree))


def build_bindings(building: Building, *trees: Tree | None) -> tuple[Binding, ...]:
    """`total = 80, cart_id = "c1"`; those of several lines together. A name that has a value already is reported."""
    bound: dict[str, Binding] = {}
    for binding in (binding for tree in trees for binding in branches(tree)):
        name = building.name(word(binding, 0))
        if name.text in bound:
            mark = f"first given in line {bound[name.text].name.place.line}"
            building.report("duplicate-name", f"`{name}` is given twice", name.place, mark=mark)
            continue
        value = build_value(building, branch(binding, 2))
        bound[name.text] = Binding(place=building.place(binding), name=name, value=value)
    return tuple(bound.values())


def _step(building: Building, tree: Tree) -> AnyStep:
    if tree.data != "labelled":
        return _plain_step(building, tree)
    label, step = branches(tree)
    return _plain_step(building, step).model_copy(update={"label": building.name(word(label, 0))})


def _plain_step(building: Building, tree: Tree) -> AnyStep:
    place = building.head(tree)
    match str(tree.data):
        case "send":
            return _send(building, tree)
        case "wait":
            return WaitFor(place=place, duration=build_duration(building, branch(tree, 0)))
        case "wait_until":
            return WaitUntil(place=place, moment=build_moment(building, branch(tree, 0)))
        case "wait_condition" | "wait_event":
            return _wait_with_outcomes(building, tree)
        case "if_step":
            return _if(building, tree)
        case "split":
            name, arms = building.name(word(tree, 0)), _arms(building, branch(tree, 1))
            return Split(place=place, name=name, arms=arms)
        case "experiment":
            name, goal = building.name(word(tree, 0)), building.name(word(tree, 1))
            return Experiment(place=place, name=name, goal=goal, arms=_arms(building, branch(tree, 2)))
        case "repeat":
            return Repeat(
                place=place,
                times=int(word(tree, 0)),
                until=optional_predicate(building, branch_or_none(tree, 1)),
                steps=build_steps(building, branch(tree, 2)),
            )
        case "set_attribute":
            attribute, value = building.name(word(tree, 0)), build_value(building, branch(tree, 1))
            return SetAttribute(place=place, attribute=attribute, value=value)
        case "record":
            event, bindings = word(tree, 0), branch_or_none(tree, 1)
            return Record(
                place=place, event=building.name(event), bindings=build_bindings(building, bindings)
            )
        case "start_journey":
            return Start(place=place, journey=building.name(word(tree, 0)))
        case "go_to":
            return GoTo(place=place, target=building.name(word(tree, 0)))
        case "exit":
            return Exit(place=place, outcome=building.optional_name(word_or_none(tree, 0)))
    raise AssertionError(f"the grammar has a step that is not built: {tree.data}")


def _send(building: Building, tree: Tree) -> Send:
    clauses = branches(branch_or_none(tree, 2))

    def single(kind: str) -> Tree | None:
        return building.single(clauses, kind)

    unless, keep_for, not_sent = single("unless"), single("keep_for"), single("if_not_sent")
    return Send(
        place=building.head(tree),
        message=building.name(word(tree, 0)),
        channels=_channels(building, branch(tree, 1)),
        offering=_offering(building, single("offering")),
        unless=None if unless is None else build_predicate(building, branch(unless, 0)),
        keep_for=None if keep_for is None else build_duration(building, branch(keep_for, 0)),
        best_hour=_best_hour(building, single("best_hour")),
        if_not_sent=() if not_sent is None else build_steps(building, branch(not_sent, 0)),
    )


def _channels(building: Building, tree: Tree) -> Channels:
    names = tuple(building.name(cast(Token, token)) for token in tree.children)
    return Channels.model_validate({"place": building.place(tree), "choice": str(tree.data), "names": names})


def _offering(building: Building, tree: Tree | None) -> Offering | None:
    if tree is None:
        return None
    return Offering(
        place=building.head(tree),
        count=int(word(tree, 0)),
        rules=building.name(word(tree, 1)),
        where=optional_predicate(building, branch_or_none(tree, 2)),
    )


def _best_hour(building: Building, tree: Tree | None) -> BestHour | None:
    if tree is None:
        return None
    within = optional_duration(building, branch_or_none(tree, 0))
    return BestHour(place=building.head(tree), within=within)


def _wait_with_outcomes(building: Building, tree: Tree) -> WaitCondition | WaitEvent:
    place, outcomes = building.head(tree), branch_or_none(tree, -1)
    then: tuple[AnyStep, ...] = ()
    otherwise: tuple[AnyStep, ...] = ()
    if outcomes is not None and outcomes.data == "otherwise_only":
        otherwise = build_steps(building, branch(outcomes, 0))
    elif outcomes is not None:
        then = build_steps(building, branch(outcomes, 0))
        otherwise = build_steps(building, branch_or_none(outcomes, 1))
    up_to = build_duration(building, branch(tree, -2))
    if tree.data == "wait_condition":
        predicate = build_predicate(building, branch(tree, 0))
        return WaitCondition(place=place, predicate=predicate, up_to=up_to, then=then, otherwise=otherwise)
    since = branch_or_none(tree, 1)
    return WaitEvent(
        place=place,
        event=build_event(building, branch(tree, 0)),
        window=None if since is None else build_window(building, since),
        up_to=up_to,
        then=then,
        otherwise=otherwise,
    )


def _if(building: Building, tree: Tree) -> If:
    parts: Sequence[Tree | None] = cast("Sequence[Tree | None]", tree.children)
    first = Branch(
        place=building.head(tree),
        predicate=build_predicate(building, branch(tree, 0)),
        steps=build_steps(building, branch(tree, 1)),
    )
    others = tuple(
        Branch(
            place=building.head(part),
            predicate=build_predicate(building, branch(part, 0)),
            steps=build_steps(building, branch(part, 1)),
        )
        for part in parts[2:-1]
        if part is not None
    )
    otherwise = build_steps(building, parts[-1])
    return If(place=building.head(tree), branches=(first, *others), otherwise=otherwise)


def _arms(building: Building, tree: Tree) -> tuple[Arm, ...]:
    return tuple(
        Arm(
            place=building.head(arm),
            percent=percent(word(arm, 0)),
            name=building.name(word(arm, 1)),
            steps=build_steps(building, branch_or_none(arm, 2)),
        )
        for arm in branches(tree)
    )


def build_moment(building: Building, tree: Tree) -> Moment:
    """What stands behind `wait until` when it is no condition."""
    place = building.place(tree)
    match str(tree.data):
        case "time_moment":
            time, days = build_time(building, branch(tree, 0)), branch_or_none(tree, 1)
            return TimeMoment(place=place, time=time, days=optional_days(building, days))
        case "day_moment":
            time = build_time(building, branch(tree, 1))
            return TimeMoment(place=place, time=time, days=build_days(building, branch(tree, 0)))
        case "window_moment":
            return WindowMoment(
                place=place,
                start=build_time(building, branch(tree, 0)),
                end=build_time(building, branch(tree, 1)),
                days=optional_days(building, branch_or_none(tree, 2)),
            )
        case "date_moment":
            date, at = build_date(building, word(tree, 0)), branch_or_none(tree, 1)
            return DateMoment(place=place, date=date, time=optional_time(building, at))
        case "before_moment" | "after_moment":
            return OffsetMoment(
                place=place,
                duration=build_duration(building, branch(tree, 0)),
                direction="before" if tree.data == "before_moment" else "after",
                value=build_value(building, branch(tree, 1)),
            )
    raise AssertionError(f"the grammar has a moment that is not built: {tree.data}")
