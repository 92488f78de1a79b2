"""Journey texts by chance, drawn from the grammar itself: every rule of journey.lark comes up, and so every clause.

A text follows the grammar; whether it says something that can be (a share of 250%) is not asked. Those who need texts
without a mistake take `right_text`, which leaves out the declarations in which the reader finds one.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from typing import Any

from dice import Dice

from parcours.language.parser import parse
from parcours.language.stored_parser import journey_parser

WORDS: Mapping[str, Sequence[str]] = {
    "NAME": ("order", "cart_updated", "vip", "x9", "`wait`", "`Größe 2`", "`first`", "email", "`and`", "a_b"),
    "BODY_CHANNEL": ("email", "sms", "`from`", "`App 2`"),
    "LABEL": ("again_from_here", "`send`", "`Noch mal`", "l2"),
    "WORD": ("vip", "At_Risk", "`not`", "VIP", "`known`"),
    "STRING": ('"yes, gladly"', '"a \\"b\\" # no comment"', '"`x`; -- \\\\"', '"ü"', '""', '"{{ name }}"'),
    "DOC": ('"What it is for"', '"A \\"b\\" # c"'),
    "INT": ("1", "2", "3", "7", "12"),
    "NUMBER": ("0.5", "2.25", "10.0"),
    "PERCENT": ("50%", "50%", "10%", "12.5%"),
    "DATE": ("2026-02-28", "2024-02-29", "2026-12-1"),
    "TIME": ("09:00", "22:30", "6:00", "00:00"),
    "MONTHDAY": ("12-24", "02-28"),
    "CURRENCY": ("EUR", "JPY"),
    "UNIT": ("minutes", "hours", "day", "days", "weeks", "month", "month", "month", "year"),
    "DAY": ("monday", "fridays", "weekday", "weekends"),
    "OPERATOR": ("<", "<=", ">", ">=", "!="),
    "NTH": ("first", "last"),
    "PART": ("year", "month", "weekday", "hour"),
    "AGGREGATION": ("count", "sum", "average", "smallest", "largest", "distinct"),
    "MESSAGES": ("messages", "message"),
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
    "EQUALS": "=",
    "_COMMA": ",",
    "_DOT": ".",
    "_COLON": ":",
    "_LPAR": "(",
    "_RPAR": ")",
    "_LSQB": "[",
    "_RSQB": "]",
}
COMMENTS = ("# why", '# a "quoted" one', "# `x`: 2 # 3", "#", "# é")
_TIGHT_AFTER = frozenset((".", "[", "("))
_TIGHT_BEFORE = frozenset((".", "[", "]", ")", ",", ":"))


class TextByChance:
    """`rules` counts how often each rule of the grammar was taken, by its index; those in
    `preferred` are taken more often."""

    def __init__(self, dice: Dice, *, comments: bool = False, preferred: Set[int] = frozenset()) -> None:
        self._dice = dice
        self._preferred = preferred
        self._comments = comments
        self.rules: dict[int, int] = {}

    def declaration(self, kind: str = "", room: int = 34) -> str:
        """One declaration, of that kind or of any."""
        rules, _ = _grammar()
        kind = kind or self._dice.one([rule.expansion[0].name for _, rule in rules["declaration"]])
        words = list(self._words(kind, room))
        return self._laid_out(words)

    def right_text(self, declarations: int = 3) -> str:
        """Some declarations in which there is no mistake of form."""
        found: list[str] = []
        while len(found) < declarations:
            text = self.declaration()
            if not parse(text, "a.journey")[1]:
                found.append(text)
                if self._comments and self._dice.percent(30):
                    found[-1] += self._dice.one(("\n", "# between\n", "\n\n    # deep\n\n"))
        return "\n".join(found)

    def _words(self, symbol: str, room: int) -> Iterator[str]:
        rules, heights = _grammar()
        possible = rules[symbol]
        if symbol in ("predicate", "value"):  # most are short: in long ones there is soon a mistake
            room = min(room, min(heights[at] for at, _ in possible) + self._dice.one((0, 2, 4, 6, 8, 12)))
        fitting = [(at, rule) for at, rule in possible if heights[at] <= room]
        if not fitting:
            lowest = min(heights[at] for at, _ in possible)
            fitting = [(at, rule) for at, rule in possible if heights[at] == lowest]
        if symbol == "windowed_unit" and self._dice.percent(90):  # few values have a window
            fitting = [(at, rule) for at, rule in possible if len(rule.expansion) == 1]
        preferred = [(at, rule) for at, rule in fitting if at in self._preferred and len(fitting) > 2]
        at, rule = self._dice.one(preferred if preferred and self._dice.percent(70) else fitting)
        self.rules[at] = self.rules.get(at, 0) + 1
        inner = room - 1 - (self._dice.percent(50))
        for part in rule.expansion:
            if part.name in rules:
                yield from self._words(part.name, inner)
            else:
                yield self._word(part.name)

    def _word(self, terminal: str) -> str:
        if terminal in ("_NL", "_INDENT", "_DEDENT"):
            return terminal
        if terminal in WORDS:
            return self._dice.one(WORDS[terminal])
        assert terminal.startswith("_"), f"say in WORDS what {terminal} may be"
        return terminal[1:].lower().replace("_", " ")

    def _laid_out(self, words: Sequence[str]) -> str:
        lines: list[str] = []
        line: list[str] = []
        depth = 0
        for word in words:
            if word == "_INDENT":
                depth += 1
            elif word == "_DEDENT":
                depth -= 1
            elif word == "_NL":
                lines.extend(self._line(depth, line))
                line = []
            else:
                line.append(word)
        return "".join(f"{said}\n" for said in lines)

    def _line(self, depth: int, words: Sequence[str]) -> Iterator[str]:
        said = "    " * depth
        for word in words:
            tight = not said.strip() or said[-1] in _TIGHT_AFTER or word[0] in _TIGHT_BEFORE
            goes_on = word in ("and", "or") and said.strip() and self._dice.percent(20)
            if goes_on:
                yield said + self._comment_beside()
                said = "    " * (depth + 1) + word
            else:
                said += word if tight else f" {word}"
        if self._comments and self._dice.percent(15):
            yield from self._comments_above(depth)
        yield said + self._comment_beside()

    def _comment_beside(self) -> str:
        if not self._comments or not self._dice.percent(10):
            return ""
        return f"  {self._dice.one(COMMENTS)}"

    def _comments_above(self, depth: int) -> Iterator[str]:
        deep = max(0, depth + self._dice.one((-1, 0, 0, 0, 1)))
        for _ in range(self._dice.one((1, 1, 2))):
            yield "    " * deep + self._dice.one(COMMENTS)
            if self._dice.percent(20):
                yield ""


def grammar_rules() -> Mapping[int, str]:
    """Every rule that a declaration may need, by its index."""
    rules, _ = _grammar()
    return {
        at: f"{rule.origin.name} -> {' '.join(part.name for part in rule.expansion)}"
        for name, possible in rules.items()
        for at, rule in possible
        if name not in ("start", "declaration", "__start_star_0")
    }


@cache
def _grammar() -> tuple[dict[str, list[tuple[int, Any]]], dict[int, int]]:
    """The rules by name, and for each rule the height of the lowest tree that it can be the top of."""
    rules: dict[str, list[tuple[int, Any]]] = {}
    for at, rule in enumerate(journey_parser().rules):
        rules.setdefault(rule.origin.name, []).append((at, rule))
    low: dict[str, int] = {}
    heights: dict[int, int] = {}
    changed = True
    while changed:
        changed = False
        for name, possible in rules.items():
            for at, rule in possible:
                inner = [low.get(part.name) for part in rule.expansion if part.name in rules]
                if None in inner:
                    continue
                height = 1 + max((h for h in inner if h is not None), default=0)
                if height < heights.get(at, height + 1):
                    heights[at] = height
                    changed = True
                if height < low.get(name, height + 1):
                    low[name] = height
    return rules, heights
