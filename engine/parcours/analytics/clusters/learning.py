"""Learns clusters: features of a snapshot ─► groups, and every contact's group and distance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from parcours.analytics.clusters.assigning import assigned
from parcours.analytics.clusters.model import Cluster, ClusterModel
from parcours.analytics.clusters.profiling import profiles
from parcours.analytics.extra import one_thread
from parcours.analytics.features import Feature, sample_order
from parcours.compiler.expressions import column, create_temporary, own, table
from parcours.diagnostics import Place, problem
from parcours.engines.duckdb.engine import DuckDBEngine

if TYPE_CHECKING:
    from parcours.analytics.clusters.encoding import Encoding
    from parcours.analytics.clusters.grouping import Grouping

GROUPS = (2, 8)
CLIP = (Decimal(1), Decimal(99))
SAMPLE = 50_000
"""What holds where the declaration does not say it."""

_UNSTEADY = 0.75  # an agreement of halves below: another sample would have been cut elsewhere
_BLURRED = 0.25  # a silhouette below: the groups shade into one another (Kaufman and Rousseeuw 1990)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the name of the clusters, how many groups, percentiles beyond which values are clipped, how many
    contacts are learned from. `before`: the report of the run before, whose names are kept."""

    name: str
    groups: tuple[int, int] = GROUPS
    clip: tuple[Decimal, Decimal] = CLIP
    sample: int = SAMPLE
    before: Mapping[str, Any] | None = None
    place: Place = field(default=Place(""))


def group_contacts(
    engine: DuckDBEngine, source: str, features: Sequence[Feature], asked: Asked, target: str
) -> dict[str, Any]:
    """Makes the temporary table `target(contact, "group", distance)` of the contacts of the table `source(contact, f0, …)`,
    and gives the report. Raises `Problem` when there is too little to tell groups apart."""
    ((contacts,),) = engine.run_tree(exp.select(exp.Count(this=exp.Star())).from_(table(source)))
    if contacts <= asked.groups[0]:
        raise _too_little(
            asked,
            f"there {_are(contacts, 'contact')} to group, and at least {asked.groups[0]} groups are asked for",
            "widen `for`, or wait until there are more",
        )
    sample = _draw_sample(engine, source, asked, features)
    model, encoding, grouping = _fitted(engine, source, sample, features, asked)
    engine.run_tree(create_temporary(target, assigned(model, source)))
    described = profiles(engine, model, features, source, target)
    return _report(asked, contacts, model, encoding, grouping, described)


def _draw_sample(engine: DuckDBEngine, source: str, asked: Asked, features: Sequence[Feature]) -> str:
    """The table of those who are learned from, with their `place` in the order of chance."""
    ordered = [exp.Ordered(this=made) for made in sample_order(f"clusters/{asked.name}")]
    place = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=ordered))
    columns = [column(feature.column) for feature in features]
    drawn = exp.select(*columns, exp.alias_(place, "place")).from_(table(source)).subquery("drawn")
    within = exp.LTE(this=own("place"), expression=exp.Literal.number(asked.sample))
    engine.run_tree(create_temporary("_clusters_sample", exp.select(exp.Star()).from_(drawn).where(within)))
    return "_clusters_sample"


def _fitted(
    engine: DuckDBEngine, source: str, sample: str, features: Sequence[Feature], asked: Asked
) -> "tuple[ClusterModel, Encoding, Grouping]":
    # heavy: only where something is learned
    import numpy as np

    from parcours.analytics.clusters.encoding import LEFT_OUT, encode, sample_points
    from parcours.analytics.clusters.grouping import SEARCHED, group

    before = None if asked.before is None else ClusterModel.of_data(asked.before["model"])
    logarithms = None if before is None else frozenset(axis.name for axis in before.axes if axis.logarithm)
    with one_thread():
        encoding = encode(engine, source, sample, features, asked.clip, logarithms)
        if not encoding.axes:
            raise _too_little(
                asked,
                f"{'; '.join(note.removesuffix(LEFT_OUT) for note in encoding.notes)}: nothing tells contacts apart",
                "name values in `from` that differ between contacts",
            )
        points = sample_points(engine, sample, encoding.axes)
        distinct = len(np.unique(points[:SEARCHED], axis=0))
        if distinct <= asked.groups[0]:
            raise _too_little(
                asked,
                f"there {_are(distinct, 'kind')} of contacts that differ, and at least {asked.groups[0]} groups are asked for",
                "ask for fewer groups, or name more values in `from`",
            )
        grouping = group(points, *asked.groups)
        names = _names(before, encoding, grouping)
    centres = [tuple(float(x) for x in centre) for centre in grouping.centres]
    made = sorted(zip(names, centres, strict=True))
    return ClusterModel(encoding.axes, tuple(Cluster(*one) for one in made)), encoding, grouping


def _names(before: ClusterModel | None, encoding: "Encoding", grouping: "Grouping") -> list[str]:
    """A name for each group, in the order of the centres: the one that it had before, or a new one."""
    from parcours.analytics.clusters.keeping import kept_names
    from parcours.analytics.clusters.naming import name_groups

    kept: Sequence[str | None] = [None] * len(grouping.centres)
    if before is not None:
        kept = kept_names(before, encoding.axes, grouping.centres)
    nameless = [centre for centre, name in zip(grouping.centres, kept, strict=True) if name is None]
    anew = iter(name_groups(encoding.axes, nameless, [name for name in kept if name is not None]))
    return [name or next(anew) for name in kept]


def _report(
    asked: Asked,
    contacts: int,
    model: ClusterModel,
    encoding: "Encoding",
    grouping: "Grouping",
    described: list[dict[str, Any]],
) -> dict[str, Any]:
    count = len(model.clusters)
    notes = [*encoding.notes]
    if grouping.silhouette < _BLURRED:
        notes.append(
            f"the groups shade into one another (silhouette {grouping.silhouette:.2f}): they cut a cloud into parts, and are "
            "no kinds of contacts of their own"
        )
    if grouping.agreement < _UNSTEADY:
        notes.append(
            f"two halves of the contacts, grouped alone, agree by {grouping.agreement:.0%} only: other contacts would have "
            "been cut elsewhere"
        )
    before = set() if asked.before is None else {one["name"] for one in asked.before["model"]["clusters"]}
    now = {one.name for one in model.clusters}
    return {
        "summary": f"{count} groups of {contacts:,} contacts, silhouette {grouping.silhouette:.2f}",
        "contacts": contacts,
        "sample": min(contacts, asked.sample),
        "silhouette": grouping.silhouette,
        "silhouettes": {str(number): value for number, value in grouping.silhouettes.items()},
        "agreement": grouping.agreement,
        "notes": notes,
        "new": sorted(now - before) if asked.before is not None else [],
        "gone": sorted(before - now),
        "groups": described,
        "model": model.as_data(),
    }


def _too_little(asked: Asked, message: str, advice: str) -> Exception:
    return problem(
        "cannot-learn", f"the clusters `{asked.name}` cannot be learned: {message}", asked.place, help=advice
    )


def _are(count: int, noun: str) -> str:
    return f"is 1 {noun}" if count == 1 else f"are {count:,} {noun}s" if count else f"is no {noun}"
