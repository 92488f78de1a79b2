"""Shares in SQL (T17)."""

from sqlglot import exp

from parcours.compiler.expressions import number, own, text
from parcours.compiler.routes import Share


def share_below(share: Share, alias: str) -> exp.Expr:
    """The first 8 hex digits of md5(`journey/split:contact key`), compared as text with those of the bound. The bound
    is less than everybody."""
    key = exp.DPipe(this=text(f"{share.key}:"), expression=exp.cast(own("contact", alias), "VARCHAR"))
    digits = exp.Substring(this=exp.MD5(this=key), start=number(1), length=number(8))
    return exp.LT(this=digits, expression=text(f"{share.below:08x}"))
