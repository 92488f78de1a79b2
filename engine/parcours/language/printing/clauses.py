"""How a clause is made from what the model says, in the order of its form."""

from collections.abc import Mapping, Sequence

from parcours.language.clauses import Bindings, Clause, Filled, Form, Said
from parcours.language.forms.table import FORMS
from parcours.language.printing.names import released, written
from parcours.language.printing.predicates import value
from parcours.model.journey import Binding
from parcours.model.node import Node


def clause(
    form_name: str,
    node: Node | None,
    said: Mapping[str, Said | None],
    *blocks: Sequence[Clause | None],
    label: str = "",
) -> Clause:
    """A clause of that form. What is None is left out. `node` is what knows the line on which it stands, if anything
    does; `blocks` are the contents of the form's blocks in their order, merged ones in any order."""
    form = FORMS[form_name]
    filled = []
    assert len(blocks) <= len(form.blocks), form_name
    for block, content in zip(form.blocks, blocks, strict=False):
        clauses = [inner for inner in content if inner is not None]
        if block.merged:
            clauses.sort(key=lambda inner: block.forms.index(inner.form.name))
        if clauses:
            filled.append(Filled(block, tuple(clauses)))
    line = 0 if node is None else node.place.line
    return Clause(form, _in_order(form, said), tuple(filled), label, line)


def bindings(nodes: Sequence[Binding]) -> Bindings | None:
    """`a = 1, b = 2`; None for none."""
    if not nodes:
        return None
    return Bindings(
        tuple((written(node.name), released(value(node.value), followed=False)) for node in nodes)
    )


def doc(said: str) -> Clause | None:
    return clause("doc", None, {"doc": said}) if said else None


def _in_order(form: Form, said: Mapping[str, Said | None]) -> dict[str, Said]:
    there: dict[str, Said] = {}
    after = ""  # the words that stand behind the part
    for part in reversed(form.parts):
        value_said = said.get(part.key)
        if value_said is None:
            assert part.optional or part.bare, f"{form.name} without {part.key}"
            continue
        if part.kind == "code":
            assert isinstance(value_said, str)
            value_said = released(value_said, followed=(part.after or after).lstrip()[:1].isalpha())
        there[part.key] = value_said
        after = part.words or "a"
    assert set(said) <= {part.key for part in form.parts}, form.name
    return dict(reversed(there.items()))
