"""Steps that do something at once: `set`, `record`, `start`, `go to`. What meets an error adds a finding and gives
None."""

from parcours.checking import checked
from parcours.checking.kinds import KIND_WORDS, kind_of_column
from parcours.checking.paths import all_steps, inner_blocks
from parcours.checking.scope import Scope
from parcours.checking.surroundings import Surroundings
from parcours.checking.terms import Attribute, Term
from parcours.model import journey as written
from parcours.model.node import Name


def set_attribute(
    step: written.SetAttribute, scope: Scope, path: str, here: Surroundings
) -> checked.SetAttribute | None:
    """Only what the contacts table has can be set: a name that is new would be a slip of the pen."""
    predicates, findings = here.predicates, here.predicates.findings
    name = step.attribute
    contacts = predicates.vocabulary.catalog.contacts
    column = contacts.columns.get(name.text)
    kind = None if column is None else kind_of_column(column)
    if column is None:
        message = f"`{name}` is no attribute of a contact"
        findings.unknown("unknown-attribute", message, name.place, name.text, contacts.columns)
    elif kind is None:
        message = f"`{name}` has the type {column.sql_type}, which cannot be set"
        findings.add("wrong-column-type", message, name.place)
    elif (why := _of_the_datamart(name, here)) is not None:
        message = f"`{name}` {why}: it cannot be set"
        findings.add("reserved-name", message, name.place, advice="set another attribute")
        kind = None
    value = predicates.values.value(step.value, scope)
    if kind is None or value is None:
        return None
    if value.kind != kind:
        message = f"`{name}` is {KIND_WORDS[kind]}, {predicates.values.said(step.value, value)}"
        findings.add("wrong-type", message, step.value.place)
        return None
    return checked.SetAttribute(here.names.of(path), Attribute(name.text, kind), value, step.place)


def _of_the_datamart(name: Name, here: Surroundings) -> str | None:
    """What an attribute is for that the datamart alone decides; None for any other."""
    mapping = here.predicates.vocabulary.settings.datamart.contacts
    meant = {
        mapping.key: "says who the contact is",
        mapping.time_zone: "says which clock the contact has",
        mapping.household: "says who lives together",
        mapping.loaded: "says since when the contact is known",
    }
    return next(
        (why for column, why in meant.items() if column is not None and column.text == name.text), None
    )


def record(step: written.Record, scope: Scope, path: str, here: Surroundings) -> checked.Record | None:
    predicates, findings = here.predicates, here.predicates.findings
    name = step.event
    origin = predicates.events.tables.origin(name.text)
    if origin in ("mapped", "history"):
        whose = "parcours.yaml maps" if origin == "mapped" else "Parcours itself records"
        message = f"`{name}` is an event that {whose}: no journey can record it"
        findings.add("reserved-name", message, name.place, advice="give what is recorded a name of its own")
    bindings: dict[str, Term] = {}
    complete = True
    for binding in step.bindings:
        value = predicates.values.value(binding.value, scope)
        field = binding.name.text
        if field in bindings:
            findings.add("duplicate-name", f"`{field}` is given twice", binding.name.place)
        elif field == "at":
            message = "`at` is the instant at which the event is recorded: it cannot be given"
            findings.add("reserved-name", message, binding.name.place, advice="give the field another name")
        elif value is not None:
            _check_agreed(step.event, binding, value, here)
            bindings[field] = value
        complete = complete and value is not None
    if not complete:
        return None
    return checked.Record(here.names.of(path), name.text, tuple(bindings.items()), step.place)


def _check_agreed(event: Name, binding: written.Binding, value: Term, here: Surroundings) -> None:
    """Every place that records an event gives a field the same kind of value; the first one read decides."""
    table = here.predicates.events.read(event.text)
    column = table.columns.get(binding.name.text)
    kind = None if column is None else kind_of_column(column)
    if kind is not None and value.kind != kind:
        here.predicates.findings.add(
            "wrong-type",
            f"`{binding.name}` of `{event}` is {KIND_WORDS[kind]} elsewhere, here it is {KIND_WORDS[value.kind]}",
            binding.value.place,
        )


def start(step: written.Start, path: str, here: Surroundings) -> checked.Start | None:
    findings, journeys = here.predicates.findings, here.predicates.vocabulary.journeys
    name = step.journey
    if name.text not in journeys:
        findings.unknown("unknown-journey", f"`{name}` is no journey", name.place, name.text, journeys)
        return None
    return checked.Start(here.names.of(path), name.text, step.place)


def go_to(step: written.GoTo, path: str, here: Surroundings) -> checked.GoTo | None:
    findings, names = here.predicates.findings, here.names
    label = step.target
    target = names.labelled(label.text)
    if target is None:
        message = f"no step has the label `{label}`"
        findings.unknown("unknown-label", message, label.place, label.text, names.labels)
        return None
    closed = _closed_around(here.journey, target) - _closed_around(here.journey, path)
    if closed:
        word = max(closed)[1]
        findings.add(
            "closed-block",
            f"the step `{label}` stands in a `{word}`: nobody comes into it from outside",
            label.place,
            advice=f"put the label on the `{word}`, or before it",
        )
        return None
    return checked.GoTo(names.of(path), names.of(target), step.place)


def _closed_around(journey: written.Journey, path: str) -> set[tuple[str, str]]:
    """(path, word) of the steps around a step that count who comes in: a `repeat` its rounds, a `test` its arms."""
    words = {"repeat": "repeat", "test": "test"}
    return {
        (around, words[step.kind])
        for around, step in all_steps(journey.steps)
        if step.kind in words and any(path.startswith(inside) for inside, _ in inner_blocks(step, around))
    }
