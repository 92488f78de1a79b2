"""Colours and outlines of a drawing.

The hues are those of Okabe and Ito, which stay apart for colour-blind readers; each kind also has an outline
and an icon of its own, so that no colour has to be told from another. Light colours stand in the attributes and
are what a viewer without style sheets shows; dark ones in a style sheet.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Hue:
    fill: str
    stroke: str


@dataclass(frozen=True, slots=True)
class Pair:
    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Look:
    """`outline` is the form of the box; `icon` is SVG path data in a square of 16 pixels, drawn as a line."""

    light: Hue
    dark: Hue
    outline: str
    icon: str
    dashed: bool = False


LOOKS = {
    "enter": Look(
        Hue("#e3f5ee", "#00775a"),
        Hue("#0d2f27", "#35c99c"),
        "pill",
        "M2 8H10M7 4.5L10.5 8L7 11.5M14 2.5V13.5",
    ),
    "wait": Look(
        Hue("#e4f0f9", "#0067a3"),
        Hue("#10293b", "#5fb2ec"),
        "round",
        "M8 1.5A6.5 6.5 0 1 0 8 14.5A6.5 6.5 0 1 0 8 1.5M8 4.5V8L10.5 9.5",
    ),
    "wait_event": Look(
        Hue("#e6f5fc", "#1b7faf"),
        Hue("#0f2c39", "#7fd0f5"),
        "round",
        "M3 11.5C4.5 10 4 7.5 4.5 5.5C5 3.5 6.5 2.5 8 2.5C9.5 2.5 11 3.5 11.5 5.5C12 7.5 11.5 10 13 11.5ZM6.5 13.5H9.5",
        dashed=True,
    ),
    "send": Look(
        Hue("#fdeee0", "#b04a00"),
        Hue("#3a2210", "#f29a4a"),
        "square",
        "M1.5 3.5H14.5V12.5H1.5ZM1.5 4L8 9L14.5 4",
    ),
    "if": Look(
        Hue("#f9eaf2", "#a3477c"),
        Hue("#371c2b", "#e696c0"),
        "hexagon",
        "M5 5.5C5 3.5 6.5 2.5 8 2.5C9.8 2.5 11 3.6 11 5.2C11 7.4 8 7.4 8 10M8 12.6V13.4",
    ),
    "split": Look(
        Hue("#fbf6d3", "#857500"),
        Hue("#322d0c", "#e3d34a"),
        "trapezium",
        "M8 1.5V6L3 10.5V14M8 6L13 10.5V14M8 6V14",
    ),
    "act": Look(
        Hue("#efeafd", "#5b3fb5"),
        Hue("#211a3a", "#ab97f2"),
        "round",
        "M3 13L3.8 9.8L11 2.5L13.5 5L6.2 12.2ZM9.5 4L12 6.5",
    ),
    "exit": Look(Hue("#eeeff1", "#555b66"), Hue("#24272d", "#a9b0bd"), "double pill", "M4 4H12V12H4Z"),
}

MARKS = {
    "added": (Hue("#dff5e6", "#0a7a3d"), Hue("#0c2f1c", "#4cc983")),
    "removed": (Hue("#fde8e6", "#b3261e"), Hue("#3b1513", "#ff8a80")),
    "changed": (Hue("#fff0cc", "#9a6200"), Hue("#352605", "#f0b429")),
    "same": (Hue("#f4f5f7", "#868d99"), Hue("#1d2127", "#7d8592")),
}
"""In a picture of two versions the mark has the colour, light and dark; form and icon still say the kind of step."""


def look_of(kind: str, mark: str = "") -> Look:
    """The look of a step; with a mark, that of a picture of two versions, where only what was removed is dashed."""
    look = LOOKS[kind]
    if not mark:
        return look
    light, dark = MARKS[mark]
    return replace(look, light=light, dark=dark, dashed=mark == "removed")


PAPER = Pair("#ffffff", "#15181d")
INK = Pair("#1c2129", "#e9ecf1")
FAINT_INK = Pair("#525a67", "#aab2bf")
LINE = Pair("#6b7380", "#8d96a5")
LOOP = Pair("#7a35d8", "#be95ff")
