"""Learns a declaration of `rules` from what was visible at an instant."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlglot import exp

from parcours.analytics.learner import Result, Run
from parcours.analytics.rules import associations, baskets, cores, itemsets, sequences
from parcours.analytics.rules.baskets import Baskets
from parcours.analytics.rules.thresholds import Thresholds
from parcours.analytics.snapshot import Snapshot
from parcours.checking import checked
from parcours.compiler.analytic_store import RULES
from parcours.compiler.expressions import column, own, table
from parcours.compiler.terms import event_table
from parcours.compiler.zones import shifted
from parcours.diagnostics import Problem, problem

_MADE = (
    *("line", "basket", "likely", "likely_line", "coded", "item", "set", "candidate", "found"),
    *("purchase", "before", "after", "count", "rule", "series", "start"),
)
"""The tables that are made on the way, and dropped whatever happens."""


def learn_rules(rules: checked.Rules, snapshot: Snapshot, earlier: Sequence[Run]) -> Result:  # noqa: ARG001 - each time anew
    """The rules that hold in all that was visible, with the columns of `analytic_store.RULES`. The report has what was
    counted: `baskets`, `minimum`, `sets` by size (not of sequences), `rules`, `cores`, and the thresholds.

    `Problem` when there is no line, no basket with two products, or no purchase old enough."""
    thresholds = thresholds_of(rules)
    engine = snapshot.engine
    try:
        sizes: tuple[int, ...] = ()
        if rules.within is None:
            counted = baskets.code(engine, _lines(rules, snapshot), thresholds)
            sizes = itemsets.find(engine, counted)
            associations.count_sets(engine)
        else:
            counted = sequences.count(engine, _lines(rules, snapshot), snapshot.as_of, thresholds)
        found = associations.make(engine, counted.count, counted.minimum, thresholds)
        if not found:
            _must_be_learnable(rules, snapshot, counted)
        core = cores.mark(engine, _series(rules, snapshot))
    finally:
        for name in _MADE:
            engine.run_tree(exp.Drop(tables=[table(f"_rules_{name}")], kind="TABLE", exists=True))
    report: dict[str, Any] = {
        "summary": _summary(rules, counted, found, core),
        "baskets": counted.count,
        "minimum": counted.minimum,
        "sets": list(sizes),
        "rules": found,
        "cores": core,
        "thresholds": {name: str(value) for name, value in asdict(thresholds).items()},
    }
    return Result(RULES, "_rules_marked", report)


def thresholds_of(rules: checked.Rules) -> Thresholds:
    """What the declaration says, and what holds where it says nothing."""
    unsaid = Thresholds()
    return Thresholds(
        support=unsaid.support if rules.support is None else rules.support,
        confidence=unsaid.confidence if rules.confidence is None else rules.confidence,
        lift=unsaid.lift if rules.lift is None else rules.lift,
    )


def _lines(rules: checked.Rules, snapshot: Snapshot) -> exp.Select:
    """What was bought, as `baskets.code` or `sequences.count` takes it."""
    query = _series(rules, snapshot)
    if rules.within is None:
        assert rules.basket is not None, "rules have a basket or a window"
        return query.select(exp.alias_(column(rules.basket.name, "e"), "basket"), copy=False)
    until = shifted(snapshot.project.time_zone, own("_at", "e"), rules.within, 1)
    return query.select(exp.alias_(until, "until"), copy=False)


def _series(rules: checked.Rules, snapshot: Snapshot) -> exp.Select:
    return (
        exp.select(
            exp.alias_(own("_contact", "e"), "contact"),
            exp.alias_(own("_at", "e"), "bought_at"),
            exp.alias_(exp.cast(column(rules.item.name, "e"), "VARCHAR"), "item"),
        )
        .from_(event_table(rules.event), copy=False)
        .where(snapshot.visible("e"), copy=False)
    )


def _must_be_learnable(rules: checked.Rules, snapshot: Snapshot, counted: Baskets) -> None:
    """Where there is no rule: `Problem` when there cannot be any."""
    engine = snapshot.engine
    snapshot.make("_rules_line", _lines(rules, snapshot))
    ((lines,),) = engine.run_text("SELECT count(*) FROM _rules_line WHERE item IS NOT NULL")
    if not lines:
        raise _refused(
            rules,
            f"no `{rules.event}` with a `{rules.item.name}` was known by then",
            "bring in what was bought",
        )
    if rules.within is not None:
        if not counted.count:
            raise _refused(
                rules,
                f"no purchase was {rules.within} old by then",
                "learn as of a later date, or look less far",
            )
        return
    several = engine.run_text(
        "SELECT 1 FROM _rules_line WHERE item IS NOT NULL AND basket IS NOT NULL "
        "GROUP BY contact, basket HAVING min(item) != max(item) LIMIT 1"
    )
    if not several:
        assert rules.basket is not None, "rules have a basket or a window"
        help_ = f"is `{rules.basket.name}` what the lines of one basket have in common?"
        none = (
            "the only basket has one product"
            if counted.count == 1
            else f"none of {counted.count:,} baskets has two products"
        )
        raise _refused(rules, f"{none}: nothing is together", help_)


def _refused(rules: checked.Rules, reason: str, help_: str) -> Problem:
    return problem(
        "cannot-learn", f"the rules `{rules.name}` cannot be learned: {reason}", rules.place, help=help_
    )


def _summary(rules: checked.Rules, counted: Baskets, found: int, core: int) -> str:
    what = "baskets" if rules.within is None else "purchases"
    least = f"each in at least {counted.minimum:,} of {counted.count:,} {what}"
    if not found:
        return f"no rules: none reaches the thresholds and is surer than chance, {least}"
    return f"{found:,} rule{'s' * (found != 1)}, {core:,} core product{'s' * (core != 1)}, {least}"
