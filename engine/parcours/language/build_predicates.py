"""Predicates and the values in them. Both are one ladder in the grammar, since both may stand in brackets."""

from typing import cast

from lark import Token

from parcours.language.build_values import LITERALS, build_duration, build_literal, build_path
from parcours.language.building import Branch, Building, branch, branch_or_none, branches, plain_name, word
from parcours.model.node import Name
from parcours.model.values import (
    Aggregate,
    Aggregation,
    And,
    Arithmetic,
    Between,
    Compare,
    DaysSince,
    EventRef,
    Ever,
    Has,
    InLast,
    InList,
    InSegment,
    IsKnown,
    IsName,
    Not,
    Nth,
    Or,
    Part,
    Predicate,
    Recent,
    Since,
    Truth,
    Value,
    Window,
)

_CONDITIONS = frozenset(
    (
        *("any_of", "every_of", "negated", "compare", "is_known", "is_unknown", "is_name"),
        *("in_list", "not_in_list", "between", "has", "has_no", "in_segment"),
    )
)


def build_predicate(building: Building, tree: Branch) -> Predicate:
    """A condition. A value that stands where a condition is wanted becomes a `Truth`; the checker judges it."""
    place = building.place(tree)
    match str(tree.data):
        case "group":
            return build_predicate(building, branch(tree, 0))
        case "any_of":
            return Or(place=place, items=tuple(build_predicate(building, item) for item in branches(tree)))
        case "every_of":
            return And(place=place, items=tuple(build_predicate(building, item) for item in branches(tree)))
        case "negated":
            return Not(place=place, item=build_predicate(building, branch(tree, 0)))
        case "compare":
            left, operator, right = tree.children
            return Compare.model_validate(
                {
                    "place": place,
                    "operator": str(operator),
                    "left": build_value(building, cast(Branch, left)),
                    "right": build_value(building, cast(Branch, right)),
                }
            )
        case "is_known" | "is_unknown":
            value = build_value(building, branch(tree, 0))
            return IsKnown(place=place, value=value, negated=tree.data == "is_unknown")
        case "is_name":
            value = build_value(building, branch(tree, 0))
            return IsName(place=place, value=value, name=building.name(word(tree, 1)))
        case "in_list" | "not_in_list":
            value = build_value(building, branch(tree, 0))
            items = tuple(build_value(building, item) for item in branches(branch(tree, 1)))
            return InList(place=place, value=value, items=items, negated=tree.data == "not_in_list")
        case "between":
            value, low, high = (build_value(building, part) for part in branches(tree))
            return Between(place=place, value=value, low=low, high=high)
        case "has" | "has_no":
            event = build_event(building, branch(tree, 0))
            window = _window(building, branch_or_none(tree, 1), tree)
            return Has(place=place, event=event, window=window, negated=tree.data == "has_no")
        case "in_segment":
            return InSegment(place=place, name=building.name(word(tree, 0)))
        case "windowed" if branch(tree, 0).data != "aggregate" and branch(tree, 1).data == "in_last":
            # `first order.at in last 30 days`: the window is the question, not a part of the value
            value = build_value(building, branch(tree, 0))
            duration = build_duration(building, branch(branch(tree, 1), 0))
            return Recent(place=place, value=value, duration=duration)
    return Truth(place=place, value=build_value(building, tree))


def optional_predicate(building: Building, tree: Branch | None) -> Predicate | None:
    return None if tree is None else build_predicate(building, tree)


def build_value(building: Building, tree: Branch, window: Branch | None = None) -> Value:
    """A value. `window` is the one that stands behind it, for the events that it is computed from.

    A condition where a value is wanted is refused."""
    place = building.place(tree)
    kind = str(tree.data)
    if kind == "windowed":
        return build_value(building, branch(tree, 0), branch(tree, 1)).model_copy(update={"place": place})
    if kind in ("aggregate", "nth"):
        return _of_events(building, tree, window)
    if kind == "part":
        value = build_value(building, branch(tree, 1), window)
        return Part.model_validate({"place": place, "part": str(word(tree, 0)), "value": value})
    if window is not None:
        raise building.refusal(
            "syntax",
            "a window stands behind the events that it limits",
            building.place(window),
            help="put brackets around a sum: `(event.at + 3 days) in last 2 days`",
        )
    if kind in LITERALS:
        return build_literal(building, tree)
    if kind == "path":
        return build_path(building, tree)
    if kind == "days_since":
        return DaysSince(place=place, event=build_event(building, branch(tree, 0)))
    if kind == "group":
        return build_value(building, branch(tree, 0))
    if kind == "calculation":
        return _calculation(building, tree)
    assert kind in _CONDITIONS, f"the grammar has a value that is not built: {kind}"
    raise building.refusal("wrong-type", "a condition stands here where a value is wanted", place)


def build_event(building: Building, tree: Branch) -> EventRef:
    """Events of one kind. A field behind the name is refused: what is asked here is about whole events."""
    path = branch(tree, 0)
    if len(path.children) > 1:
        name, field = plain_name(word(path, 0)), plain_name(word(path, 1))
        raise building.refusal(
            "syntax",
            f"an event is wanted here, not `{'.'.join(map(str, path.children))}`",
            building.place(path),
            help=f"write the condition on `{field}` in brackets: `{name}[{field} = …]`",
        )
    return _event(building, tree)


def _event(building: Building, tree: Branch) -> EventRef:
    path, of, condition = tree.children
    return EventRef(
        place=building.place(tree),
        name=building.name(word(cast(Branch, path), 0)),
        of=building.optional_name(cast("Token | None", of)),
        filter=optional_predicate(building, cast("Branch | None", condition)),
    )


def _of_events(building: Building, tree: Branch, window: Branch | None) -> Value:
    """`count of E`, `sum of E.f`, `last E.f`, and what stands in their place wrongly."""
    place = building.place(tree)
    function, event = str(word(tree, 0)), branch(tree, 1)
    names = [building.name(token) for token in branch(event, 0).children if isinstance(token, Token)]
    wanted = 1 if function == "count" else 2
    said = ".".join(map(str, branch(event, 0).children))
    of = " " if tree.data == "nth" else " of "
    if len(names) < wanted:
        raise building.refusal(
            "syntax",
            f"`{function}{of}{said}` needs a field of the event",
            building.place(event),
            mark=f"for example `{said}.at`",
            help="write the event, a point and one of its fields",
        )
    if len(names) > wanted:
        better = (
            f"`count of {names[0]}`, or `distinct of {said}`"
            if wanted == 1
            else f"`{function}{of}{names[0]}.{names[1]}`"
        )
        raise building.refusal(
            "syntax",
            f"`{function}{of}{said}` has a name too many",
            building.place(event),
            help=f"write {better}",
        )
    limits = _window(building, window, tree)
    if tree.data == "nth":
        return Nth.model_validate(
            {
                "place": place,
                "which": function,
                "event": _event(building, event),
                "field": names[1],
                "window": limits,
            }
        )
    field: Name | None = names[1] if wanted == 2 else None
    return Aggregate(
        place=place,
        function=cast(Aggregation, function),
        event=_event(building, event),
        field=field,
        window=limits,
    )


def _calculation(building: Building, tree: Branch) -> Value:
    """`a - b - c` is `(a - b) - c`."""
    parts = tree.children
    left = build_value(building, cast(Branch, parts[0]))
    for at in range(1, len(parts), 2):
        right_tree = cast(Branch, parts[at + 1])
        left = Arithmetic.model_validate(
            {
                "place": building.place(cast(Branch, parts[0])).to(building.place(right_tree)),
                "operator": str(parts[at]),
                "left": left,
                "right": build_value(building, right_tree),
            }
        )
    return left


def build_window(building: Building, tree: Branch) -> Window:
    place = building.place(tree)
    if tree.data == "in_last":
        return InLast(place=place, duration=build_duration(building, branch(tree, 0)))
    if tree.data == "since":
        return Since(place=place, name=building.name(word(tree, 0)))
    return Ever(place=place)


def _window(building: Building, tree: Branch | None, owner: Branch) -> Window:
    # what says nothing about time means all of it
    return Ever(place=building.place(owner)) if tree is None else build_window(building, tree)
