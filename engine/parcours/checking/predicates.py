"""Predicates as written ─► checked terms that are yes, no or unknown (LANGUAGE.md section 3, E1–E4)."""

from parcours.checking.analytics import Analytics
from parcours.checking.conditions import Conditions
from parcours.checking.event_tables import EventTables
from parcours.checking.events import EventTerms
from parcours.checking.findings import Findings
from parcours.checking.groups import Groups
from parcours.checking.kinds import KIND_WORDS
from parcours.checking.learned import DeclaredKind, LearnedNames
from parcours.checking.literals import Literals
from parcours.checking.names import Names
from parcours.checking.parts import parts
from parcours.checking.reasoning.search import Reasoner
from parcours.checking.scope import Scope
from parcours.checking.terms import (
    Among,
    And,
    Compare,
    Constant,
    Count,
    Events,
    InLast,
    Known,
    Not,
    Or,
    Term,
    happened,
    number,
)
from parcours.checking.values import Values
from parcours.checking.vocabulary import Vocabulary
from parcours.diagnostics import Place
from parcours.model import values as written
from parcours.model.node import Name
from parcours.model.vocabulary import Lifecycle


class Predicates:
    """Everything that turns what is written between the words of the language into terms. Every method that
    meets an error adds a finding and gives None; callers pass the None on."""

    def __init__(self, vocabulary: Vocabulary, findings: Findings) -> None:
        self.vocabulary = vocabulary
        self.findings = findings
        self.conditions = Conditions()
        self.reasoner = Reasoner()
        self.groups = Groups(vocabulary, findings, self.predicate)
        learned = LearnedNames(vocabulary, findings, self._hash_of)
        self.names = Names(vocabulary, self.groups, learned, findings)
        self.literals = Literals(findings, vocabulary.time_zone, vocabulary.currency)
        self.events = EventTerms(
            EventTables(vocabulary.catalog, vocabulary.recorded),
            vocabulary.messages,
            self.names,
            self.literals,
            findings,
            self.predicate,
        )
        self.values = Values(self.names, self.events, self.literals, findings)
        self.analytics = Analytics(
            vocabulary,
            findings,
            self.groups,
            learned,
            self.names,
            self.events,
            self.values,
            self.literals,
            self.predicate,
        )

    def predicate(self, node: written.Predicate, scope: Scope) -> Term | None:
        term = self._term(node, scope)
        if term is not None:
            self.conditions.note(node, term, scope)
        return term

    def _term(self, node: written.Predicate, scope: Scope) -> Term | None:
        match node:
            case written.And():
                return self._several(And, node.items, scope)
            case written.Or():
                return self._several(Or, node.items, scope)
            case written.Not():
                item = self.predicate(node.item, scope)
                return None if item is None else Not(item)
            case written.Truth():
                return self._truth(node, scope)
            case written.Compare():
                pair = self._pair(node.left, node.right, scope, node.operator)
                return None if pair is None else Compare(node.operator, *pair)
            case written.Between():
                low = self._pair(node.value, node.low, scope, ">=")
                high = self._pair(node.value, node.high, scope, "<=")
                return And((Compare(">=", *low), Compare("<=", *high))) if low and high else None
            case written.InList():
                term = self._in_list(node, scope)
                return Not(term) if term is not None and node.negated else term
            case written.IsKnown():
                item = self.values.value(node.value, scope)
                if item is None:
                    return None
                return Not(Known(item)) if node.negated else Known(item)
            case written.IsName():
                return self._is_name(node, scope)
            case written.Has():
                events = self.events.events(node.event, node.window, scope)
                if events is None:
                    return None
                return Compare("=", Count(events), number(0)) if node.negated else happened(events)
            case written.Recent():
                item = self.values.of_kind(node.value, scope, "instant", "`in last` needs an instant")
                span = self.literals.span(node.duration)
                return None if item is None else InLast(item, span)
            case written.InSegment():
                return self._outside_brackets(self.groups.segment(node.name), "segments", node.place, scope)

    def optional(self, node: written.Predicate | None, scope: Scope) -> Term | None:
        return None if node is None else self.predicate(node, scope)

    def _several(
        self, kind: type[And] | type[Or], items: tuple[written.Predicate, ...], scope: Scope
    ) -> Term | None:
        terms = [self.predicate(item, scope) for item in items]
        known = tuple(term for term in terms if term is not None)
        return kind(known) if len(known) == len(terms) else None

    def _truth(self, node: written.Truth, scope: Scope) -> Term | None:
        term = self.values.value(node.value, scope)
        if term is not None and term.kind != "yes_no":
            self.findings.add(
                "not-a-condition",
                f"`{self.findings.text(node.place)}` is {KIND_WORDS[term.kind]}, not a condition",
                node.place,
                mark="compare it with something",
            )
            return None
        return term

    def _pair(
        self, left: written.Value, right: written.Value, scope: Scope, operator: str
    ) -> tuple[Term, Term] | None:
        first, second = self.values.value(left, scope), self.values.value(right, scope)
        if first is None or second is None:
            return None
        return self.values.matched(first, left, second, right, operator)

    def _hash_of(self, kind: DeclaredKind, name: str) -> str:
        return self.analytics.hash_of(kind, name)

    # ---- names as values: stages, and what a column may hold

    def _is_name(self, node: written.IsName, scope: Scope) -> Term | None:
        lifecycle = self._lifecycle(node.value, scope)
        if lifecycle is not None:
            return self._stage(lifecycle, node.name, node.place, scope)
        item = self.values.value(node.value, scope)
        if item is None:
            return None
        constant = self.values.named(item, node.value, node.name.text, node.name.place)
        return None if constant is None else Compare("=", item, constant)

    def _in_list(self, node: written.InList, scope: Scope) -> Term | None:
        lifecycle = self._lifecycle(node.value, scope)
        if lifecycle is not None:
            return self._in_stages(node, lifecycle, scope)
        item = self.values.value(node.value, scope)
        if item is None:
            return None
        constants = [self._listed(item, node.value, listed, scope) for listed in node.items]
        known = tuple(constant for constant in constants if constant is not None)
        return Among(item, known) if len(known) == len(constants) else None

    def _listed(
        self, item: Term, node: written.Value, listed: written.Value, scope: Scope
    ) -> Constant | None:
        name = _bare(listed)
        if name is not None:
            return self.values.named(item, node, name.text, name.place)
        value = self.values.value(listed, scope)
        pair = None if value is None else self.values.matched(item, node, value, listed, "=")
        if pair is None:
            return None
        constant = pair[1]
        if isinstance(constant, Constant):
            return constant
        self.findings.add("wrong-type", "a list holds plain values only", listed.place)
        return None

    def _in_stages(self, node: written.InList, lifecycle: Lifecycle, scope: Scope) -> Term | None:
        terms: list[Term | None] = []
        for listed in node.items:
            name = _bare(listed)
            if name is None:
                message = f"`{self.findings.text(listed.place)}` is no stage of `{lifecycle.name}`"
                self.findings.add("unknown-stage", message, listed.place)
            terms.append(None if name is None else self._stage(lifecycle, name, listed.place, scope))
        known = tuple(term for term in terms if term is not None)
        return Or(known) if len(known) == len(terms) else None

    def _lifecycle(self, value: written.Value, scope: Scope) -> Lifecycle | None:
        """The lifecycle that a value names. Between the brackets of an event a bare name is a field."""
        if not isinstance(value, written.Path):
            return None
        match value.parts:
            case (name,) if scope.fields is None:
                return self.vocabulary.lifecycles.get(name)
            case ("contact", name):
                return self.vocabulary.lifecycles.get(name)
        return None

    def _stage(self, lifecycle: Lifecycle, name: Name, place: Place, scope: Scope) -> Term | None:
        return self._outside_brackets(self.groups.stage(lifecycle, name), "stages", place, scope)

    def _outside_brackets(self, term: Term | None, what: str, place: Place, scope: Scope) -> Term | None:
        if term is None or scope.fields is None or not any(isinstance(part, Events) for part in parts(term)):
            return term
        self.findings.unsupported(f"{what} inside the brackets of an event", place)
        return term


def _bare(node: written.Value) -> Name | None:
    if isinstance(node, written.Path) and len(node.parts) == 1:
        return Name(place=node.place, text=node.parts[0])
    return None
