"""Conditions by chance, as text, over what can be spoken of at a place: type-directed, so that most of them are right."""

from dataclasses import replace

from dice import Dice

from differential.around import Around, EventKind
from differential.lengths import WINDOWS, day_near
from differential.shop import KINDS, Kind
from differential.values import Values

_ORDER = ("<", "<=", ">", ">=", "=", "!=")
_ASKED = ("text", "number", "number", "number", "yes_no", "yes_no", "date", "instant")


class Predicates(Values):
    def __init__(self, dice: Dice) -> None:
        super().__init__(dice)
        self._deep = 0

    def predicate(self, around: Around, depth: int | None = None) -> str:
        """A condition. Its depth is most often small, and 5 at most."""
        dice = self.dice
        if depth is None:
            if dice.percent(5):
                return self._known_or_not(around)
            depth = dice.one((0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 5))
        if depth == 0:
            return self._leaf(around)
        match dice.below(7):
            case 0 | 1:
                return f"not {self._grouped(around, depth - 1)}"
            case _:
                # one part is as deep as may be: a tree that is deep everywhere says too much to hold for anybody
                depths = [depth - 1, *(dice.below(min(depth, 2)) for _ in range(dice.one((1, 1, 2))))]
                if dice.percent(50):
                    depths.reverse()
                return dice.one((" and ", " or ")).join(self._grouped(around, one) for one in depths)

    def _grouped(self, around: Around, depth: int) -> str:
        return f"({self.predicate(around, depth)})" if depth else self._leaf(around)

    def _known_or_not(self, around: Around) -> str:
        """Excluded middle: what is unknown is in neither part (E1)."""
        said = self._leaf(around)
        return f"({said} or not {said}) and {self._leaf(around)}"

    def _leaf(self, around: Around) -> str:
        dice = self.dice
        kind = dice.one(_ASKED)
        match dice.below(20):
            case 0:
                return self.name("yes_no", around)
            case 1:
                return f"{self.value(kind, around)} {dice.one(('is known', 'is unknown'))}"
            case 2:
                return self._between(around)
            case 3:
                return self._listed(around)
            case 4:
                return f"{self._unit('instant', around)} in last {dice.one(WINDOWS)}"
            case 5:
                return self._part(around)
            case 6 | 7 | 8 | 9 if around.inside is None:
                return f"{dice.one(('has', 'no'))} {self.event(around)}{self.window(around)}"
            case 10 | 11 if around.inside is None:
                return self._count(around)
            case 12 | 13 if around.inside is None:
                return self._group(around)
            case 14 if around.seasons:
                return f"season.{dice.one(around.seasons)}"
            case 15:
                word = dice.one(self.texts(around, "country"))
                return f"{self._contact(around)}country is {word or 'FR'}"
        return self._compare(kind, around)

    def _contact(self, around: Around) -> str:
        return "contact." if around.inside is not None else ""

    def _compare(self, kind: Kind, around: Around) -> str:
        dice = self.dice
        left = self.value(kind, around)
        signs = _ORDER if kind != "yes_no" else ("=", "!=")
        if dice.percent(25):
            right = self.value(kind, around)
            if left.removeprefix("contact.") != right.removeprefix("contact."):
                return f"{left} {dice.one(signs)} {right}"
        if left.startswith(("count of", "distinct of", "days since")):
            return f"{left} {dice.one(signs[2:5])} {dice.one(('1', '2', '3'))}"
        return f"{left} {dice.one(signs)} {self.literal(kind, around, _column(left))}"

    def _between(self, around: Around) -> str:
        dice = self.dice
        match dice.below(3):
            case 0:
                low, high = sorted((day_near(dice, around.begin), day_near(dice, around.begin)))
                return f"{self.value(dice.one(('date', 'instant')), around)} between {low} and {high}"
            case 1:
                low = dice.one(("age", "points", "balance")) if around.inside is None else "contact.age"
                return f"{self.value('number', around)} between {low} and 60"
        low, high = dice.one((("0", "18"), ("1", "3"), ("18", "50"), ("2.25", "75")))
        item = self.value("number", around)
        if item.startswith("score."):
            low, high = "25%", "0.75"
        return f"{item} between {low} and {high}"

    def _listed(self, around: Around) -> str:
        dice = self.dice
        kind = dice.one(("text", "text", "number"))
        item = self.value(kind, around)
        listed = dict.fromkeys(self.literal(kind, around, _column(item)) for _ in range(dice.between(1, 3)))
        return f"{item} {dice.one(('in', 'in', 'not in'))} ({', '.join(listed)})"

    def _part(self, around: Around) -> str:
        dice = self.dice
        of = dice.one(("date", "instant", "instant"))
        part = dice.one(("year", "month", "weekday") if of == "date" else ("month", "weekday", "hour"))
        item = f"{part} of {self._unit(of, around)}"
        if part == "weekday" and dice.percent(50):
            return f"{item} in (saturday, sunday, monday)"
        if part == "month" and dice.percent(30):
            return f"{item} is {dice.one(('march', 'april', 'october'))}"
        value = {"year": around.begin.year, "month": around.begin.month, "weekday": 4, "hour": 9}[part]
        return f"{item} {dice.one(_ORDER)} {value}"

    def _count(self, around: Around) -> str:
        dice = self.dice
        number = dice.one(("0", "1", "1", "2", "3"))
        sign = dice.one((">", ">=", "=", "!=", "<")) if number != "0" else dice.one((">", "=", "!="))
        return f"count of {self.event(around)}{self.window(around)} {sign} {number}"

    def _group(self, around: Around) -> str:
        """A segment, or a stage of a lifecycle."""
        dice = self.dice
        if around.lifecycles and (not around.segments or dice.percent(50)):
            name = dice.one(tuple(around.lifecycles))
            stages = around.lifecycles[name]
            if dice.percent(60):
                return f"{name} is {dice.one(stages)}"
            return f"{name} in ({', '.join(dice.some(stages, 2))})"
        if around.segments:
            return f"in segment {dice.one(around.segments)}"
        return f"has {self.event(around)}"

    # ---- values, made of others

    def value(self, kind: Kind, around: Around) -> str:
        """A value that is seldom a literal."""
        dice = self.dice
        if dice.percent(55):
            return self.name(kind, around)
        match kind:
            case "number":
                return self._number(around)
            case "instant" | "date" if dice.percent(40):
                spans = ("1 day", "1 week", "1 month", "1 year", "3 days")
                spans = (*spans, "1 hour", "90 minutes") if kind == "instant" else spans
                return f"{self.name(kind, around)} {dice.one(('+', '-'))} {dice.one(spans)}"
        if around.inside is None:
            made = self._of_events(kind, around)
            if made:
                return made
        return self.name(kind, around)

    def _unit(self, kind: Kind, around: Around) -> str:
        """A value that can stand behind `month of`."""
        if around.inside is None and self.dice.percent(25):
            return self._nth(kind, around) or self.name(kind, around)
        return self.name(kind, around)

    def _number(self, around: Around) -> str:
        dice = self.dice
        match dice.below(8):
            case 0 | 1:
                sign = dice.one(("+", "-", "*", "/"))
                return f"({self.name('number', around)} {sign} {self._factor(around)})"
            case 2:
                sums = f"{self.name('number', around)} {dice.one(('+', '-'))} {self.name('number', around)}"
                return f"({sums}) {dice.one(('*', '/'))} {dice.one(('2', '4'))}"
            case 3:
                kind = dice.one(("date", "instant"))
                parts = ("year", "month", "weekday") if kind == "date" else ("month", "weekday", "hour")
                return f"({dice.one(parts)} of {self._unit(kind, around)} * {dice.one(('2', '3'))})"
        if around.inside is None:
            return self._of_events("number", around) or self.name("number", around)
        return self.name("number", around)

    def _factor(self, around: Around) -> str:
        return (
            self.name("number", around) if self.dice.percent(50) else self.dice.one(("2", "3", "0.5", "10"))
        )

    def _of_events(self, kind: Kind, around: Around) -> str | None:
        dice = self.dice
        if kind == "number":
            match dice.below(5):
                case 0:
                    return f"count of {self.event(around)}{self.window(around)}"
                case 1:
                    return f"days since {self.event(around)}"
                case 2:
                    of = self.kind_with(dice.one(KINDS), around)
                    if of is not None:
                        return f"distinct of {self._field(of, around)}{self.window(around)}"
        if dice.percent(40):
            return self._nth(kind, around)
        functions = ("smallest", "largest") if kind != "number" else ("sum", "average", "smallest", "largest")
        of = self.kind_with(kind, around)
        return of and f"{dice.one(functions)} of {self._field(of, around)}{self.window(around)}"

    def _nth(self, kind: Kind, around: Around) -> str | None:
        of = self.kind_with(kind, around)
        return of and f"{self.dice.one(('first', 'last'))} {self._field(of, around)}"

    def _field(self, of: tuple[EventKind, str], around: Around) -> str:
        events, name = of
        return f"{events.name}.{name}{self._cause(events, around)}{self._filter(events, around)}"

    # ---- events

    def event(self, around: Around, kind: EventKind | None = None, *, filtered: int = 45) -> str:
        """A kind of event, and so many times of a hundred a filter."""
        kind = self.any_kind(around) if kind is None else kind
        return f"{kind.name}{self._cause(kind, around)}{self._filter(kind, around, filtered)}"

    def _cause(self, kind: EventKind, around: Around) -> str:
        messages = around.words.get("message", ())
        if not kind.has_cause or not messages or not self.dice.percent(25):
            return ""
        return f" of {self.dice.one(messages)}"

    def _filter(self, kind: EventKind, around: Around, filtered: int = 30) -> str:
        if self._deep or not self.dice.percent(filtered):
            return ""
        self._deep += 1
        made = self.predicate(replace(around, inside=kind), self.dice.one((0, 0, 0, 1, 2)))
        self._deep -= 1
        return f"[{made}]"


def _column(value: str) -> str:
    """The column that a value is read from, as far as it is a plain one."""
    return value.rpartition(" ")[2].partition("[")[0]
