"""A journey as written ─► a checked journey."""

from decimal import Decimal

from parcours.checking import checked
from parcours.checking.captures import Captures
from parcours.checking.entries import Entries
from parcours.checking.predicates import Predicates
from parcours.checking.scope import MISSING, Scope
from parcours.checking.steps import Steps
from parcours.checking.terms import Window
from parcours.model import journey as written

PURPOSES = ("service", "newsletter", "prospecting", "loyalty", "survey", "event")
DEFAULT_PRIORITY = 50


def check_journey(journey: written.Journey, predicates: Predicates) -> checked.Journey | None:
    """The checked journey, or None with the reasons among the findings."""
    findings = predicates.findings
    captures = Captures(journey, predicates.vocabulary.messages)
    entries = Entries(predicates, captures)
    if journey.enter is None:
        findings.add(
            "missing-enter", f"the journey `{journey.name}` does not say who enters", journey.name.place
        )
        # its entry could be any event: what is read of it is not judged
        scope, enter = Scope(in_run=True, entry=MISSING, events=(MISSING,)), None
    else:
        scope = entries.scope(journey.enter)
        enter = entries.enter(journey.enter, scope)
    _check_header(journey, predicates)
    needs, budget = _needs(journey, predicates), _budget(journey, predicates)
    goals = _goals(journey, scope, predicates)
    leaves = []
    for leave in journey.leave_when:
        # any event, and time itself, can bring it about: no single event can be spoken of
        term = predicates.predicate(leave.predicate, scope.woken_by())
        if term is not None:
            outcome = leave.outcome.text if leave.outcome else "left"
            leaves.append(checked.Leave(outcome, term, leave.place))
    steps = Steps(journey, predicates, captures, scope).block(journey.steps, "")
    if enter is None or journey.enter is None:
        return None
    return checked.Journey(
        name=journey.name.text,
        doc=journey.doc,
        purpose=journey.purpose.text if journey.purpose else "",
        priority=DEFAULT_PRIORITY if journey.priority is None else journey.priority,
        enter=enter,
        enter_text=findings.text(journey.enter.trigger.place),
        goals=goals,
        leaves=tuple(leaves),
        steps=steps,
        place=journey.name.place,
        needs=needs,
        budget=budget,
        budget_place=None if journey.budget is None else journey.budget.place,
    )


def _check_header(journey: written.Journey, predicates: Predicates) -> None:
    findings = predicates.findings
    if journey.purpose is not None and journey.purpose.text not in PURPOSES:
        findings.unknown(
            "unknown-purpose",
            f"`{journey.purpose}` is no purpose",
            journey.purpose.place,
            journey.purpose.text,
            PURPOSES,
        )
    if journey.priority is not None and not 0 <= journey.priority <= 100:
        message = f"a priority is 0 to 100, not {journey.priority}"
        findings.add("bad-number", message, journey.line("priority"))


def _needs(journey: written.Journey, predicates: Predicates) -> tuple[checked.Needs, ...]:
    findings, events = predicates.findings, predicates.events
    found: dict[str, checked.Needs] = {}
    for needs in journey.needs:
        name = needs.event
        within = predicates.literals.span(needs.within)
        wait = None if needs.wait is None else predicates.literals.span(needs.wait, may_be_nothing=True)
        if name.text in found:
            message = f"`needs {name}` is said twice"
            mark = f"first said in line {found[name.text].place.line}"
            findings.add("repeated-clause", message, needs.place, mark=mark)
        elif events.tables.origin(name.text) in ("recorded", "history"):
            message = f"`{name}` is recorded by Parcours itself: it is always fresh"
            findings.add("bad-need", message, name.place)
        elif events.table(name) is not None:
            found[name.text] = checked.Needs(name.text, within, wait, needs.place)
    return tuple(found.values())


def _budget(journey: written.Journey, predicates: Predicates) -> tuple[Decimal, checked.Period] | None:
    budget = journey.budget
    if budget is None:
        return None
    amount, period = predicates.literals.money(budget.amount), predicates.literals.period(budget.period)
    return None if amount is None else (amount, period)


def _goals(journey: written.Journey, scope: Scope, predicates: Predicates) -> tuple[checked.Goal, ...]:
    goals: dict[str, checked.Goal] = {}
    for goal in journey.goals:
        name = goal.name
        if name.text in goals:
            predicates.findings.add(
                "duplicate-name",
                f"the goal `{name}` is there twice",
                name.place,
                mark=f"first in line {goals[name.text].place.line}",
            )
            continue
        window = Window("within_entry", predicates.literals.span(goal.within) if goal.within else None)
        events = predicates.events.chosen(goal.event, window, scope.woken_by())
        worth = None if goal.worth is None else predicates.literals.money(goal.worth)
        if events is not None:
            goals[name.text] = checked.Goal(name.text, events, name.place, worth)
    _check_one_worth(journey, predicates)
    return tuple(goals.values())


def _check_one_worth(journey: written.Journey, predicates: Predicates) -> None:
    """P2 speaks of one goal."""
    worth = [(goal, goal.worth) for goal in journey.goals if goal.worth is not None]
    for _, more in worth[1:]:
        message = "only one goal of a journey can be worth something: it is what messages are for"
        mark = f"`{worth[0][0].name}` in line {worth[0][0].place.line} is"
        predicates.findings.add("repeated-clause", message, more.place, mark=mark)
