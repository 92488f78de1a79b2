"""Entries: what starts a run, and who enters."""

from parcours.language.clauses import Form, Part
from parcours.language.forms.shapes import flag, one
from parcours.model import journey

TRIGGERS = (
    *("on_event", "on_joining", "on_leaving", "on_becoming", "on_anniversary", "on_date"),
    *("on_schedule", "by_hand"),
)
ENTER_CLAUSES = ("per_key", "only_if", "once", "again", "entry_within", "hold_out", "entry_cap")

_AT = Part("at", optional=True, field="time")

FORMS: tuple[Form, ...] = (
    one("on_event", "on", journey.OnEvent, "event"),
    Form(
        "on_joining",
        journey.OnJoining,
        (
            Part("on joining", field="segment"),
            Part(
                "including members",
                "flag",
                before=", including members",
                optional=True,
                field="including_members",
            ),
        ),
    ),
    one("on_leaving", "on leaving", journey.OnLeaving, "segment"),
    Form(
        "on_becoming",
        journey.OnBecoming,
        (Part("on becoming", field="stage"), Part("after", optional=True, field="after")),
    ),
    Form("on_anniversary", journey.OnAnniversary, (Part("on anniversary of", field="path"), _AT)),
    # `7 days before contract_end`
    Form("on_date", journey.OnDate, (Part("date", before="", field="path"), _AT)),
    Form(
        "on_schedule",
        journey.OnSchedule,
        (
            Part("every", field="schedule"),
            Part("at", optional=True, field="schedule"),
            Part("for", optional=True, field="predicate"),
        ),
    ),
    flag("by_hand", "by hand", journey.ByHand),
    one("only_if", "if", journey.Enter, "condition"),
    one("per_key", "per", journey.Enter, "per"),
    flag("once", "once", journey.Reentry),
    Form(
        "again",
        journey.Reentry,
        (Part("again", "flag"), Part("again after", before="after", optional=True, field="after")),
    ),
    one("entry_within", "within", journey.Enter, "within"),
    one("hold_out", "hold out", journey.HoldOut, "percent"),
    Form(
        "entry_cap",
        journey.EntryCap,
        (Part("at most", field="count"), Part("at most per", before="per", field="period")),
    ),
)
