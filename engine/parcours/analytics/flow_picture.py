"""The flow through a lifecycle as a picture: a bar of stages for each date, and a band for everybody who went the same way.

One SVG text that needs nothing else, neither script nor font nor file. Heights are numbers of contacts, all to one scale;
what of a bar no band reaches are contacts who were not known before."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from parcours.analytics.stages import NONE, Flow
from parcours.clock.zones import to_local
from parcours.graph.drawing.lettering import clean, measure
from parcours.graph.drawing.palette import FAINT_INK, INK, PAPER, Pair

HUES = (
    Pair("#0072b2", "#4aa8e0"),
    Pair("#e69f00", "#f0b840"),
    Pair("#009e73", "#35c99c"),
    Pair("#cc79a7", "#e29cc4"),
    Pair("#d55e00", "#f28b4a"),
    Pair("#56b4e9", "#8fd0f5"),
    Pair("#8a7d00", "#e3d34a"),
    Pair("#6b7380", "#9aa3b1"),
)
"""Those of Okabe and Ito, which stay apart for colour-blind readers; the names beside the bars say it too."""

_HEIGHT = 380.0
_BAR, _STEP = 16.0, 108.0
_GAP = 4.0  # between the stages of a bar
_MARGIN, _HEAD, _FOOT = 20.0, 52.0, 34.0
_SIZE, _SMALL = 12.5, 11.0
_FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"


def to_svg(flow: Flow, zone: str) -> str:
    """The drawing as an `<svg>` element, for a file of its own or inside a page (its classes begin with `pf-`, it has no
    ids). Dates are those of `zone`. Follows the reader's light or dark setting. Ends in a newline."""
    return _Picture(flow, zone).drawn()


class _Picture:
    def __init__(self, flow: Flow, zone: str) -> None:
        self._flow = flow
        self._days = [f"{to_local(zone, date):%Y-%m-%d}" for date in flow.dates]
        most = max((sum(counts.values()) for counts in flow.counts), default=0)
        room = _HEIGHT - _GAP * max(len(flow.stages) - 1, 0)
        self._scale = room / most if most else 0.0
        self._beside = max((measure(label, _SIZE) for label in self._labels()), default=0.0) + 12
        self._tops = [self._tops_of(number) for number in range(len(flow.dates))]

    def drawn(self) -> str:
        bars = max(len(self._days) - 1, 0) * _STEP + _BAR
        width = round(2 * _MARGIN + 2 * self._beside + bars)
        height = round(_HEAD + _HEIGHT + _FOOT + _MARGIN)
        title = clean(self._flow.name)
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="pf" role="img" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="{_FONT}">',
            f"<title>{escape(self._summary())}</title>",
            f"<style>{_style()}</style>",
            f'<rect class="pf-paper" width="{width}" height="{height}" fill="{PAPER.light}"/>',
            f'<text class="pf-ink" x="{_n(_MARGIN)}" y="32" font-size="17" font-weight="700" fill="{INK.light}">'
            f"{escape(title)}</text>",
            *self._bands(),
            *self._bars(),
            *self._names(),
            *self._dates(),
            "</svg>",
        ]
        return "\n".join(lines) + "\n"

    # ---- where everything is

    def _tops_of(self, number: int) -> dict[str, float]:
        """The upper end of each stage in the bar of a date. Bars stand on one line."""
        counts = self._flow.counts[number]
        there = [stage for stage in self._flow.stages if counts.get(stage)]
        tall = sum(counts.values()) * self._scale + _GAP * max(len(there) - 1, 0)
        y = _HEAD + _HEIGHT - tall
        tops = {}
        for stage in there:
            tops[stage] = y
            y += counts[stage] * self._scale + _GAP
        return tops

    def _x(self, number: int) -> float:
        return _MARGIN + self._beside + number * _STEP

    def _labels(self) -> Iterator[str]:
        for number in self._ends():
            for stage in self._flow.stages:
                yield self._label(number, stage)

    def _ends(self) -> Sequence[int]:
        return sorted({0, len(self._flow.dates) - 1}) if self._flow.dates else ()

    def _label(self, number: int, stage: str) -> str:
        return f"{_called(stage)} {self._share(number, stage)}"

    def _share(self, number: int, stage: str) -> str:
        counts = self._flow.counts[number]
        whole = sum(counts.values())
        return f"{counts.get(stage, 0) / whole:.0%}" if whole else ""

    def _summary(self) -> str:
        span = f", {self._days[0]} to {self._days[-1]}" if self._days else ""
        return f"Stages of {clean(self._flow.name)}{span}"

    # ---- what is drawn

    def _bands(self) -> Iterator[str]:
        order = {stage: rank for rank, stage in enumerate(self._flow.stages)}
        for number, moves in enumerate(self._flow.moves, 1):
            left, right = dict(self._tops[number - 1]), dict(self._tops[number])
            pairs = sorted(
                ((before, now, count) for (before, now), count in moves.items() if before is not None),
                key=lambda move: (order[move[0]], order[move[1]]),
            )
            for before, now, count in pairs:
                thick = count * self._scale
                yield self._band(number, before, now, count, left[before], right[now], thick)
                left[before] += thick
                right[now] += thick

    def _band(
        self, number: int, before: str, now: str, count: int, top: float, end: float, thick: float
    ) -> str:
        start, stop = self._x(number - 1) + _BAR, self._x(number)
        middle = (start + stop) / 2
        path = (
            f"M{_n(start)} {_n(top)}C{_n(middle)} {_n(top)} {_n(middle)} {_n(end)} {_n(stop)} {_n(end)}"
            f"v{_n(thick)}C{_n(middle)} {_n(end + thick)} {_n(middle)} {_n(top + thick)} {_n(start)} {_n(top + thick)}z"
        )
        told = f"{_called(before)} to {_called(now)}, {self._days[number - 1]} to {self._days[number]}: {count:,}"
        hue = self._hue(before)
        # somebody who stays is no news
        strength = "0.22" if before == now else "0.55"
        return (
            f'<path class="pf-{hue}" fill="{HUES[hue].light}" fill-opacity="{strength}" d="{path}">'
            f"<title>{escape(told)}</title></path>"
        )

    def _bars(self) -> Iterator[str]:
        for number, tops in enumerate(self._tops):
            for stage, top in tops.items():
                count = self._flow.counts[number][stage]
                hue = self._hue(stage)
                told = f"{self._days[number]}: {count:,} {_called(stage)} ({self._share(number, stage)})"
                yield (
                    f'<rect class="pf-{hue}" fill="{HUES[hue].light}" x="{_n(self._x(number))}" y="{_n(top)}" '
                    f'width="{_n(_BAR)}" height="{_n(max(count * self._scale, 0.5))}">'
                    f"<title>{escape(told)}</title></rect>"
                )

    def _names(self) -> Iterator[str]:
        for number in self._ends():
            first = number == 0
            x = self._x(number) + (-8 if first else _BAR + 8)
            for stage, y in self._apart(number).items():
                yield (
                    f'<text class="pf-ink" x="{_n(x)}" y="{_n(y + 4)}" font-size="{_SIZE}" fill="{INK.light}"'
                    f"{' text-anchor=' + chr(34) + 'end' + chr(34) if first else ''}>"
                    f"{escape(_called(stage))} "
                    f'<tspan class="pf-faint" fill="{FAINT_INK.light}">{self._share(number, stage)}</tspan></text>'
                )

    def _apart(self, number: int) -> dict[str, float]:
        """The middle of each stage of a bar, moved up where two names would touch."""
        counts, places = self._flow.counts[number], {}
        below = _HEAD + _HEIGHT + 14
        for stage, top in reversed(self._tops[number].items()):
            below = min(top + counts[stage] * self._scale / 2, below - 15)
            places[stage] = below
        return places

    def _dates(self) -> Iterator[str]:
        for number, day in enumerate(self._days):
            whole = sum(self._flow.counts[number].values())
            x = _n(self._x(number) + _BAR / 2)
            for y, words in ((18, day), (32, f"{whole:,}")):
                yield (
                    f'<text class="pf-faint" x="{x}" y="{_n(_HEAD + _HEIGHT + y)}" font-size="{_SMALL}" '
                    f'text-anchor="middle" fill="{FAINT_INK.light}">{words}</text>'
                )

    def _hue(self, stage: str) -> int:
        return len(HUES) - 1 if stage == NONE else self._flow.stages.index(stage) % (len(HUES) - 1)


def _called(stage: str) -> str:
    return "no stage" if stage == NONE else clean(stage.replace("_", " "))


def _n(number: float) -> str:
    """A coordinate with at most one decimal: 12, 12.5."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _style() -> str:
    rules = [
        f".pf .pf-paper{{fill:{PAPER.dark}}}",
        f".pf .pf-ink{{fill:{INK.dark}}}",
        f".pf .pf-faint{{fill:{FAINT_INK.dark}}}",
        *(f".pf .pf-{number}{{fill:{hue.dark}}}" for number, hue in enumerate(HUES)),
    ]
    return f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}"
