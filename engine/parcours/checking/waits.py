"""Waits as written ─► checked (T12–T16). What meets an error adds a finding and gives None."""

from parcours.checking import checked
from parcours.checking.moments import Moments
from parcours.checking.scope import Scope
from parcours.checking.surroundings import Surroundings
from parcours.checking.terms import Window
from parcours.model import journey as written
from parcours.model.values import Since


def wait(step: written.WaitFor, path: str, here: Surroundings) -> checked.Wait:
    return checked.Wait(here.names.of(path), here.predicates.literals.span(step.duration), step.place)


def wait_until(
    step: written.WaitUntil, scope: Scope, path: str, here: Surroundings
) -> checked.WaitUntil | None:
    moment = Moments(here.predicates).moment(step.moment, scope)
    if moment is None:
        return None
    text = here.predicates.findings.text(step.moment.place)
    return checked.WaitUntil(here.names.of(path), moment, text, step.place)


def wait_event(
    step: written.WaitEvent, scope: Scope, path: str, here: Surroundings
) -> checked.WaitEvent | None:
    window = Window("arrived")
    if isinstance(step.window, Since) and step.window.name.text == "entry":
        window = Window("arrived_since_entry")
    elif step.window is not None:
        here.predicates.findings.add(
            "bad-number",
            "a wait for an event takes no window but `since entry`",
            step.window.place,
            advice="write `since entry`, or leave it out",
        )
    events = here.predicates.events.chosen(step.event, window, scope)
    up_to = here.predicates.literals.span(step.up_to)
    then, otherwise = here.block(step.then, f"{path}.then."), here.block(step.otherwise, f"{path}.otherwise.")
    if events is None:
        return None
    captures = here.captures.of_event(here.predicates.events.read(events.event))
    return checked.WaitEvent(here.names.of(path), events, up_to, captures, then, otherwise, step.place)


def wait_condition(
    step: written.WaitCondition, scope: Scope, path: str, here: Surroundings
) -> checked.WaitCondition | None:
    findings = here.predicates.findings
    predicate = here.predicates.predicate(step.predicate, scope)
    up_to = here.predicates.literals.span(step.up_to)
    then, otherwise = here.block(step.then, f"{path}.then."), here.block(step.otherwise, f"{path}.otherwise.")
    if predicate is None:
        return None
    text = findings.text(step.predicate.place)
    return checked.WaitCondition(here.names.of(path), predicate, up_to, then, otherwise, text, step.place)
