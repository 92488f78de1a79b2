"""A journey file in its canonical form, whichever of the two forms it has."""

from dataclasses import dataclass

from parcours.diagnostics import Diagnostic
from parcours.language.document import read_document
from parcours.language.parser import parse
from parcours.language.printing.lines import text_of


@dataclass(frozen=True, slots=True)
class Formatted:
    """`text` is None when something is wrong with the form of the file: `diagnostics` say what."""

    text: str | None
    diagnostics: tuple[Diagnostic, ...] = ()


def formatted(text: str, file: str) -> Formatted:
    """The same declarations and comments in the canonical form. Only an error of form stands in the way: names and
    types are not looked at."""
    document, diagnostics = read_document(text, file)
    if document is None:
        return Formatted(None, diagnostics)
    written = text_of(document)
    # a file that an author owns is about to be replaced: what it says is read again before
    assert parse(written, file)[0] == parse(text, file)[0], f"{file}: the formatted text says something else"
    return Formatted(written)
