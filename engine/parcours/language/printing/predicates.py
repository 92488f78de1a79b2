"""Predicates and the values in them as they are written, with no more brackets than they need."""

from parcours.language.printing import literals
from parcours.language.printing.names import (
    AFTER_NO,
    CONDITION,
    LINE_CONDITION,
    NONE,
    OPERAND,
    Reserved,
    written,
    written_word,
)
from parcours.model.values import (
    Aggregate,
    And,
    Arithmetic,
    Between,
    Compare,
    DateLiteral,
    DaysSince,
    Duration,
    EventRef,
    Ever,
    Has,
    InLast,
    InList,
    InSegment,
    InstantLiteral,
    IsKnown,
    IsName,
    Money,
    Not,
    Nth,
    Number,
    Or,
    Part,
    Path,
    Percent,
    Predicate,
    Recent,
    Since,
    Text,
    Truth,
    Value,
    Window,
    YesNo,
)

_SUM = ("+", "-")
_SIGNS_IN_A_ROW = 100  # the parser refuses longer calculations; more of them stood in brackets


def predicate(node: Predicate, start: Reserved = CONDITION) -> str:
    """A condition. `start` are the words that its first name cannot be without back-quotes."""
    match node:
        case Or():
            return " or ".join(_operand(item, (Or,), start, at) for at, item in enumerate(node.items))
        case And():
            return " and ".join(_operand(item, (Or, And), start, at) for at, item in enumerate(node.items))
        case Not():
            return f"not {_operand(node.item, (Or, And), CONDITION, 0)}"
        case Truth():
            return _truth(node.value, start)
        case Compare():
            return f"{value(node.left, start)} {node.operator} {value(node.right)}"
        case Between():
            return f"{value(node.value, start)} between {value(node.low)} and {value(node.high)}"
        case InList():
            items = ", ".join(value(item) for item in node.items)
            return f"{value(node.value, start)} {'not ' if node.negated else ''}in ({items})"
        case IsKnown():
            return f"{value(node.value, start)} is {'unknown' if node.negated else 'known'}"
        case IsName():
            return f"{value(node.value, start)} is {written_word(node.name)}"
        case Has():
            return f"{_whether_there_is(node)} {window(node.window)}"
        case Recent(value=Aggregate()):
            return f"({value(node.value)}) in last {node.duration}"
        case Recent():
            return f"{_unit(node.value, start)} in last {node.duration}"
        case InSegment():
            return f"in segment {written(node.name)}"


def prediction(node: Predicate) -> str:
    """The condition of a score. What shall happen `within` a time is not asked of all times."""
    if isinstance(node, Has) and isinstance(node.window, Ever):
        return _whether_there_is(node)
    return predicate(node)


def value(node: Value, start: Reserved = OPERAND) -> str:
    """A value. `start` as of `predicate`."""
    return _calculation(node, start)[0] if isinstance(node, Arithmetic) else _windowed(node, start)


def event(node: EventRef, reserved: Reserved = NONE) -> str:
    """`open of welcome[…]`."""
    return f"{written(node.name, reserved)}{_chosen(node)}"


def window(node: Window) -> str:
    match node:
        case InLast():
            return f"in last {node.duration}"
        case Since():
            return f"since {written(node.name)}"
        case Ever():
            return "ever"


def path(node: Path, start: Reserved = NONE) -> str:
    first, *others = node.parts
    return ".".join((written(first, start), *(written(part) for part in others)))


def _whether_there_is(node: Has) -> str:
    return f"no {event(node.event, AFTER_NO)}" if node.negated else f"has {event(node.event)}"


def _operand(
    item: Predicate, bracketed: tuple[type[Or] | type[And], ...], start: Reserved, position: int
) -> str:
    if isinstance(item, bracketed):
        return f"({predicate(item)})"
    return predicate(item, start if position == 0 else CONDITION)


def _truth(node: Value, start: Reserved) -> str:
    if isinstance(node, Text) and start is LINE_CONDITION:
        return f"({value(node)})"  # a text alone in a line is the one that says what the thing is for
    if isinstance(node, Part):
        return _unit(node, start)  # a window behind it would ask whether it is recent
    return value(node, start)


def _calculation(node: Arithmetic, start: Reserved) -> tuple[str, int]:
    """The calculation, and how many signs it has outside of brackets."""
    sums = node.operator in _SUM
    left, signs = value(node.left, start), 0
    if isinstance(node.left, Arithmetic):
        left, signs = _calculation(node.left, start)
        same = (node.left.operator in _SUM) == sums
        if signs == _SIGNS_IN_A_ROW or not (same or sums):
            left, signs = f"({value(node.left, CONDITION)})", 0
        elif not same:
            signs = 0
    tighter = isinstance(node.right, Arithmetic) and sums and node.right.operator not in _SUM
    right = value(node.right) if tighter else _windowed(node.right, OPERAND)
    return f"{left} {node.operator} {right}", signs + 1


def _windowed(node: Value, start: Reserved) -> str:
    match node:
        case Part():
            return f"{node.part} of {_windowed(node.value, OPERAND)}"
        case Aggregate() | Nth() if not isinstance(node.window, Ever):
            return f"{_of_events(node)} {window(node.window)}"
    return _unit(node, start)


def _unit(node: Value, start: Reserved) -> str:
    match node:
        case Arithmetic():
            return f"({value(node, CONDITION)})"
        case Aggregate() | Nth():
            whole = isinstance(node.window, Ever)
            return _of_events(node) if whole else f"({_windowed(node, CONDITION)})"
        case Part():
            return f"{node.part} of {_unit(node.value, OPERAND)}"
        case DaysSince():
            return f"days since {event(node.event)}"
        case Path():
            return path(node, start)
        case Text():
            return literals.text(node.value)
        case Number():
            return literals.number(node.value)
        case Percent():
            return literals.percent(node.value)
        case Money():
            return literals.money(node)
        case YesNo():
            return "yes" if node.value else "no"
        case DateLiteral():
            return node.text
        case InstantLiteral():
            return instant(node)
        case Duration():
            return str(node)


def instant(node: InstantLiteral) -> str:
    return f"{node.date.text} {node.time}"


def _of_events(node: Aggregate | Nth) -> str:
    said = written(node.event.name)
    if node.field is not None:
        said = f"{said}.{written(node.field)}"
    function = node.which if isinstance(node, Nth) else f"{node.function} of"
    return f"{function} {said}{_chosen(node.event)}"


def _chosen(node: EventRef) -> str:
    of = "" if node.of is None else f" of {written(node.of)}"
    condition = "" if node.filter is None else f"[{predicate(node.filter)}]"
    return f"{of}{condition}"
