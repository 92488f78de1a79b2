"""Journeys: their header. Entry and steps are in `triggers` and `steps`."""

from parcours.language.clauses import Block, Form, Part
from parcours.language.forms.shapes import named, one
from parcours.language.forms.steps import STEPS
from parcours.language.forms.triggers import ENTER_CLAUSES, TRIGGERS
from parcours.model import journey

FORMS: tuple[Form, ...] = (
    named(
        "journey",
        journey.Journey,
        Block("", ("doc", "owner", "purpose", "priority", "budget", "enter"), merged=True),
        Block("goals", ("goal",)),
        Block("leave", ("leave_when",)),
        Block("needs", ("needs",)),
        Block("steps", STEPS, required=True, spaced=True),
    ),
    Form("doc", journey.Journey, (Part("doc", "text", before="", field="doc"),)),
    one("purpose", "purpose", journey.Journey, "purpose"),
    one("priority", "priority", journey.Journey, "priority"),
    one("owner", "owner", journey.Journey, "owner", "text"),
    Form(
        "enter",
        journey.Enter,
        (Part("enter", "flag"),),
        (Block("", TRIGGERS, merged=True, required=True, inline=True), Block("", ENTER_CLAUSES, merged=True)),
    ),
    Form(
        "goal",
        journey.Goal,
        (
            Part("goal", after=":", field="name"),
            Part("event", before="", field="event"),
            Part("within", optional=True, field="within"),
            Part("worth", optional=True, field="worth"),
        ),
    ),
    Form(
        "leave_when",
        journey.LeaveWhen,
        (
            Part("when", before="leave when", field="predicate"),
            Part("as", optional=True, field="outcome"),
        ),
    ),
    Form(
        "needs",
        journey.Needs,
        (
            Part("event", before="needs", field="event"),
            Part("fresh within", field="within"),
            Part("else wait up to", before=", else wait up to", optional=True, field="wait"),
        ),
    ),
    Form(
        "budget",
        journey.Budget,
        (Part("budget", field="amount"), Part("budget per", before="per", field="period")),
    ),
)
