"""A journey file in its canonical form, in either of the two forms."""

from dataclasses import dataclass
from typing import Literal

from parcours.diagnostics import Diagnostic
from parcours.language.document import read_document
from parcours.language.files import TEXT_FORM, YAML_FORM, is_yaml
from parcours.language.parser import parse, parse_yaml
from parcours.language.printing.lines import text_of
from parcours.language.printing.yaml_lines import yaml_of

JourneyForm = Literal["text", "yaml"]


@dataclass(frozen=True, slots=True)
class Formatted:
    """`text` is None when something is wrong with the form of the file: `diagnostics` say what."""

    text: str | None
    diagnostics: tuple[Diagnostic, ...] = ()


def formatted(text: str, file: str) -> Formatted:
    """The same declarations and comments in the canonical form. Only an error of form stands in the way: names and
    types are not looked at."""
    return converted(text, file, "yaml" if is_yaml(file) else "text")


def converted(text: str, file: str, form: JourneyForm) -> Formatted:
    """The same in the form asked for, canonical."""
    document, diagnostics = read_document(text, file)
    if document is None:
        return Formatted(None, diagnostics)
    written = yaml_of(document) if form == "yaml" else text_of(document)
    # a file that an author owns is about to be replaced: what it says is read again before
    before = parse_yaml(text, file) if is_yaml(file) else parse(text, file)
    after = parse_yaml(written, file) if form == "yaml" else parse(written, file)
    assert after == (before[0], ()), f"{file}: what was written says something else"
    return Formatted(written)


def name_in_form(file: str, form: JourneyForm) -> str:
    """What a journey file is called in that form."""
    ending = YAML_FORM if is_yaml(file) else TEXT_FORM
    return file.removesuffix(ending) + (YAML_FORM if form == "yaml" else TEXT_FORM)
