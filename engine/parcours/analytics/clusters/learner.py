"""The learner of `clusters`: declaration and snapshot ─► the groups of contacts as of then."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.analytics.clusters.learning import CLIP, GROUPS, SAMPLE, Asked, group_contacts
from parcours.analytics.extra import need_libraries
from parcours.analytics.features import plain_features, plain_values
from parcours.analytics.learner import Result, Run
from parcours.analytics.snapshot import Snapshot
from parcours.checking.checked import Clusters
from parcours.compiler.expressions import create_temporary, own, table

_THEN, _ROWS, _GROUPED = "_clusters_then", "_clusters_rows", "_clusters"


def learn_clusters(declared: Clusters, snapshot: Snapshot, earlier: Sequence[Run]) -> Result:
    """`Problem` when there is too little to tell groups apart. Groups keep the names that they had in the newest of the
    earlier runs."""
    need_libraries(f"the clusters `{declared.name}`", declared.place)
    columns = snapshot.table_of_features([one.term for one in declared.features], declared.population, _THEN)
    plain = exp.select(own("contact"), *plain_values(columns, snapshot.as_of)).from_(table(_THEN))
    snapshot.engine.run_tree(create_temporary(_ROWS, plain))
    asked = Asked(
        declared.name,
        groups=declared.groups or GROUPS,
        clip=declared.clip or CLIP,
        sample=declared.sample or SAMPLE,
        before=earlier[-1].report if earlier else None,
        place=declared.place,
    )
    features = plain_features(columns, [one.name for one in declared.features])
    report = group_contacts(snapshot.engine, _ROWS, features, asked, _GROUPED)
    return Result(snapshot.columns_of("clusters"), _GROUPED, report)
