"""A journey as written ─► a checked journey."""

from parcours.checking import checked
from parcours.checking.captures import Captures
from parcours.checking.entries import Entries
from parcours.checking.scope import Scope
from parcours.checking.steps import Steps
from parcours.checking.terms import Events, Window
from parcours.checking.values import Values, span_of
from parcours.model import journey as written

PURPOSES = ("service", "newsletter", "prospecting", "loyalty", "survey", "event")
DEFAULT_PRIORITY = 50


def check_journey(journey: written.Journey, values: Values) -> checked.Journey | None:
    """The checked journey, or None with the reasons among the findings."""
    findings = values.findings
    captures = Captures(journey)
    entries = Entries(values, captures)
    if journey.enter is None:
        findings.add(
            "missing-enter", f"the journey `{journey.name}` does not say who enters", journey.name.place
        )
        scope, enter = Scope(in_run=True), None
    else:
        scope = entries.scope(journey.enter)
        enter = entries.enter(journey.enter, scope)
    _check_header(journey, values)
    goals = tuple(goal for g in journey.goals if (goal := _goal(g, scope, values)))
    leaves = []
    for leave in journey.leave_when:
        # any event, and time itself, can bring it about: no single event can be spoken of
        term = values.predicate(leave.predicate, scope.woken_by())
        if term is not None:
            leaves.append(checked.Leave(leave.outcome.text if leave.outcome else "left", term))
    steps = Steps(journey.name.text, values, captures, findings).block(journey.steps, scope, "")
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


def _check_header(journey: written.Journey, values: Values) -> None:
    findings = values.findings
    if journey.purpose is not None and journey.purpose.text not in PURPOSES:
        findings.unknown(
            "unknown-purpose",
            f"`{journey.purpose}` is no purpose",
            journey.purpose.place,
            journey.purpose.text,
            PURPOSES,
        )
    if journey.priority is not None and not 0 <= journey.priority <= 100:
        findings.add("bad-number", f"a priority is 0 to 100, not {journey.priority}", journey.name.place)
    for needs in journey.needs:
        findings.unsupported("`needs … fresh`", needs.place)
    if journey.budget is not None:
        findings.unsupported("`budget`", journey.budget.place)


def _goal(goal: written.Goal, scope: Scope, values: Values) -> checked.Goal | None:
    filtered = values.event_filter(goal.event, scope.woken_by())
    if filtered is None:
        return None
    window = Window("within_entry", span_of(goal.within) if goal.within else None)
    return checked.Goal(goal.name.text, Events(goal.event.name.text, filtered[0], window))
