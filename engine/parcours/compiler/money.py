"""Amounts of money in SQL, in the project's currency."""

from decimal import Decimal

from sqlglot import exp

from parcours.compiler.expressions import cast_to, number

MONEY = "DECIMAL(38, 12)"
"""Amounts have at most 15 digits and 12 more behind the point."""


def money(value: int | Decimal) -> exp.Expr:
    return cast_to(number(value), MONEY)
