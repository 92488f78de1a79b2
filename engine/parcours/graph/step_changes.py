"""What has changed in a step, in words; where it leads is told by `routes`."""

from collections.abc import Iterator

from parcours.checking import checked
from parcours.checking.terms import Events, Term
from parcours.graph.build import words_of
from parcours.graph.pairing import own, pair_branches
from parcours.graph.wording import arrow, change, event_words

Parted = checked.Split | checked.Experiment


def step_changes(old: checked.Step, new: checked.Step) -> tuple[str, ...]:
    """One short phrase for each thing that the step does otherwise; none when it does the same."""
    if own(old) == own(new):
        return ()
    if type(old) is not type(new):
        return (arrow(title(old), title(new)),)
    return tuple(_changes(old, new))


def title(step: checked.Step) -> str:
    """A step on one line: `send hello by email`."""
    _, first, second = words_of(step)
    return f"{first} {second}".rstrip()


def fields_kept(old: tuple[tuple[str, str], ...], new: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """The fields of an event that later steps read."""
    if old != new:
        before, after = (", ".join(name for name, _ in one) or None for one in (old, new))
        yield (
            f"keeps of the event: {arrow(before, after)}"
            if before != after
            else "keeps other types of fields"
        )


def _changes(old: checked.Step, new: checked.Step) -> Iterator[str]:
    match old, new:
        case checked.WaitUntil(), checked.WaitUntil():
            yield _said(f"wait until {old.text}", f"wait until {new.text}")
        case checked.WaitEvent(), checked.WaitEvent():
            yield from _events("waits for", old.events, new.events)
            yield from _value("up to", old.up_to, new.up_to)
            yield from fields_kept(old.captures, new.captures)
        case checked.WaitCondition(), checked.WaitCondition():
            yield from _condition("until", old.predicate, new.predicate, old.text, new.text)
            yield from _value("up to", old.up_to, new.up_to)
        case checked.Send(), checked.Send():
            yield from _send(old, new)
        case checked.If(), checked.If():
            yield from _branches(old, new)
        case checked.Split(), checked.Split():
            yield from _arms(old, new)
        case checked.Experiment(), checked.Experiment():
            yield from _arms(old, new)
            yield from _value("measured by", old.goal, new.goal)
        case checked.Repeat(), checked.Repeat():
            yield from _value("times", old.times, new.times)
            yield from _condition("until", old.until, new.until, old.text, new.text)
        case checked.SetAttribute(), checked.SetAttribute():
            yield from _value("sets", old.attribute.name, new.attribute.name)
            yield from _condition("to", old.value, new.value)
        case checked.Record(), checked.Record():
            yield from _value("records", old.event, new.event)
            before, after = dict(old.bindings), dict(new.bindings)
            for name in [*before, *(name for name in after if name not in before)]:
                yield from _condition(f"`{name}`", before.get(name), after.get(name))
        case _:
            yield arrow(title(old), title(new))


def _send(old: checked.Send, new: checked.Send) -> Iterator[str]:
    yield from _value("message", old.message, new.message)
    if (old.channels, old.choice) != (new.channels, new.choice):
        before, after = (words_of(step)[2].removeprefix("by ") for step in (old, new))
        yield f"channels: {arrow(before, after)}"
    yield from _condition("unless", old.unless, new.unless)
    yield from _value("keep for", old.keep_for, new.keep_for)
    yield from _value("at the best hour of", old.best_hour, new.best_hour)
    if old.offering != new.offering:
        before_rules, after_rules = (
            f"{one.count} from {one.rules}" if one else None for one in (old.offering, new.offering)
        )
        if before_rules != after_rules:
            yield f"offering: {arrow(before_rules, after_rules)}"
        if old.offering and new.offering:
            yield from _condition("offering where", old.offering.where, new.offering.where)
            if old.offering.rules == new.offering.rules and old.offering.hash != new.offering.hash:
                yield f"offering: the rules `{new.offering.rules}` are declared otherwise"


def _branches(old: checked.If, new: checked.If) -> Iterator[str]:
    for one, other in pair_branches(old, new):
        if one is None and other is not None:
            yield f"new branch: `{new.texts[other]}`"
        elif other is None and one is not None:
            yield f"branch gone: `{old.texts[one]}`"
        elif one is not None and other is not None:
            before, after = old.branches[one][0], new.branches[other][0]
            yield from _condition("if", before, after, old.texts[one], new.texts[other])


def _arms(old: Parted, new: Parted) -> Iterator[str]:
    before, after = ({name: f"{percent:f}%" for percent, name, _ in step.arms} for step in (old, new))
    found = False
    for name in [*before, *(name for name in after if name not in before)]:
        if before.get(name) != after.get(name):
            found = True
            yield f"`{name}`: {arrow(before.get(name), after.get(name))}"
    if not found and list(before) != list(after):
        yield f"arms in another order: {arrow(', '.join(before), ', '.join(after))}"
    if old.key != new.key:
        yield "deals its contacts out anew"


def _events(word: str, old: Events, new: Events) -> Iterator[str]:
    if old != new:
        yield f"{word} {_said(event_words(old), event_words(new))}"


def _condition(
    word: str, old: Term | None, new: Term | None, old_text: str = "", new_text: str = ""
) -> Iterator[str]:
    """The texts as written where they say what has changed, else what the terms say."""
    if old == new:
        return
    if old is not None and new is not None and old_text != new_text:
        yield f"{word}: {arrow(old_text, new_text)}"
    else:
        yield f"{word}: {change(old, new)}"


def _value(word: str, old: object, new: object) -> Iterator[str]:
    if old != new:
        yield f"{word}: {arrow(old, new)}"


def _said(before: str, after: str) -> str:
    return arrow(before, after) if before != after else f"`{after}` means something else now"
