"""Rates of messages, counted by Parcours itself (LANGUAGE.md P2): whole millionths, each as if `PRIOR` messages more had gone
out, so that they are the same on every engine, bit for bit."""

from sqlglot import exp

from parcours.compiler.counting import counted_on
from parcours.compiler.expressions import cast_to, number, own, table, text

MILLION = 1_000_000
PRIOR = 20
RATE = "DECIMAL(7, 6)"


def by_channel(counted: str) -> exp.Select:
    """Of all messages that were sent by a channel: how many, and how many of them were `counted` so."""
    sums = [exp.alias_(exp.cast(exp.Sum(this=own(name, "c")), "BIGINT"), name) for name in ("sends", counted)]
    query = exp.select(own("channel", "c"), *sums).from_(table("state.response", "c"), copy=False)
    return query.where(counted_on("c"), copy=False).group_by(own("channel", "c"), copy=False)


def rate(counted: str, of: str, alias: str, successes: int) -> exp.Expr:
    """In whole millionths, as if so many `successes` more had been among `PRIOR` messages more."""
    found, all_ = (
        exp.paren(
            exp.Add(
                this=exp.Coalesce(this=own(name, alias), expressions=[number(0)]), expression=number(added)
            )
        )
        for name, added in ((counted, successes), (of, PRIOR))
    )
    return exp.IntDiv(this=exp.paren(exp.Mul(this=number(MILLION), expression=found)), expression=all_)


def as_rate(millionths: exp.Expr) -> exp.Expr:
    """Whole millionths as a number of six digits."""
    one = cast_to(text("0.000001"), RATE)
    return cast_to(exp.Mul(this=cast_to(millionths, "DECIMAL(7, 0)"), expression=one), RATE)
