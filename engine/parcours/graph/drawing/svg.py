"""A state graph as a picture: one SVG text that needs nothing else, neither script nor font nor file."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from parcours.graph.drawing.figure import SIGNS, Figure, Passed, read
from parcours.graph.drawing.layout import (
    ICON,
    LABEL_LINE,
    LABEL_SIZE,
    NOTE_LINE,
    NOTE_SIZE,
    SLANT,
    TITLE_LINE,
    TITLE_SIZE,
    Box,
    Label,
    Layout,
    Route,
    badge_width,
    lay_out,
)
from parcours.graph.drawing.lettering import clean, measure, wrap
from parcours.graph.drawing.palette import FAINT_INK, INK, LINE, LOOKS, LOOP, MARKS, PAPER, Look, look_of

if TYPE_CHECKING:
    import networkx as nx

MARGIN = 20.0
NARROWEST = 320.0
NAME_SIZE, DOC_SIZE, DOC_LINE = 17.0, 12.5, 17.0
LEGEND = 26.0
HEAD, CORNER = 6.0, 7.0  # length of an arrow head; radius where a loop turns
FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"


def to_svg(
    graph: "nx.MultiDiGraph[str]", counts: Mapping[str, int] | None = None, passed: Passed | None = None
) -> str:
    """The drawing as an `<svg>` element, for a file of its own or inside a page (its classes begin with `pj-`,
    it has no ids). In the graph of two versions colours and signs say what was added, removed and changed. Follows the reader's light or dark setting. `counts` puts the number of contacts on the
    steps that it names, names that the graph does not have are passed over; `passed` puts on the arrows how often
    they were taken. Ends in a newline."""
    figure = read(graph, counts, passed)
    layout = lay_out(figure)
    heading, top = _heading(figure, max(layout.width, NARROWEST))
    wide = max(layout.width, _heading_width(figure), NARROWEST)
    width, height = round(wide + 2 * MARGIN), round(top + layout.height + 2 * MARGIN)
    shift = (wide - layout.width) / 2 + MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pj" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FONT}">',
        f"<title>{_text(_summary(figure))}</title>",
        *([f"<desc>{_text(figure.doc)}</desc>"] if figure.doc else []),
        f"<style>{_MARKED_STYLE if figure.before else _STYLE}</style>",
        f'<rect class="pj-paper" width="{width}" height="{height}" fill="{PAPER.light}"/>',
        *heading,
        f'<g transform="translate({_n(shift)} {_n(top + MARGIN)})">',
        *_routes(layout),
        *(line for box in layout.boxes for line in _box(box, bool(figure.before))),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return escape(clean(text))


def _n(number: float) -> str:
    """A coordinate with at most one decimal: 12, 12.5."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


# ---- heading


def _summary(figure: Figure) -> str:
    number = len(figure.steps)
    return f"Journey {figure.journey}".rstrip() + f": {number} step{'' if number == 1 else 's'}"


def _version(figure: Figure) -> str:
    versions = [clean(version)[:12] for version in (figure.before, figure.version) if version]
    return " → ".join(dict.fromkeys(versions))


def _heading_width(figure: Figure) -> float:
    return measure(clean(figure.journey), NAME_SIZE) + 12 + measure(_version(figure), NOTE_SIZE)


def _heading(figure: Figure, width: float) -> tuple[list[str], float]:
    """Name, version and doc of the journey, and the height that they take."""
    if not figure.journey:
        return [], 0.0
    version = (
        f'<tspan class="pj-faint" dx="10" font-size="{NOTE_SIZE}" font-weight="400" fill="{FAINT_INK.light}">'
    )
    version = f"{version}{escape(_version(figure))}</tspan>" if figure.version else ""
    y = MARGIN + 14
    lines = [
        f'<text class="pj-ink" x="{_n(MARGIN)}" y="{_n(y)}" font-size="{_n(NAME_SIZE)}" font-weight="700" '
        f'fill="{INK.light}">{_text(figure.journey)}{version}</text>'
    ]
    for line in wrap(clean(figure.doc), DOC_SIZE, width, 3):
        y += DOC_LINE
        lines.append(
            f'<text class="pj-faint" x="{_n(MARGIN)}" y="{_n(y)}" font-size="{DOC_SIZE}" '
            f'fill="{FAINT_INK.light}">{escape(line)}</text>'
        )
    for words in figure.header:
        for line in wrap(f"{SIGNS['changed']} {clean(words)}", DOC_SIZE, width, 3):
            y += DOC_LINE
            lines.append(
                f'<text class="pj-noted" x="{_n(MARGIN)}" y="{_n(y)}" font-size="{DOC_SIZE}" '
                f'fill="{MARKS["changed"][0].stroke}">{escape(line)}</text>'
            )
    if figure.before:
        y += LEGEND
        lines += _legend(y)
    return lines, y


def _legend(y: float) -> Iterator[str]:
    """One little box for each mark, with its sign and name."""
    x = MARGIN
    for mark in (*SIGNS, "same"):
        look, words = look_of("send", mark), f"{SIGNS.get(mark, '')} {mark}".strip()
        width = measure(words, NOTE_SIZE) + 14
        dash = ' stroke-dasharray="5 3"' if look.dashed else ""
        yield (
            f'<g class="pj-{mark}"><rect class="pj-shape" fill="{look.light.fill}" stroke="{look.light.stroke}"{dash} '
            f'x="{_n(x)}" y="{_n(y - 13)}" width="{_n(width)}" height="18" rx="4"/>'
        )
        yield f"{_line(words, x + width / 2, y, NOTE_SIZE, 'pj-ink', INK.light)}</g>"
        x += width + 8


# ---- boxes


def _box(box: Box, marked: bool) -> Iterator[str]:
    step, look = box.step, look_of(box.step.kind, box.step.mark if marked else "")
    left, top = box.x - box.width / 2, box.y - box.height / 2
    yield f'<g class="pj-step pj-{step.mark if marked else step.kind}">'
    told = ". ".join(part for part in (step.heading, step.details, f"({step.name})") if part)
    yield f"<title>{_text(told)}</title>"
    yield from _outline(box, look, left, top)
    slant = SLANT if step.kind in {"if", "split"} else 0.0
    yield (
        f'<path class="pj-icon" transform="translate({_n(left + slant + 10)} {_n(box.y - 8)})" d="{look.icon}" '
        f'fill="none" stroke="{look.light.stroke}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>'
    )
    x = left + slant + ICON + (box.width - 2 * slant - ICON) / 2 - 2
    y = box.y - (len(box.title) * TITLE_LINE + len(box.note) * NOTE_LINE) / 2
    for line in box.title:
        yield _line(line, x, y + 12.5, TITLE_SIZE, "pj-ink", INK.light, weight=600)
        y += TITLE_LINE
    for line in box.note:
        yield _line(line, x, y + 11, NOTE_SIZE, "pj-faint", FAINT_INK.light)
        y += NOTE_LINE
    if step.contacts is not None:
        yield from _badge(step.contacts, left + box.width - slant, top, look)
    yield "</g>"


def _line(text: str, x: float, y: float, size: float, name: str, fill: str, weight: int = 400) -> str:
    strong = f' font-weight="{weight}"' if weight != 400 else ""
    return (
        f'<text class="{name}" x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}"{strong} text-anchor="middle" '
        f'fill="{fill}">{escape(text)}</text>'
    )


def _outline(box: Box, look: Look, left: float, top: float) -> Iterator[str]:
    width, height = box.width, box.height
    dash = ' stroke-dasharray="5 3"' if look.dashed else ""
    paint = f'class="pj-shape" fill="{look.light.fill}" stroke="{look.light.stroke}" stroke-width="1.5"{dash}'
    if look.outline in {"hexagon", "trapezium"}:
        right, bottom = left + width, top + height
        middle = [(right, box.y)] if look.outline == "hexagon" else []
        low = SLANT if look.outline == "hexagon" else 0.0
        corners = [
            (left + SLANT, top),
            (right - SLANT, top),
            *middle,
            (right - low, bottom),
            (left + low, bottom),
        ]
        if middle:
            corners.append((left, box.y))
        yield f'<polygon {paint} points="{" ".join(f"{_n(x)},{_n(y)}" for x, y in corners)}"/>'
        return
    radius = {"round": 9.0, "square": 2.0}.get(look.outline, min(height / 2, 24.0))
    yield (
        f'<rect {paint} x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" rx="{_n(radius)}"/>'
    )
    if look.outline == "double pill":
        yield (
            f'<rect class="pj-icon" fill="none" stroke="{look.light.stroke}" x="{_n(left + 3)}" y="{_n(top + 3)}" '
            f'width="{_n(width - 6)}" height="{_n(height - 6)}" rx="{_n(radius - 3)}"/>'
        )


def _badge(contacts: int, right: float, top: float, look: Look) -> Iterator[str]:
    width = badge_width(contacts)
    yield (
        f'<rect class="pj-badge" fill="{look.light.stroke}" x="{_n(right - width - 4)}" y="{_n(top - 9)}" '
        f'width="{_n(width)}" height="18" rx="9"/>'
    )
    yield _line(
        f"{contacts:,}", right - 4 - width / 2, top + 4, LABEL_SIZE, "pj-number", PAPER.light, weight=600
    )


# ---- arrows


def _routes(layout: Layout) -> Iterator[str]:
    for route in layout.routes:
        name, stroke = ("pj-loop", LOOP.light) if route.arrow.back else ("pj-line", LINE.light)
        dash = ' stroke-dasharray="6 4"' if route.arrow.back else ""
        if (mark := route.arrow.mark) != "same":
            name, stroke = f"pj-{mark}-line", MARKS[mark][0].stroke
            dash = ' stroke-dasharray="3 4"' if mark == "removed" else dash
        width = "1.5" if mark == "same" else "2"
        yield f'<path class="{name}" fill="none" stroke="{stroke}" stroke-width="{width}"{dash} d="{_walk(route)}"/>'
        yield f'<path class="{name}-head" fill="{stroke}" d="{_head(route)}"/>'
    for route in layout.routes:  # after the lines, so that none runs through a label
        if route.label:
            yield from _label(route.label, route.arrow.mark)


def _walk(route: Route) -> str:
    """The line of a route; it stops inside the arrow head."""
    points = list(route.points)
    parts = []
    if route.first is None or route.last is None:
        points[-1] = (points[-1][0], points[-1][1] - HEAD)
        parts.append(f"M{_n(points[0][0])} {_n(points[0][1])}")
    else:
        up = CORNER if points[1][1] > points[0][1] else -CORNER
        (x, y), points[0] = points[0], (points[0][0], points[0][1] + up)
        parts.append(f"M{_n(route.first[0])} {_n(y)}H{_n(x - CORNER)}Q{_n(x)} {_n(y)} {_n(x)} {_n(y + up)}")
        (x, y), points[-1] = points[-1], (points[-1][0], points[-1][1] - up)
    at = points[0]
    for number, point in enumerate(points[1:]):
        if point == at:
            continue
        if number % 2 == 0 or point[0] == at[0]:
            parts.append(f"V{_n(point[1])}")
        else:
            middle = _n((at[1] + point[1]) / 2)
            parts.append(f"C{_n(at[0])} {middle} {_n(point[0])} {middle} {_n(point[0])} {_n(point[1])}")
        at = point
    if route.last is not None:
        parts.append(f"Q{_n(x)} {_n(y)} {_n(x - CORNER)} {_n(y)}H{_n(route.last[0] + HEAD)}")
    return "".join(parts)


def _head(route: Route) -> str:
    if route.last is not None:
        x, y = route.last
        return f"M{_n(x)} {_n(y)}l8 -4.5v9z"
    x, y = route.points[-1]
    return f"M{_n(x)} {_n(y)}l-4.5 -8h9z"


def _label(label: Label, mark: str) -> Iterator[str]:
    yield "<g>"
    if label.text != label.full:
        yield f"<title>{escape(label.full)}</title>"
    yield (
        f'<rect class="pj-paper" fill="{PAPER.light}" x="{_n(label.x - label.width / 2)}" '
        f'y="{_n(label.y - LABEL_LINE / 2)}" width="{_n(label.width)}" height="{_n(LABEL_LINE)}" rx="4"/>'
    )
    if mark == "same":
        yield _line(label.text, label.x, label.y + 4, LABEL_SIZE, "pj-ink", INK.light)
    else:
        stroke = MARKS[mark][0].stroke
        yield _line(label.text, label.x, label.y + 4, LABEL_SIZE, f"pj-{mark}-line-head", stroke, weight=600)
    yield "</g>"


# ---- the dark side


def _style(*, marked: bool = False) -> str:
    rules = [
        f".pj-paper{{fill:{PAPER.dark}}}",
        f".pj-ink{{fill:{INK.dark}}}",
        f".pj-faint{{fill:{FAINT_INK.dark}}}",
        f".pj-number{{fill:{PAPER.dark}}}",
        f".pj-line{{stroke:{LINE.dark}}}",
        f".pj-line-head{{fill:{LINE.dark}}}",
        f".pj-loop{{stroke:{LOOP.dark}}}",
        f".pj-loop-head{{fill:{LOOP.dark}}}",
    ]
    looks = {kind: look_of("send", kind) for kind in MARKS} if marked else LOOKS
    for kind, look in looks.items():
        rules.append(f".pj-{kind} .pj-shape{{fill:{look.dark.fill};stroke:{look.dark.stroke}}}")
        rules.append(f".pj-{kind} .pj-icon{{stroke:{look.dark.stroke}}}")
        rules.append(f".pj-{kind} .pj-badge{{fill:{look.dark.stroke}}}")
        if marked:
            rules.append(f".pj-{kind}-line{{stroke:{look.dark.stroke}}}")
            rules.append(f".pj-{kind}-line-head{{fill:{look.dark.stroke}}}")
    if marked:
        rules.append(f".pj-noted{{fill:{MARKS['changed'][1].stroke}}}")
    scoped = "".join(f".pj {rule}" for rule in rules)
    return f"@media (prefers-color-scheme:dark){{{scoped}}}"


_STYLE, _MARKED_STYLE = _style(), _style(marked=True)
