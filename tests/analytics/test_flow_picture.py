"""The picture of a flow: all of it is there, to scale, and nothing in it can do harm."""

from xml.etree.ElementTree import Element, fromstring

import pytest
from world import instant

from parcours.analytics.flow_picture import to_svg
from parcours.analytics.stages import NONE, Flow

SVG = "{http://www.w3.org/2000/svg}"
FLOW = Flow(
    "buyer",
    ("new", "gone_cold", NONE),
    (instant("2026-01-01 00:00"), instant("2026-01-31 23:30")),
    ({"new": 60, NONE: 40}, {"new": 20, "gone_cold": 100}),
    (
        {
            ("new", "gone_cold"): 50,
            ("new", "new"): 10,
            (NONE, "gone_cold"): 40,
            (None, "new"): 10,
            (None, "gone_cold"): 10,
        },
    ),
)


def _drawn(flow: Flow = FLOW, zone: str = "UTC") -> Element:
    return fromstring(to_svg(flow, zone))


def _told(root: Element, tag: str) -> list[str]:
    """What is told of each bar or band."""
    return [
        e.findtext(f"{SVG}title") or "" for e in root.iter(SVG + tag) if e.find(f"{SVG}title") is not None
    ]


def test_a_bar_for_each_stage_and_a_band_for_each_way() -> None:
    root = _drawn()
    assert _told(root, "rect") == [
        "2026-01-01: 60 new (60%)",
        "2026-01-01: 40 no stage (40%)",
        "2026-01-31: 20 new (17%)",
        "2026-01-31: 100 gone cold (83%)",
    ]
    assert _told(root, "path") == [
        "new to new, 2026-01-01 to 2026-01-31: 10",
        "new to gone cold, 2026-01-01 to 2026-01-31: 50",
        "no stage to gone cold, 2026-01-01 to 2026-01-31: 40",
    ]


def test_heights_are_numbers_of_contacts() -> None:
    bars = [e for e in _drawn().iter(f"{SVG}rect") if e.find(f"{SVG}title") is not None]
    heights = [float(bar.get("height", "")) for bar in bars]
    assert heights == pytest.approx(
        [height / 120 * (heights[2] + heights[3]) for height in (60, 40, 20, 100)], abs=0.2
    )
    ends = [float(bar.get("y", "")) + height for bar, height in zip(bars, heights, strict=True)]
    assert ends[1] == pytest.approx(ends[3], abs=0.2)  # the bars stand on one line


def test_everything_lies_within_the_picture() -> None:
    root = _drawn()
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for text in root.iter(f"{SVG}text"):
        assert 0 < float(text.get("x", "")) < width
        assert 0 < float(text.get("y", "")) < height


def test_dates_are_those_of_the_projects_zone() -> None:
    assert "2026-02-01" in to_svg(FLOW, "Europe/Paris")
    assert "2026-02-01" not in to_svg(FLOW, "UTC")


def test_names_are_only_names() -> None:
    evil = '<script>alert("x")</script>'
    flow = Flow(evil, (evil,), FLOW.dates[:1], ({evil: 1},), ())
    text = to_svg(flow, "UTC")
    assert "<script" not in text
    assert fromstring(text).findtext(f"{SVG}title") == f"Stages of {evil}, 2026-01-01 to 2026-01-01"


@pytest.mark.parametrize("counts", [({}, {}), ({}, {"new": 1})])
def test_a_flow_of_nobody_is_a_picture_too(counts) -> None:
    _drawn(Flow("buyer", ("new",), FLOW.dates, counts, ({},)))
