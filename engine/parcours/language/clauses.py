"""Every clause of the language, once: its words in the text form, its keys in the YAML form, its part of the model.

The two forms are twins because both are read off this table. A clause is a line of the text form, with what is
indented below it, and a mapping (or some keys of one) of the YAML form:

    send welcome by email            - send: welcome
        unless email_opt_in is no      by: email
                                       unless: email_opt_in is no

The table is in `language/forms`. From the model to either form it is read by way of `Clause`. From YAML to the model
the way goes through lines of the text form, comments among them: so only those of the text form are ever attached to
clauses (`language/comments.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from parcours.model.node import Node

PartKind = Literal["code", "text", "texts", "flag", "bindings"]
"""What stands behind a key.

`code`: words of the text form, as they are. `text`: a text, in quotes in the text form only. `texts`: one or more of
them, joined by `or`, a list in YAML. `flag`: nothing, the key says it; `true` in YAML. `bindings`: `a = 1, b = 2`, a
mapping in YAML."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a clause. In the text form it is `before`, what is said, `after`; `before` is the key itself when it
    is None. `bare`: the key may stand without a value (`exit`, `send … at best hour`). `field` is the field of the
    model class that it fills."""

    key: str
    kind: PartKind = "code"
    before: str | None = None
    after: str = ""
    optional: bool = False
    bare: bool = False
    field: str = ""

    @property
    def words(self) -> str:
        return self.key if self.before is None else self.before


@dataclass(frozen=True, slots=True)
class Block:
    """What is indented below a line. `key` is its key in YAML.

    `forms` are the forms of the clauses in it, in the order in which they are printed. `merged`: each of these
    clauses stands at most once, and its keys are keys of the mapping itself; otherwise the block is a list.
    `heading` is a line of its own above the block in the text form (`then`, `if not sent`); `beside`: that line (or,
    without heading, the clauses themselves: `else if`) has the depth of the first line, not one more.
    `inline`: its one clause goes on in the first line. `spaced`: a blank line stands before it when something is
    above it."""

    key: str
    forms: tuple[str, ...]
    merged: bool = False
    heading: str = ""
    beside: bool = False
    required: bool = False
    inline: bool = False
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of clause. `name` is that of the rule in journey.lark; the first part is the one that tells it apart."""

    name: str
    model: type[Node]
    parts: tuple[Part, ...]
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Bindings:
    """What a part of kind `bindings` says: names and their values, as code."""

    items: tuple[tuple[str, str], ...]


Said = str | tuple[str, ...] | Bindings
"""What a part says: code or a text; several texts; bindings. A flag says ""."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What an author wrote around a line. `above`: the lines of comment before it, "" for a blank line among them;
    `beside`: the comment behind it. A comment begins with its `#` in both forms."""

    above: tuple[str, ...] = ()
    beside: str = ""


NO_NOTES = Notes()


@dataclass(frozen=True, slots=True)
class Filled:
    """A block as said: its clauses in order. `notes` are those of its heading, or of its key in YAML; `end` is like
    `Notes.above`, behind the last clause. There may be comments in a block where there is no clause."""

    block: Block
    clauses: tuple["Clause", ...]
    notes: Notes = NO_NOTES
    end: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as said. `said` by the key of the part, in the order of the form; a part that is not said is
    not in it. `blocks` are those of the form that hold something, in its order.

    `line` is the line of the file on which it begins, 0 when that is not known. `notes` go around its line, or
    around that of its label; `label_beside` is a comment behind its label."""

    form: Form
    said: Mapping[str, Said]
    blocks: tuple[Filled, ...] = ()
    label: str = ""
    line: int = field(default=0, compare=False)
    notes: Notes = NO_NOTES
    label_beside: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as said: its declarations in order, and the lines of comment behind the last one, as `Filled.end`."""

    declarations: tuple[Clause, ...]
    end: tuple[str, ...] = ()
