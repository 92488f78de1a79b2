"""`example` blocks: names and values against the datamart, before anything runs."""

from collections.abc import Sequence

from parcours.checking.kinds import KIND_WORDS, kind_of_column
from parcours.checking.predicates import Predicates
from parcours.datamart.catalog import Column, Table
from parcours.model import example as written
from parcours.model.journey import Binding


def check_example(example: written.Example, predicates: Predicates) -> None:
    """Adds what is wrong to the findings."""
    findings, vocabulary = predicates.findings, predicates.vocabulary
    if example.journey is None:
        findings.add("bad-example", f'the example "{example.title}" names no journey', example.place)
    elif example.journey.text not in vocabulary.journeys:
        findings.unknown(
            "unknown-journey",
            f"`{example.journey}` is no journey",
            example.journey.place,
            example.journey.text,
            vocabulary.journeys,
        )
    if not example.expects:
        findings.add("bad-example", f'the example "{example.title}" expects nothing', example.place)
    contacts = vocabulary.catalog.contacts
    _check_bindings(example.given, contacts, predicates, "unknown-attribute", "attribute of a contact")
    for occurs in example.occurs:
        predicates.literals.local_time(occurs.at)
        table = predicates.events.table(occurs.event)
        if table is not None:
            what = f"field of `{table.name}`"
            _check_bindings(occurs.bindings, table, predicates, "unknown-field", what)
    for expected in example.expects:
        _check_expected(expected, predicates)


def _check_bindings(
    bindings: Sequence[Binding], table: Table, predicates: Predicates, code: str, what: str
) -> None:
    for binding in bindings:
        name = binding.name
        if name.text not in table.columns:
            predicates.findings.unknown(code, f"`{name}` is no {what}", name.place, name.text, table.columns)
        else:
            _check_binding(binding, table.columns[name.text], predicates)


def _check_binding(binding: Binding, column: Column, predicates: Predicates) -> None:
    constant, kind = predicates.literals.plain(binding.value), kind_of_column(column)
    if kind is None:
        predicates.findings.add(
            "wrong-column-type",
            f"`{binding.name}` has the type {column.sql_type}, which examples cannot give",
            binding.name.place,
        )
    elif constant is not None and kind != constant.kind:
        predicates.findings.add(
            "wrong-type",
            f"`{binding.name}` is {KIND_WORDS[kind]}, not {KIND_WORDS[constant.kind]}",
            binding.value.place,
        )


def _check_expected(expected: written.Expectation, predicates: Predicates) -> None:
    if isinstance(expected, written.ExpectMessage):
        for code, name, known, what in (
            ("unknown-message", expected.message, predicates.vocabulary.messages, "message"),
            ("unknown-channel", expected.channel, predicates.vocabulary.channels, "channel"),
        ):
            if name.text not in known:
                predicates.findings.unknown(code, f"`{name}` is no {what}", name.place, name.text, known)
    if isinstance(expected, written.ExpectMessage | written.ExpectExit) and expected.at is not None:
        predicates.literals.local_time(expected.at)
