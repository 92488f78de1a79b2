"""A text of journey declarations, read so that it can be written again: in the canonical order, with its comments."""

from collections.abc import Sequence

from parcours.diagnostics import Diagnostic
from parcours.language.clauses import Document
from parcours.language.comments import with_comments
from parcours.language.normalise import normalise
from parcours.language.parser import parse
from parcours.language.printing.declarations import clause_of
from parcours.language.source_lines import logical_lines
from parcours.model.project import Declaration


def read_document(text: str, file: str) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """The file with its comments; None when there is something wrong with its form."""
    declarations, diagnostics = parse(text, file)
    if diagnostics:
        return None, diagnostics
    return document_of(declarations, text, file), ()


def document_of(declarations: Sequence[Declaration], text: str, file: str) -> Document:
    """What was parsed from a text, with the comments of that text."""
    logical, rest = logical_lines(normalise(text, file).text)
    return with_comments([clause_of(declaration) for declaration in declarations], logical, rest)
