"""Who may be written to: all sends of a round, arbitrated together (LANGUAGE.md section 6).

What each candidate meets by what was granted before is there already (tried.py). The candidates are decided step by step,
each step seeing what was granted in those before: of the candidates of a step, those whom that concerns are tried again."""

from sqlglot import exp

from parcours.compiler import budgets, capacity, choosing, granted
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.closing import Closing
from parcours.compiler.expressions import create_temporary, insert, number, own, parameter, table
from parcours.compiler.layout import VERDICT
from parcours.compiler.statement import Statement


def tried_again(what: Arbitration) -> Statement | None:
    """`_again`: as `_tried`, of those candidates of a step to whom or to whose like something was granted in this tick, by that
    too. None where no rule looks at what was granted."""
    if not what.tallies:
        return None
    closing = Closing(what)
    query = granted.with_now(exp.Select(), what)
    here = granted.again(what, [*closing.columns(), *closing.found()])
    query = query.with_("here", as_=here, copy=False)
    filled = exp.select("t.*").from_(table("here", "t"), copy=False)
    for limit in what.limits:
        if limit.count:
            full = granted.filled_at(limit, what, own("priority", "t"), with_now=True)
            filled = filled.select(exp.alias_(full, f"full_{limit.number}"), copy=False)
    filled = granted.with_past(filled, what, "t")
    query = query.with_("filled", as_=filled, copy=False)
    return Statement(
        "tried_again",
        "of one step: the gates for those whom it concerns what was granted in this tick",
        create_temporary("_again", closing.closed(query, "filled", "candidate")),
    )


def verdicts(what: Arbitration, *, again: bool) -> Statement:
    """`INSERT INTO _verdict`: the candidates of one step, each granted, held or not sent, and by which gate. `again`: some of
    them were tried again.

    P3: every contact's best candidate goes first, then every contact's second, each seeing what was granted before."""
    query, last = exp.Select().with_("faced", as_=_faced(what, again=again), copy=False), "faced"
    queued = capacity.limited(what.policy)
    if queued:
        query = capacity.with_rooms(query, queued, what.gates)
        query, last = query.with_("roomy", as_=choosing.with_rooms(last, what), copy=False), "roomy"
    query, last = query.with_("chosen", as_=choosing.chosen(last, what), copy=False), "chosen"
    if queued:
        query, last = capacity.in_line(query, last)
    query, last = budgets.with_budget(query, last, what)
    query = choosing.decided(query, last, what)
    name, purpose = "verdicts", "the candidates of one step: granted, held or not sent"
    if again:
        name, purpose = f"{name}_again", f"{purpose}, some of them tried again"
    return Statement(name, purpose, insert("_verdict", VERDICT, query))


def _faced(what: Arbitration, *, again: bool) -> exp.Query:
    """The candidates of the step that are not decided yet, each as it was tried last."""
    first = _of_step("_tried", what)
    if not again:
        return first
    anew = exp.select(number(1)).from_(table("_again", "a"), copy=False)
    anew = anew.where(exp.EQ(this=own("candidate", "a"), expression=own("rowid", "t")), copy=False)
    first = first.where(exp.Not(this=exp.Exists(this=anew)), copy=False)
    return exp.union(first, _of_step("_again", what), distinct=False)


def _of_step(source: str, what: Arbitration) -> exp.Select:
    names = [f"{name}_{p}" for p in what.positions for name in ("option", "closed", "opens")]
    query = exp.select(*(own(name, "t") for name in (*what.of_candidate, *names)))
    query = query.from_(table(source, "t"), copy=False)
    here: list[exp.Expr] = [exp.EQ(this=own("step", "t"), expression=parameter("step"))]
    if what.with_rooms:
        here.append(exp.GT(this=own("place", "t"), expression=parameter("decided")))
    return query.where(*here, copy=False)
