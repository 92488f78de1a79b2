"""The analytic core is checked like everything else: whether it can be learned, what it means, and by which hash."""

from decimal import Decimal
from typing import Any

import pytest
from journey_check import checked, findings, term, told

from parcours.checking.checked import (
    BreakEvenZone,
    Clusters,
    OtherwiseZone,
    Rfm,
    Rules,
    Score,
    Scored,
    Source,
    TopZone,
    WhereZone,
)
from parcours.checking.terms import (
    Attribute,
    Compare,
    Count,
    Events,
    Field,
    Learned,
    Window,
    happened,
    number,
)
from parcours.clock.span import Span
from parcours.compiler.analytic_store import hash_of

GOOD = """\
rfm value
    of order.amount over 24 months
    scored 1 to 5 by quantile
    trend over 90 days

rfm engagement
    of click, order over 12 months

lifecycle customer
    active: has order in last 90 days
    lost: otherwise

clusters typology
    from value, customer, age, average of order.amount in last 24 months
    for has order ever
    between 3 and 8 groups
    clip outliers at 1% and 99%

score churn
    predict no order within 120 days
    from value, engagement
    zones
        high top 10%
        profitable from break even
        old where age > 60
        low otherwise

rules cross_sell
    link of click followed within 60 days
    confidence from 5%

segment leaving
    score.churn > 70% or zone.churn is high or value.monetary = 5 or value.trend < 0 or typology.distance > 2
"""


def test_what_is_right_can_run() -> None:
    assert findings(GOOD) == ()


def declared(text: str = GOOD) -> dict[str, Any]:
    return {made.name: made for made in checked(text).learned}


def test_an_rfm_says_which_events_it_looks_at() -> None:
    found = declared()["value"]
    assert isinstance(found, Rfm)
    assert found.sources == (Source("order", Field("amount", "number")),)
    assert (found.over, found.trend, found.scored) == (
        Span(24, "month"),
        Span(90, "day"),
        Scored(1, 5, "quantile"),
    )
    assert declared()["engagement"].sources == (Source("click", None), Source("order", None))


def test_an_rfm_and_a_lifecycle_are_several_features() -> None:
    found = declared()["typology"]
    assert isinstance(found, Clusters)
    assert [feature.name for feature in found.features] == [
        *("value.recency", "value.frequency", "value.monetary", "value.trend"),
        *("customer is active", "customer is lost"),
        *("age", "average of order.amount in last 24 months"),
    ]
    assert [feature.term.kind for feature in found.features] == [
        *(["number"] * 4),
        *(["yes_no"] * 2),
        *(["number"] * 2),
    ]
    assert found.groups == (3, 8) and found.clip == (Decimal(1), Decimal(99))


def test_a_score_predicts_over_the_time_that_follows() -> None:
    found = declared()["churn"]
    assert isinstance(found, Score)
    window = Window("within_entry", Span(120, "day"))
    assert found.label == Compare("=", Count(Events("order", None, window)), number(0))
    old = WhereZone("old", Compare(">", Attribute("age", "number"), number(60)))
    assert found.zones == (
        TopZone("high", Decimal(10)),
        BreakEvenZone("profitable"),
        old,
        OtherwiseZone("low"),
    )


def test_a_window_of_its_own_stays_what_it_is_in_what_a_score_predicts() -> None:
    text = "score s\n    predict has order in last 5 days and not (sum of order.amount > 3) within 30 days\n    from age\n"
    recent, spent = declared(text)["s"].label.items
    assert recent == happened(Events("order", None, Window("in_last", Span(5, "day"))))
    assert spent.item.left.events.window == Window("within_entry", Span(30, "day"))


def test_rules_say_what_goes_together() -> None:
    found = declared()["cross_sell"]
    assert isinstance(found, Rules)
    assert (found.event, found.item, found.basket) == ("click", Field("link", "text"), None)
    assert (found.within, found.confidence, found.support) == (Span(60, "day"), Decimal(5), None)


# ---- the hash by which what was learned is found again

HASHED = """\
rfm value
    of order.amount over 24 months

score churn
    "Will not come back"
    predict no order within 120 days
    from value, age
    refresh every 7 days

clusters typology
    from score.churn
"""


@pytest.mark.parametrize("name", ["value", "churn", "typology"])
@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("over 24 months", "over 12 months", {"value", "churn", "typology"}),
        ("within 120 days", "within 60 days", {"churn", "typology"}),
        ("value, age", "value", {"churn", "typology"}),
        ("from score.churn", "from score.churn, age", {"typology"}),
        ("refresh every 7 days", "refresh every 1 day", set()),
        ("Will not come back", "Is lost", set()),
        ("score churn", "\n# a remark\nscore churn", set()),
    ],
)
def test_the_hash_is_another_when_what_is_learned_may_be(
    name: str, old: str, new: str, changed: set[str]
) -> None:
    before, after = checked(HASHED), checked(HASHED.replace(old, new, 1))
    kind = {"value": "rfm", "churn": "score", "typology": "clusters"}[name]
    assert (hash_of(kind, name, before) != hash_of(kind, name, after)) == (name in changed)  # type: ignore[arg-type]


def test_a_segment_that_a_declaration_reads_is_part_of_it() -> None:
    text = "score s\n    predict has order within 3 days\n    from age\n    for in segment old\n\nsegment old\n    age > 60\n"
    assert hash_of("score", "s", checked(text)) != hash_of("score", "s", checked(text.replace("60", "50")))


def test_a_term_carries_the_hash_of_what_it_reads() -> None:
    found = term("score.churn > 70%", HASHED)
    assert isinstance(found, Compare)
    expected = hash_of("score", "churn", checked(HASHED))
    assert found.left == Learned("score", "churn", "probability", "number", (), expected)


@pytest.mark.parametrize(
    ("text", "code", "message", "line", "column"),
    [
        ("rfm v\n    trend over 3 days\n", "missing-clause", "the rfm `v` cannot be learned: it has no `of`", 1, 5),
        ("rfm v\n    of ordr over 3 days\n", "unknown-event", "`ordr` is no event of the datamart", 2, 8),
        ("rfm v\n    of order.amont over 3 days\n", "unknown-field", "`amont` is no field of `order`", 2, 8),
        ("rfm v\n    of order.status over 3 days\n", "wrong-type", "`order.status` is text: only numbers can be added up", 2, 8),
        ("rfm v\n    of order over 2 days\n    scored 5 to 1 by quantile\n", "bad-number", None, 3, 5),
        ("rfm v\n    of order over 2 days\n    scored 1 to 5 by quantil\n", "unknown-name", None, 3, 22),
        ("clusters c\n    for age > 3\n", "missing-clause", None, 1, 10),
        ("clusters c\n    from agee\n", "unknown-attribute", "`agee` is no attribute of a contact", 2, 10),
        ("clusters c\n    from age\n    for agee > 3\n", "unknown-attribute", None, 3, 9),
        ("clusters c\n    from age\n    between 8 and 3 groups\n", "bad-number", None, 3, 5),
        ("clusters c\n    from age\n    between 1 and 3 groups\n", "bad-number", None, 3, 5),
        ("clusters c\n    from age\n    clip outliers at 60% and 40%\n", "bad-number", None, 3, 5),
        ("clusters c\n    from age\n    sample 0\n", "bad-number", None, 3, 5),
        ("score s\n    from age\n", "missing-clause", "the score `s` cannot be learned: it has no `predict`", 1, 7),
        ("score s\n    predict age within 3 days\n    from age\n", "not-a-condition", None, 2, 13),
        ("score s\n    predict has order within 3 days\n    from age\n    zones\n        a top 150%\n", "bad-number", None, 5, 9),
        ("score s\n    predict has order within 3 days\n    from age\n    zones\n        a otherwise\n        b top 5%\n", "unreachable-stage", None, 6, 9),
        ("score s\n    predict has order within 3 days\n    from age\n    zones\n        a top 5%\n        a top 9%\n", "duplicate-name", None, 6, 9),
        ("rules r\n    lnk of click together in link\n", "unknown-field", None, 2, 5),
        ("rules r\n    link of clik together in link\n", "unknown-event", None, 2, 13),
        ("rules r\n    link of click together in link\n    confidence from 150%\n", "bad-number", None, 3, 5),
        ("rules r\n    confidence from 50%\n", "missing-clause", None, 1, 7),
        ("segment s\n    score.x > 3\n", "unknown-score", "`x` is no score", 2, 5),
        ("score c\n    predict has order within 3 days\n    from age\nsegment s\n    score.c > 70\n", "bad-number", "`70` is no probability: write 70%", 5, 15),
        ("score c\n    predict has order within 3 days\n    from age\nsegment s\n    score.c between 10% and -1\n", "bad-number", "`-1` is no probability: write 0% to 100%", 5, 29),
        ("rfm v\n    of order over 3 days\nsegment s\n    v.monetary > 3\n", "unknown-name", None, 4, 5),
        ("rfm v\n    of order over 3 days\nsegment s\n    v.trend > 3\n", "unknown-name", None, 4, 5),
    ],
)  # fmt: skip
def test_one_mistake_is_told_at_its_place(text, code, message, line, column) -> None:
    (found,) = findings(text)
    assert (found.code, found.place.line, found.place.column) == (code, line, column), found
    assert message is None or found.message == message


def test_a_score_that_is_learned_from_itself_is_told_once() -> None:
    text = (
        "score b\n    predict has order within 3 days\n    from score.a\n\n"
        "score a\n    predict has order within 3 days\n    from age\n    for in segment s\n\n"
        "segment s\n    score.b > 50%\n"
    )
    assert [found[:2] for found in told(findings(text))] == [
        ("circular-segment", "the score `a` is learned from itself, by way of `b`")
    ]
