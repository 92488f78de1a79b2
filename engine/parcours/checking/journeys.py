"""A journey as written ─► a checked journey."""

from parcours.checking import checked
from parcours.checking.captures import Captures
from parcours.checking.entries import Entries
from parcours.checking.predicates import Predicates
from parcours.checking.scope import MISSING, Scope
from parcours.checking.steps import Steps
from parcours.checking.terms import Events, Window
from parcours.model import journey as written

PURPOSES = ("service", "newsletter", "prospecting", "loyalty", "survey", "event")
DEFAULT_PRIORITY = 50


def check_journey(journey: written.Journey, predicates: Predicates) -> checked.Journey | None:
    """The checked journey, or None with the reasons among the findings."""
    findings = predicates.findings
    captures = Captures(journey)
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
    goals = _goals(journey, scope, predicates)
    leaves = []
    for leave in journey.leave_when:
        # any event, and time itself, can bring it about: no single event can be spoken of
        term = predicates.predicate(leave.predicate, scope.woken_by())
        if term is not None:
            outcome = leave.outcome.text if leave.outcome else "left"
            leaves.append(checked.Leave(outcome, term, leave.place))
    steps = Steps(journey, predicates, captures).block(journey.steps, scope, "")
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
        steps=steps.steps,
        place=journey.name.place,
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
        # the model keeps no place of the number
        message = f"a priority is 0 to 100, not {journey.priority}"
        findings.add("bad-number", message, journey.name.place)
    for needs in journey.needs:
        findings.unsupported("`needs … fresh`", needs.place)
    if journey.budget is not None:
        findings.unsupported("`budget`", journey.budget.place)


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
        chosen = predicates.events.filter(goal.event, scope.woken_by())
        window = Window("within_entry", predicates.literals.span(goal.within) if goal.within else None)
        if chosen is not None:
            events = Events(goal.event.name.text, chosen[0], window)
            goals[name.text] = checked.Goal(name.text, events, name.place)
    return tuple(goals.values())
