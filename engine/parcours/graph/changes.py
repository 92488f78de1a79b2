"""What has changed between two versions of a journey, as data and in words (T18: what a plan shows).

Steps are compared by name, as `move` does it. A step that does the same in the same place under another name is told of
as renamed, so that a mapping for it is easily found."""

from collections.abc import Iterator
from dataclasses import dataclass

from parcours.checking import checked
from parcours.diagnostics import Place
from parcours.graph.edges import ENTER, edges
from parcours.graph.header_changes import HeaderChange, Mark, header_changes
from parcours.graph.pairing import Pairs, pair
from parcours.graph.routes import Rerouting, reroutings
from parcours.graph.step_changes import step_changes, title
from parcours.graph.versions import content_hash


@dataclass(frozen=True, slots=True)
class StepChange:
    """`name` is that of the new version, of a removed step that of the old; `was` its old name if it had another one;
    `title` what it does, `details` what it does otherwise, `after` behind what an added step stands. `place` is in
    the file of the version that has it, the newer if both have."""

    mark: Mark
    name: str
    was: str
    title: str
    details: tuple[str, ...]
    after: str
    place: Place


@dataclass(frozen=True, slots=True)
class Changes:
    """`before` and `after` are content hashes. `steps` in reading order. `renamed`: (old name, new name) of the steps
    that only changed their name or did that too."""

    journey: str
    before: str
    after: str
    header: tuple[HeaderChange, ...]
    steps: tuple[StepChange, ...]
    routes: tuple[Rerouting, ...]
    renamed: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.header or self.steps or self.routes)

    def marked(self, mark: Mark) -> tuple[StepChange, ...]:
        """The steps that were `added`, `removed` or `changed`."""
        return tuple(step for step in self.steps if step.mark == mark)

    def words(self) -> tuple[str, ...]:
        """A line for each change: the header, the steps, the ways. No line when nothing has changed."""
        return (
            *(change.words for change in self.header),
            *(line for step in self.steps for line in _step_words(step)),
            *(_route_words(route) for route in self.routes),
        )


def changes_between(old: checked.Journey, new: checked.Journey) -> Changes:
    """All that is another thing in the new version than it was in the old."""
    pairs = pair(old, new)
    return Changes(
        journey=new.name,
        before=content_hash(old),
        after=content_hash(new),
        header=header_changes(old, new),
        steps=tuple(_steps(new, pairs)),
        routes=reroutings(old, new, pairs),
        renamed=tuple((one, other) for one, other in pairs.names.items() if one != other),
    )


def _steps(new: checked.Journey, pairs: Pairs) -> Iterator[StepChange]:
    into: dict[str, str] = {}
    for edge in edges(new):
        way = "" if edge.label in ("next", "sent") else f", {edge.label}"
        into.setdefault(edge.target, "" if edge.source == ENTER else f"`{edge.source}`{way}")
    for one, other in pairs.order:
        if one is None and other is not None:
            after = into.get(other.name, "")
            yield StepChange("added", other.name, "", title(other), (), after, other.place)
        elif other is None and one is not None:
            yield StepChange("removed", one.name, "", title(one), (), "", one.place)
        elif one is not None and other is not None:
            details = details_of(one, other, pairs)
            if details:
                was = one.name if one.name != other.name else ""
                yield StepChange("changed", other.name, was, title(other), details, "", other.place)


def details_of(old: checked.Step, new: checked.Step, pairs: Pairs) -> tuple[str, ...]:
    """What has changed in a step that both versions have, in words; its name first."""
    found = list(step_changes(old, new))
    if isinstance(old, checked.GoTo) and isinstance(new, checked.GoTo):
        target = pairs.new_name(old.target)
        if target != new.target:
            found.append(f"goes to `{new.target}` instead of `{target}`")
    if old.name != new.name:
        found.insert(0, f"was called `{old.name}`")
    return tuple(found)


def _step_words(step: StepChange) -> Iterator[str]:
    match step.mark:
        case "added":
            where = f"after {step.after}" if step.after else "at the start"
            yield f"added: `{step.title}` ({step.name}), {where}"
        case "removed":
            yield f"removed: `{step.title}` ({step.name})"
        case _:
            yield f"changed: `{step.name}`: {'; '.join(step.details)}"


def _route_words(route: Rerouting) -> str:
    source = "the entry" if route.source == ENTER else f"`{route.source}`"
    way = "" if route.label == "next" else f", {route.label}"
    return f"rerouted: {source}{way} leads to `{route.after}` instead of `{route.before}`"
