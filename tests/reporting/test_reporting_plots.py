"""Plots: every value has its mark, in its place, and the marks of the axis are round."""

import re
from xml.etree import ElementTree

import pytest

from parcours.reporting.plots import Counts, Estimate, Line, columns, estimates, funnel, lines
from parcours.reporting.rates import share


def drawn(figure: str) -> ElementTree.Element:
    return ElementTree.fromstring(figure)  # also says that it is well formed


def marks(figure: str, name: str, kind: str) -> list[ElementTree.Element]:
    return [one for one in drawn(figure).iter(name) if one.get("class", "").startswith(kind)]


def axis(figure: str) -> list[str]:
    return list(re.findall(r'text-anchor="end"[^>]*>([^<]*)<', figure))


def test_columns_are_as_tall_as_their_counts() -> None:
    made = columns("sent", ["a", "b", "c"], [Counts("first", "sent", [0, 50, 100])])
    tall = [float(one.get("height", "")) for one in marks(made, "rect", "dot first")]
    assert tall[0] == 0 and tall[2] == pytest.approx(2 * tall[1])
    assert "b: 50 sent" in made
    assert axis(made) == ["0", "20", "40", "60", "80", "100"]


@pytest.mark.parametrize(
    ("most", "last"),
    [(0, "1"), (1, "1"), (3, "3"), (7, "8"), (99, "100"), (1234, "1,500"), (38_832, "40,000")],
)
def test_an_axis_of_counts_ends_with_a_whole_round_number(most: int, last: str) -> None:
    assert axis(columns("sent", ["a"], [Counts("first", "sent", [most])]))[-1] == last


@pytest.mark.parametrize(
    ("most", "last"), [(0.0, "1.0%"), (0.233, "25%"), (0.004, "0.4%"), (0.0431, "5%"), (1.0, "100%")]
)
def test_an_axis_of_rates_has_as_many_digits_as_it_needs(most: float, last: str) -> None:
    assert axis(lines("rates", ["a"], [Line("first", "open rate", [most])]))[-1] == last


def test_a_rate_that_is_not_known_has_no_point() -> None:
    made = lines("rates", ["a", "b", "c"], [Line("first", "open rate", [0.1, None, 0.3])])
    assert len(marks(made, "circle", "dot first")) == 2
    (line,) = marks(made, "polyline", "line first")
    assert len(line.get("points", "").split()) == 2


def test_a_funnel_tells_each_stage() -> None:
    made = funnel(
        "all", [("granted", 1000, ""), ("opened", 250, " · 25.0% of delivered"), ("clicked", 0, "")]
    )
    wide = [float(one.get("width", "")) for one in marks(made, "rect", "bar")]
    assert wide[1] == pytest.approx(wide[0] / 4) and wide[2] == 0
    assert "1,000" in made and "250 · 25.0% of delivered" in made


def test_an_interval_lies_around_its_rate() -> None:
    made = estimates(
        "by segment", [Estimate("a & b", share(20, 100), "20.0%"), Estimate("c", share(0, 5), "0%")], "first"
    )
    reaches, dots = marks(made, "line", "reach first"), marks(made, "circle", "dot first")
    for reach, dot in zip(reaches, dots, strict=True):
        assert float(reach.get("x1", "")) <= float(dot.get("cx", "")) <= float(reach.get("x2", ""))
    assert "a &amp; b" in made


def test_nothing_can_be_drawn_too() -> None:
    for made in (columns("x", [], []), lines("x", [], []), funnel("x", []), estimates("x", [], "first")):
        assert drawn(made).tag == "figure"
