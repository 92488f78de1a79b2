"""What a case declares besides its journeys: messages, segments, lifecycles, seasons, and rules of pressure about what is
its own."""

from dataclasses import replace
from datetime import timedelta

from dice import Dice

from differential.around import Around
from differential.plan import TOPICS, Plan
from differential.policy import cap, spacing
from differential.predicates import Predicates
from differential.steps import indented

_REFRESH = ("30 minutes", "1 hour", "2 hours", "6 hours", "day", "2 days", "week", "month")


def declarations(dice: Dice, plan: Plan) -> str:
    blocks = [_message(dice, name, _subjects(plan, nth)) for nth, name in enumerate(plan.messages)]
    blocks += [_segment(dice, plan, name) for name in plan.segments]
    blocks += [_lifecycle(dice, plan, name, stages) for name, stages in plan.lifecycles.items()]
    blocks += [_season(dice, plan, name) for name in plan.seasons]
    if dice.percent(30):
        blocks.append(_pressure(dice, plan))
    return "\n".join(["\n".join([*block, ""]) for block in blocks] + [plan.learned.text(plan.lane)])


def _subjects(plan: Plan, nth: int) -> list[str]:
    """Half of the messages have several to choose from."""
    count = Dice(f"subjects {plan.team} {nth}").one((0, 1, 2, 3))
    texts = ('"One"', '"Two"', '"Three"')[:count]
    return [f"subject {' or '.join(texts)}"] if texts else []


def _message(dice: Dice, name: str, subjects: list[str]) -> list[str]:
    lines = [f"topic {dice.one(TOPICS)}"] if dice.percent(70) else []
    lines += subjects
    lines += [f'{channel} "…"' for channel in ("email", "sms", "push")]
    if dice.percent(35):
        lines.append(
            f"expires after {dice.one(('1 minute', '5 minutes', '1 hour', '6 hours', '1 day', '2 days'))}"
        )
    return [f"message {name}", *indented(lines)]


def _refresh(dice: Dice) -> list[str]:
    return [f"refresh every {dice.one(_REFRESH)}"] if dice.percent(45) else []


def _segment(dice: Dice, plan: Plan, name: str) -> list[str]:
    """Only contacts of the case are in it."""
    # groups may not speak of each other in a circle: these speak of none
    around = _without_groups(plan)
    said = f'team = "{plan.team}" and ({Predicates(dice).predicate(around)})'
    return [f"segment {name}", *indented([said, *_refresh(dice)])]


def _lifecycle(dice: Dice, plan: Plan, name: str, stages: tuple[str, ...]) -> list[str]:
    says, around = Predicates(dice), _without_groups(plan)
    lines = [f'{stage}: team = "{plan.team}" and ({says.predicate(around, 0)})' for stage in stages[:-1]]
    last = "otherwise" if dice.percent(30) else f'team = "{plan.team}" and ({says.predicate(around, 1)})'
    return [f"lifecycle {name}", *indented([*lines, f"{stages[-1]}: {last}", *_refresh(dice)])]


def _without_groups(plan: Plan) -> Around:
    return replace(plan.around(), segments=(), lifecycles={}, seasons=())


def _season(dice: Dice, plan: Plan, name: str) -> list[str]:
    start = plan.begin + timedelta(days=dice.one((-30, -1, 0, 1, 2, 3)))
    end = start + timedelta(days=dice.one((0, 1, 2, 10, 200)))
    return [f"season {name}", f"    from {start:%m-%d} to {end:%m-%d}"]


def _pressure(dice: Dice, plan: Plan) -> list[str]:
    """Rules about this case's own messages and journeys."""
    lines = []
    if dice.percent(60):
        what = dice.one((f"message {dice.one(plan.messages)}", f"journey {dice.one(plan.journeys)}"))
        condition = f" for {Predicates(dice).predicate(plan.around(), 1)}" if dice.percent(30) else ""
        lines.append(cap(dice, what, condition, plan.flavour.shared))
    if dice.percent(40):
        one, other = (
            dice.one((f"message {dice.one(plan.messages)}", f"journey {dice.one(plan.journeys)}"))
            for _ in "ab"
        )
        lines.append(spacing(dice, one, other))
    if dice.percent(40):
        what = f"message {dice.one(plan.messages)}"
        lines.append(f"never {what} for {Predicates(dice).predicate(plan.around(), 1)}")
    if dice.percent(15) or not lines:
        lines.append(f"exempt message {dice.one(plan.messages)}")
    return ["pressure", *indented(lines)]
