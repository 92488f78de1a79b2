"""The analytic core as declared, as models (LANGUAGE.md section 7)."""

from decimal import Decimal

from journey_text import declaration, findings


def test_an_rfm() -> None:
    rfm = declaration(
        'rfm value\n    "Why"\n    of order.amount, visit over 24 months\n    scored 1 to 5 by quantile\n'
        "    trend over 90 days\n"
    )
    assert (rfm.doc, [str(path) for path in rfm.of], str(rfm.over)) == (
        "Why",
        ["order.amount", "visit"],
        "24 months",
    )
    assert (rfm.scored_from, rfm.scored_to, str(rfm.scored_by), str(rfm.trend)) == (
        1,
        5,
        "quantile",
        "90 days",
    )


def test_clusters() -> None:
    clusters = declaration(
        "clusters typology\n    from value, average of order.amount in last 24 months\n    for has order ever\n"
        "    between 3 and 8 groups\n    clip outliers at 1% and 99%\n    sample 50000\n    refresh every 30 days\n"
    )
    assert [feature.kind for feature in clusters.features] == ["path", "aggregate"]
    assert (clusters.fewest, clusters.most, clusters.sample) == (3, 8, 50000)
    assert (clusters.clip_low, clusters.clip_high) == (Decimal(1), Decimal(99))
    assert (clusters.population.kind, str(clusters.refresh)) == ("has", "30 days")


def test_a_score_with_every_kind_of_zone() -> None:
    score = declaration(
        "score appetency\n    predict has order within 30 days\n    for not a\n    from value\n"
        "    learn on 12 months\n    refresh every 7 days\n    zones\n"
        "        churn where score.churn >= 70%\n        high top 10%\n        profitable from break even\n"
        "        fair from 2.5%\n        low otherwise\n"
    )
    assert (score.predict.kind, score.predict.window.kind, str(score.within)) == ("has", "ever", "30 days")
    assert (str(score.learn_on), score.population.kind) == ("12 months", "not")
    assert [(zone.kind, str(zone.name)) for zone in score.zones] == [
        ("where", "churn"),
        ("top", "high"),
        ("break_even", "profitable"),
        ("from", "fair"),
        ("otherwise", "low"),
    ]
    assert (score.zones[1].percent, score.zones[3].percent) == (Decimal(10), Decimal("2.5"))


def test_rules_over_baskets_and_over_time() -> None:
    baskets = declaration(
        "rules cross_sell\n    product of line together in order_id\n    support from 0.5%\n"
        "    confidence from 20%\n    lift from 1.2\n    refresh every 7 days\n"
    )
    assert (str(baskets.item), str(baskets.event), str(baskets.together_in)) == (
        "product",
        "line",
        "order_id",
    )
    assert (baskets.support, baskets.confidence, baskets.lift) == (
        Decimal("0.5"),
        Decimal(20),
        Decimal("1.2"),
    )
    assert baskets.followed_within is None
    later = declaration("rules next\n    product of line followed within 60 days\n    lift from 2\n")
    assert (str(later.followed_within), later.together_in, later.lift) == ("60 days", None, Decimal(2))


def test_a_source_of_rules_is_said_once() -> None:
    (finding,) = findings("rules r\n    a of b together in c\n    a of b followed within 1 day\n")
    assert (finding.code, finding.place.line) == ("repeated-clause", 3)
