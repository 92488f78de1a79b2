"""The steps of a journey."""

from parcours.language.clauses import Block, Form, Part
from parcours.language.forms.shapes import one
from parcours.model import journey

STEPS = (
    *("send", "wait", "wait_until", "wait_condition", "wait_event", "if_step", "split", "experiment"),
    *("repeat", "set_attribute", "record", "start_journey", "go_to", "exit"),
)
LABEL = Part("label", before="", after=":", optional=True, field="label")
"""A key of every step; in the text form a line of its own above it."""

_ARM_STEPS = Block("steps", STEPS)
_OUTCOMES = (Block("then", STEPS, heading="then"), Block("otherwise", STEPS, heading="otherwise"))

FORMS: tuple[Form, ...] = (
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
    one("unless", "unless", journey.Send, "unless"),
    one("keep_for", "keep for", journey.Send, "keep_for"),
    Form(
        "best_hour",
        journey.BestHour,
        (
            Part("at best hour", "flag"),
            Part("best hour within", before="within", optional=True, field="within"),
        ),
    ),
    one("wait", "wait", journey.WaitFor, "duration"),
    one("wait_until", "wait until", journey.WaitUntil, "moment"),
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
        (_ARM_STEPS,),
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
    one("start_journey", "start", journey.Start, "journey"),
    one("go_to", "go to", journey.GoTo, "target"),
    Form("exit", journey.Exit, (Part("exit", bare=True, field="outcome"),)),
)
