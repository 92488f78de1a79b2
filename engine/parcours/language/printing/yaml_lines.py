"""Clauses become lines of the YAML form, by the table alone."""

from collections.abc import Iterator

from parcours.language.clauses import Bindings, Clause, Document, Filled, Form, Notes, Part, Said
from parcours.language.forms.steps import LABEL
from parcours.language.printing.long_lines import WIDEST, broken
from parcours.language.printing.yaml_scalars import code_scalar, key_scalar, text_scalar
from parcours.language.yaml_keys import as_list, may_be_implied, stands_below

LEVEL = 2


def yaml_of(document: Document) -> str:
    """The file in the canonical YAML form."""
    lines: list[str] = []
    for declaration in document.declarations:
        if lines:
            lines.append("")
        lines.extend(_item(declaration, 0))
    if document.end:
        if lines:
            lines.append("")
        lines.extend(document.end)
    return "".join(f"{line}\n" for line in lines)


def _item(clause: Clause, depth: int) -> Iterator[str]:
    """A clause as a member of a list: its keys stand one level further in than its dash."""
    yield from _above(clause.notes, depth)
    first, *others = _keys(clause, depth + 1, noted=True)
    yield _at(depth, f"- {first.lstrip()}")
    yield from others


def _keys(clause: Clause, depth: int, *, noted: bool = False) -> Iterator[str]:
    """The keys of a clause. `noted`: the comments above it are written already."""
    if not noted:
        yield from _above(clause.notes, depth)
    if clause.label:
        yield _at(depth, f"{LABEL.key}: {code_scalar(clause.label)}") + _behind(clause.label_beside)
    beside = _behind(clause.notes.beside)
    if stands_below(clause.form):
        yield _at(depth, f"{clause.form.parts[0].key}:") + beside
        listed = as_list(clause.form)
        for filled in clause.blocks:
            if filled.block is listed:
                yield from _items(filled, depth + 1)
            else:
                yield from _block(filled, depth + 1, spaced=False)
        return
    for part in _said_parts(clause):
        first, *others = _part(part, clause.said[part.key], depth)
        yield first + beside
        yield from others
        beside = ""
    for filled in clause.blocks:
        yield from _block(filled, depth, spaced=filled.block.spaced)


def _said_parts(clause: Clause) -> list[Part]:
    """Those that are written: `again after: 7 days` says `again` as well."""
    said = [part for part in clause.form.parts if part.key in clause.said]
    return said[1:] if may_be_implied(clause.form) and len(said) > 1 and _first_is_flag(clause.form) else said


def _first_is_flag(form: Form) -> bool:
    return form.parts[0].kind == "flag"


def _block(filled: Filled, depth: int, *, spaced: bool) -> Iterator[str]:
    block = filled.block
    if block.merged or block.inline:
        for clause in filled.clauses:
            yield from _keys(clause, depth)
        yield from (_at(depth, line) for line in filled.end)
        return
    if not filled.clauses:
        yield from (_at(depth, line) for line in filled.end)
        return
    if spaced:
        yield ""
    yield from _above(filled.notes, depth)
    yield _at(depth, f"{block.key}:") + _behind(filled.notes.beside)
    yield from _items(filled, depth + 1)


def _items(filled: Filled, depth: int) -> Iterator[str]:
    for clause in filled.clauses:
        yield from _item(clause, depth)
    yield from (_at(depth, line) for line in filled.end)


def _part(part: Part, said: Said, depth: int) -> Iterator[str]:
    if part.kind == "flag":
        yield _at(depth, f"{part.key}: true")
    elif isinstance(said, Bindings):
        yield _at(depth, f"{part.key}:")
        for name, value in said.items:
            yield _at(depth + 1, f"{key_scalar(name)}: {code_scalar(value)}")
    elif isinstance(said, tuple):
        if len(said) == 1:
            yield _at(depth, f"{part.key}: {text_scalar(said[0])}")
        else:
            yield _at(depth, f"{part.key}:")
            yield from (_at(depth + 1, f"- {text_scalar(text)}") for text in said)
    elif part.kind == "text":
        yield _at(depth, f"{part.key}: {text_scalar(said)}")
    elif not said:
        yield _at(depth, f"{part.key}:")
    else:
        yield from _code(part.key, said, depth)


def _code(key: str, code: str, depth: int) -> Iterator[str]:
    line = _at(depth, f"{key}: {code_scalar(code)}")
    if len(line) <= WIDEST:
        yield line
        return
    first, *others = broken(code, WIDEST - LEVEL * (depth + 1))
    if not others:
        yield line
        return
    yield _at(depth, f"{key}: >-")
    yield from (_at(depth + 1, cut) for cut in (first, *others))


def _above(notes: Notes, depth: int) -> Iterator[str]:
    yield from (_at(depth, line) for line in notes.above)


def _at(depth: int, line: str) -> str:
    return f"{' ' * (LEVEL * depth)}{line}" if line else ""


def _behind(comment: str) -> str:
    return f"  {comment}" if comment else ""
