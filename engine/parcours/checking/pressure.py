"""Pressure as written ─► the rules of the checked policy (LANGUAGE.md section 6)."""

from decimal import Decimal
from typing import Literal

from parcours.checking import checked
from parcours.checking.kinds import kind_of_column
from parcours.checking.predicates import Predicates
from parcours.checking.preferences import check_preferences
from parcours.checking.rule_words import rule_words
from parcours.checking.scope import OUTSIDE
from parcours.checking.selectors import check_selector
from parcours.checking.terms import Attribute
from parcours.clock.span import Span
from parcours.model import policy as written
from parcours.model.node import Name, Node

DEFAULT_KEEP_HELD = Span(2, "day")
_RANKS: tuple[Literal["priority", "value"], ...] = ("priority", "value")
_ONCE = {
    "keep_held": "keep held messages",
    "arbitrate": "arbitrate",
    "lost_contact": "a lost contact costs",
    "honour_preferences": "honour preferences",
}


def check_pressure(predicates: Predicates) -> checked.Policy:
    """What all pressure declarations together say; the channels are still to come."""
    rules = _Rules(predicates)
    for pressure in predicates.vocabulary.pressures:
        for rule in pressure.rules:
            rules.add(rule)
    return rules.policy()


class _Rules:
    """The rules of the pressure declarations, in the order written."""

    def __init__(self, predicates: Predicates) -> None:
        self._predicates = predicates
        self._literals = predicates.literals
        self._findings = predicates.findings
        self._said: dict[str, Node] = {}
        self._exempt: list[checked.Selector] = []
        self._never: list[checked.Never] = []
        self._caps: list[checked.Cap] = []
        self._spacing: list[checked.Spacing] = []
        self._keep_held = DEFAULT_KEEP_HELD
        self._wishes: tuple[checked.Wish, ...] = ()
        self._lost_contact: Decimal | None = None
        self._ranked_by: tuple[Literal["priority", "value"], ...] = ("priority",)

    def policy(self) -> checked.Policy:
        return checked.Policy(
            (),
            tuple(self._exempt),
            tuple(self._never),
            tuple(self._caps),
            self._keep_held,
            tuple(self._spacing),
            self._wishes,
            self._lost_contact,
            self._ranked_by,
        )

    def add(self, rule: written.PressureRule) -> None:
        self._check_once(rule)
        match rule:
            case written.Exempt():
                if selector := self._selector(rule.selector):
                    self._exempt.append(selector)
            case written.Cap():
                self._cap(rule)
            case written.Never():
                selector = self._selector(rule.selector)
                condition = self._predicates.predicate(rule.condition, OUTSIDE)
                if selector and condition:
                    text = rule_words(rule, self._findings)
                    self._never.append(checked.Never(text, selector, condition, rule.place))
            case written.KeepHeld():
                self._keep_held = self._literals.span(rule.duration, may_be_nothing=True)
            case written.Arbitrate():
                self._arbitrate(rule)
            case written.LostContact():
                # read only by expected values (P2), of which there are none yet
                self._lost_contact = self._literals.money(rule.cost)
            case written.Spacing():
                self._space(rule, rule.first, rule.second, one_way=False)
            case written.NotAfter():
                self._space(rule, rule.after, rule.selector, one_way=True)
            case written.HonourPreferences():
                self._wishes = check_preferences(self._predicates, rule.place)

    def _check_once(self, rule: written.PressureRule) -> None:
        if rule.kind not in _ONCE:
            return
        first = self._said.setdefault(rule.kind, rule)
        if first is not rule:
            message = f"`{_ONCE[rule.kind]}` is said twice"
            self._findings.add("repeated-clause", message, rule.place, mark=f"first said in {first.place}")

    def _space(
        self,
        rule: written.Spacing | written.NotAfter,
        first: written.Selector,
        second: written.Selector,
        *,
        one_way: bool,
    ) -> None:
        span = self._literals.span(rule.duration)
        before, after = self._selector(first), self._selector(second)
        if before and after:
            text = rule_words(rule, self._findings)
            self._spacing.append(checked.Spacing(text, span, before, after, one_way, rule.place))

    def _arbitrate(self, rule: written.Arbitrate) -> None:
        for number, name in enumerate(rule.by):
            if name.text not in _RANKS:
                message = f"candidates have no `{name}` to rank them by"
                self._findings.unknown("unknown-name", message, name.place, name.text, _RANKS)
            elif any(name.text == earlier.text for earlier in rule.by[:number]):
                self._findings.add("repeated-clause", f"`{name}` is there twice", name.place)
        self._ranked_by = tuple(rank for name in rule.by for rank in _RANKS if rank == name.text)

    def _cap(self, rule: written.Cap) -> None:
        selector = self._selector(rule.selector)
        condition = self._predicates.optional(rule.condition, OUTSIDE)
        period = self._literals.period(rule.period)
        per = None if rule.per is None else self._per(rule.per)
        keep = None if rule.keep is None else self._keep(rule.keep, rule.count)
        whole = (rule.condition is None or condition) and (rule.per is None or per)
        if selector is None or not whole:
            return
        text = rule_words(rule, self._findings)
        self._caps.append(
            checked.Cap(
                text,
                rule.count,
                selector,
                period,
                condition,
                rule.place,
                per,
                keep,
                rule.counting_exempt,
            )
        )

    def _per(self, name: Name) -> Attribute | None:
        """P6: contacts with the same value share the cap. `household` is what the mapping calls so."""
        contacts = self._predicates.vocabulary.catalog.contacts
        household = self._predicates.vocabulary.settings.datamart.contacts.household
        column = name.text
        if name.text == "household" and household is not None:
            column = household.text
        elif name.text == "household" and "household" not in contacts.columns:
            self._findings.add(
                "missing-mapping",
                "parcours.yaml does not say who shares a household",
                name.place,
                advice="map the column: `household:` under `contacts:` in parcours.yaml",
            )
            return None
        if column not in contacts.columns:
            message = f"`{name}` is no attribute of a contact"
            self._findings.unknown("unknown-attribute", message, name.place, name.text, contacts.columns)
            return None
        kind = kind_of_column(contacts.columns[column])
        if kind is None:
            sql_type = contacts.columns[column].sql_type
            message = f"`{name}` has the type {sql_type}, which contacts cannot share"
            self._findings.add("wrong-column-type", message, name.place)
            return None
        return Attribute(column, kind)

    def _keep(self, keep: written.Keep, count: int) -> tuple[int, int]:
        if not 1 <= keep.count < count:
            left = "leaves nothing for the others" if keep.count else "keeps nothing for the important"
            message = f"`keep {keep.count}` of at most {count} {left}"
            advice = f"keep 1 to {count - 1}" if count > 1 else "leave it out, or allow more messages"
            self._findings.add("bad-number", message, keep.place, advice=advice)
        if not 0 <= keep.priority <= 100:
            message = f"a priority is 0 to 100, not {keep.priority}"
            self._findings.add("bad-number", message, keep.place)
        return keep.count, keep.priority

    def _selector(self, selector: written.Selector) -> checked.Selector | None:
        return check_selector(selector, self._predicates.vocabulary, self._findings)
