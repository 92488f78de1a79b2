"""Clauses become lines of the text form, by the table alone."""

from collections.abc import Iterator

from parcours.language.clauses import Bindings, Clause, Document, Filled, Notes, Part, Said
from parcours.language.printing.literals import text
from parcours.language.printing.long_lines import WIDEST, broken

LEVEL = 4


def text_of(document: Document) -> str:
    """The file in the canonical text form."""
    lines: list[str] = []
    for declaration in document.declarations:
        if lines:
            lines.append("")
        lines.extend(lines_of(declaration))
    if document.end:
        if lines:
            lines.append("")
        lines.extend(document.end)
    return "".join(f"{line}\n" for line in lines)


def lines_of(clause: Clause, depth: int = 0) -> Iterator[str]:
    """The lines of a clause and of what is below it."""
    label = f"{clause.label}:" if clause.label else ""
    first = [_at(depth, label) + _behind(clause.label_beside)] if label else []
    yield from _noted(clause.notes, [*first, *_head(clause, depth)], depth)
    below = [filled for filled in clause.blocks if not filled.block.inline]
    for at, filled in enumerate(below):
        if filled.block.spaced and at > 0:
            yield ""
        yield from _block_lines(filled, depth)


def code_of(clause: Clause) -> str:
    """The first line of a clause, however long, without what is indented below it."""
    code = ""
    for part in clause.form.parts:
        if part.key not in clause.said:
            continue
        words = " ".join(filter(None, (part.words, _said(part, clause.said[part.key])))) + part.after
        code += words if words.startswith(",") or not code else f" {words}"
    inline = (filled.clauses for filled in clause.blocks if filled.block.inline)
    return " ".join((code, *(code_of(goes_on) for clauses in inline for goes_on in clauses)))


def _said(part: Part, said: Said) -> str:
    match said:
        case Bindings():
            return _bound(said)
        case str():
            return text(said) if part.kind == "text" else said
        case tuple():
            return " or ".join(map(text, said))


def _bound(bindings: Bindings) -> str:
    return ", ".join(f"{name} = {value}" for name, value in bindings.items)


def _head(clause: Clause, depth: int) -> list[str]:
    width = WIDEST - depth * LEVEL
    if clause.form.name == "given":
        return [_at(depth, line) for line in _given(clause, width)]
    first, *others = broken(code_of(clause), width)
    # a condition that is a line of its own goes on below its beginning; others further in than what is below them
    further = 0 if clause.form.name == "condition" else 2
    return [_at(depth, first), *(_at(depth + further, line) for line in others)]


def _given(clause: Clause, width: int) -> list[str]:
    """What is given, in as many lines as it takes: the only clause that may be said several times instead of long."""
    bindings = clause.said["given"]
    assert isinstance(bindings, Bindings)
    lines: list[str] = []
    for name, value in bindings.items:
        longer = f"{lines[-1]}, {name} = {value}" if lines else ""
        if lines and len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(f"given {name} = {value}")
    return lines


def _block_lines(filled: Filled, depth: int) -> Iterator[str]:
    block = filled.block
    inside = depth if block.beside else depth + 1
    if block.heading:
        yield from _noted(filled.notes, [_at(inside, block.heading)], inside)
        inside += 1
    for clause in filled.clauses:
        yield from lines_of(clause, inside)
    yield from (_at(inside, line) for line in filled.end)


def _noted(notes: Notes, lines: list[str], depth: int) -> Iterator[str]:
    yield from (_at(depth, line) for line in notes.above)
    yield from lines[:-1]
    yield lines[-1] + _behind(notes.beside)


def _at(depth: int, line: str) -> str:
    return f"{' ' * (LEVEL * depth)}{line}" if line else ""


def _behind(comment: str) -> str:
    return f"  {comment}" if comment else ""
