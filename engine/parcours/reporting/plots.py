"""Plots as SVG inside a page: colours come from its style sheet, so that they follow the light or dark setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from parcours.graph.drawing.lettering import measure, shorten
from parcours.reporting.html import Markup, joined, tag
from parcours.reporting.rates import Rate

WIDTH = 500.0
_SIZE = 11.0  # of letters
_LABEL = 190.0  # the widest label at the left
_HEIGHT, _TOP, _BOTTOM = 210.0, 28.0, 180.0  # of a plot over time, and of what is drawn in it
_ROW = 24.0


@dataclass(frozen=True, slots=True)
class Counts:
    """So many for each label. `name` chooses the colour: `first`, `second`."""

    name: str
    title: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Line:
    """A value for each label; None where there is none. `name` chooses the colour."""

    name: str
    title: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate with its interval; `told` is what it says in words."""

    label: str
    rate: Rate
    told: str


def columns(title: str, labels: Sequence[str], drawn: Sequence[Counts]) -> Markup:
    """A column for each label; several counts stand in front of one another, the last in front."""
    most = max((value for counts in drawn for value in counts.values), default=0)
    axis, left, step = _Axis(most, percent=False), 52.0, (WIDTH - 70.0) / max(len(labels), 1)
    parts = axis.lines(left, _TOP, _BOTTOM)
    parts += _legend([(counts.name, counts.title) for counts in drawn]) if len(drawn) > 1 else []
    wide = min(step * 0.7, 48.0)
    for counts in drawn:
        for n, (label, value) in enumerate(zip(labels, counts.values, strict=True)):
            tall = (_BOTTOM - _TOP) * axis.part(value)
            place = {
                "x": left + step * (n + 0.5) - wide / 2,
                "y": _BOTTOM - tall,
                "width": wide,
                "height": tall,
            }
            said = tag("title", f"{label}: {value:,} {counts.title}")
            parts.append(tag("rect", said, class_=f"dot {counts.name}", **place))
    return _picture(title, _HEIGHT, [*parts, *_below(labels, left, step)])


def lines(title: str, labels: Sequence[str], drawn: Sequence[Line]) -> Markup:
    """Rates over time, each a line with a point for each label."""
    most = max((value for line in drawn for value in line.values if value is not None), default=0.0)
    axis, left, step = _Axis(most, percent=True), 52.0, (WIDTH - 70.0) / max(len(labels), 1)
    parts = [*axis.lines(left, _TOP, _BOTTOM), *_legend([(line.name, line.title) for line in drawn])]
    for line in drawn:
        places = [
            (left + step * (n + 0.5), _BOTTOM - (_BOTTOM - _TOP) * axis.part(value), labels[n], value)
            for n, value in enumerate(line.values)
            if value is not None
        ]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in places)
        parts.append(tag("polyline", class_=f"line {line.name}", points=points))
        for x, y, label, value in places:
            said = tag("title", f"{label}: {line.title} {value:.1%}")
            parts.append(tag("circle", said, class_=f"dot {line.name}", cx=x, cy=y, r=3.0))
    return _picture(title, _HEIGHT, [*parts, *_below(labels, left, step)])


def _legend(named: Sequence[tuple[str, str]]) -> list[Markup]:
    parts, x = [], 52.0
    for name, title in named:
        parts.append(tag("rect", class_=f"dot {name}", x=x, y=4.0, width=10.0, height=10.0))
        parts.append(_text(title, x + 15, 13.0))
        x += 15 + measure(title, _SIZE) + 24
    return parts


def funnel(title: str, stages: Sequence[tuple[str, int, str]]) -> Markup:
    """A bar for each stage: what it is called, how many, and what stands behind the number."""
    most = max((count for _, count, _ in stages), default=0) or 1
    left, room = 80.0, WIDTH - 80.0 - 180.0
    parts = []
    for n, (name, count, told) in enumerate(stages):
        y, wide = 10.0 + n * (_ROW + 8), max(room * count / most, 1.0 if count else 0.0)
        parts.append(_text(name, left - 10, y + 16, "end"))
        parts.append(tag("rect", class_="bar", x=left, y=y, width=wide, height=_ROW, rx=3.0))
        parts.append(_text(f"{count:,}{told}", left + wide + 8, y + 16, name="strong"))
    return _picture(title, 20.0 + len(stages) * (_ROW + 8), parts)


def estimates(title: str, rows: Sequence[Estimate], name: str) -> Markup:
    """A point for each rate, with a line over its interval."""
    top, bottom = 8.0, 8.0 + len(rows) * _ROW
    most = max((one.rate.high or one.rate.value for one in rows), default=0.0)
    axis = _Axis(most, percent=True)
    left = min(max((measure(one.label, _SIZE) for one in rows), default=0.0), _LABEL) + 14
    room = WIDTH - left - 70.0
    parts: list[Markup] = []
    for mark in axis.marks:
        x = left + room * axis.part(mark)
        parts.append(tag("line", class_="grid", x1=x, x2=x, y1=top, y2=bottom))
        parts.append(_text(axis.say(mark), x, bottom + 16, "middle"))
    for n, one in enumerate(rows):
        y, rate = top + (n + 0.5) * _ROW, one.rate
        low, high = rate.low or 0.0, rate.high or 0.0
        ends = (left + room * axis.part(low), left + room * axis.part(high))
        parts.append(_text(shorten(one.label, _SIZE, _LABEL), left - 10, y + 4, "end"))
        said = tag("title", f"{one.label}: {one.told}")
        parts.append(tag("line", said, class_=f"reach {name}", x1=ends[0], x2=ends[1], y1=y, y2=y))
        parts.append(
            tag("circle", said, class_=f"dot {name}", cx=left + room * axis.part(rate.value), cy=y, r=4.0)
        )
        parts.append(_text(f"{rate.value:.1%}", WIDTH - 56, y + 4, name="strong"))
    return _picture(title, bottom + 26, parts)


class _Axis:
    """From 0 to the next round number above `most`, with a few round marks."""

    def __init__(self, most: float, *, percent: bool) -> None:
        self._percent = percent
        most = most or (0.01 if percent else 1.0)
        size = 10.0 ** floor(log10(most))
        step = next(size * by for by in (0.2, 0.5, 1.0, 2.0) if most / (size * by) <= 5)
        if not percent:
            step = max(1.0, step)
        self.top = step * ceil(most / step - 1e-9)
        self.marks = [step * n for n in range(round(self.top / step) + 1)]
        self._digits = max(0, -floor(log10(step)) - 2) if percent else 0

    def part(self, value: float) -> float:
        return value / self.top

    def say(self, mark: float) -> str:
        return f"{mark:.{self._digits}%}" if self._percent else f"{mark:,.0f}"

    def lines(self, left: float, top: float, bottom: float) -> list[Markup]:
        """Level lines with what they stand for."""
        parts = []
        for mark in self.marks:
            y = bottom - (bottom - top) * self.part(mark)
            parts.append(tag("line", class_="grid", x1=left, x2=WIDTH - 8, y1=y, y2=y))
            parts.append(_text(self.say(mark), left - 8, y + 4, "end"))
        return parts


def _below(labels: Sequence[str], left: float, step: float) -> list[Markup]:
    """As many of the labels as there is room for."""
    widest = max((measure(label, _SIZE) for label in labels), default=0.0) + 14
    every = max(1, ceil(widest / step)) if labels else 1
    return [
        _text(label, left + step * (n + 0.5), _BOTTOM + 18, "middle")
        for n, label in enumerate(labels)
        if n % every == 0
    ]


def _text(words: str, x: float, y: float, anchor: str = "start", name: str = "note") -> Markup:
    return tag("text", words, class_=name, x=x, y=y, text_anchor=anchor, font_size=_SIZE)


def _picture(title: str, height: float, parts: Sequence[Markup]) -> Markup:
    drawn = tag(
        "svg",
        tag("title", title),
        joined(parts),
        class_="plot",
        role="img",
        viewBox=f"0 0 {WIDTH:.0f} {height:.0f}",
    )
    return tag("figure", tag("figcaption", title), tag("div", drawn, class_="wide"))
