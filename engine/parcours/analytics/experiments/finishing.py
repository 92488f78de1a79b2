"""What a finished experiment has taught, with where to look for it: messages, topics, channels and segments."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from math import isinf

from parcours.analytics.experiments.analysis import Analysis, Arm
from parcours.analytics.experiments.sequential import Interval
from parcours.analytics.experiments.verdicts import Comparison
from parcours.checking import checked
from parcours.clock.zones import to_local
from parcours.graph.wording import event_words, named_groups
from parcours.model.learning import LearnedArm, LearnedDifference, Learning


def learning_of(
    analysis: Analysis, topics: Mapping[str, str], zone: str, decided_on: date, question: str | None = None
) -> Learning:
    """`topics` of messages by name; `zone` is the project's, in whose days it is told."""
    design = analysis.design
    messages = tuple(dict.fromkeys(send.message for send in design.sends))
    return Learning(
        test=design.key,
        question=question or asked(analysis),
        goal=goal_words(design.goal),
        purpose=design.journey.purpose,
        messages=messages,
        topics=tuple(dict.fromkeys(topics[message] for message in messages if topics.get(message))),
        channels=tuple(dict.fromkeys(channel for send in design.sends for channel in send.channels)),
        segments=segments_of(design.journey),
        first=None if analysis.first_at is None else to_local(zone, analysis.first_at).date(),
        last=to_local(zone, analysis.at).date(),
        arms=tuple(_arm(arm) for arm in analysis.arms),
        differences=tuple(_difference(comparison) for comparison in analysis.comparisons),
        sample_ratio=_rounded(analysis.sample_ratio, 4),
        verdict=analysis.verdict.text.replace("`", ""),
        winner=analysis.verdict.winner,
        worth=None if analysis.worth is None else f"{design.goal.events.event}.{analysis.worth}",
        decided_on=decided_on,
    )


def asked(analysis: Analysis) -> str:
    """The question that the design puts."""
    design = analysis.design
    goal = goal_words(design.goal)
    if design.kind == "hold out":
        return f"does the journey {design.journey.name} bring more {goal} than no journey at all?"
    return f"which brings more {goal}: {', '.join(name for name, _ in design.arms)}?"


def goal_words(goal: checked.Goal) -> str:
    """`recovered (order within 5 days)`."""
    return f"{goal.name} ({event_words(goal.events)})"


def segments_of(journey: checked.Journey) -> tuple[str, ...]:
    """The segments and stages that a journey speaks of, sorted."""
    names = {name.removeprefix("in segment ") for name, _ in named_groups(journey)}
    if isinstance(journey.enter.trigger, checked.GroupTrigger):
        names.add(journey.enter.trigger.group.name)
    return tuple(sorted(names))


def _arm(arm: Arm) -> LearnedArm:
    figures = arm.figures
    return LearnedArm(
        name=figures.arm,
        share=arm.share,
        contacts=figures.contacts,
        reached=figures.reached,
        rate=None if figures.rate is None else _rounded(100 * figures.rate, 2),
        worth=None if figures.worth_each is None else _rounded(figures.worth_each, 4),
    )


def _difference(comparison: Comparison) -> LearnedDifference:
    points = None
    if comparison.rate is not None:
        low, high = comparison.rate.low, comparison.rate.high
        points = (
            _rounded(100 * comparison.rate.estimate, 2),
            _rounded(100 * low, 2),
            _rounded(100 * high, 2),
        )
    return LearnedDifference(comparison.arm, comparison.against, points, _lift(comparison.lift))


def _lift(lift: Interval | None) -> tuple[Decimal, Decimal | None, Decimal | None] | None:
    if lift is None:
        return None
    low, high = (None if isinf(end) else _rounded(100 * end, 1) for end in (lift.low, lift.high))
    return _rounded(100 * lift.estimate, 1), low, high


def _rounded(value: float, digits: int) -> Decimal:
    return Decimal(f"{value:.{digits}f}")
