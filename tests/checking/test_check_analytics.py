"""The analytic core is checked like everything else, though nothing of it can run yet."""

import pytest
from journey_check import findings, told, unsupported

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


def test_what_is_right_is_refused_only_when_it_is_to_run() -> None:
    assert findings(GOOD) == ()
    assert {d.code for d in unsupported(GOOD)} == {"not-supported-yet"}


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
