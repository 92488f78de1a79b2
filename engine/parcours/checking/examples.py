"""`example` blocks: names and values against the datamart, before anything runs."""

from parcours.checking.findings import Findings
from parcours.checking.values import KIND_WORDS, Values
from parcours.datamart.catalog import Table
from parcours.model import example as written
from parcours.model.journey import Binding


def check_example(example: written.Example, values: Values) -> None:
    """Adds what is wrong to the findings."""
    findings, vocabulary = values.findings, values.vocabulary
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
    for binding in example.given:
        _check_binding(
            binding, values.catalog.contacts, values, "unknown-attribute", "attribute of a contact"
        )
    for occurs in example.occurs:
        values.local_time(occurs.at)
        table = values.table(occurs.event)
        for binding in occurs.bindings:
            if table is not None:
                _check_binding(binding, table, values, "unknown-field", f"field of `{table.name}`")
    for expected in example.expects:
        _check_expected(expected, values, findings)


def _check_binding(binding: Binding, table: Table, values: Values, code: str, what: str) -> None:
    column = table.columns.get(binding.name.text)
    if column is None:
        values.findings.unknown(
            code, f"`{binding.name}` is no {what}", binding.name.place, binding.name.text, table.columns
        )
        return
    constant = values.constant(binding.value)
    if constant is not None and column.kind != constant.kind and column.kind in KIND_WORDS:
        values.findings.add(
            "wrong-type",
            f"`{binding.name}` is {KIND_WORDS[column.kind]}, not {KIND_WORDS[constant.kind]}",
            binding.value.place,
        )


def _check_expected(expected: written.Expectation, values: Values, findings: Findings) -> None:
    if isinstance(expected, written.ExpectMessage):
        for code, name, known, what in (
            ("unknown-message", expected.message, values.vocabulary.messages, "message"),
            ("unknown-channel", expected.channel, values.vocabulary.channels, "channel"),
        ):
            if name.text not in known:
                findings.unknown(code, f"`{name}` is no {what}", name.place, name.text, known)
    if isinstance(expected, written.ExpectMessage | written.ExpectExit) and expected.at is not None:
        values.local_time(expected.at)
