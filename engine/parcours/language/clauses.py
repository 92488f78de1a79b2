"""Every clause of the language, once: its words in the text form, its keys in the YAML form, its part of the model.

The two forms are twins because both are read off this table. A clause is a line of the text form, with what is
indented below it, and a mapping (or some keys of one) of the YAML form:

    send welcome by email            - send: welcome
        unless email_opt_in is no      by: email
                                       unless: email_opt_in is no
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from parcours.model import analytics, example, journey, policy, vocabulary
from parcours.model.node import Node

PartKind = Literal["code", "text", "texts", "flag", "bindings"]
"""What stands behind a key.

`code`: words of the text form, as they are. `text`: a text, in quotes in the text form only. `texts`: one or more of
them, joined by `or`, a list in YAML. `flag`: nothing, the key says it; `true` in YAML. `bindings`: `a = 1, b = 2`, a
mapping in YAML."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a clause. In the text form it is `before`, what is said, `after`; `before` is the key itself when it
    is None. `bare`: the key may stand without a value (`exit`, `send … at best hour`). `field` is the field of the
    model class that it fills, whose description an editor shows."""

    key: str
    kind: PartKind = "code"
    before: str | None = None
    after: str = ""
    optional: bool = False
    bare: bool = False
    field: str = ""

    @property
    def words(self) -> str:
        return self.key if self.before is None else self.before


@dataclass(frozen=True, slots=True)
class Block:
    """What is indented below a line. `key` is its key in YAML.

    `forms` are the forms of the clauses in it, in the order in which they are printed. `merged`: each of these
    clauses stands at most once, and its keys are keys of the mapping itself; otherwise the block is a list.
    `heading` is a line of its own above the block in the text form (`then`, `if not sent`); `beside`: that line (or,
    without heading, the clauses themselves: `else if`) has the depth of the first line, not one more.
    `spaced`: a blank line stands before it when something is above it."""

    key: str
    forms: tuple[str, ...]
    merged: bool = False
    heading: str = ""
    beside: bool = False
    required: bool = False
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of clause. `name` is that of the rule in journey.lark; the first part is the one that tells it apart."""

    name: str
    model: type[Node]
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...] = ()


def _named(kind: str, model: type[Node], *blocks: Block) -> Form:
    return Form(kind, model, (Part(kind, field="name"),), blocks)


def _flag(form: str, key: str, model: type[Node]) -> Form:
    return Form(form, model, (Part(key, "flag"),))


def _one(form: str, key: str, model: type[Node], part_field: str = "", kind: PartKind = "code") -> Form:
    return Form(form, model, (Part(key, kind, field=part_field),))


STEPS = (
    *("send", "wait", "wait_until", "wait_condition", "wait_event", "if_step", "split", "experiment"),
    *("repeat", "set_attribute", "record", "start_journey", "go_to", "exit"),
)
TRIGGERS = (
    *("on_event", "on_joining", "on_leaving", "on_becoming", "on_anniversary", "on_date"),
    *("on_schedule", "by_hand"),
)
ENTER_CLAUSES = ("only_if", "per_key", "once", "again", "entry_within", "hold_out", "entry_cap")
PRESSURE_RULES = (
    *("exempt", "cap", "spacing", "not_after", "never", "honour_preferences", "lost_contact"),
    *("arbitrate", "keep_held"),
)
DECLARATIONS = (
    *("journey", "message", "channel", "pressure", "segment", "lifecycle", "season"),
    *("rfm", "clusters", "score", "rules", "example"),
)

_STEP_BLOCK = Block("steps", STEPS)
_OUTCOMES = (Block("then", STEPS, heading="then"), Block("otherwise", STEPS, heading="otherwise"))
_AT = Part("at", optional=True, field="time")

_JOURNEYS = (
    _named(
        "journey",
        journey.Journey,
        Block("", ("doc", "purpose", "priority", "owner", "enter"), merged=True),
        Block("goals", ("goal",)),
        Block("leave", ("leave_when",)),
        Block("needs", ("needs",)),
        Block("", ("budget",), merged=True),
        Block("steps", STEPS, required=True, spaced=True),
    ),
    Form("doc", journey.Journey, (Part("doc", "text", before="", field="doc"),)),
    _one("purpose", "purpose", journey.Journey, "purpose"),
    _one("priority", "priority", journey.Journey, "priority"),
    _one("owner", "owner", journey.Journey, "owner", "text"),
    Form(
        "enter",
        journey.Enter,
        # in the text form the trigger goes on in the line of `enter`; in YAML it is keys of the mapping below it
        (Part("enter", "flag"),),
        (Block("", TRIGGERS, merged=True), Block("", ENTER_CLAUSES, merged=True)),
    ),
    Form(
        "goal",
        journey.Goal,
        (
            Part("goal", after=":", field="name"),
            Part("event", before="", field="event"),
            Part("within", optional=True, field="within"),
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
_TRIGGERS = (
    _one("on_event", "on", journey.OnEvent, "event"),
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
    _one("on_leaving", "on leaving", journey.OnLeaving, "segment"),
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
        (Part("every", field="schedule"), _AT, Part("for", optional=True, field="predicate")),
    ),
    _flag("by_hand", "by hand", journey.ByHand),
    _one("only_if", "if", journey.Enter, "condition"),
    _one("per_key", "per", journey.Enter, "per"),
    _flag("once", "once", journey.Reentry),
    Form(
        "again",
        journey.Reentry,
        (Part("again", "flag"), Part("again after", before="after", optional=True, field="after")),
    ),
    _one("entry_within", "within", journey.Enter, "within"),
    _one("hold_out", "hold out", journey.HoldOut, "percent"),
    Form(
        "entry_cap",
        journey.EntryCap,
        (Part("at most", field="count"), Part("at most per", before="per", field="period")),
    ),
)
_STEPS = (
    Form(
        "send",
        journey.Send,
        (Part("send", field="message"), Part("by", field="channels")),
        (
            Block("", ("offering", "unless", "keep_for", "best_hour"), merged=True),
            Block("if not sent", STEPS, heading="if not sent"),
        ),
    ),
    Form(
        "offering",
        journey.Offering,
        (Part("offering", field="rules"), Part("where", optional=True, field="where")),
    ),
    _one("unless", "unless", journey.Send, "unless"),
    _one("keep_for", "keep for", journey.Send, "keep_for"),
    Form(
        "best_hour",
        journey.BestHour,
        (
            Part("at best hour", "flag"),
            Part("best hour within", before="within", optional=True, field="within"),
        ),
    ),
    _one("wait", "wait", journey.WaitFor, "duration"),
    _one("wait_until", "wait until", journey.WaitUntil, "moment"),
    Form(
        "wait_condition",
        journey.WaitCondition,
        (Part("wait until", field="predicate"), Part("up to", field="up_to")),
        _OUTCOMES,
    ),
    Form(
        "wait_event",
        journey.WaitEvent,
        (
            Part("wait for", field="event"),
            Part("since", optional=True, field="window"),
            Part("up to", field="up_to"),
        ),
        _OUTCOMES,
    ),
    Form(
        "if_step",
        journey.If,
        (Part("if", field="branches"),),
        (
            Block("then", STEPS, required=True),
            Block("else if", ("else_if",), beside=True),
            Block("else", STEPS, heading="else", beside=True),
        ),
    ),
    Form(
        "else_if",
        journey.Branch,
        (Part("if", before="else if", field="predicate"),),
        (Block("then", STEPS, required=True),),
    ),
    Form("split", journey.Split, (Part("split", field="name"),), (Block("arms", ("arm",), required=True),)),
    Form(
        "experiment",
        journey.Experiment,
        (Part("test", field="name"), Part("measured by", field="goal")),
        (Block("arms", ("arm",), required=True),),
    ),
    Form(
        "arm",
        journey.Arm,
        (Part("share", before="", field="percent"), Part("arm", before="", field="name")),
        (_STEP_BLOCK,),
    ),
    Form(
        "repeat",
        journey.Repeat,
        (
            Part("repeat up to", after=" times", field="times"),
            Part("until", optional=True, field="until"),
        ),
        (Block("steps", STEPS, required=True),),
    ),
    Form(
        "set_attribute",
        journey.SetAttribute,
        (Part("set", field="attribute"), Part("to", field="value")),
    ),
    Form(
        "record",
        journey.Record,
        (Part("record", field="event"), Part("with", "bindings", optional=True, field="bindings")),
    ),
    _one("start_journey", "start", journey.Start, "journey"),
    _one("go_to", "go to", journey.GoTo, "target"),
    Form("exit", journey.Exit, (Part("exit", bare=True, field="outcome"),)),
)
LABEL = Part("label", before="", after=":", optional=True, field="label")
"""A key of every step; in the text form a line of its own above it."""

_VOCABULARY = (
    _named(
        "message",
        vocabulary.Message,
        Block("", ("topic", "subject"), merged=True),
        Block("bodies", ("body_file", "body_text")),
        Block("", ("expires", "live"), merged=True),
    ),
    _one("topic", "topic", vocabulary.Message, "topic"),
    _one("subject", "subject", vocabulary.Message, "subjects", "texts"),
    Form(
        "body_file",
        vocabulary.Body,
        (Part("channel", before="", field="channel"), Part("from", "text", field="file")),
    ),
    Form(
        "body_text",
        vocabulary.Body,
        (Part("channel", before="", field="channel"), Part("text", "text", before="", field="text")),
    ),
    _one("expires", "expires after", vocabulary.Message, "expires"),
    _one("live", "live", vocabulary.Message, "live"),
    _named(
        "segment",
        vocabulary.Segment,
        Block("", ("doc", "condition", "refresh"), merged=True),
    ),
    Form("condition", vocabulary.Segment, (Part("where", before="", field="predicate"),)),
    _one("refresh", "refresh every", vocabulary.Segment, "refresh"),
    _named(
        "lifecycle",
        vocabulary.Lifecycle,
        Block("", ("doc",), merged=True),
        Block("stages", ("stage",), required=True),
        Block("", ("refresh",), merged=True),
    ),
    Form(
        "stage",
        vocabulary.Stage,
        (Part("stage", before="", after=":", field="name"), Part("when", before="", field="predicate")),
    ),
    _named("season", vocabulary.Season, Block("", ("season_days",), merged=True)),
    Form("season_days", vocabulary.Season, (Part("from", field="start"), Part("to", field="end"))),
)
_POLICY = (
    _named(
        "channel",
        policy.Channel,
        Block("", ("doc", "address", "consent", "cost"), merged=True),
        Block("quiet", ("quiet_hours", "quiet_on")),
        Block("open", ("opening",)),
        Block("capacity", ("capacity",)),
    ),
    _one("address", "address", policy.Channel, "address"),
    _one("consent", "consent", policy.Channel, "consent"),
    _one("cost", "cost", policy.Channel, "cost"),
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
    _one("exempt", "exempt", policy.Exempt, "selector"),
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
    _flag("honour_preferences", "honour preferences", policy.HonourPreferences),
    _one("lost_contact", "a lost contact costs", policy.LostContact, "cost"),
    _one("arbitrate", "arbitrate by", policy.Arbitrate, "by"),
    _one("keep_held", "keep held messages for", policy.KeepHeld, "duration"),
)
_ANALYTICS = (
    _named("rfm", analytics.Rfm, Block("", ("doc", "rfm_of", "rfm_scored", "rfm_trend"), merged=True)),
    Form("rfm_of", analytics.Rfm, (Part("of", field="of"), Part("over", field="over"))),
    Form("rfm_scored", analytics.Rfm, (Part("scored", field="scored_to"), Part("by", field="scored_by"))),
    _one("rfm_trend", "trend over", analytics.Rfm, "trend"),
    _named(
        "clusters",
        analytics.Clusters,
        Block("", ("doc", "features", "population", "groups", "clip", "sample", "refresh"), merged=True),
    ),
    _one("features", "from", analytics.Clusters, "features"),
    _one("population", "for", analytics.Clusters, "population"),
    Form("groups", analytics.Clusters, (Part("between", after=" groups", field="fewest"),)),
    _one("clip", "clip outliers at", analytics.Clusters, "clip_low"),
    _one("sample", "sample", analytics.Clusters, "sample"),
    _named(
        "score",
        analytics.Score,
        Block("", ("doc", "predict", "population", "features", "learn_on", "refresh"), merged=True),
        Block("zones", ("zone_where", "zone_top", "zone_from", "zone_otherwise"), heading="zones"),
    ),
    Form("predict", analytics.Score, (Part("predict", field="predict"), Part("within", field="within"))),
    _one("learn_on", "learn on", analytics.Score, "learn_on"),
    Form(
        "zone_where",
        analytics.ZoneWhere,
        (Part("zone", before="", field="name"), Part("where", field="predicate")),
    ),
    Form(
        "zone_top", analytics.ZoneTop, (Part("zone", before="", field="name"), Part("top", field="percent"))
    ),
    # a percentage, or `break even`
    Form(
        "zone_from",
        analytics.ZoneFrom,
        (Part("zone", before="", field="name"), Part("from", field="percent")),
    ),
    Form(
        "zone_otherwise",
        analytics.ZoneOtherwise,
        (Part("zone", before="", field="name"), Part("otherwise", "flag")),
    ),
    _named(
        "rules",
        analytics.Rules,
        Block(
            "",
            ("doc", "together_in", "followed_within", "support", "confidence", "lift", "refresh"),
            merged=True,
        ),
    ),
    Form(
        "together_in",
        analytics.Rules,
        (
            Part("item", before="", field="item"),
            Part("of", field="event"),
            Part("together in", field="together_in"),
        ),
    ),
    Form(
        "followed_within",
        analytics.Rules,
        (
            Part("item", before="", field="item"),
            Part("of", field="event"),
            Part("followed within", field="followed_within"),
        ),
    ),
    _one("support", "support from", analytics.Rules, "support"),
    _one("confidence", "confidence from", analytics.Rules, "confidence"),
    _one("lift", "lift from", analytics.Rules, "lift"),
)
_EXAMPLES = (
    Form(
        "example",
        example.Example,
        (Part("example", "text", field="title"),),
        (
            Block("", ("example_journey", "given"), merged=True),
            Block("events", ("occurs",)),
            Block(
                "expect",
                (
                    "expect_exit",
                    "expect_message",
                    "expect_no_message",
                    "expect_no_other_message",
                    "expect_no_entry",
                ),
            ),
        ),
    ),
    _one("example_journey", "journey", example.Example, "journey"),
    _one("given", "given", example.Example, "given", "bindings"),
    Form(
        "occurs",
        example.Occurs,
        (
            Part("at", field="at"),
            Part("event", before="", field="event"),
            Part("with", "bindings", optional=True, field="bindings"),
        ),
    ),
    Form(
        "expect_exit",
        example.ExpectExit,
        (Part("exit", before="expect exit", field="outcome"), Part("at", optional=True, field="at")),
    ),
    Form(
        "expect_message",
        example.ExpectMessage,
        (
            Part("message", before="expect", field="message"),
            Part("by", field="channel"),
            Part("at", optional=True, field="at"),
        ),
    ),
    Form(
        "expect_no_message",
        example.ExpectNoMessage,
        (Part("no message", "flag", before="expect no message"),),
    ),
    Form(
        "expect_no_other_message",
        example.ExpectNoMessage,
        (Part("no other message", "flag", before="expect no other message"),),
    ),
    Form("expect_no_entry", example.ExpectNoEntry, (Part("no entry", "flag", before="expect no entry"),)),
)

FORMS: Mapping[str, Form] = MappingProxyType(
    {
        form.name: form
        for form in (*_JOURNEYS, *_TRIGGERS, *_STEPS, *_VOCABULARY, *_POLICY, *_ANALYTICS, *_EXAMPLES)
    }
)


@dataclass(frozen=True, slots=True)
class Bindings:
    """What a part of kind `bindings` says: names and their values, as code."""

    items: tuple[tuple[str, str], ...]


Said = str | tuple[str, ...] | Bindings
"""What a part says: code or a text; several texts; bindings. A flag says ""."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as said. `said` by the key of the part; `blocks` by the key of the block, "" for merged ones.

    `lines` are the first and last line on which it stood in the file that it was read from, its blocks left out;
    (0, 0) when it was read from none."""

    form: Form
    said: Mapping[str, Said]
    blocks: tuple[tuple[Block, tuple["Clause", ...]], ...] = ()
    label: str = ""
    lines: tuple[int, int] = field(default=(0, 0), compare=False)
