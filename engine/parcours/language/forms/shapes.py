"""The shapes that many forms have."""

from parcours.language.clauses import Block, Form, Part, PartKind
from parcours.model.node import Node


def named(kind: str, model: type[Node], *blocks: Block) -> Form:
    return Form(kind, model, (Part(kind, field="name"),), blocks)


def flag(form: str, key: str, model: type[Node]) -> Form:
    return Form(form, model, (Part(key, "flag"),))


def one(form: str, key: str, model: type[Node], part_field: str = "", kind: PartKind = "code") -> Form:
    return Form(form, model, (Part(key, kind, field=part_field),))
