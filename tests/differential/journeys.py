"""Journeys by chance: header, entry with its clauses, goals, leaving, and the steps."""

from dataclasses import dataclass, replace

from dice import Dice

from differential.around import Around, EventKind
from differential.lengths import TIMES, WAITS, schedule
from differential.plan import Plan
from differential.predicates import Predicates
from differential.shop import FIELDS, HISTORY_FIELDS, OWN_DAY, SHARED_FIELDS, named
from differential.steps import Lines, Steps, indented

PURPOSES = ("service", "newsletter", "prospecting", "loyalty", "survey", "event")
_AFTER = ("1 minute", "1 hour", "1 day", "2 days", "1 week", "1 month")


@dataclass(frozen=True)
class _Entry:
    """The lines of `enter`; `event`: the kind that enters, if one does."""

    lines: Lines
    event: EventKind | None


def journey(dice: Dice, plan: Plan, name: str) -> str:
    """The text of one of the plan's journeys."""
    if plan.flavour.is_talkative:
        return _talkative(dice, plan, name)
    outside = plan.around()
    says = Predicates(dice)
    entered = dice if plan.crowded is None else Dice(f"entry {plan.crowded}")
    entry = _entry(entered, Predicates(entered), plan, name, outside)
    around = replace(outside, in_run=True, entry=entry.event, event=entry.event)
    goals = ("bought", "seen")[: dice.one((0, 0, 1, 1, 2))]
    in_header = replace(around, event=None)
    lines = []
    if dice.percent(70):
        lines.append(f"purpose {dice.one(PURPOSES)}")
    if dice.percent(70):
        lines.append(f"priority {dice.one((0, 50, 50, 50, 80, 100))}")
    lines += entry.lines
    worth = Dice(f"worth {plan.team} {plan.journeys.index(name)}")
    worthy, amount = worth.one((*goals, None)), worth.one(("0.01", "3", "40"))
    for goal in goals:
        said = f" worth {amount} EUR" if goal == worthy else ""
        lines.append(f"goal {goal}: {_goal(dice, says, in_header)}{said}")
    for outcome in ("", " as lost", " as lost")[: dice.one((0, 0, 0, 1, 1, 2, 3))]:
        lines.append(f"leave when {says.predicate(in_header)}{outcome}")
    others = tuple(other for other in plan.journeys if other > name)
    if dice.percent(12):
        lines.append(_needs(dice, says, outside))
    if dice.percent(15):
        amount = dice.one(("0.25", "0.5", "1", "1", "2.25"))
        period = dice.one(
            ("1 hour", "day", "2 days", "1 month", "calendar day", "calendar week", "calendar month")
        )
        lines.append(f"budget {amount} EUR per {period}")
    steps = Steps(dice, plan, goals, others, dice.one((1, 2, 3, 3, 4, 4, 5, 6, 8, 10)))
    first = []
    is_first = name == plan.journeys[0]
    if is_first and plan.recorded is not None:
        first.append(steps.record(around, plan.recorded, whole=True))
    first += [f"start {other}" for other in plan.started if is_first]
    return "\n".join([f"journey {name}", *indented([*lines, *steps.journey(around, first)]), ""])


def _talkative(dice: Dice, plan: Plan, name: str) -> str:
    """A journey that whoever has an event enters again and again, and that comes to sends soon."""
    outside = plan.around()
    kinds = tuple(kind for kind in outside.kinds if kind.name in map(plan.lane, FIELDS))
    kind = dice.one(kinds)
    around = replace(outside, in_run=True, entry=kind, event=kind)
    lines = [f"priority {dice.one((0, 20, 50, 50, 80, 100))}"]
    lines += [f"purpose {dice.one(PURPOSES)}"] if dice.percent(80) else []
    lines += [f"enter on {kind.name}", "    again"]
    worth = Dice(f"worth {plan.team} {plan.journeys.index(name)}")
    if worth.percent(50):
        goal = worth.one(tuple(kind for kind in kinds if kind != around.entry))
        length, amount = worth.one(("2 days", "1 week")), worth.one(("0.01", "3", "40"))
        lines.append(f"goal reached: {goal.name} within {length} worth {amount} EUR")
    if dice.percent(15):
        period = dice.one(("1 hour", "day", "calendar day", "calendar month"))
        lines.append(f"budget {dice.one(('1', '2.25', '5'))} EUR per {period}")
    steps = Steps(dice, plan, (), (), 3)
    for _ in range(dice.one((1, 1, 2, 3))):
        lines += steps.send(around, 3)[0]
        lines += [f"wait {dice.one(('5 minutes', '1 hour', '1 day', '2 days'))}"] if dice.percent(40) else []
    return "\n".join([f"journey {name}", *indented([*lines, "exit done"]), ""])


def _goal(dice: Dice, says: Predicates, around: Around) -> str:
    within = f" within {dice.one(WAITS)}" if dice.percent(65) else ""
    return f"{says.event(around)}{within}"


def _needs(dice: Dice, says: Predicates, outside: Around) -> str:
    """Of what a journey records itself and of history nothing can be stale: the check says so."""
    kinds = [
        kind
        for kind in outside.kinds
        if kind.name not in HISTORY_FIELDS and kind.name != outside.lane("gift")
    ]
    wait = (
        f", else wait up to {dice.one(('30 minutes', '6 hours', '1 day', '2 days'))}"
        if dice.percent(70)
        else ""
    )
    within = dice.one(("5 minutes", "1 hour", "6 hours", "1 day", "1 week"))
    return f"needs {dice.one(kinds).name} fresh within {within}{wait}"


# ---- who enters


def _entry(dice: Dice, says: Predicates, plan: Plan, name: str, outside: Around) -> _Entry:
    if name in plan.started:
        return _with_clauses("by hand", None, dice, says, outside)
    match dice.below(20):
        case 0 | 1 if plan.segments:
            including = ", including members" if dice.percent(40) else ""
            trigger = f"on joining {dice.one(plan.segments)}{including}"
        case 2 if plan.segments:
            trigger = f"on leaving {dice.one(plan.segments)}"
        case 3 | 4 | 5 if plan.lifecycles:
            stages = plan.lifecycles[dice.one(tuple(plan.lifecycles))]
            stage = dice.one(stages)
            before = dice.one([other for other in stages if other != stage])
            trigger = f"on becoming {stage}" + (f" after {before}" if dice.percent(50) else "")
        case 6 | 7 | 8:
            trigger = _schedule(dice, says, plan, outside)
        case 9:
            at = f" at {dice.one(TIMES)}" if dice.percent(70) else ""
            trigger = f"on anniversary of {plan.lane(OWN_DAY)}{at}"
        case 10:
            at = f" at {dice.one(TIMES)}" if dice.percent(70) else ""
            span = dice.one(("0 days", "1 day", "2 days", "1 week", "1 month"))
            trigger = f"{span} {dice.one(('before', 'after'))} {plan.lane(OWN_DAY)}{at}"
        case _:
            kind = says.any_kind(outside)
            if kind.name in HISTORY_FIELDS or kind.name in SHARED_FIELDS:
                return _on_shared(kind, dice, says, plan, outside)
            trigger = f"on {says.event(outside, kind, filtered=50)}"
            return _with_clauses(trigger, kind, dice, says, outside)
    return _with_clauses(trigger, None, dice, says, outside)


def _on_shared(kind: EventKind, dice: Dice, says: Predicates, plan: Plan, outside: Around) -> _Entry:
    """A kind of event that other cases have too: of the contacts of this case alone."""
    chosen = f'contact.team = "{plan.team}"'
    if dice.percent(50):
        chosen += f" and ({says.predicate(outside.inside_of(kind), 1)})"
    return _with_clauses(f"on {kind.name}[{chosen}]", kind, dice, says, outside)


def _schedule(dice: Dice, says: Predicates, plan: Plan, outside: Around) -> str:
    trigger = f"every {schedule(dice, plan.begin)}"
    if dice.percent(4):
        return trigger  # everybody, also those of other cases
    who = f'team = "{plan.team}"'
    if dice.percent(60):
        who += f" and ({says.predicate(outside)})"
    return f"{trigger} for {who}"


def _with_clauses(
    trigger: str, kind: EventKind | None, dice: Dice, says: Predicates, outside: Around
) -> _Entry:
    lines: Lines = []
    around = replace(outside, in_run=True, entry=kind, event=kind)
    if dice.percent(30):
        lines.append(f"if {says.predicate(around)}")
    match dice.below(6):
        case 0:
            lines.append("once")
        case 1 | 2 | 3:
            lines.append("again")
        case 4:
            lines.append(f"again after {dice.one(_AFTER)}")
    if kind is not None:
        keys = [*named(kind.fields, "text"), *(name for name in ("quantity", "pages") if name in kind.fields)]
        if keys and dice.percent(45):
            lines.append(f"per event.{dice.one(keys)}")
        if dice.percent(30):
            lines.append(f"within {dice.one(('1 minute', '30 minutes', '1 hour', '2 days', '1 month'))}")
    if dice.percent(8):
        lines.append(f"hold out {dice.one(('10', '33.3', '50', '99'))}%")
    if dice.percent(12):
        period = dice.one(("1 hour", "day", "2 days", "week", "1 month"))
        period = f"calendar {dice.one(('day', 'week', 'month', 'year'))}" if dice.percent(40) else period
        lines.append(f"at most {dice.one((1, 1, 2, 3, 5))} per {period}")
    return _Entry([f"enter {trigger}", *indented(lines)], kind)
