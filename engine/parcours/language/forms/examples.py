"""`example` blocks, the tests of journeys."""

from parcours.language.clauses import Block, Form, Part
from parcours.language.forms.shapes import one
from parcours.model import example

FORMS: tuple[Form, ...] = (
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
    one("example_journey", "journey", example.Example, "journey"),
    one("given", "given", example.Example, "given", "bindings"),
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
