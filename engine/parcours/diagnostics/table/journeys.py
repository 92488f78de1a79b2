"""Codes of journeys: who enters, their steps, and the examples that test them."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error

JOURNEYS: Mapping[str, CodeEntry] = {
    "missing-enter": error(
        "A journey does not say who enters it.",
        "say who enters: `enter on EVENT`, `enter every tuesday at 09:00 for …`",
        Example(
            "journey example\n    send hello by email\n",
            "journey example\n    enter on order\n    send hello by email\n",
        ),
    ),
    "repeated-clause": error(
        "Something that can be said once is said again.",
        "keep one of the two",
        Example(
            "journey example\n    enter on order\n    priority 10\n    priority 20\n    send hello by email\n",
            "journey example\n    enter on order\n    priority 20\n    send hello by email\n",
        ),
    ),
    "share-sum": error(
        "The shares of a split or a test do not add up to 100%.",
        "make the shares of the arms add up to 100%",
    ),
    "unreachable-step": error(
        "No contact can ever come to a step.",
        "remove the step, or the `exit` before it",
    ),
    "unreachable-stage": error(
        "No contact can ever be in a stage.",
        "put the stage above the one that is `otherwise`",
    ),
    "bad-example": error(
        "An `example` does not say all that a test needs, or says it in a way that cannot be read.",
        "an example needs a journey, what happens, and what is expected",
    ),
}
