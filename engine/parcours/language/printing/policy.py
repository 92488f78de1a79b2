"""Channels and marketing pressure become clauses."""

from parcours.language.clauses import Clause, Said
from parcours.language.printing.clauses import clause, doc
from parcours.language.printing.lines import code_of
from parcours.language.printing.literals import days, money, period, span
from parcours.language.printing.names import CAP_KEY, SELECTED, SELECTED_MESSAGE, written
from parcours.language.printing.predicates import path, predicate
from parcours.model.policy import (
    Arbitrate,
    Cap,
    Capacity,
    Channel,
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


def channel(node: Channel) -> Clause:
    address, consent, cost = node.address, node.consent, node.cost
    clauses = (
        doc(node.doc),
        None if address is None else clause("address", address, {"address": path(address)}),
        None if consent is None else clause("consent", consent, {"consent": predicate(consent)}),
        None if cost is None else clause("cost", cost, {"cost": money(cost)}),
    )
    return clause(
        "channel",
        node,
        {"channel": written(node.name)},
        clauses,
        [_quiet(quiet) for quiet in node.quiet],
        [_opening(opening) for opening in node.opening],
        [_capacity(capacity) for capacity in node.capacity],
    )


def _quiet(node: Quiet) -> Clause:
    match node:
        case QuietHours():
            return clause("quiet_hours", node, {"from": str(node.start), "to": str(node.end)})
        case QuietDays():
            return clause("quiet_on", node, {"on": days(node.days)})
        case QuietHolidays():
            return clause("quiet_on", node, {"on": "holidays"})


def _opening(node: OpeningHours) -> Clause:
    said: dict[str, Said | None] = {"days": days(node.days), "from": str(node.start), "to": str(node.end)}
    return clause("opening", node, said)


def _capacity(node: Capacity) -> Clause:
    doubling = node.doubling
    return clause(
        "capacity",
        node,
        {
            "at most": str(node.count),
            "per": period(node.period),
            "doubling every": None if doubling is None else span(doubling.every),
            "up to": None if doubling is None else str(doubling.up_to),
        },
    )


def pressure(node: Pressure) -> Clause:
    return clause("pressure", node, {"pressure": ""}, [_rule(rule) for rule in node.rules])


def _rule(node: PressureRule) -> Clause:
    match node:
        case Exempt():
            return clause("exempt", node, {"exempt": selector(node.selector)})
        case Cap():
            return _cap(node)
        case Spacing():
            said: dict[str, Said | None] = {
                "at least": str(node.duration),
                "between": selector(node.first),
                "and": selector(node.second),
            }
            return clause("spacing", node, said)
        case NotAfter():
            said = {
                "no": selector(node.selector),
                "within": str(node.duration),
                "after": selector(node.after),
            }
            return clause("not_after", node, said)
        case Never():
            return clause("never", node, {"never": selector(node.selector), "for": predicate(node.condition)})
        case HonourPreferences():
            return clause("honour_preferences", node, {"honour preferences": ""})
        case LostContact():
            return clause("lost_contact", node, {"a lost contact costs": money(node.cost)})
        case Arbitrate():
            return clause("arbitrate", node, {"arbitrate by": ", then ".join(map(written, node.by))})
        case KeepHeld():
            return clause("keep_held", node, {"keep held messages for": str(node.duration)})


def _cap(node: Cap) -> Clause:
    return clause(
        "cap",
        node,
        {
            "at most": f"{node.count} {selector(node.selector)}",
            "per": period(node.period),
            "for": None if node.condition is None else predicate(node.condition),
            "per each": None if node.per is None else written(node.per, CAP_KEY),
            "keep": None if node.keep is None else _keep(node.keep),
            "counting exempt": "" if node.counting_exempt else None,
        },
    )


def _keep(node: Keep) -> str:
    return f"{node.count} for priority from {node.priority}"


def words_of(node: PressureRule | Quiet | OpeningHours | Capacity) -> str:
    """One rule in the words of the text form."""
    match node:
        case QuietHours() | QuietDays() | QuietHolidays():
            return code_of(_quiet(node))
        case OpeningHours():
            return code_of(_opening(node))
        case Capacity():
            return code_of(_capacity(node))
        case _:
            return code_of(_rule(node))


def selector(node: Selector) -> str:
    """`messages`, a channel with or without its plural s, `purpose prospecting`."""
    if node.kind == "name":
        return written(node.name, SELECTED)
    return f"{node.kind} {written(node.name, SELECTED_MESSAGE if node.kind == 'message' else frozenset())}"
