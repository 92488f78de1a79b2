"""`honour preferences`: what contacts have asked for themselves, from events of their own (LANGUAGE.md P10)."""

from collections.abc import Iterator

from parcours.checking import checked
from parcours.checking.kinds import KIND_WORDS, kind_of_column
from parcours.checking.predicates import Predicates
from parcours.checking.terms import (
    And,
    Compare,
    Constant,
    Events,
    Field,
    InSeason,
    Kind,
    Known,
    Not,
    Nth,
    Term,
    Window,
)
from parcours.clock.span import Span
from parcours.datamart.catalog import Table
from parcours.diagnostics import Place

EVENT = "preference_changed"
"""The event by which a contact says what it wants. Each of its fields holds until the next event in which it is known."""

FREQUENCIES = {"daily": Span(1, "day"), "weekly": Span(1, "week"), "monthly": Span(1, "month")}
"""At most one message in so long. Any other word is no limit."""

_FIELDS: dict[str, tuple[Kind, ...]] = {
    "frequency": ("text",),
    "until": ("date", "instant"),
    "topic": ("text",),
    "wanted": ("yes_no",),
    "season": ("text",),
}
_ALL = checked.Selector("all", "")


def check_preferences(predicates: Predicates, place: Place) -> tuple[checked.Wish, ...]:
    """All that a contact can wish for, as far as the event has fields for it; what each rule of it closes."""
    findings, table = predicates.findings, predicates.vocabulary.catalog.events.get(EVENT)
    if table is None:
        findings.add(
            "missing-mapping",
            f"contacts have no event `{EVENT}` by which they say what they prefer",
            place,
            advice=f"map it under `events:` in parcours.yaml, with any of the fields {', '.join(_FIELDS)}",
        )
        return ()
    for name, kinds in _FIELDS.items():
        if name not in table.columns:
            continue
        kind = kind_of_column(table.columns[name])
        if kind not in kinds:
            found = table.columns[name].sql_type if kind is None else KIND_WORDS[kind]
            wanted = " or ".join(KIND_WORDS[kind] for kind in kinds)
            message = f"`{EVENT}.{name}` is {found}, and a preference of this name is {wanted}"
            findings.add("wrong-column-type", message, place)
            return ()
    return tuple(_Wishes(predicates, table, place).all())


class _Wishes:
    def __init__(self, predicates: Predicates, table: Table, place: Place) -> None:
        self._predicates = predicates
        self._table = table
        self._place = place

    def all(self) -> Iterator[checked.Wish]:
        vocabulary = self._predicates.vocabulary
        topics = sorted({m.topic.text for m in vocabulary.messages.values() if m.topic})
        scopes = [_ALL, *(checked.Selector("topic", topic) for topic in topics if self._has("topic"))]
        for scope in scopes:
            about = f" of topic {scope.name}" if scope.name else ""
            if self._has("until"):
                until = self._last("until", scope)
                yield checked.Wish(f"a break{about}", scope, self._place, until=until)
            if scope.name and self._has("wanted"):
                wanted = self._last("wanted", scope)
                unwanted = Compare("=", wanted, Constant(False, "yes_no"))
                yield checked.Wish(f"no topic {scope.name}", scope, self._place, condition=unwanted)
        for season in sorted(vocabulary.seasons) if self._has("season") else ():
            bounds = self._predicates.groups.season(season, vocabulary.seasons[season].place)
            if bounds is not None:
                chosen = Compare("=", self._last("season", None), Constant(season, "text"))
                out = And((chosen, Not(InSeason(*bounds))))
                yield checked.Wish(f"only in {season}", _ALL, self._place, condition=out, season=bounds[0])
        for scope in scopes:
            about = f" of topic {scope.name}" if scope.name else ""
            for word, span in FREQUENCIES.items() if self._has("frequency") else ():
                chosen = Compare("=", self._last("frequency", scope), Constant(word, "text"))
                period = checked.Period("rolling", span)
                yield checked.Wish(
                    f"{word} messages{about}", scope, self._place, condition=chosen, period=period
                )

    def _has(self, field: str) -> bool:
        return field in self._table.columns

    def _field(self, name: str) -> Field:
        kind = kind_of_column(self._table.columns[name])
        assert kind is not None  # of the kinds that it may have
        return Field(name, kind)

    def _last(self, name: str, scope: checked.Selector | None) -> Nth:
        """What the newest event says in which the field is known: one about the topic, or one about none."""
        field = self._field(name)
        said: list[Term] = [Known(field)]
        if scope is not None and self._has("topic"):
            topic = self._field("topic")
            about = Compare("=", topic, Constant(scope.name, "text"))
            said.append(about if scope.name else Not(Known(topic)))
        filtered = said[0] if len(said) == 1 else And(tuple(said))
        return Nth("last", Events(EVENT, filtered, Window("ever")), field, field.kind)
