"""The kinds of values in words, and which columns have one."""

from parcours.checking.terms import Kind
from parcours.datamart.catalog import Column

KIND_WORDS: dict[Kind, str] = {
    "text": "text",
    "number": "a number",
    "yes_no": "yes or no",
    "date": "a date",
    "instant": "an instant",
}


def kind_of_column(column: Column) -> Kind | None:
    """None for a column of which predicates can say nothing: times of day, lists, structs."""
    return None if column.kind == "time" or column.kind == "other" else column.kind
