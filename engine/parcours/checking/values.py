"""Values as written ─► checked terms with a kind (LANGUAGE.md section 3, E3)."""

from datetime import date
from decimal import Decimal

from parcours.checking.events import EventTerms
from parcours.checking.findings import Findings
from parcours.checking.kinds import KIND_WORDS
from parcours.checking.literals import Literals
from parcours.checking.names import Names
from parcours.checking.scope import Scope
from parcours.checking.terms import Arithmetic, Constant, Kind, Learned, PartOf, Shift, Term, number
from parcours.diagnostics import Place
from parcours.model import values as written

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_BOUNDS = {"month": (1, 12), "weekday": (1, 7), "hour": (0, 23)}


class Values:
    """Every method that meets an error adds a finding and gives None."""

    def __init__(self, names: Names, events: EventTerms, literals: Literals, findings: Findings) -> None:
        self._names = names
        self._events = events
        self._literals = literals
        self._findings = findings

    def value(self, node: written.Value, scope: Scope) -> Term | None:
        match node:
            case written.Duration():
                self._findings.add(
                    "wrong-type",
                    f"`{node}` is a length of time: it can only be added to or taken from an instant",
                    node.place,
                )
                return None
            case written.Path():
                return self._names.path(node, scope)
            case written.Arithmetic():
                return self._arithmetic(node, scope)
            case written.Aggregate():
                return self._events.aggregate(node, scope)
            case written.Nth():
                return self._events.nth(node, scope)
            case written.DaysSince():
                return self._events.days_since(node, scope)
            case written.Part():
                return self._part(node, scope)
            case _:
                return self._literals.constant(node)

    def of_kind(self, node: written.Value, scope: Scope, kind: Kind, message: str) -> Term | None:
        """The value when it is of the kind; otherwise `message` says what is wanted."""
        term = self.value(node, scope)
        if term is None or term.kind == kind:
            return term
        self._findings.add("wrong-type", f"{message}: {self.said(node, term)}", node.place)
        return None

    def said(self, node: written.Value, term: Term) -> str:
        """`amount` is a number."""
        return f"`{self._findings.text(node.place)}` is {KIND_WORDS[term.kind]}"

    def named(self, item: Term, node: written.Value, name: str, place: Place) -> Constant | None:
        """What a bare name stands for beside a value: `is no`, `is FR`, `in (weekly, monthly)`, `is june`."""
        if item.kind == "yes_no" and name in ("yes", "no"):
            return Constant(name == "yes", "yes_no")
        if item.kind == "text":
            return Constant(name, "text") if self._can_be(item, name, place) else None
        if isinstance(item, PartOf) and item.part in ("weekday", "month"):
            names = WEEKDAYS if item.part == "weekday" else MONTHS
            if name in names:
                return number(names.index(name) + 1)
            self._findings.unknown("unknown-name", f"`{name}` is no {item.part}", place, name, names)
            return None
        self._findings.add("wrong-type", f"{self.said(node, item)}: it cannot be `{name}`", place)
        return None

    def matched(
        self, first: Term, left: written.Value, second: Term, right: written.Value, operator: str
    ) -> tuple[Term, Term] | None:
        """Both sides brought to one kind. A written date stands for its local midnight beside an instant."""
        first, second = self._midnight(first, second), self._midnight(second, first)
        if first.kind != second.kind:
            self._findings.add(
                "wrong-type",
                f"{self.said(left, first)}, {self.said(right, second)}",
                right.place,
                mark=_quote_hint(first, second),
            )
            return None
        if first.kind == "yes_no" and operator not in ("=", "!="):
            self._findings.add(
                "wrong-type", f"yes and no have no order: `{operator}` says nothing", right.place
            )
            return None
        text, place = (second, right.place) if isinstance(second, Constant) else (first, left.place)
        if isinstance(text, Constant) and isinstance(text.value, str):
            other = first if text is second else second
            if not self._can_be(other, text.value, place):
                return None
        return (first, second) if self._in_bounds(first, second, right) else None

    def _can_be(self, item: Term, value: str, place: Place) -> bool:
        """E3: a zone is one of those declared."""
        if not isinstance(item, Learned) or not item.values or value in item.values:
            return True
        message = f"`{value}` is no zone of `{item.name}`"
        self._findings.unknown("unknown-zone", message, place, value, item.values)
        return False

    def _in_bounds(self, first: Term, second: Term, right: written.Value) -> bool:
        """A month is 1 to 12, and a score 0% to 100%: beside any other number a condition never changes."""
        if not isinstance(second, Constant) or not isinstance(second.value, Decimal):
            return True
        what: str
        if isinstance(first, PartOf) and first.part != "year":
            low, high = _BOUNDS[first.part]
            what, wanted = first.part, f"{low} to {high}"
        elif isinstance(first, Learned) and first.part == "probability":
            low, high = 0, 1
            what, wanted = "probability", f"{second.value:f}%" if second.value > 1 else "0% to 100%"
        else:
            return True
        if low <= second.value <= high:
            return True
        said = self._findings.text(right.place)
        self._findings.add("bad-number", f"`{said}` is no {what}: write {wanted}", right.place)
        return False

    def _midnight(self, term: Term, beside: Term) -> Term:
        if isinstance(term, Constant) and isinstance(term.value, date) and beside.kind == "instant":
            return self._literals.midnight(term.value) if term.kind == "date" else term
        return term

    def _arithmetic(self, node: written.Arithmetic, scope: Scope) -> Term | None:
        if isinstance(node.right, written.Duration) and node.operator in ("+", "-"):
            return self._shift(node.left, node.right, 1 if node.operator == "+" else -1, scope)
        message = f"`{node.operator}` needs numbers on both sides"
        left = self.of_kind(node.left, scope, "number", message)
        right = self.of_kind(node.right, scope, "number", message)
        return Arithmetic(node.operator, left, right) if left and right else None

    def _shift(self, node: written.Value, duration: written.Duration, sign: int, scope: Scope) -> Term | None:
        item, span = self.value(node, scope), self._literals.span(duration, may_be_nothing=True)
        if item is None:
            return None
        if item.kind == "instant" or (item.kind == "date" and not span.is_clock):
            return Shift(item, span, 1 if sign > 0 else -1, item.kind)
        self._findings.add(
            "wrong-type", f"{self.said(node, item)}: `{duration}` cannot be added to it", duration.place
        )
        return None

    def _part(self, node: written.Part, scope: Scope) -> Term | None:
        item = self.value(node.value, scope)
        if item is None:
            return None
        if item.kind == "instant" or (item.kind == "date" and node.part != "hour"):
            return PartOf(node.part, item)
        self._findings.add(
            "wrong-type", f"{self.said(node.value, item)}: it has no {node.part}", node.value.place
        )
        return None


def _quote_hint(first: Term, second: Term) -> str:
    text, other = (first, second) if first.kind == "text" else (second, first)
    if isinstance(text, Constant) and text.kind == "text" and other.kind in ("number", "date", "instant"):
        return "write it without quotes"
    return ""
