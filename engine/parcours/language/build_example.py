"""`example` blocks: lark trees become model nodes."""

from parcours.language.build_steps import build_bindings
from parcours.language.build_values import build_instant, optional_instant
from parcours.language.building import (
    Branch,
    Building,
    branch,
    branch_or_none,
    branches,
    plain_text,
    word,
)
from parcours.model.example import (
    Example,
    Expectation,
    ExpectExit,
    ExpectMessage,
    ExpectNoEntry,
    ExpectNoMessage,
    Occurs,
)


def build_example(building: Building, tree: Branch) -> Example:
    """The lines may stand in any order; those of one kind keep theirs."""
    lines = branches(tree)
    journey = building.single(lines, "example_journey")
    given = [line for line in lines if line.data == "given"]
    return Example(
        place=building.head(tree),
        title=plain_text(word(tree, 0)),
        journey=None if journey is None else building.name(word(journey, 0)),
        given=build_bindings(building, *(branch(line, 0) for line in given)),
        occurs=tuple(_occurs(building, line) for line in lines if line.data == "occurs"),
        expects=tuple(_expectation(building, line) for line in lines if str(line.data).startswith("expect_")),
    )


def _occurs(building: Building, tree: Branch) -> Occurs:
    return Occurs(
        place=building.head(tree),
        at=build_instant(building, branch(tree, 0)),
        event=building.name(word(tree, 1)),
        bindings=build_bindings(building, branch_or_none(tree, 2)),
    )


def _expectation(building: Building, tree: Branch) -> Expectation:
    place = building.head(tree)
    match str(tree.data):
        case "expect_exit":
            outcome, at = building.name(word(tree, 0)), branch_or_none(tree, 1)
            return ExpectExit(place=place, outcome=outcome, at=optional_instant(building, at))
        case "expect_message":
            return ExpectMessage(
                place=place,
                message=building.name(word(tree, 0)),
                channel=building.name(word(tree, 1)),
                at=optional_instant(building, branch_or_none(tree, 2)),
            )
        case "expect_no_message" | "expect_no_other_message":
            return ExpectNoMessage(place=place, other=tree.data == "expect_no_other_message")
        case "expect_no_entry":
            return ExpectNoEntry(place=place)
    raise AssertionError(f"the grammar has an expectation that is not built: {tree.data}")
