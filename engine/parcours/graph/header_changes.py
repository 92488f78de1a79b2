"""What has changed in the header of a journey, in words: who enters, goals, `leave when`, and the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from parcours.checking import checked
from parcours.checking.terms import Term
from parcours.graph.edges import ENTER
from parcours.graph.step_changes import fields_kept
from parcours.graph.wording import arrow, change, event_words, named_groups, term_words

Mark = Literal["added", "removed", "changed", "same"]


@dataclass(frozen=True, slots=True)
class HeaderChange:
    """`node` is the node of the state graph that stands for the clause, empty when there is none; `words` a short
    phrase."""

    mark: Mark
    node: str
    words: str


def header_changes(old: checked.Journey, new: checked.Journey) -> tuple[HeaderChange, ...]:
    """In the order in which a header is written, then the segments and stages that mean something else."""
    entry = (HeaderChange("changed", ENTER, words) for words in _entry(old, new))
    rest = (HeaderChange("changed", "", words) for words in _rest(old, new))
    return (*rest, *entry, *_goals(old, new), *_leaves(old, new), *_groups(old, new))


def _rest(old: checked.Journey, new: checked.Journey) -> Iterator[str]:
    yield from _value("name", old.name, new.name)
    yield from _value("purpose", old.purpose or None, new.purpose or None)
    yield from _value("priority", old.priority, new.priority)
    yield from _value("needs", _needs(old), _needs(new))
    yield from _value("budget", _budget(old), _budget(new))


def _entry(old: checked.Journey, new: checked.Journey) -> Iterator[str]:
    before, after = old.enter, new.enter
    if before.trigger != after.trigger:
        texts = old.enter_text, new.enter_text
        same = texts[0] == texts[1]
        yield f"enter {arrow(*texts)}" if not same else f"enter `{texts[1]}` means something else now"
    if before.condition != after.condition:
        yield f"enter if: {change(before.condition, after.condition)}"
    yield from _value("enter", _again(before), _again(after))
    yield from _value("per", before.key and term_words(before.key), after.key and term_words(after.key))
    yield from _value("enter within", before.max_age, after.max_age)
    yield from _value(
        "hold out",
        None if before.hold_out is None else f"{before.hold_out:f}%",
        None if after.hold_out is None else f"{after.hold_out:f}%",
    )
    yield from _value("enter at most", _cap(before), _cap(after))
    yield from fields_kept(before.entry_captures, after.entry_captures)
    if before.entry_captures == after.entry_captures:
        yield from fields_kept(before.event_captures, after.event_captures)


def _goals(old: checked.Journey, new: checked.Journey) -> Iterator[HeaderChange]:
    before, after = ({goal.name: goal for goal in journey.goals} for journey in (old, new))
    found = False
    for name in [*after, *(name for name in before if name not in after)]:
        one, other = before.get(name), after.get(name)
        if one == other:
            continue
        found = True
        words = arrow(one and event_words(one.events), other and event_words(other.events))
        if one and other and event_words(one.events) == event_words(other.events):
            words = f"`{event_words(other.events)}` means something else now"
        yield HeaderChange(_mark(one, other), f"goal {name}", f"goal `{name}`: {words}")
    if not found and list(before) != list(after):
        yield HeaderChange("changed", "", f"order of goals: {arrow(', '.join(before), ', '.join(after))}")


def _leaves(old: checked.Journey, new: checked.Journey) -> Iterator[HeaderChange]:
    outcomes = list(dict.fromkeys(leave.outcome for leave in (*new.leaves, *old.leaves)))
    found = False
    for outcome in outcomes:
        before, after = (
            [leave.predicate for leave in journey.leaves if leave.outcome == outcome]
            for journey in (old, new)
        )
        ones: list[Term | None] = [term for term in before if term not in after]
        others: list[Term | None] = [term for term in after if term not in before]
        longest = max(len(ones), len(others))
        mark: Mark = "changed" if before and after else _mark(before or None, after or None)
        for one, other in zip(
            ones + [None] * (longest - len(ones)), others + [None] * (longest - len(others)), strict=True
        ):
            found = True
            yield HeaderChange(mark, f"leave {outcome}", f"leave as `{outcome}` when: {change(one, other)}")
    if not found and old.leaves != new.leaves:
        yield HeaderChange("changed", "", "the lines of `leave when` stand in another order")


def _groups(old: checked.Journey, new: checked.Journey) -> Iterator[HeaderChange]:
    before, after = dict(named_groups(old)), dict(named_groups(new))
    for name, meaning in sorted(after.items()):
        if name in before and before[name] != meaning:
            yield HeaderChange("changed", "", f"who is `{name}`: {change(before[name], meaning)}")


def _needs(journey: checked.Journey) -> str | None:
    said = (
        f"{one.event} fresh within {one.within}" + (f", else wait up to {one.wait}" if one.wait else "")
        for one in journey.needs
    )
    return "; ".join(said) or None


def _budget(journey: checked.Journey) -> str | None:
    if journey.budget is None:
        return None
    amount, period = journey.budget
    return f"{amount:f} {_period(period)}"


def _cap(enter: checked.Enter) -> str | None:
    return None if enter.cap is None else f"{enter.cap[0]} {_period(enter.cap[1])}"


def _period(period: checked.Period) -> str:
    return f"in any {period.span}" if period.kind == "rolling" else f"per calendar {period.span.unit}"


def _again(enter: checked.Enter) -> str:
    if not enter.again:
        return "once"
    return "again" if enter.after is None else f"again after {enter.after}"


def _value(word: str, old: object, new: object) -> Iterator[str]:
    if old != new:
        yield f"{word}: {arrow(old, new)}"


def _mark(old: object, new: object) -> Mark:
    return "added" if old is None else "removed" if new is None else "changed"
