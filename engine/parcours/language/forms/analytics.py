"""The analytic core: rfm, clusters, scores and association rules."""

from parcours.language.clauses import Block, Form, Part
from parcours.language.forms.shapes import named, one
from parcours.model import analytics

FORMS: tuple[Form, ...] = (
    named("rfm", analytics.Rfm, Block("", ("doc", "rfm_of", "rfm_scored", "rfm_trend"), merged=True)),
    Form("rfm_of", analytics.Rfm, (Part("of", field="of"), Part("over", field="over"))),
    Form("rfm_scored", analytics.Rfm, (Part("scored", field="scored_to"), Part("by", field="scored_by"))),
    one("rfm_trend", "trend over", analytics.Rfm, "trend"),
    named(
        "clusters",
        analytics.Clusters,
        Block("", ("doc", "features", "population", "groups", "clip", "sample", "refresh"), merged=True),
    ),
    one("features", "from", analytics.Clusters, "features"),
    one("population", "for", analytics.Clusters, "population"),
    Form("groups", analytics.Clusters, (Part("between", after=" groups", field="fewest"),)),
    one("clip", "clip outliers at", analytics.Clusters, "clip_low"),
    one("sample", "sample", analytics.Clusters, "sample"),
    named(
        "score",
        analytics.Score,
        Block("", ("doc", "predict", "population", "features", "learn_on", "refresh"), merged=True),
        Block("zones", ("zone_where", "zone_top", "zone_from", "zone_otherwise"), heading="zones"),
    ),
    Form("predict", analytics.Score, (Part("predict", field="predict"), Part("within", field="within"))),
    one("learn_on", "learn on", analytics.Score, "learn_on"),
    Form(
        "zone_where",
        analytics.ZoneWhere,
        (Part("zone", before="", field="name"), Part("where", field="predicate")),
    ),
    Form(
        "zone_top", analytics.ZoneTop, (Part("zone", before="", field="name"), Part("top", field="percent"))
    ),
    # a percentage, or `break even`
    Form(
        "zone_from",
        analytics.ZoneFrom,
        (Part("zone", before="", field="name"), Part("from", field="percent")),
    ),
    Form(
        "zone_otherwise",
        analytics.ZoneOtherwise,
        (Part("zone", before="", field="name"), Part("otherwise", "flag")),
    ),
    named(
        "rules",
        analytics.Rules,
        Block(
            "",
            ("doc", "together_in", "followed_within", "support", "confidence", "lift", "refresh"),
            merged=True,
        ),
    ),
    Form(
        "together_in",
        analytics.Rules,
        (
            Part("item", before="", field="item"),
            Part("of", field="event"),
            Part("together in", field="together_in"),
        ),
    ),
    Form(
        "followed_within",
        analytics.Rules,
        (
            Part("item", before="", field="item"),
            Part("of", field="event"),
            Part("followed within", field="followed_within"),
        ),
    ),
    one("support", "support from", analytics.Rules, "support"),
    one("confidence", "confidence from", analytics.Rules, "confidence"),
    one("lift", "lift from", analytics.Rules, "lift"),
)
