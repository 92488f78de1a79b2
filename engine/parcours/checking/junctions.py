"""Steps that lead to several ways: `if`, `split`, `test`, `repeat`."""

from decimal import Decimal

from parcours.checking import checked
from parcours.checking.paths import inner_blocks
from parcours.checking.scope import Scope
from parcours.checking.surroundings import Surroundings
from parcours.checking.terms import Term
from parcours.model import journey as written

_MOST_TIMES = 1000
Arms = tuple[tuple[Decimal, str, tuple[checked.Step, ...]], ...]


def branch(step: written.If, scope: Scope, path: str, here: Surroundings) -> checked.If:
    terms: list[Term | None] = []
    blocks: list[tuple[checked.Step, ...]] = []
    ways = inner_blocks(step, path)
    for written_branch, (inside, steps) in zip(step.branches, ways[:-1], strict=True):
        terms.append(here.predicates.predicate(written_branch.predicate, scope))
        blocks.append(here.block(steps, inside))
    inside, steps = ways[-1]
    otherwise = here.block(steps, inside)
    texts = [here.predicates.findings.text(b.predicate.place) for b in step.branches]
    whole = [
        (term, block, text)
        for term, block, text in zip(terms, blocks, texts, strict=True)
        if term is not None
    ]
    return checked.If(
        here.names.of(path),
        tuple((term, block) for term, block, _ in whole),
        otherwise,
        tuple(text for *_, text in whole),
        step.place,
    )


def split(step: written.Split, path: str, here: Surroundings) -> checked.Split:
    key = f"{here.journey.name}/{step.name}"  # T17
    return checked.Split(here.names.of(path), key, _arms(step, path, here), step.place)


def experiment(step: written.Experiment, path: str, here: Surroundings) -> checked.Experiment:
    findings = here.predicates.findings
    goals = [goal.name.text for goal in here.journey.goals]
    if step.goal.text not in goals:
        message = f"`{step.goal}` is no goal of this journey"
        findings.unknown("unknown-name", message, step.goal.place, step.goal.text, goals)
    if len(step.arms) < 2:
        findings.add(
            "bad-number",
            f"the test `{step.name}` has nothing to compare: it has one arm",
            step.name.place,
            advice="give it at least two arms",
        )
    key = f"{here.journey.name}/{step.name}"
    return checked.Experiment(here.names.of(path), key, step.goal.text, _arms(step, path, here), step.place)


def _arms(step: written.Split | written.Experiment, path: str, here: Surroundings) -> Arms:
    findings = here.predicates.findings
    total = sum((arm.percent for arm in step.arms), Decimal(0))
    if total != 100:
        findings.add(
            "share-sum",
            f"the shares of `{step.name}` add up to {total.normalize():f}%, not 100%",
            step.name.place,
        )
    arms: list[tuple[Decimal, str, tuple[checked.Step, ...]]] = []
    for arm, (inside, steps) in zip(step.arms, inner_blocks(step, path), strict=True):
        if any(arm.name.text == other for _, other, _ in arms):
            findings.add("duplicate-name", f"the arm `{arm.name}` is there twice", arm.name.place)
        arms.append((arm.percent, arm.name.text, here.block(steps, inside)))
    return tuple(arms)


def repeat(step: written.Repeat, scope: Scope, path: str, here: Surroundings) -> checked.Repeat:
    findings = here.predicates.findings
    if not 1 <= step.times <= _MOST_TIMES:
        message = f"steps are repeated 1 to {_MOST_TIMES} times, not {step.times}"
        findings.add("bad-number", message, step.place)
    until = here.predicates.optional(step.until, scope)
    text = findings.text(step.until.place) if step.until else ""
    return checked.Repeat(
        here.names.of(path), step.times, until, here.block(step.steps, f"{path}."), text, step.place
    )
