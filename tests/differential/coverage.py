"""What of the language really happened in executed ticks, in words: steps that were come to, ways that were taken, clauses
of journeys that somebody entered, reasons, outcomes, and what conditions that were asked speak of."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from differential.rows import RATES, RATES_OF_SENT, REASON, Outcome
from parcours.checking import checked, terms
from parcours.checking.checked import CheckedProject
from parcours.graph.edges import all_steps

_STEPS = (
    *(
        "wait",
        "wait until time",
        "wait until window",
        "wait until date",
        "wait until offset",
        "wait for event",
    ),
    *("wait until condition", "send by one", "send by first_of", "send by all_of", "send by best_of"),
    *("if", "split", "test", "repeat", "set", "record", "start", "go to", "exit"),
)
_WAYS = (
    *("next", "then", "otherwise", "sent", "not sent", "yes", "else if", "no", "again", "done", "arm"),
    *("goal", "leave", "goal at entry", "leave at entry", "end"),
)
_SEND_CLAUSES = ("unless", "keep for", "if not sent", "at best hour")
_TRIGGERS = (
    *("on event", "on event with filter", "on recorded event", "on history", "joining", "including members"),
    *("leaving", "becoming", "becoming after", "every hour", "every day", "every week", "every month"),
    *("every weekdays", "for predicate", "anniversary", "before date", "after date", "by hand"),
)
_CLAUSES = (
    *("if", "once", "again", "again after", "per key", "within", "hold out", "cap rolling", "cap calendar"),
    *("goal", "goal within", "leave when"),
)
_REFUSED = (
    *("unknown_contact", "too_old", "no_key", "not_eligible", "held_out", "already_running", "already_ran"),
    *("too_soon", "same_instant", "same_tick", "full"),
)
_NOT_SENT = (
    *("unreachable", "no_consent", "suppressed", "unless", "expired", "never", "quiet_hours", "cap"),
    *("kept_too_long", "stale_data", "budget", "preference", "opening_hours", "spacing", "capacity"),
)
_HELD = (
    *("quiet_hours", "cap", "stale_data", "budget"),
    *("preference", "opening_hours", "best_hour", "spacing", "capacity"),
)
_TERMS = (
    *("Arithmetic", "Shift", "Count", "Aggregate sum", "Aggregate average", "Aggregate smallest", "Among"),
    *(
        "Aggregate largest",
        "Aggregate distinct",
        "Nth first",
        "Nth last",
        "DaysSince",
        "PartOf year",
        "And",
        "Or",
    ),
    *(
        "PartOf month",
        "PartOf weekday",
        "PartOf hour",
        "InLast",
        "InSeason",
        "Compare",
        "Known",
        "Not",
        "Holds",
    ),
    *(
        "Learned recency",
        "Learned trend",
        "Learned group",
        "Learned distance",
        "Learned probability",
        "Learned zone",
        "Captured entry",
        "Captured event",
        "Window ever",
        "Window in_last",
        "Window since_entry",
        "of message",
    ),
)
_POLICY = (
    "never",
    "cap",
    "cap for predicate",
    "cap of 0",
    "exempt",
    "quiet hours",
    "quiet days",
    "quiet holidays",
    "cap per calendar",
    "cap per attribute",
    "cap that keeps some",
    "cap counting exempt",
    "spacing",
    "spacing one way",
    "opening",
    "capacity",
    "capacity that doubles",
    "preferences",
)

EXPECTED = frozenset(
    f"{part}: {word}"
    for part, words in {
        "step": _STEPS,
        "way": _WAYS,
        "send": _SEND_CLAUSES,
        "enter": _TRIGGERS,
        "clause": _CLAUSES,
        "refused": _REFUSED,
        "not sent": _NOT_SENT,
        "held": _HELD,
        "term": _TERMS,
        "policy": _POLICY,
        "what": ("recorded", "attributes", "members"),
        "weighed": ("by everybody", "by segment", "by stage"),
    }.items()
    for word in words
)


def happened(project: CheckedProject, outcome: Outcome) -> set[str]:
    """What of EXPECTED, and more of the kind, happened in these ticks."""
    found = {f"what: {part}" for part in ("recorded", "attributes", "members") if outcome.rows[part]}
    found |= {f"refused: {row[-1]}" for row in outcome.rows["refused"]}
    found |= {f"not sent: {row[REASON]}" for row in outcome.rows["not_sent"]}
    found |= {f"held: {row[REASON]}" for row in outcome.rows["held"]}
    found |= {f"weighed: {word}" for word in _of_weighing(outcome)}
    entered = {row[1] for row in outcome.rows["entered"]}
    refused = {row[1] for row in outcome.rows["refused"]}
    for journey in project.journeys:
        if journey.name in entered:
            found |= {f"enter: {word}" for word in _of_trigger(journey.enter.trigger, project)}
        if journey.name in entered | refused:
            found |= {f"clause: {word}" for word in _of_clauses(journey)}
    steps = {(j.name, s.name): s for j in project.journeys for s in all_steps(j.steps)}
    for _, journey, _, _, _, edges in outcome.rows["moved"]:
        for source, label, target in edges:
            found |= {f"way: {word}" for word in _of_way(source, label, target, steps.get((journey, source)))}
            step = steps.get((journey, target))
            if step is not None:
                found |= _of_step(step)
    if outcome.rows["sent"] or outcome.rows["not_sent"]:
        found |= {f"policy: {word}" for word in _of_policy(project.policy)}
        found |= _of_terms(project.policy)
    for name in entered:
        found |= _of_terms(next(journey for journey in project.journeys if journey.name == name))
    return found


def _of_weighing(outcome: Outcome) -> Iterator[str]:
    """A15: by whose answers messages were weighed, where something was learned of them."""
    told = [row[RATES:][:2] for part in ("held", "not_sent") for row in outcome.rows[part]]
    told += [row[RATES_OF_SENT:][:2] for row in outcome.rows["sent"]]
    for rates, value in told:
        for *_, segment in (*(rates or ()), *([value] if value else [])):
            if segment is not None:
                yield "by stage" if " is " in segment else "by segment" if segment else "by everybody"


# ---- entries


def _of_trigger(trigger: checked.Trigger, project: CheckedProject) -> Iterator[str]:
    match trigger:
        case checked.EventTrigger():
            yield "on event"
            if trigger.events.filter is not None:
                yield "on event with filter"
            if trigger.events.event in dict(project.recorded):
                yield "on recorded event"
            if trigger.events.event in ("sent", "not_sent", "entered", "left"):
                yield "on history"
        case checked.GroupTrigger():
            if trigger.group.is_segment:
                yield "joining" if trigger.value else "leaving"
            else:
                yield "becoming after" if trigger.after else "becoming"
            if trigger.including_members:
                yield "including members"
        case checked.ScheduleTrigger():
            yield f"every {trigger.recurrence.unit or 'weekdays'}"
            if trigger.predicate is not None:
                yield "for predicate"
        case checked.DateTrigger():
            yield "anniversary" if trigger.yearly else "before date" if trigger.sign < 0 else "after date"
        case checked.HandTrigger():
            yield "by hand"


def _of_clauses(journey: checked.Journey) -> Iterator[str]:
    enter = journey.enter
    if enter.condition is not None:
        yield "if"
    yield "again after" if enter.after else "again" if enter.again else "once"
    if enter.key is not None:
        yield "per key"
    if str(enter.max_age) != "1 day":
        yield "within"
    if enter.hold_out is not None:
        yield "hold out"
    if enter.cap is not None:
        yield f"cap {enter.cap[1].kind}"
    for goal in journey.goals:
        yield "goal"
        if goal.events.window.span is not None:
            yield "goal within"
    if journey.leaves:
        yield "leave when"


# ---- steps


def _of_way(source: str, label: str, target: str, step: checked.Step | None) -> Iterator[str]:
    if isinstance(step, checked.Split | checked.Experiment):
        yield "arm"
    elif label in ("goal", "leave"):
        yield f"{label} at entry" if source == "enter" else label
    else:
        yield "else if" if label.startswith("else if") else label
    if target == "end":
        yield "end"


_WORDS: dict[type[checked.Step], str] = {
    checked.Wait: "wait",
    checked.WaitEvent: "wait for event",
    checked.WaitCondition: "wait until condition",
    checked.If: "if",
    checked.Split: "split",
    checked.Experiment: "test",
    checked.Repeat: "repeat",
    checked.SetAttribute: "set",
    checked.Record: "record",
    checked.Start: "start",
    checked.GoTo: "go to",
    checked.Exit: "exit",
}
_MOMENTS = {
    checked.AtTime: "time",
    checked.InWindow: "window",
    checked.AtLocal: "date",
    checked.Offset: "offset",
}


def _of_step(step: checked.Step) -> set[str]:
    match step:
        case checked.WaitUntil():
            return {f"step: wait until {_MOMENTS[type(step.moment)]}"}
        case checked.Send():
            clauses = {
                "unless": step.unless is not None,
                "keep for": step.keep_for is not None,
                "if not sent": bool(step.if_not_sent),
                "at best hour": step.best_hour is not None,
            }
            return {
                f"step: send by {step.choice}",
                *(f"send: {name}" for name, is_there in clauses.items() if is_there),
            }
    return {f"step: {_WORDS[type(step)]}"}


# ---- policy and terms


def _of_policy(policy: checked.Policy) -> Iterator[str]:
    if policy.never:
        yield "never"
    for cap in policy.caps:
        yield "cap of 0" if not cap.count else "cap for predicate" if cap.condition is not None else "cap"
        if cap.period.kind == "calendar":
            yield "cap per calendar"
        if cap.per is not None:
            yield "cap per attribute"
        if cap.keep is not None:
            yield "cap that keeps some"
        if cap.counting_exempt:
            yield "cap counting exempt"
    for rule in policy.spacing:
        yield "spacing one way" if rule.one_way else "spacing"
    if policy.wishes:
        yield "preferences"
    if policy.exempt:
        yield "exempt"
    for channel in policy.channels:
        if channel.opening:
            yield "opening"
        for capacity in channel.capacity:
            yield "capacity that doubles" if capacity.doubling else "capacity"
        if channel.quiet_holidays is not None:
            yield "quiet holidays"
        for quiet in channel.quiet:
            yield "quiet days" if quiet.days else "quiet hours"


_PARTS = {
    "Aggregate": "function",
    "Nth": "which",
    "PartOf": "part",
    "Captured": "origin",
    "Learned": "part",
    "Window": "kind",
}


def _of_terms(thing: object) -> set[str]:
    """Every kind of term in something that is checked."""
    found: set[str] = set()
    waiting = [thing]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            waiting += item
        elif is_dataclass(item):
            name = type(item).__name__
            if type(item).__module__ == terms.__name__:
                detail = _PARTS.get(name)
                found.add(f"term: {name} {getattr(item, detail)}" if detail else f"term: {name}")
                if isinstance(item, terms.Events) and item.of is not None:
                    found.add("term: of message")
            waiting += [getattr(item, one.name) for one in fields(item)]
    return found
