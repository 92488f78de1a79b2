"""Names of groups: what sets them apart, the most first, and no name twice."""

from parcours.analytics.clusters.model import Axis
from parcours.analytics.clusters.naming import name_groups

AXES = (
    Axis("f0", "value.monetary", "number", 0, 1),
    Axis("f1", "value.recency", "number", 0, 1),
    Axis("f2", "vip", "yes_no", 0.5, 0.5),
    Axis("f3", "country", "text", 0.3, 0.6, value="FR"),
    Axis("f3", "country", "text", 0.2, 0.6, value="Côte d'Ivoire"),
)


def test_what_differs_most_comes_first_and_what_hardly_differs_is_not_told() -> None:
    assert name_groups(AXES, [(1.2, -0.9, 0, 0, 0)]) == ("high_monetary_low_recency",)
    assert name_groups(AXES, [(0.2, -0.9, 0, 0, 0)]) == ("low_recency",)


def test_a_group_like_everybody_is_average() -> None:
    assert name_groups(AXES, [(0.1, 0.1, 0, 0, 0)]) == ("average",)


def test_yes_and_no_and_texts_are_told_as_what_they_are() -> None:
    assert name_groups(AXES, [(0, 0, 1.0, 0, 0)]) == ("vip",)
    assert name_groups(AXES, [(0, 0, -1.0, 0, 0)]) == ("not_vip",)
    assert name_groups(AXES, [(0, 0, 0, 0, 1.3)]) == ("country_cote_d_ivoire",)


def test_groups_that_would_be_called_the_same_get_more_words() -> None:
    names = name_groups(AXES, [(1.2, -0.9, 0.8, 0, 0), (1.2, -0.9, -0.8, 0, 0)])
    assert names == ("high_monetary_low_recency_vip", "high_monetary_low_recency_not_vip")


def test_no_name_is_given_twice_or_taken_from_another() -> None:
    same = [(1.0, 0, 0, 0, 0)] * 3
    names = name_groups(AXES, same, taken=["high_monetary"])
    assert len({*names, "high_monetary"}) == 4
