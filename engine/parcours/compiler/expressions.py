"""Short names for building sqlglot trees. Names and values of users become nodes here, never text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import TypeVar

from sqlglot import exp

from parcours.checking.terms import Constant
from parcours.clock.span import Span

N = TypeVar("N", bound=exp.Expr)

FALSE = exp.false()


def column(name: str, table: str | None = None) -> exp.Column:
    """A column of ours, or of the user's: always quoted, so that any name is only a name."""
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def own(name: str, table: str | None = None) -> exp.Column:
    """A column whose plain lower-case name we made: without quotes, for readable SQL."""
    return exp.column(name, table=table)


def table(name: str, alias: str | None = None) -> exp.Table:
    """A table by its name, one of the state's by `state.name`. Never parsed: any name is only a name (E4)."""
    plain = name.removeprefix("state.")
    found = exp.Table(this=exp.to_identifier(plain))
    if plain != name:
        found.set("db", exp.to_identifier("state"))
    if alias:
        found.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return found


def named(name: str) -> exp.TableAlias:
    """The name of a common table expression; never parsed (E4)."""
    return exp.TableAlias(this=exp.to_identifier(name))


def text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def number(value: int | Decimal) -> exp.Expr:
    made = exp.Literal.number(f"{abs(value):f}" if isinstance(value, Decimal) else abs(value))
    return exp.Neg(this=made) if value < 0 else made


def timestamp(value: datetime) -> exp.Expr:
    return exp.cast(text(value.isoformat(sep=" ")), "TIMESTAMP")


def constant(value: Constant) -> exp.Expr:
    """A checked constant as a literal."""
    plain = value.value
    if isinstance(plain, bool):
        return exp.Boolean(this=plain)
    if isinstance(plain, Decimal):
        return number(plain)
    if isinstance(plain, datetime):
        return timestamp(plain)
    if isinstance(plain, date):
        return exp.cast(text(plain.isoformat()), "DATE")
    return text(plain)


def parameter(name: str) -> exp.Placeholder:
    return exp.Placeholder(this=name)


NOW = parameter("now")
BEFORE = parameter("before")


def parameters_of(tree: exp.Expr) -> frozenset[str]:
    """The names of all parameters in a tree."""
    return frozenset(str(node.this) for node in nodes(tree, exp.Placeholder))


def nodes(tree: exp.Expr, kind: type[N]) -> Iterator[N]:
    """All nodes of a kind, in no order that matters. Quicker than the library's walk, which a compiler does for every
    statement."""
    left_to_see: list[object] = [tree]
    while left_to_see:
        node = left_to_see.pop()
        if isinstance(node, list):
            left_to_see.extend(node)
        elif isinstance(node, exp.Expr):
            if isinstance(node, kind):
                yield node
            left_to_see.extend(node.args.values())


def left(source: exp.Expr, on: exp.Expr) -> exp.Join:
    """`LEFT JOIN source ON on`, for a query's `join`. The library would parse the words `LEFT JOIN` each time."""
    return exp.Join(this=source, on=on, side="LEFT")


def interval(span: Span) -> exp.Interval:
    """A span as an interval. Instants are naive, so a day is 24 hours here; wall clocks are naive too."""
    return exp.Interval(this=text(str(span.count)), unit=exp.var(span.unit.upper()))


def minutes(count: int) -> exp.Interval:
    return exp.Interval(this=text(str(count)), unit=exp.var("MINUTE"))


def days(count: int) -> exp.Interval:
    return exp.Interval(this=text(str(count)), unit=exp.var("DAY"))


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A function by its name in the engine."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def both(conditions: Iterable[exp.Expr | None]) -> exp.Expr | None:
    """All of the conditions that are there; None when none is."""
    found = [c for c in conditions if c is not None]
    return exp.and_(*found) if found else None


def any_of(conditions: Iterable[exp.Expr]) -> exp.Expr:
    return exp.or_(*conditions)


def case(pairs: Sequence[tuple[exp.Expr, exp.Expr]], default: exp.Expr | None = None) -> exp.Expr:
    """`CASE WHEN … THEN … ELSE … END`; only the default when there are no pairs."""
    if not pairs:
        return default if default is not None else exp.null()
    made = exp.Case(ifs=[exp.If(this=when, true=then) for when, then in pairs])
    if default is not None:
        made.set("default", default)
    return made


def case_of(
    subject: exp.Expr,
    pairs: Sequence[tuple[exp.Expr, exp.Expr]],
    default: exp.Expr | None = None,
) -> exp.Expr:
    """`CASE subject WHEN … THEN … END`."""
    if not pairs:
        return default if default is not None else exp.null()
    made = exp.Case(this=subject, ifs=[exp.If(this=when, true=then) for when, then in pairs])
    if default is not None:
        made.set("default", default)
    return made


def same_for_all(expressions: Sequence[exp.Expr]) -> exp.Expr | None:
    """The expression that all of them are, or None when they differ."""
    first = expressions[0]
    return first if all(other == first for other in expressions[1:]) else None


def least(*items: exp.Expr) -> exp.Expr:
    """The least of the known ones."""
    return items[0] if len(items) == 1 else call("least", *items)


def greatest(*items: exp.Expr) -> exp.Expr:
    """The greatest of the known ones."""
    return items[0] if len(items) == 1 else call("greatest", *items)


def among(item: exp.Expr, values: Iterable[int | str]) -> exp.Expr:
    listed = [number(v) if isinstance(v, int) else text(v) for v in values]
    if not listed:
        return FALSE.copy()
    return (
        exp.EQ(this=item, expression=listed[0]) if len(listed) == 1 else exp.In(this=item, expressions=listed)
    )


def holds(condition: exp.Expr) -> exp.Expr:
    """Unknown taken as no (E1)."""
    return exp.Coalesce(this=condition, expressions=[FALSE.copy()])


def cast_to(expression: exp.Expr, sql_type: str) -> exp.Expr:
    """Of a type as the datamart names it, which is how DuckDB names it."""
    return exp.cast(expression, typed(sql_type), copy=False)


def typed(sql_type: str) -> exp.DataType:
    """A type as DuckDB names it."""
    return _parsed_type(sql_type).copy()


@cache
def _parsed_type(sql_type: str) -> exp.DataType:
    """Parsed once: the same few types stand in every statement."""
    return exp.DataType.build(sql_type, dialect="duckdb")


def create_temporary(name: str, query: exp.Query) -> exp.Create:
    """`CREATE OR REPLACE TEMP TABLE name AS query`."""
    return exp.Create(
        this=table(name),
        kind="TABLE",
        replace=True,
        expression=query,
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )


def create_temporary_view(name: str, query: exp.Query) -> exp.Create:
    """`CREATE OR REPLACE TEMP VIEW name AS query`."""
    made = create_temporary(name, query)
    made.set("kind", "VIEW")
    return made


def no_rows(columns: Mapping[str, str]) -> exp.Select:
    """A query of columns with their SQL types, without a row."""
    nothing = (
        exp.alias_(cast_to(exp.null(), sql_type), name, quoted=True) for name, sql_type in columns.items()
    )
    return exp.select(*nothing).where(exp.false())


def insert(name: str, columns: Sequence[str], query: exp.Query) -> exp.Insert:
    """`INSERT INTO name (columns) query`."""
    target = exp.Schema(this=table(name), expressions=[exp.to_identifier(c) for c in columns])
    return exp.Insert(this=target, expression=query)


EMPTY_RECORD = "{}"


def record(entries: Sequence[tuple[str, exp.Expr]]) -> exp.Expr:
    """A JSON object of the entries, every value as text (unknown stays unknown)."""
    if not entries:
        return text(EMPTY_RECORD)
    arguments = [part for name, value in entries for part in (text(name), exp.cast(value, "VARCHAR"))]
    return exp.cast(call("json_object", *arguments), "VARCHAR")


def pointer(*path: str | int) -> str:
    """Where in a JSON text: a pointer, so that any name is only a name."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def recorded(record_column: exp.Expr, *path: str | int) -> exp.Expr:
    """The text of an entry of a record."""
    return call("json_extract_string", record_column, text(pointer(*path)))


def double(value: float) -> exp.Expr:
    """A floating point number that comes out of the engine with the same bits."""
    assert isfinite(value)
    digits = repr(abs(float(value)))
    # without an exponent it would be a decimal
    made = exp.Literal.number(digits if "e" in digits else f"{digits}e0")
    return exp.Neg(this=made) if value < 0 else made
