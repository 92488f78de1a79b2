"""`example` blocks become clauses."""

from parcours.language.clauses import Clause
from parcours.language.printing.clauses import bindings, clause
from parcours.language.printing.names import AFTER_INSTANT, EXPECTED_MESSAGE, written
from parcours.language.printing.predicates import instant
from parcours.model.example import (
    Example,
    Expectation,
    ExpectExit,
    ExpectMessage,
    ExpectNoEntry,
    ExpectNoMessage,
    Occurs,
)
from parcours.model.values import InstantLiteral


def example(node: Example) -> Clause:
    journey, given = node.journey, node.given
    clauses = (
        None if journey is None else clause("example_journey", journey, {"journey": written(journey)}),
        clause("given", given[0], {"given": bindings(given)}) if given else None,
    )
    return clause(
        "example",
        node,
        {"example": node.title},
        clauses,
        [_occurs(occurs) for occurs in node.occurs],
        [_expectation(expectation) for expectation in node.expects],
    )


def _occurs(node: Occurs) -> Clause:
    event = written(node.event, AFTER_INSTANT)
    return clause("occurs", node, {"at": instant(node.at), "event": event, "with": bindings(node.bindings)})


def _expectation(node: Expectation) -> Clause:
    match node:
        case ExpectExit():
            return clause("expect_exit", node, {"exit": written(node.outcome), "at": _at(node.at)})
        case ExpectMessage():
            message = written(node.message, EXPECTED_MESSAGE)
            return clause(
                "expect_message",
                node,
                {"message": message, "by": written(node.channel), "at": _at(node.at)},
            )
        case ExpectNoMessage(other=True):
            return clause("expect_no_other_message", node, {"no other message": ""})
        case ExpectNoMessage():
            return clause("expect_no_message", node, {"no message": ""})
        case ExpectNoEntry():
            return clause("expect_no_entry", node, {"no entry": ""})


def _at(node: InstantLiteral | None) -> str | None:
    return None if node is None else instant(node)
