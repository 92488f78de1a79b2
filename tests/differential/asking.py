"""All conditions of a project asked of everybody who stands somewhere: excluded middle (E1).

`p or p is unknown or not p` holds for everybody, whatever p is. Both sides of the differential test could share one
misreading of what is unknown; this one looks at the SQL alone."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from differential.executed import Running
from parcours.checking import checked
from parcours.checking.terms import And, Known, Not, Or, Term
from parcours.clock import BEGINNING, to_local, to_utc
from parcours.clock.span import add_months
from parcours.compiler.expressions import own
from parcours.compiler.instants import span_of_parameter
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.zones import zone_now
from parcours.graph.edges import all_steps

_ASKED = "_asked"


def left_out(run: Running, at: datetime) -> tuple[int, list[str]]:
    """How many answers there were, and each condition with those whom neither it, nor its being unknown, nor its opposite
    selects."""
    run.engine.run(zone_now(), {"now": at})
    asked, found = 0, []
    for journey in run.project.journeys:
        query = (
            f"CREATE OR REPLACE TEMP TABLE {_ASKED} AS SELECT x.*, NULL::VARCHAR AS sets FROM state.instance AS x "
            "JOIN state.version AS v USING (version) WHERE v.journey = ?"
        )
        if run.rows(query, journey.name) == [(0,)]:
            continue
        for term in conditions(journey):
            whole = Or((term, Not(Known(term)), Not(term)))
            for contact, said in _answers(run, whole, at):
                asked += 1
                if said is not True:
                    found.append(f"{at}: {contact} is {said} in {journey.name}: {term}")
    return asked, found


def _answers(run: Running, term: Term, at: datetime) -> list[tuple[Any, ...]]:
    subject = Subject(_ASKED, run.project.time_zone)
    answer = subject.sql(term)
    statement = Statement("ask", "", subject.select(own("contact", "s"), answer))
    bindings: dict[str, Any] = {"now": at, "since_entry": BEGINNING, "since_arrived": BEGINNING}
    for name in statement.parameters:
        span = span_of_parameter(name)
        if span is not None and span.is_calendar:
            local = add_months(to_local(run.project.time_zone, at), -span.months)
            bindings[name] = to_utc(run.project.time_zone, local)
        elif span is not None:
            bindings[name] = at - span.exact
    return run.engine.run(statement, bindings)


def conditions(journey: checked.Journey) -> Iterator[Term]:
    """Every condition of a journey that speaks of a run, the smaller ones in it included."""
    whole = [journey.enter.condition, *(leave.predicate for leave in journey.leaves)]
    for step in all_steps(journey.steps):
        match step:
            case checked.If():
                whole += [term for term, _ in step.branches]
            case checked.WaitCondition():
                whole.append(step.predicate)
            case checked.Send():
                whole.append(step.unless)
            case checked.Repeat():
                whole.append(step.until)
    for term in whole:
        if term is not None:
            yield from _with_parts(term)


def _with_parts(term: Term) -> Iterator[Term]:
    yield term
    match term:
        case And(items=items) | Or(items=items):
            for item in items:
                yield from _with_parts(item)
        case Not(item=item):
            yield from _with_parts(item)
