"""Predicates looked at on their own: what they are for each contact of a world, at an instant.

The instants of windows are worked out here once more, from the calendar and not from the engine."""

from typing import Any

from world import CATALOG, World, instant, project_of

from parcours.checking.check import check
from parcours.checking.terms import Term
from parcours.clock import to_local, to_utc
from parcours.clock.span import add_months
from parcours.compiler.expressions import own
from parcours.compiler.instants import span_of_parameter
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.zones import zone_now

Answers = dict[str, bool | None]


def term_of(predicate: str, declarations: str, zone: str) -> Term:
    """The checked term of a predicate that must be right."""
    text = f"journey looked_at\n    enter every day\n        if {predicate}\n    exit done\n{declarations}"
    project, found = project_of(text, zone)
    result = check(project, CATALOG)
    checked = result.project
    assert checked is not None and not found, [d.message for d in (*found, *result.diagnostics)]
    condition = checked.journeys[0].enter.condition
    assert condition is not None
    return condition


class Questions:
    """Asks a world about everybody at an instant T. The subjects are all its contacts."""

    def __init__(self, world: World, at: str, zone: str, declarations: str = "") -> None:
        self.world, self.zone, self.declarations = world, zone, declarations
        self.at = instant(at)
        world.engine.run(zone_now(), {"now": self.at})
        world.rows("CREATE TEMP TABLE _who AS SELECT _contact AS contact FROM contact")

    def term(self, predicate: str) -> Term:
        return term_of(predicate, self.declarations, self.zone)

    def ask(self, term: Term) -> Answers:
        """Yes, no or unknown (None) for each contact."""
        subject = Subject("_who", self.zone)
        answer = subject.sql(term)
        statement = Statement("ask", "", subject.select(own("contact", "s"), answer))
        bindings: dict[str, Any] = {"now": self.at}
        for name in statement.parameters:
            span = span_of_parameter(name)
            if span is not None and span.is_calendar:
                local = add_months(to_local(self.zone, self.at), -span.months)
                bindings[name] = to_utc(self.zone, local)
            elif span is not None:
                bindings[name] = self.at - span.exact
        return dict(self.world.engine.run(statement, bindings))
