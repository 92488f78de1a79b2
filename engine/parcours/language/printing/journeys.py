"""Journeys become clauses: header and entry. Their steps are in `steps`."""

from parcours.language.clauses import Clause
from parcours.language.printing.clauses import clause, doc
from parcours.language.printing.literals import money, optional, percent, period, schedule
from parcours.language.printing.names import ENTERING_EVENT, written
from parcours.language.printing.predicates import event, path, predicate
from parcours.language.printing.steps import steps
from parcours.model.journey import (
    ByHand,
    Enter,
    Journey,
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


def journey(node: Journey) -> Clause:
    purpose, budget = node.purpose, node.budget
    header = (
        doc(node.doc),
        None if node.owner is None else clause("owner", None, {"owner": node.owner}),
        None if purpose is None else clause("purpose", purpose, {"purpose": written(purpose)}),
        None if node.priority is None else clause("priority", None, {"priority": str(node.priority)}),
        None
        if budget is None
        else clause("budget", budget, {"budget": money(budget.amount), "budget per": period(budget.period)}),
        None if node.enter is None else _enter(node.enter),
    )
    goals = [
        clause(
            "goal",
            goal,
            {
                "goal": written(goal.name),
                "event": event(goal.event),
                "within": optional(goal.within),
                "worth": None if goal.worth is None else money(goal.worth),
            },
        )
        for goal in node.goals
    ]
    leave = [
        clause(
            "leave_when",
            leaving,
            {
                "when": predicate(leaving.predicate),
                "as": None if leaving.outcome is None else written(leaving.outcome),
            },
        )
        for leaving in node.leave_when
    ]
    needs = [
        clause(
            "needs",
            need,
            {
                "event": written(need.event),
                "fresh within": str(need.within),
                "else wait up to": optional(need.wait),
            },
        )
        for need in node.needs
    ]
    return clause(
        "journey", node, {"journey": written(node.name)}, header, goals, leave, needs, steps(node.steps)
    )


def _enter(node: Enter) -> Clause:
    clauses = (
        None if node.per is None else clause("per_key", node.per, {"per": path(node.per)}),
        None
        if node.condition is None
        else clause("only_if", node.condition, {"if": predicate(node.condition)}),
        None if node.reentry is None else _reentry(node.reentry),
        None if node.within is None else clause("entry_within", node.within, {"within": str(node.within)}),
        None
        if node.hold_out is None
        else clause("hold_out", node.hold_out, {"hold out": percent(node.hold_out.percent)}),
        None
        if node.cap is None
        else clause(
            "entry_cap",
            node.cap,
            {"at most": str(node.cap.count), "at most per": period(node.cap.period)},
        ),
    )
    return clause("enter", node, {"enter": ""}, (_trigger(node.trigger),), clauses)


def _reentry(node: Reentry) -> Clause:
    if not node.again:
        return clause("once", node, {"once": ""})
    return clause("again", node, {"again": "", "again after": optional(node.after)})


def _trigger(node: Trigger) -> Clause:
    match node:
        case OnEvent():
            return clause("on_event", node, {"on": event(node.event, ENTERING_EVENT)})
        case OnJoining():
            including = "" if node.including_members else None
            return clause(
                "on_joining", node, {"on joining": written(node.segment), "including members": including}
            )
        case OnLeaving():
            return clause("on_leaving", node, {"on leaving": written(node.segment)})
        case OnBecoming():
            after = None if node.after is None else written(node.after)
            return clause("on_becoming", node, {"on becoming": written(node.stage), "after": after})
        case OnAnniversary():
            return clause(
                "on_anniversary", node, {"on anniversary of": path(node.path), "at": optional(node.time)}
            )
        case OnDate():
            date = f"{node.duration} {node.direction} {path(node.path)}"
            return clause("on_date", node, {"date": date, "at": optional(node.time)})
        case OnSchedule():
            return clause(
                "on_schedule",
                node,
                {
                    "every": schedule(node.schedule),
                    "at": optional(node.schedule.time),
                    "for": None if node.predicate is None else predicate(node.predicate),
                },
            )
        case ByHand():
            return clause("by_hand", node, {"by hand": ""})
