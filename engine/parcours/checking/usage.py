"""What a checked project reads: columns of the datamart, and kinds of history."""

from collections import defaultdict
from dataclasses import dataclass

from parcours.checking import checked
from parcours.checking.event_tables import HISTORY_EVENTS
from parcours.checking.parts import parts
from parcours.checking.terms import Aggregate, Attribute, Events, Field, Nth, ProductField, Term


@dataclass(frozen=True, slots=True)
class Usage:
    """Columns of contacts, of each event that is mapped or read (a key of its own, sorted), and of products."""

    attributes: tuple[str, ...]
    events: dict[str, tuple[str, ...]]
    products: tuple[str, ...] = ()


def usage(project: checked.CheckedProject) -> Usage:
    """Every column that a term, a trigger, a capture, an address or a declaration of what is learned reads."""
    attributes: set[str] = set()
    products: set[str] = set()
    ours = {*HISTORY_EVENTS, *(name for name, _ in project.recorded)}
    # an older version may read an event that the project does not have any more
    columns: dict[str, set[str]] = defaultdict(set, {event: set() for event in project.events})
    for part in parts(project):
        match part:
            case Attribute():
                attributes.add(part.name)
            case Aggregate() | Nth():
                columns[part.events.event].add(part.field.name)
            case checked.Offering():
                columns[part.event].add(part.item)
            case ProductField():
                products.add(part.name)
            case checked.WaitEvent():
                columns[part.events.event] |= {name for name, _ in part.captures}
            case checked.Enter(trigger=checked.EventTrigger(events=events)):
                kept = {name for name, _ in (*part.entry_captures, *part.event_captures)}
                key = {part.key.name} if part.key else set()
                columns[events.event] |= kept | key
            case checked.Source(event=event, field=Field(name=name)):
                columns[event].add(name)
            case checked.Rules():
                columns[part.event] |= {field.name for field in (part.item, part.basket) if field is not None}
            case _:
                pass
        if isinstance(part, Events):
            columns[part.event] |= set() if part.filter is None else _fields(part.filter)
    return Usage(
        tuple(sorted(attributes)),
        {event: tuple(sorted(names)) for event, names in sorted(columns.items()) if event not in ours},
        tuple(sorted(products)),
    )


def history_events(project: checked.CheckedProject) -> set[str]:
    """The kinds of the executor's own history that journeys and policy speak of."""
    return {
        part.event for part in parts(project) if isinstance(part, Events) and part.event in HISTORY_EVENTS
    }


def _fields(chosen: Term) -> set[str]:
    """The fields that brackets read of their own event: not those of events that they ask about in turn."""
    inner = {id(part) for asked in parts(chosen) if isinstance(asked, Events) for part in parts(asked)}
    inner |= {id(asked.field) for asked in parts(chosen) if isinstance(asked, Aggregate | Nth)}
    return {part.name for part in parts(chosen) if isinstance(part, Field) and id(part) not in inner}
