# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""Events that come by themselves, as tables and rows: an event of a mapped table may come so too."""

from collections.abc import Mapping
from dataclasses import replace

from parcours.datamart.catalog import Column, ContactType, Table, kind_of
from parcours.datamart.inbox import RECEIVED
from parcours.datamart.quoting import identifier, literal
from parcours.diagnostics import Diagnostic
from parcours.model.receiving import FieldType, ReceivedEvent

_SQL_TYPES: Mapping[FieldType, str] = {
    "text": "VARCHAR",
    "number": "DECIMAL(38,6)",
    "yes_no": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP",
}


def with_received(
    table: Table | None, event: ReceivedEvent, findings: list[Diagnostic]
) -> tuple[Table, dict[str, str]]:
    """The table of an event with what is received of it, and the SQL types of the received fields in the view. A field
    that the mapped table has too is of the table's type."""
    name = event.name
    if table is None:
        at = Column("at", "instant", "TIMESTAMP", name.place)
        table = Table(name.text, {"at": at}, place=name.place)
    known = {column.lower(): column for column in table.columns}
    columns, types = dict(table.columns), {}
    for field in event.fields:
        own = known.get(field.name.text.lower())
        if own is not None and own != field.name.text:
            message = f"there is no column `{field.name}` in the table"
            findings.append(Diagnostic("unknown-column", message, field.place, f"did you mean `{own}`?"))
        if own is None:
            column = Column(
                field.name.text, kind_of(_SQL_TYPES[field.type]), _SQL_TYPES[field.type], field.place
            )
            columns[field.name.text] = column
            known[field.name.text.lower()] = field.name.text
        else:
            column = columns[own]
            if column.kind != field.type:
                message = f"`{field.name}` is received as {field.type}, and `{table.name}` has it as {column.sql_type}"
                findings.append(Diagnostic("wrong-column-type", message, field.place))
        types[column.name] = column.sql_type
    return replace(table, columns=columns), types


def received_rows(name: str, fields: Mapping[str, str], contact_type: ContactType) -> str:
    """The SELECT of what was received of an event, with the columns that the view makes its own of."""
    # names of fields have letters, digits and _ (language.receiving), so that the path needs no escapes
    columns = [
        f"TRY_CAST(contact AS {contact_type}) AS _contact",
        "happened_at AS _at",
        "greatest(happened_at, loaded_at) AS _visible_at",
        "id AS _key",
        "'' AS _text",
        "send AS _send",
        *(
            f"TRY_CAST(json_extract_string(fields, {literal(f'$.{field}')}) AS {sql_type}) AS {identifier(field)}"
            for field, sql_type in fields.items()
        ),
    ]
    return f"SELECT {', '.join(columns)} FROM {RECEIVED} WHERE event = {literal(name)}"
