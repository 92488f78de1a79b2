"""A text of journey declarations, read so that it can be written again: in the canonical order, with its comments."""

from parcours.diagnostics import Diagnostic
from parcours.language.clauses import Document
from parcours.language.comments import with_comments
from parcours.language.files import is_yaml
from parcours.language.normalise import normalise
from parcours.language.parser import parse, parse_lines, parse_yaml
from parcours.language.printing.declarations import clause_of
from parcours.language.source_lines import logical_lines
from parcours.language.yaml_form import transcribe


def read_document(text: str, file: str) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """The file with its comments; None when there is something wrong with its form."""
    if is_yaml(file):
        return _read_yaml_document(text, file)
    declarations, diagnostics = parse(text, file)
    if diagnostics:
        return None, diagnostics
    logical, rest = logical_lines(normalise(text, file).text)
    return with_comments([clause_of(declaration) for declaration in declarations], logical, rest), ()


def _read_yaml_document(content: str, file: str) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    _, diagnostics = parse_yaml(content, file)
    form = transcribe(content, file)
    if diagnostics or form.transcript is None:
        return None, diagnostics
    lines = form.transcript.lines
    declarations, _ = parse_lines(
        lines, form.starts, file
    )  # once more, with the lines of the transcript as places
    logical, rest = logical_lines("\n".join([*lines, ""]))
    return with_comments([clause_of(declaration) for declaration in declarations], logical, rest), ()
