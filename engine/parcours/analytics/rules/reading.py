"""What was learned of rules, read for people."""

from dataclasses import dataclass

from sqlglot import exp

from parcours.analytics.learner import Run
from parcours.analytics.store import stored
from parcours.compiler.analytic_store import RULES, table_of
from parcours.compiler.expressions import number, own
from parcours.engines.duckdb.engine import DuckDBEngine


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of `analytic_store.RULES`, with the columns in their order."""

    rank: int
    antecedent: tuple[str, ...]
    consequent: str
    baskets: int
    antecedent_count: int
    consequent_count: int
    both_count: int
    support: float
    confidence: float
    lift: float
    leverage: float
    conviction: float | None
    core: bool


@dataclass(frozen=True, slots=True)
class Core:
    """A core product and what goes with it, the best rule first."""

    product: str
    attached: tuple[str, ...]


def best_rules(engine: DuckDBEngine, run: Run, top: int) -> tuple[Rule, ...]:
    """The first rules of a run, by their rank."""
    query = exp.select(*(own(name) for name in RULES)).from_(_stored(run)).where(_of(run))
    found = engine.run_tree(query.order_by(own("rank"), copy=False).limit(top, copy=False))
    return tuple(Rule(rank, tuple(antecedent), *rest) for rank, antecedent, *rest in found)


def core_products(engine: DuckDBEngine, run: Run, top: int) -> tuple[Core, ...]:
    """The core products of a run: those first whose best rule is the best."""
    product = exp.Bracket(this=own("antecedent"), expressions=[number(0)])
    attached = exp.ArrayAgg(
        this=exp.Order(this=own("consequent"), expressions=[exp.Ordered(this=own("rank"), nulls_first=False)])
    )
    query = (
        exp.select(exp.alias_(product, "product"), exp.alias_(attached, "attached"))
        .from_(_stored(run))
        .where(_of(run), own("core"))
        .group_by(product.copy())
        .order_by(exp.Min(this=own("rank")))
        .limit(top)
    )
    return tuple(Core(name, tuple(with_it)) for name, with_it in engine.run_tree(query))


def _stored(run: Run) -> exp.Table:
    return stored(table_of("rules", run.name))


def _of(run: Run) -> exp.Expr:
    return exp.EQ(this=own("run"), expression=number(run.number))
