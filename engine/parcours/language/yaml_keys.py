"""Which keys a mapping of the YAML form may have: read off the table of clauses."""

from collections.abc import Iterator, Sequence

from parcours.language.clauses import Block, Form, Part
from parcours.language.forms.steps import LABEL, STEPS
from parcours.language.forms.table import FORMS


def stands_below(form: Form) -> bool:
    """Whether what a clause says stands below its key, and not beside it: `enter`, `pressure`."""
    return form.parts[0].kind == "flag" and bool(form.blocks)


def as_list(form: Form) -> Block | None:
    """The list that is itself the value of the key of a clause that stands below it: the rules of `pressure`."""
    first = form.blocks[0] if stands_below(form) else None
    return None if first is None or first.merged else first


def parts_of(form: Form) -> tuple[Part, ...]:
    """The parts of a clause with its label, in the order of their keys."""
    return (LABEL, *form.parts) if form.name in STEPS else form.parts


def telling_keys(form: Form) -> tuple[str, ...]:
    """The keys by which a clause is known: the first, and any other when the first says nothing more than that."""
    first, *others = form.parts
    return (first.key, *(part.key for part in others)) if first.kind == "flag" else (first.key,)


def may_be_implied(form: Form) -> bool:
    """Whether the first key may be left out when another is there: `again after: 7 days` says `again` as well."""
    return form.parts[0].kind == "flag" and len(form.parts) > 1 and form.parts[1].kind != "flag"


def keys_of(form: Form) -> tuple[str, ...]:
    """All keys that may stand in the mapping of a clause, each once, in the order in which they are written."""
    keys = [part.key for part in parts_of(form)]
    if not stands_below(form):
        for block in form.blocks:
            keys.extend(keys_in(block) if block.merged else [block.key])
    return tuple(dict.fromkeys(keys))


def keys_in(block: Block) -> tuple[str, ...]:
    """All keys that a merged block brings into the mapping."""
    return tuple(dict.fromkeys(key for name in block.forms for key in keys_of(FORMS[name])))


def keys_below(form: Form) -> tuple[str, ...]:
    """The keys of the mapping below the key of a clause that stands below it: those of `enter`."""
    keys: list[str] = []
    for block in form.blocks:
        keys.extend(keys_in(block) if block.merged else [block.key])
    return tuple(dict.fromkeys(keys))


def required_keys(form: Form) -> Iterator[str]:
    """The keys without which a clause is not one."""
    for part in form.parts:
        if not (part.optional or part.bare) and not (part is form.parts[0] and may_be_implied(form)):
            yield part.key
    if not stands_below(form):
        for block in form.blocks:
            if block.required and not block.merged:
                yield block.key


def alternatives(block: Block) -> Sequence[tuple[Form, ...]]:
    """The forms of a merged block in groups of which one can be said: all that go on in the line of their head, and
    those that begin with the same key."""
    forms = [FORMS[name] for name in block.forms]
    if block.inline:
        return [tuple(forms)]
    groups: dict[str, list[Form]] = {}
    for form in forms:
        groups.setdefault(form.parts[0].key, []).append(form)
    return [tuple(group) for group in groups.values()]
