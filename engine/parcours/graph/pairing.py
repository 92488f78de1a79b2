"""Which step of an old version is which of a new one (T18: by name)."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from parcours.checking import checked
from parcours.graph.edges import all_steps

# what a step is called and said to be, and the steps in it, are not what it does itself
_NOT_OWN = frozenset({"name", "then", "otherwise", "if_not_sent", "steps"})


@dataclass(frozen=True, slots=True)
class Pairs:
    """`names`: the new name of every old step that has a counterpart. `order`: (old, new) in reading order, that of
    the new version; an old step without a counterpart stands behind what it followed."""

    names: Mapping[str, str]
    order: tuple[tuple[checked.Step | None, checked.Step | None], ...]

    def new_name(self, old: str) -> str:
        return self.names.get(old, old)


def pair(old: checked.Journey, new: checked.Journey) -> Pairs:
    """Steps of one name are the same. A step whose name is gone is still the same as one whose name is new when it does
    the same in the same place: its label was renamed, or its number moved because a step was added before it."""
    before = {step.name: step for step in all_steps(old.steps)}
    after = {step.name: step for step in all_steps(new.steps)}
    names = {name: name for name in before if name in after}
    keys = [
        [("name", step.name) if step.name in names else ("own", own(step)) for step in steps.values()]
        for steps in (before, after)
    ]
    old_steps, new_steps = list(before.values()), list(after.values())
    for one, other in _matches(*keys):
        names.setdefault(old_steps[one].name, new_steps[other].name)
    return Pairs(names, tuple(_order(before, after, names)))


def pair_branches(old: checked.If, new: checked.If) -> list[tuple[int | None, int | None]]:
    """The branches by their conditions: (number in the old, number in the new), from 0. Where one condition stands
    in the place of another, it is the same branch with a changed condition."""
    ones, others = [term for term, _ in old.branches], [term for term, _ in new.branches]
    pairs: list[tuple[int | None, int | None]] = []
    for _, low, high, start, end in SequenceMatcher(None, ones, others, autojunk=False).get_opcodes():
        both = min(high - low, end - start)
        pairs += [(low + n, start + n) for n in range(both)]
        pairs += [(n, None) for n in range(low + both, high)]
        pairs += [(None, n) for n in range(start + both, end)]
    return pairs


def own(step: checked.Step) -> Hashable:
    """What a step does itself: equal for steps that differ only in name, place, texts and the steps in them."""
    parts: list[Hashable] = [type(step).__name__]
    for field in fields(step):
        if not field.compare or field.name in _NOT_OWN:
            continue
        value = getattr(step, field.name)
        if field.name == "branches":
            value = tuple(term for term, _ in value)
        elif field.name == "arms":
            value = tuple((percent, name) for percent, name, _ in value)
        elif isinstance(step, checked.GoTo):
            continue  # where it leads is an edge, and its label may have been renamed
        parts.append((field.name, value))
    return tuple(parts)


def _matches(ones: Sequence[Hashable], others: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    for block in SequenceMatcher(None, ones, others, autojunk=False).get_matching_blocks():
        for number in range(block.size):
            yield block.a + number, block.b + number


def _order(
    before: Mapping[str, checked.Step], after: Mapping[str, checked.Step], names: Mapping[str, str]
) -> Iterator[tuple[checked.Step | None, checked.Step | None]]:
    followers: dict[str, list[checked.Step]] = {}
    behind = ""
    for name, step in before.items():
        if name in names:
            behind = names[name]
        else:
            followers.setdefault(behind, []).append(step)
    old_names = {new: old for old, new in names.items()}
    yield from ((step, None) for step in followers.get("", ()))
    for name, step in after.items():
        yield before.get(old_names.get(name, "")), step
        yield from ((gone, None) for gone in followers.get(name, ()))
