"""How we may speak to people: channels and marketing pressure."""

from parcours.language.clauses import Block, Form, Part
from parcours.language.forms.shapes import flag, named, one
from parcours.model import policy

PRESSURE_RULES = (
    *("exempt", "cap", "spacing", "not_after", "never", "honour_preferences", "lost_contact"),
    *("arbitrate", "keep_held"),
)
FORMS: tuple[Form, ...] = (
    named(
        "channel",
        policy.Channel,
        Block("", ("doc", "address", "consent", "cost"), merged=True),
        Block("quiet", ("quiet_hours", "quiet_on")),
        Block("open", ("opening",)),
        Block("capacity", ("capacity",)),
    ),
    one("address", "address", policy.Channel, "address"),
    one("consent", "consent", policy.Channel, "consent"),
    one("cost", "cost", policy.Channel, "cost"),
    Form(
        "quiet_hours",
        policy.QuietHours,
        (Part("from", before="quiet from", field="start"), Part("to", field="end")),
    ),
    # days, or `holidays`
    Form("quiet_on", policy.QuietDays, (Part("on", before="quiet on", field="days"),)),
    Form(
        "opening",
        policy.OpeningHours,
        (Part("days", before="open", field="days"), Part("from", field="start"), Part("to", field="end")),
    ),
    Form(
        "capacity",
        policy.Capacity,
        (
            Part("at most", field="count"),
            Part("per", field="period"),
            Part("doubling every", before=", doubling every", optional=True, field="doubling"),
            Part("up to", optional=True, field="doubling"),
        ),
    ),
    Form(
        "pressure",
        policy.Pressure,
        (Part("pressure", "flag"),),
        (Block("rules", PRESSURE_RULES, required=True),),
    ),
    one("exempt", "exempt", policy.Exempt, "selector"),
    Form(
        "cap",
        policy.Cap,
        (
            Part("at most", field="selector"),
            Part("per", field="period"),
            Part("for", optional=True, field="condition"),
            Part("per each", before="per", optional=True, field="per"),
            Part("keep", before=", keep", optional=True, field="keep"),
            Part("counting exempt", "flag", optional=True, field="counting_exempt"),
        ),
    ),
    Form(
        "spacing",
        policy.Spacing,
        (
            Part("at least", field="duration"),
            Part("between", field="first"),
            Part("and", field="second"),
        ),
    ),
    Form(
        "not_after",
        policy.NotAfter,
        (Part("no", field="selector"), Part("within", field="duration"), Part("after", field="after")),
    ),
    Form("never", policy.Never, (Part("never", field="selector"), Part("for", field="condition"))),
    flag("honour_preferences", "honour preferences", policy.HonourPreferences),
    one("lost_contact", "a lost contact costs", policy.LostContact, "cost"),
    one("arbitrate", "arbitrate by", policy.Arbitrate, "by"),
    one("keep_held", "keep held messages for", policy.KeepHeld, "duration"),
)
