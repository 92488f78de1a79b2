"""What a model looks at: columns of plain numbers and texts, and the short names by which people speak of them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlglot import exp

from parcours.analytics.snapshot import Column
from parcours.checking.terms import Kind
from parcours.compiler.expressions import call, case, column, double, own, timestamp

_DAY_IN_MICROSECONDS = 86_400_000_000.0
_SMALL_WORDS = {"of", "in", "the", "a", "is", "and", "or", "since", "ever", "from", "to"}


@dataclass(frozen=True, slots=True)
class Feature:
    """A column that a model looks at, and its name as people write it: `value.monetary`. Numbers and, as 0 and 1, yes and
    no are DOUBLE, finite or NULL; texts VARCHAR or NULL. Dates and instants are numbers: days before the snapshot."""

    column: str
    name: str
    kind: Literal["number", "yes_no", "text"]


def plain_features(columns: Sequence[Column], names: Sequence[str]) -> tuple[Feature, ...]:
    """The features of a table that a snapshot has made; of more columns than names, the first ones."""
    return tuple(
        Feature(made.name, name, _plain_kind(made.kind)) for made, name in zip(columns, names, strict=False)
    )


def _plain_kind(kind: Kind) -> Literal["number", "yes_no", "text"]:
    if kind == "text" or kind == "yes_no":
        return kind
    return "number"


def plain_values(columns: Sequence[Column], at: datetime) -> list[exp.Expr]:
    """The columns of a snapshot at an instant as features have them, under their names."""
    return [exp.alias_(_plain_value(made.name, made.kind, at), made.name) for made in columns]


def _plain_value(name: str, kind: Kind, at: datetime) -> exp.Expr:
    value: exp.Expr = column(name)
    if kind == "text":
        return value
    if kind in ("date", "instant"):
        value = exp.cast(value, "TIMESTAMP")
        elapsed = exp.Sub(this=call("epoch_us", timestamp(at)), expression=call("epoch_us", value))
        days = exp.Div(this=exp.cast(exp.paren(elapsed), "DOUBLE"), expression=double(_DAY_IN_MICROSECONDS))
        return case([(call("isfinite", value.copy()), days)])
    number = exp.cast(value, "DOUBLE")
    return case([(call("isfinite", number), number.copy())])


def sample_order(salt: str) -> tuple[exp.Expr, exp.Expr]:
    """What to order contacts by to draw a sample: by chance, and the same one on every engine and day. Other salts draw
    others. The key itself comes last, for those whose digests are equal."""
    key = exp.DPipe(this=exp.Literal.string(f"{salt}:"), expression=exp.cast(own("contact"), "VARCHAR"))
    return exp.MD5(this=key), own("contact")


def short_names(names: Sequence[str]) -> tuple[str, ...]:
    """Words for the features, each unlike the others: `monetary` for `value.monetary` unless another feature is called
    so too, then `value_monetary`."""
    found = [_last_part(name) for name in names]
    for longer in (_without_small_words, slug):
        found = [
            longer(name) if found.count(short) > 1 else short
            for name, short in zip(names, found, strict=True)
        ]
    return tuple(_numbered(found))


def slug(text: str) -> str:
    """A text as a name of the language: lower case, digits and underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _last_part(name: str) -> str:
    """`monetary` of `value.monetary`; of what is no dotted name, all but the small words."""
    return slug(name.rpartition(".")[2]) if re.fullmatch(r"[^\s]+", name) else _without_small_words(name)


def _without_small_words(name: str) -> str:
    return "_".join(word for word in slug(name).split("_") if word not in _SMALL_WORDS)


def _numbered(names: list[str]) -> list[str]:
    """Those that are still equal, or nothing, by their place."""
    return [
        name if name and names.count(name) == 1 else f"{name or 'feature'}__{place}"
        for place, name in enumerate(names, start=1)
    ]
