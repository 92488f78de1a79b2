"""Codes of journeys: who enters, their steps, and the examples that test them."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error, warning


def _tested(steps: str) -> str:
    return f"journey example\n    enter on order\n    goal again: order within 9 days\n{steps}"


_TEST = """\
    test tone measured by again
        50% gentle
            send hello by email
        50% silent
            exit quiet
"""
_LEARNING = """\
test: example/tone
question: does it help to write?
goal: again (order within 9 days)
to: 2026-03-01
arms: []
differences: []
sample_ratio: 0.5
verdict: gentle is better
winner: gentle
decided_on: 2026-03-02
"""

JOURNEYS: Mapping[str, CodeEntry] = {
    "test-finished": warning(
        "A journey still tests what `learnings/` says is decided.",
        "give everybody the arm that has won, or rename the test to ask again; nothing switches it by itself",
        Example(
            _tested(_TEST),
            _tested("    send hello by email\n"),
            beside={"learnings/tone.yaml": _LEARNING},
        ),
    ),
    "missing-enter": error(
        "A journey does not say who enters it.",
        "say who enters: `enter on EVENT`, `enter every tuesday at 09:00 for …`",
        Example(
            "journey example\n    send hello by email\n",
            "journey example\n    enter on order\n    send hello by email\n",
        ),
    ),
    "missing-clause": error(
        "A declaration lacks a clause without which it says nothing.",
        "add the clause that is missing",
        Example(
            "score churn\n    from age\n",
            "score churn\n    predict no order within 60 days\n    from age\n",
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
        Example(
            "journey example\n    enter on order\n    split tone\n        50% gentle\n            send hello by email\n        40% bold\n",
            "journey example\n    enter on order\n    split tone\n        50% gentle\n            send hello by email\n        50% bold\n",
        ),
    ),
    "unreachable-step": error(
        "No contact can ever come to a step.",
        "remove the step, or the `exit` before it",
        Example(
            "journey example\n    enter on order\n    exit\n    send hello by email\n",
            "journey example\n    enter on order\n    send hello by email\n    exit\n",
        ),
    ),
    "unreachable-stage": error(
        "No contact can ever be in a stage.",
        "put the stage above the one that is `otherwise`",
        Example(
            "lifecycle customer\n    lost: otherwise\n    active: has order in last 90 days\n",
            "lifecycle customer\n    active: has order in last 90 days\n    lost: otherwise\n",
        ),
    ),
    "closed-block": error(
        "A `go to` leads into a block that nobody may enter from outside.",
        "jump to a step before the block, or stay inside of it",
        Example(
            "journey example\n    enter on order\n    repeat up to 3 times\n        again_here:\n        wait 1 day\n"
            "    if no click since entry\n        go to again_here\n",
            "journey example\n    enter on order\n    again_here:\n    repeat up to 3 times\n        wait 1 day\n"
            "    if no click since entry\n        go to again_here\n",
        ),
    ),
    "bad-need": error(
        "A journey needs something fresh that is fresh always.",
        "leave the line out",
        Example(
            "journey example\n    enter on order\n    needs sent fresh within 1 hour\n    send hello by email\n",
            "journey example\n    enter on order\n    needs order fresh within 1 hour\n    send hello by email\n",
        ),
    ),
    "bad-example": error(
        "An `example` does not say all that a test needs, or says it in a way that cannot be read.",
        "say which journey it tests (`journey welcome`), what happens, and what is expected",
        Example(
            'example "thanks"\n    given email = "a@example.com"\n    expect no message\n',
            'example "thanks"\n    journey thanks\n    given email = "a@example.com"\n    expect no message\n',
        ),
    ),
}
