"""The events that journeys record: what each of their fields is follows from the values that are recorded."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from parcours.checking.captures import Captures
from parcours.checking.entries import Entries
from parcours.checking.event_tables import HISTORY_EVENTS, SQL_TYPES, UNTYPED, event_table
from parcours.checking.findings import Findings
from parcours.checking.paths import all_steps
from parcours.checking.predicates import Predicates
from parcours.checking.scope import Scope
from parcours.checking.steps import Steps
from parcours.checking.vocabulary import Vocabulary
from parcours.diagnostics import Diagnostic
from parcours.model.journey import Journey, Record

_Fields = dict[str, dict[str, str]]


def does_record(journey: Journey) -> bool:
    return any(True for _ in _records(journey))


def with_recorded(vocabulary: Vocabulary, records: Callable[[Journey], bool] = does_record) -> Vocabulary:
    """The vocabulary with the tables of recorded events. What is wrong with a step that records is not said here.
    `records` does what `does_record` does.

    A value may itself be read of a recorded event, so the search goes on until nothing new is found out."""
    journeys = [j for _, j in sorted(vocabulary.journeys.items()) if records(j)]
    if not journeys:
        return vocabulary
    fields: _Fields = {}
    known = -1
    while known != sum(sql != UNTYPED for event in fields.values() for sql in event.values()):
        known = sum(sql != UNTYPED for event in fields.values() for sql in event.values())
        vocabulary = replace(
            vocabulary, recorded={name: event_table(name, found) for name, found in fields.items()}
        )
        for journey in journeys:
            _find_out(journey, Predicates(vocabulary, Findings({})), fields)
    return replace(vocabulary, recorded={name: event_table(name, found) for name, found in fields.items()})


def recorded_fields(vocabulary: Vocabulary) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """(event, (field, SQL type) of each) of all that journeys record, `at` left out."""
    return tuple(
        (name, tuple((field, column.sql_type) for field, column in table.columns.items() if field != "at"))
        for name, table in sorted(vocabulary.recorded.items())
    )


def recorded_of_itself(vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Fields whose kind nobody can find out, since each is recorded of itself. Only for a project in which nothing else
    is wrong."""
    for _, journey in sorted(vocabulary.journeys.items()):
        for _, step in _records(journey):
            table = vocabulary.recorded.get(step.event.text)
            for binding in step.bindings:
                column = table.columns.get(binding.name.text) if table else None
                if column is not None and column.sql_type == UNTYPED:
                    message = f"nothing says what kind of value `{binding.name}` of `{step.event}` is: it is recorded of itself"
                    yield Diagnostic(
                        "wrong-type",
                        message,
                        binding.value.place,
                        help="give it another value in at least one place",
                    )


def _find_out(journey: Journey, predicates: Predicates, fields: _Fields) -> None:
    """Adds to `fields`. Of two values for one field the first decides: by journey, then in reading order."""
    captures = Captures(journey, {})  # what is kept is not asked here
    entry = Entries(predicates, captures).scope(journey.enter) if journey.enter else Scope(in_run=True)
    steps = Steps(journey, predicates, captures, entry)
    for path, step in _records(journey):
        name = step.event.text
        if name in HISTORY_EVENTS or name in predicates.vocabulary.catalog.events:
            continue
        event = fields.setdefault(name, {})
        for binding in step.bindings:
            value = predicates.values.value(binding.value, steps.scope_at(path))
            sql = UNTYPED if value is None else SQL_TYPES[value.kind]
            if event.get(binding.name.text, UNTYPED) == UNTYPED:
                event[binding.name.text] = sql


def _records(journey: Journey) -> Iterator[tuple[str, Record]]:
    return ((path, step) for path, step in all_steps(journey.steps) if isinstance(step, Record))
