"""The YAML form is transcribed clause by clause into lines of the text form, by the table of clauses alone.

So there is one parser, one builder and one set of messages for both forms; places lead back into the YAML file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parcours.diagnostics import Diagnostic, Place, nearest
from parcours.language import yaml_reader as yaml
from parcours.language.build_declaration import KINDS
from parcours.language.building import code_of
from parcours.language.clauses import Block, Form, Part
from parcours.language.forms.steps import LABEL, STEPS
from parcours.language.forms.table import DECLARATIONS, FORMS
from parcours.language.normalise import without_line_noise
from parcours.language.pieces import goes_on
from parcours.language.printing.literals import text
from parcours.language.yaml_comments import yaml_comments
from parcours.language.yaml_keys import (
    alternatives,
    as_list,
    keys_below,
    keys_of,
    may_be_implied,
    required_keys,
    stands_below,
    telling_keys,
)
from parcours.language.yaml_reader import Listing, Scalar, YamlValue, read_yaml
from parcours.language.yaml_spans import Source
from parcours.language.yaml_transcript import Piece, Transcript

DEEPEST = 100
"""Lists and mappings in each other: two for each block of steps in another."""

Entries = Mapping[str, tuple[Scalar, YamlValue]]


@dataclass(frozen=True, slots=True)
class YamlForm:
    """`starts` are the lines of the transcript, from 1, on which declarations begin. None of it when the file is no
    YAML at all."""

    transcript: Transcript | None
    starts: tuple[int, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def transcribe(content: str, file: str) -> YamlForm:
    """What a YAML file says, as lines of the text form. What is wrong with its keys is told, and left out."""
    tree, diagnostics = read_yaml(content, file, DEEPEST)
    if tree is None:
        return YamlForm(None, (), diagnostics)
    source = Source(without_line_noise(content), file)
    transcribing = _Transcribing(source, tree)
    transcribing.file_of(tree)
    transcribing.transcript.finish()
    found = (*diagnostics, *transcribing.diagnostics)
    return YamlForm(transcribing.transcript, tuple(transcribing.starts), found)


class _Transcribing:
    def __init__(self, source: Source, tree: YamlValue) -> None:
        self._source = source
        self.transcript = Transcript(source, yaml_comments(source, tree))
        self.starts: list[int] = []
        self.diagnostics: list[Diagnostic] = []

    def file_of(self, tree: YamlValue) -> None:
        if isinstance(tree, Scalar) and tree.value is None:
            return  # an empty file
        if not isinstance(tree, Listing):
            self._report(
                tree.place, "a journey file is a list of declarations", "begin it with `- journey: …`"
            )
            return
        for item in tree.items:
            self._item(item, DECLARATIONS, 0, "declaration")

    def _item(self, item: YamlValue, names: Sequence[str], depth: int, what: str) -> None:
        """One clause of a list."""
        if isinstance(item, Scalar) and any(item.text == key for name in names for key in _bare(FORMS[name])):
            item = yaml.Mapping(item.place, ((item, Scalar(item.place, "", None, item.span)),))
        if not isinstance(item, yaml.Mapping):
            self._report(item.place, f"a {what} begins with its key", _keys_help(names))
            return
        entries: Entries = {key.text: (key, value) for key, value in item.entries}
        form = _chosen([FORMS[name] for name in names], entries)
        if form is None:
            first = next(iter(entries.values()))[0] if entries else Scalar(item.place, "", None)
            known = sorted({key for name in names for key in telling_keys(FORMS[name])})
            near = nearest(first.text, known)
            message = f"`{first.text}` begins no {what}" if entries else f"a {what} begins with its key"
            self._report(first.place, message, _keys_help(names), f"did you mean `{near}`?" if near else "")
            return
        if what == "declaration":
            self.starts.append(self.transcript.length + 1)
        entries = self._known(entries, keys_of(form))
        self._clause(form, entries, depth, self._source.indent(item.place.line))

    def _clause(self, form: Form, entries: Entries, depth: int, column: int) -> None:
        """A clause whose keys are among the entries."""
        known = [key for key in required_keys(form) if key not in entries]
        if known:
            first = next(iter(entries.values()))[0]
            self._report(first.place, f"`{known[0]}` is missing here", f"add a line `{known[0]}: …`")
            return
        below: Entries = entries
        if stands_below(form):
            key, value = entries[form.parts[0].key]
            listed = as_list(form)
            if listed is not None:
                below = {listed.key: (key, value)}
            elif isinstance(value, yaml.Mapping):
                below = {inner.text: (inner, said) for inner, said in value.entries}
                below = self._known(below, keys_below(form))
            else:
                self._report(key.place, f"keys are wanted below `{key.text}`", _list_help(keys_below(form)))
                return
        pieces = self._head(form, entries)
        if pieces is None:
            return
        for block in form.blocks:
            if block.inline:
                inner = self._inline(form, block, below)
                if inner is None:
                    return
                pieces.extend(inner)
        if not self._is_one_line(pieces) or not self._has_lists(form, below):
            return
        label = entries.get(LABEL.key) if form.name in STEPS else None
        if label is not None:
            said = self._code(*label)
            if said is not None:
                self.transcript.line(depth, [said, Piece(":", label[0])], column)
        self.transcript.line(depth, pieces, column)
        for block in form.blocks:
            if not block.inline:
                self._block(block, below, depth)

    def _block(self, block: Block, entries: Entries, depth: int) -> None:
        inside = depth if block.beside else depth + 1
        if block.merged:
            for group in alternatives(block):
                form = _chosen(group, entries)
                if form is not None:
                    own = keys_of(form)
                    said = {key: entry for key, entry in entries.items() if key in own}
                    self._clause(form, said, inside, _column(said))
            return
        if block.key not in entries:
            return
        key, value = entries[block.key]
        if not isinstance(value, Listing) or not value.items:
            self._report(key.place, f"a list is wanted below `{key.text}`", _keys_help(block.forms))
            if block.forms == STEPS:
                self._some_step(inside, key)
            return
        if block.heading:
            self.transcript.line(inside, [Piece(block.heading, key)], key.place.column - 1)
            inside += 1
        else:
            self.transcript.key_line(inside, key)
        before = self.transcript.length
        what = "step" if block.forms == STEPS else "line of this list"
        for item in value.items:
            self._item(item, block.forms, inside, what)
        if what == "step" and self.transcript.length == before:
            self._some_step(inside, key)

    def _some_step(self, depth: int, key: Scalar) -> None:
        """A step in the place of steps that were told to be wrong: that none is there must not be told as well."""
        self.transcript.line(depth, [Piece("wait 1 day", key)], key.place.column - 1)

    def _inline(self, form: Form, block: Block, entries: Entries) -> list[Piece] | None:
        """The one clause that goes on in the line of another."""
        (group,) = alternatives(block)
        found = _chosen(group, entries)
        head = form.parts[0].key
        if found is None:
            place = next(iter(entries.values()))[0].place if entries else Place(self._source.file)
            self._report(place, f"`{head}` says nothing to begin with", _keys_help(block.forms))
            return None
        others = [
            key for key in entries for other in group if key in telling_keys(other) and other is not found
        ]
        for key in others:
            if key not in keys_of(found):
                mark = f"`{found.parts[0].key}` is said as well"
                self._report(entries[key][0].place, f"`{head}` says two things", "keep one of the two", mark)
                return None
        missing = [key for key in required_keys(found) if key not in entries]
        if missing:
            self._report(
                next(iter(entries.values()))[0].place,
                f"`{missing[0]}` is missing here",
                f"add a line `{missing[0]}: …`",
            )
            return None
        return self._head(found, entries)

    def _head(self, form: Form, entries: Entries) -> list[Piece] | None:
        """The words of the first line of a clause; None after a report."""
        pieces: list[Piece] = []
        for part in form.parts:
            if part.key not in entries:
                if part is form.parts[0] and may_be_implied(form):
                    implied = next(entries[other.key][0] for other in form.parts if other.key in entries)
                    pieces.append(Piece(part.words, implied))
                continue
            key, value = entries[part.key]
            if part.words:
                pieces.append(Piece(part.words, key))
            if part.kind == "flag":
                if not stands_below(form) and not (isinstance(value, Scalar) and value.value in (True, None)):
                    self._report(
                        key.place, f"`{key.text}` says it all", f"write `{key.text}: true`, or leave it out"
                    )
                    return None
            elif not (part.bare and isinstance(value, Scalar) and value.value is None):
                said = self._said(part, key, value)
                if said is None:
                    return None
                pieces.extend(said)
            if part.after:
                pieces.append(Piece(part.after.strip(), key))
        return pieces

    def _said(self, part: Part, key: Scalar, value: YamlValue) -> list[Piece] | None:
        if part.kind == "bindings":
            return self._bindings(key, value)
        if part.kind == "texts" and isinstance(value, Listing):
            pieces: list[Piece] = []
            for item in value.items:
                if not isinstance(item, Scalar):
                    self._report(item.place, f"a text is wanted in the list of `{key.text}`", "")
                    return None
                if pieces:
                    pieces.append(Piece("or", key))
                pieces.append(Piece(text(item.text), item))
            return pieces or None
        if not isinstance(value, Scalar):
            self._report(
                key.place, f"`{key.text}` says one thing, no list and no keys", "write it behind the colon"
            )
            return None
        if part.kind in ("text", "texts"):
            return [Piece(text(value.text), value)]
        said = self._code(key, value)
        return None if said is None else [said]

    def _bindings(self, key: Scalar, value: YamlValue) -> list[Piece] | None:
        if not isinstance(value, yaml.Mapping) or not value.entries:
            self._report(
                key.place,
                f"names and values are wanted below `{key.text}`",
                "write `name: value` in each line",
            )
            return None
        pieces: list[Piece] = []
        for name, bound in value.entries:
            said_name, said = self._code(name, name), self._code(name, bound)
            if said_name is None or said is None:
                return None
            pieces.extend([*([Piece(",", name)] if pieces else []), said_name, Piece("=", name), said])
        return pieces

    def _code(self, key: Scalar, value: YamlValue) -> Piece | None:
        """Words of the text form, on one line and all of them: a comment or another line cannot hide in them."""
        if not isinstance(value, Scalar):
            self._report(
                key.place, f"`{key.text}` says one thing, no list and no keys", "write it behind the colon"
            )
            return None
        words = value.text.replace("\n", " ").replace("\t", " ")
        if not words.strip():
            self._report(key.place, f"`{key.text}` says nothing", "write what it says behind the colon")
            return None
        if code_of(words) != words.rstrip(" "):
            at = len(code_of(words))
            at += len(words[at:]) - len(words[at:].lstrip(" "))
            index = self._source.indexes(value)[at]
            place = self._source.place(index, index + 1)
            if words[at] == "#":
                self._report(
                    place,
                    "a `#` that is in no text",
                    "write a comment behind the value, outside of its quotes",
                )
            else:
                marks = "quotes" if words[at] == '"' else "back-quotes"
                self._report(
                    place, f"the {marks} that open here are not closed", f"close the {marks}", code="syntax"
                )
            return None
        return Piece(words.rstrip(" "), value, spelled=True)

    def _is_one_line(self, pieces: Sequence[Piece]) -> bool:
        """A line that begins with `and` would go on with the one before it."""
        if pieces and goes_on(pieces[0].words):
            place = pieces[0].scalar.place
            self._report(place, "this begins with `and` or `or`", "begin with what stands before it")
            return False
        return True

    def _has_lists(self, form: Form, entries: Entries) -> bool:
        """Whether the lists are there without which the clause makes no sense; steps can be stood in for."""
        for block in form.blocks:
            if block.required and block.key in entries and block.forms != STEPS:
                key, value = entries[block.key]
                if not isinstance(value, Listing) or not value.items:
                    self._report(key.place, f"a list is wanted below `{key.text}`", _keys_help(block.forms))
                    return False
        return True

    def _known(self, entries: Entries, keys: Sequence[str]) -> Entries:
        """The entries that have one of these keys. Others are told, and taken for what was meant where that is clear,
        so that it is not told to be missing as well."""
        known = {name: entry for name, entry in entries.items() if name in keys}
        for name, (key, value) in entries.items():
            if name not in keys:
                near = nearest(name, keys)
                mark = f"did you mean `{near}`?" if near else ""
                self._report(key.place, f"`{name}` is no key of this", _list_help(keys), mark)
                if near:
                    known.setdefault(near, (key, value))
        return known

    def _report(
        self, place: Place, message: str, help_text: str, mark: str = "", code: str = "yaml-form"
    ) -> None:
        self.diagnostics.append(Diagnostic(code, message, place, mark, help_text))


def _column(entries: Entries) -> int:
    """Where the first of some keys stands, from 0."""
    first, _ = next(iter(entries.values()))
    return first.place.column - 1


def _chosen(forms: Sequence[Form], entries: Entries) -> Form | None:
    """The form that fits the keys best: of those that one of the keys tells, the one with nothing missing and most of
    the keys."""
    told = [form for form in forms if any(key in entries for key in telling_keys(form))]
    if not told:
        return None

    def fit(form: Form) -> tuple[bool, int]:
        missing = any(key not in entries for key in required_keys(form))
        return not missing, sum(key in entries for key in keys_of(form))

    return max(told, key=fit)


def _bare(form: Form) -> Iterator[str]:
    """The keys that say everything alone: `exit`, `no message`."""
    if form.parts[0].bare or (form.parts[0].kind == "flag" and not form.blocks):
        yield form.parts[0].key


def _keys_help(names: Sequence[str]) -> str:
    return _list_help(tuple(dict.fromkeys(key for name in names for key in telling_keys(FORMS[name]))))


def _list_help(keys: Sequence[str]) -> str:
    *others, last = (f"`{key}`" for key in keys)
    return f"the keys are {', '.join(others)} and {last}" if others else f"the key is {last}"


assert set(DECLARATIONS) == set(KINDS), "the table and the builder know the same declarations"
