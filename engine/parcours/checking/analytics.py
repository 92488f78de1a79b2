"""The analytic core as written: whether it can be learned from this datamart, as far as names and types go."""

from collections.abc import Sequence
from decimal import Decimal

from parcours.checking.kinds import KIND_WORDS
from parcours.checking.learned_from import check_circle
from parcours.checking.predicates import Predicates
from parcours.checking.scope import OUTSIDE
from parcours.diagnostics import Place
from parcours.model import analytics as written
from parcours.model import values
from parcours.model.node import Name
from parcours.model.values import Duration, Path

Declaration = written.Rfm | written.Clusters | written.Score | written.Rules

_SCORED_BY = ("quantile", "thresholds")
_MOST_GROUPS = 100
_ALL = Decimal(100)


def check_learned(declaration: Declaration, predicates: Predicates) -> None:
    """Adds what is wrong with one declaration to the findings."""
    _Learning(predicates).check(declaration)


class _Learning:
    def __init__(self, predicates: Predicates) -> None:
        self._predicates = predicates
        self._findings = predicates.findings

    def check(self, declaration: Declaration) -> None:
        match declaration:
            case written.Rfm():
                self._rfm(declaration)
            case written.Clusters():
                self._clusters(declaration)
                check_circle(declaration, self._predicates)
            case written.Score():
                self._score(declaration)
                check_circle(declaration, self._predicates)
            case written.Rules():
                self._rules(declaration)

    def _rfm(self, rfm: written.Rfm) -> None:
        if not rfm.of:
            self._missing(rfm, "of", "say what is looked at: `of order.amount over 24 months`")
        for source in rfm.of:
            self._source(source)
        if rfm.scored_to is not None and not 1 <= (rfm.scored_from or 0) < rfm.scored_to <= _MOST_GROUPS:
            message = f"scores go up from 1, not from {rfm.scored_from} to {rfm.scored_to}"
            self._number(message, rfm.line("rfm_scored"), "write `scored 1 to 5`")
        if rfm.scored_by is not None and rfm.scored_by.text not in _SCORED_BY:
            by = rfm.scored_by
            message = f"scores are not dealt out by `{by}`"
            self._findings.unknown("unknown-name", message, by.place, by.text, _SCORED_BY)
        self._spans(rfm.over, rfm.trend)

    def _source(self, source: Path) -> None:
        """`order`, `order.amount`: an event, or a number of one."""
        event, *fields = source.parts
        table = self._predicates.events.table(Name(place=source.place, text=event))
        if table is None or not fields:
            return
        found = self._predicates.names.field(table, ".".join(fields), source.place)
        if found is not None and found.kind != "number":
            message = f"`{source}` is {KIND_WORDS[found.kind]}: only numbers can be added up"
            self._findings.add("wrong-type", message, source.place, advice="name a field that is a number")

    def _clusters(self, clusters: written.Clusters) -> None:
        self._features(clusters, clusters.features)
        self._predicates.optional(clusters.population, OUTSIDE)
        fewest, most = clusters.fewest, clusters.most
        if fewest is not None and most is not None and not 2 <= fewest <= most <= _MOST_GROUPS:
            message = f"there are 2 to {_MOST_GROUPS} groups, fewer before more, not {fewest} to {most}"
            self._number(message, clusters.line("groups"), "write `between 3 and 8 groups`")
        low, high = clusters.clip_low, clusters.clip_high
        if low is not None and high is not None and not 0 <= low < high <= _ALL:
            message = f"outliers are below {low}% and above {high}%: nothing is left between"
            self._number(message, clusters.line("clip"), "write `clip outliers at 1% and 99%`")
        if clusters.sample == 0:
            self._number("nothing can be learned from 0 contacts", clusters.line("sample"), "write more")
        self._spans(clusters.refresh)

    def _score(self, score: written.Score) -> None:
        if score.predict is None:
            self._missing(score, "predict", "say what it predicts: `predict has order within 30 days`")
        self._features(score, score.features)
        for condition in (score.predict, score.population):
            self._predicates.optional(condition, OUTSIDE)
        self._spans(score.within, score.learn_on, score.refresh)
        names: set[str] = set()
        taken = False
        for zone in score.zones:
            if zone.name.text in names:
                self._findings.add(
                    "duplicate-name", f"the zone `{zone.name}` is there twice", zone.name.place
                )
            elif taken:
                message = f"nobody can be in the zone `{zone.name}`: the one before it takes everybody"
                self._findings.add("unreachable-stage", message, zone.name.place)
            names.add(zone.name.text)
            taken = taken or isinstance(zone, written.ZoneOtherwise)
            self._zone(zone)

    def _zone(self, zone: written.Zone) -> None:
        match zone:
            case written.ZoneWhere():
                self._predicates.predicate(zone.predicate, OUTSIDE)
            case written.ZoneTop() | written.ZoneFrom():
                self._percent(zone.percent, zone.place)

    def _rules(self, rules: written.Rules) -> None:
        if rules.item is None or rules.event is None:
            self._missing(rules, "source", "say what goes together: `product of line together in order_id`")
            return
        table = self._predicates.events.table(rules.event)
        if table is not None:
            for field in (rules.item, rules.together_in):
                if field is not None:
                    self._predicates.names.field(table, str(field), field.place)
        for name, share in (("support", rules.support), ("confidence", rules.confidence)):
            if share is not None:
                self._percent(share, rules.line(name))
        self._spans(rules.followed_within, rules.refresh)

    def _features(
        self, declaration: written.Clusters | written.Score, features: Sequence[values.Value]
    ) -> None:
        if not features:
            self._missing(declaration, "from", "name the values that are looked at: `from age, country`")
        for feature in features:
            if not self._is_whole(feature):
                self._predicates.values.value(feature, OUTSIDE)

    def _is_whole(self, feature: values.Value) -> bool:
        """Whether a value is all that an rfm or a lifecycle says of a contact."""
        if not isinstance(feature, Path) or len(feature.parts) != 1:
            return False
        (name,) = feature.parts
        vocabulary = self._predicates.vocabulary
        if name in vocabulary.lifecycles:
            self._predicates.groups.stages(vocabulary.lifecycles[name], Name(place=feature.place, text=name))
        return name in vocabulary.rfms or name in vocabulary.lifecycles

    def _missing(self, declaration: Declaration, clause: str, advice: str) -> None:
        message = f"the {declaration.kind} `{declaration.name}` cannot be learned: it has no `{clause}`"
        if clause == "source":
            message = f"the rules `{declaration.name}` cannot be learned: nothing says what goes together"
        self._findings.add("missing-clause", message, declaration.name.place, advice=advice)

    def _percent(self, share: Decimal, place: Place) -> None:
        if not 0 <= share <= _ALL:
            self._number(f"{share}% is no share", place, "write 0% to 100%")

    def _number(self, message: str, place: Place, advice: str) -> None:
        self._findings.add("bad-number", message, place, advice=advice)

    def _spans(self, *durations: Duration | None) -> None:
        for duration in durations:
            if duration is not None:
                self._predicates.literals.span(duration)
