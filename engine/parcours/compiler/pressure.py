"""Who may be written to: all sends of a round, arbitrated together (LANGUAGE.md section 6).

What is known of their contacts is there already (known.py). The candidates are decided step by step, each step seeing what was
granted in those before."""

from dataclasses import dataclass

from sqlglot import exp

from parcours.compiler import budgets, capacity, choosing
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.expressions import create_temporary, insert, own, parameter, table
from parcours.compiler.layout import VERDICT
from parcours.compiler.statement import Statement
from parcours.compiler.tried import Tried


@dataclass(frozen=True, slots=True)
class Deciding:
    """The statements of one step, in their order: `faced` when candidates are tried before they are decided, `verdicts`."""

    faced: Statement | None
    verdicts: Statement

    def statements(self) -> list[Statement]:
        return [*([self.faced] if self.faced else []), self.verdicts]


def deciding(what: Arbitration, tried: Tried) -> tuple[Deciding, Deciding]:
    """How a step is decided: the first one of a tick; and another one, where something may have been granted before. P3: every
    contact's best candidate goes first, then every contact's second, each seeing what was granted before."""
    first = _deciding(what, tried, with_now=False)
    return first, _deciding(what, tried, with_now=True) if what.tallies else first


def _deciding(what: Arbitration, tried: Tried, *, with_now: bool) -> Deciding:
    again = "_again" if with_now else ""
    purpose = "the candidates of one step on every channel"
    if with_now:
        purpose = f"{purpose}, by what was granted in this tick too"
    query = tried.of_step(with_now=with_now)
    if not what.with_rooms:
        verdicts = _verdicts(exp.Select().with_("faced", as_=query, copy=False), "faced", what)
        return Deciding(
            None, Statement(f"verdicts{again}", f"{purpose}: granted, held or not sent", verdicts)
        )
    # decided in several passes, but tried once
    faced = Statement(f"faced{again}", purpose, create_temporary("_faced", query))
    left = exp.select("t.*").from_(table("_faced", "t"), copy=False)
    left = left.where(exp.GT(this=own("place", "t"), expression=parameter("decided")), copy=False)
    verdicts = _verdicts(exp.Select().with_("faced", as_=left, copy=False), "faced", what)
    return Deciding(
        faced, Statement("verdicts", "the candidates of one step: granted, held or not sent", verdicts)
    )


def _verdicts(query: exp.Select, last: str, what: Arbitration) -> exp.Insert:
    """`INSERT INTO _verdict`: the candidates that the query has as its table `last`, each granted, held or not sent, and by which
    gate."""
    queued = capacity.limited(what.policy)
    if queued:
        query = capacity.with_rooms(query, queued, what.gates)
        query, last = query.with_("roomy", as_=choosing.with_rooms(last, what), copy=False), "roomy"
    query, last = query.with_("chosen", as_=choosing.chosen(last, what), copy=False), "chosen"
    if queued:
        query, last = capacity.in_line(query, last)
    query, last = budgets.with_budget(query, last, what)
    return insert("_verdict", VERDICT, choosing.decided(query, last, what))
