"""Conditions by chance over the columns of the world: most are of the right types, some are not, and what they compare
is as odd as anybody could make it. The checker says which of them can be."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "language"))
from dice import Dice

COLUMNS = {
    "text": ("email", "country", "phone", "contact_id", '`it\'s "odd"`'),
    "number": ("age", "points", "balance"),
    "yes_no": ("email_opt_in", "vip"),
    "date": ("birth_date", "contract_end"),
    "instant": ("signed_up_at",),
}
FIELDS = {
    "text": ("cart_id", "status"),
    "number": ("amount", "quantity", "weight"),
    "yes_no": ("gift",),
    "date": (),
    "instant": ("ship_at", "at"),
}
EVENTS = ("order", "cart", "click", "visit", "signup", "opt_out", "sent", "not_sent", "entered", "left")
SPANS = ("3 days", "1 hour", "2 months", "1 year", "90 minutes", "0 days", "1200 months")
KINDS = ("text", "number", "number", "yes_no", "date", "instant")


class Wild:
    """`run`: whether the run of a journey is around, so that `entry` and `event` mean something."""

    def __init__(self, seed: str, *, run: bool = False) -> None:
        self._dice = Dice(seed)
        self._run = run

    def predicate(self, depth: int = 3, *, inside: bool = False) -> str:
        dice = self._dice
        if depth > 0 and dice.percent(55):
            match dice.below(4):
                case 0:
                    return f"not ({self.predicate(depth - 1, inside=inside)})"
                case 1:
                    return f"({self.predicate(depth - 1, inside=inside)})"
                case _:
                    joined = f" {dice.one(('and', 'or'))} "
                    parts = [self.predicate(depth - 1, inside=inside) for _ in range(dice.between(2, 3))]
                    return "(" + joined.join(parts) + ")"
        return self._leaf(depth, inside)

    def _leaf(self, depth: int, inside: bool) -> str:
        dice, kind = self._dice, self._dice.one(KINDS)
        match dice.below(9):
            case 0:
                return self.value("yes_no", depth, inside)
            case 1:
                return f"{self.value(kind, depth, inside)} {dice.one(('is known', 'is unknown'))}"
            case 2:
                low, high = (self.value(kind, depth, inside) for _ in range(2))
                return f"{self.value(kind, depth, inside)} between {low} and {high}"
            case 3:
                listed = ", ".join(self._literal(kind) for _ in range(dice.between(1, 4)))
                return f"{self.value(kind, depth, inside)} {dice.one(('in', 'not in'))} ({listed})"
            case 4 if not inside:
                return f"{dice.one(('has', 'no'))} {self.event(depth)} {self._window()}"
            case 5:
                return f"{self.value('instant', depth, inside)} in last {dice.one(SPANS)}"
            case _:
                other = kind if dice.percent(85) else dice.one(KINDS)
                sign = dice.one(("=", "!=", "<", "<=", ">", ">="))
                return f"{self.value(kind, depth, inside)} {sign} {self.value(other, depth, inside)}"

    def value(self, kind: str, depth: int, inside: bool) -> str:
        dice = self._dice
        if depth > 0 and dice.percent(40):
            return self._made(kind, depth - 1, inside)
        names = FIELDS[kind] if inside and dice.percent(70) else ()
        if not names:
            names = tuple(f"contact.{name}" for name in COLUMNS[kind]) if inside else COLUMNS[kind]
        if self._run and not inside and dice.percent(25) and FIELDS[kind]:
            return f"{dice.one(('entry', 'event'))}.{dice.one(FIELDS[kind])}"
        return dice.one(names) if dice.percent(65) else self._literal(kind)

    def _made(self, kind: str, depth: int, inside: bool) -> str:
        dice = self._dice
        match kind, dice.below(4):
            case "number", 0:
                sign = dice.one(("+", "-", "*", "/"))
                return f"({self.value(kind, depth, inside)} {sign} {self.value(kind, depth, inside)})"
            case "number", 1 if not inside:
                how = dice.one(("sum", "average", "smallest", "largest"))
                return f"{how} of {self._field('number', depth)} {self._window()}"
            case "number", 2 if not inside:
                how = dice.one(("count of", "days since"))
                return f"{how} {self.event(depth)}" + (f" {self._window()}" if how == "count of" else "")
            case "number", _:
                of = self.value(dice.one(("date", "instant")), depth, inside)
                return f"{dice.one(('year', 'month', 'weekday', 'hour'))} of {of}"
            case (("date" | "instant"), 0 | 1):
                return f"{self.value(kind, depth, inside)} {dice.one(('+', '-'))} {dice.one(SPANS)}"
            case (("text" | "instant" | "yes_no"), 2) if not inside and FIELDS[kind]:
                return f"{dice.one(('first', 'last'))} {self._field(kind, depth)}"
        return self.value(kind, 0, inside)

    def _field(self, kind: str, depth: int) -> str:
        name = self._dice.one(FIELDS[kind])
        return f"order.{name}{self._filter(depth)}"

    def event(self, depth: int = 1) -> str:
        if self._dice.percent(70):
            return f"order{self._filter(depth)}"
        return self._dice.one(EVENTS)

    def _filter(self, depth: int) -> str:
        if depth < 1 or self._dice.percent(60):
            return ""
        return f"[{self.predicate(min(depth - 1, 1), inside=True)}]"

    def _window(self) -> str:
        dice = self._dice
        if self._run and dice.percent(25):
            return "since entry"
        return "ever" if dice.percent(20) else f"in last {dice.one(SPANS)}"

    def _literal(self, kind: str) -> str:
        dice = self._dice
        literals = {
            "text": ('"FR"', '""', '"it\'s \\"so\\""', '"%_"', '"\\\\"', '"ü"'),
            "number": ("0", "3", "-2", "0.1", "50%", "999999999999999", "0.000000000001"),
            "yes_no": ("yes", "no"),
            "date": ("2026-03-01", "2024-02-29", "1900-01-01", "9999-12-31"),
            "instant": ("2026-03-29 02:30", "1970-01-01 00:00", "now"),
        }
        return dice.one(literals[kind])
