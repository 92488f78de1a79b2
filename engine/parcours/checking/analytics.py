"""The analytic core as written ─► as checked: whether it can be learned from this datamart, as far as names and types go."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from parcours.checking import checked
from parcours.checking.events import EventTerms
from parcours.checking.findings import Findings
from parcours.checking.following import following
from parcours.checking.groups import Groups
from parcours.checking.kinds import KIND_WORDS
from parcours.checking.learned import DeclaredKind, LearnedNames, dimensions
from parcours.checking.literals import Literals
from parcours.checking.names import Names
from parcours.checking.scope import OUTSIDE, Scope
from parcours.checking.terms import Field, Term
from parcours.checking.values import Values
from parcours.checking.vocabulary import Vocabulary
from parcours.clock.span import Span
from parcours.diagnostics import Place
from parcours.model import analytics as written
from parcours.model import values
from parcours.model.node import Name
from parcours.model.values import Duration, Path

Declaration = written.Rfm | written.Clusters | written.Score | written.Rules
Features = tuple[checked.Feature, ...]

_SCORED_BY = ("quantile", "thresholds")
_MOST_GROUPS = 100
_ALL = Decimal(100)


class Analytics:
    """Each declaration is checked once, however many read what is learned of it. Every method that meets an error adds a
    finding and gives None. `predicate` turns a written predicate into a term."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        findings: Findings,
        groups: Groups,
        learned: LearnedNames,
        names: Names,
        events: EventTerms,
        values: Values,
        literals: Literals,
        predicate: Callable[[values.Predicate, Scope], Term | None],
    ) -> None:
        self._vocabulary = vocabulary
        self._findings = findings
        self._groups = groups
        self._learned = learned
        self._names = names
        self._events = events
        self._values = values
        self._literals = literals
        self._predicate = predicate
        self._known: dict[tuple[str, str], checked.Declared | None] = {}
        self._open: set[tuple[str, str]] = set()

    def declared(self, declaration: Declaration) -> checked.Declared | None:
        key = (declaration.kind, declaration.name.text)
        if key not in self._known:
            self._open.add(key)
            self._known[key] = self._checked(declaration)
            self._open.discard(key)
        return self._known[key]

    def hash_of(self, kind: DeclaredKind, name: str) -> str:
        """The hash of the declaration that a name is about. Empty where that cannot be learned, or only from itself:
        that is told where it is declared."""
        declaration = self._written(kind, name)
        if declaration is None or (kind, name) in self._open:
            return ""
        found = self.declared(declaration)
        return "" if found is None else checked.declared_hash(found)

    def _written(self, kind: DeclaredKind, name: str) -> Declaration | None:
        match kind:
            case "rfm":
                return self._vocabulary.rfms.get(name)
            case "clusters":
                return self._vocabulary.clusters.get(name)
            case "score":
                return self._vocabulary.scores.get(name)
            case "rules":
                return self._vocabulary.rules.get(name)

    def _checked(self, declaration: Declaration) -> checked.Declared | None:
        match declaration:
            case written.Rfm():
                return self._rfm(declaration)
            case written.Clusters():
                return self._clusters(declaration)
            case written.Score():
                return self._score(declaration)
            case written.Rules():
                return self._rules(declaration)

    def _rfm(self, rfm: written.Rfm) -> checked.Rfm | None:
        if not rfm.of:
            self._missing(rfm, "of", "say what is looked at: `of order.amount over 24 months`")
        sources = [self._source(source) for source in rfm.of]
        found = tuple(source for source in sources if source is not None)
        over, trend = self._span(rfm.over), self._span(rfm.trend)
        scored = self._scored(rfm)
        is_whole = len(found) == len(sources) and (scored is None) == (rfm.scored_to is None)
        if not is_whole or over is None:
            return None
        return checked.Rfm(rfm.name.text, found, over, scored, trend, rfm.name.place, rfm.doc)

    def _scored(self, rfm: written.Rfm) -> checked.Scored | None:
        low, high, by = rfm.scored_from, rfm.scored_to, rfm.scored_by
        if low is None or high is None or by is None:
            return None
        if not 1 <= low < high <= _MOST_GROUPS:
            message = f"scores go up from 1, not from {low} to {high}"
            self._number(message, rfm.line("rfm_scored"), "write `scored 1 to 5`")
            return None
        match by.text:
            case "quantile" | "thresholds" as known:
                return checked.Scored(low, high, known)
        message = f"scores are not dealt out by `{by}`"
        self._findings.unknown("unknown-name", message, by.place, by.text, _SCORED_BY)
        return None

    def _source(self, source: Path) -> checked.Source | None:
        """`order`, `order.amount`: an event, or a number of one."""
        event, *fields = source.parts
        table = self._events.table(Name(place=source.place, text=event))
        if table is None:
            return None
        if not fields:
            return checked.Source(event, None)
        found = self._names.field(table, ".".join(fields), source.place)
        if found is None or found.kind == "number":
            return None if found is None else checked.Source(event, found)
        message = f"`{source}` is {KIND_WORDS[found.kind]}: only numbers can be added up"
        self._findings.add("wrong-type", message, source.place, advice="name a field that is a number")
        return None

    def _clusters(self, clusters: written.Clusters) -> checked.Clusters | None:
        features = self._features(clusters, clusters.features)
        population = self._condition(clusters.population)
        fewest, most = clusters.fewest, clusters.most
        groups = None if fewest is None or most is None else (fewest, most)
        if groups is not None and not 2 <= groups[0] <= groups[1] <= _MOST_GROUPS:
            message = f"there are 2 to {_MOST_GROUPS} groups, fewer before more, not {fewest} to {most}"
            self._number(message, clusters.line("groups"), "write `between 3 and 8 groups`")
        low, high = clusters.clip_low, clusters.clip_high
        clip = None if low is None or high is None else (low, high)
        if clip is not None and not 0 <= clip[0] < clip[1] <= _ALL:
            message = f"outliers are below {low}% and above {high}%: nothing is left between"
            self._number(message, clusters.line("clip"), "write `clip outliers at 1% and 99%`")
        if clusters.sample == 0:
            self._number("nothing can be learned from 0 contacts", clusters.line("sample"), "write more")
        refresh = self._span(clusters.refresh)
        if features is None or (population is None and clusters.population is not None):
            return None
        return checked.Clusters(
            clusters.name.text,
            features,
            population,
            groups,
            clip,
            clusters.sample,
            refresh,
            clusters.name.place,
            clusters.doc,
        )

    def _score(self, score: written.Score) -> checked.Score | None:
        if score.predict is None:
            self._missing(score, "predict", "say what it predicts: `predict has order within 30 days`")
        features = self._features(score, score.features)
        label, population = self._condition(score.predict), self._condition(score.population)
        within, learn_on = self._span(score.within), self._span(score.learn_on)
        refresh = self._span(score.refresh)
        zones = self._zones(score)
        if features is None or label is None or within is None or zones is None:
            return None
        if population is None and score.population is not None:
            return None
        return checked.Score(
            score.name.text,
            following(label, within),
            within,
            features,
            population,
            learn_on,
            zones,
            refresh,
            score.name.place,
            score.doc,
        )

    def _zones(self, score: written.Score) -> tuple[checked.Zone, ...] | None:
        made: list[checked.Zone | None] = []
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
            made.append(self._zone(zone))
        found = tuple(zone for zone in made if zone is not None)
        return found if len(found) == len(made) else None

    def _zone(self, zone: written.Zone) -> checked.Zone | None:
        name = zone.name.text
        match zone:
            case written.ZoneWhere():
                condition = self._condition(zone.predicate)
                return None if condition is None else checked.WhereZone(name, condition)
            case written.ZoneTop():
                self._percent(zone.percent, zone.place)
                return checked.TopZone(name, zone.percent)
            case written.ZoneFrom():
                self._percent(zone.percent, zone.place)
                return checked.FromZone(name, zone.percent)
            case written.ZoneBreakEven():
                return checked.BreakEvenZone(name)
            case written.ZoneOtherwise():
                return checked.OtherwiseZone(name)

    def _rules(self, rules: written.Rules) -> checked.Rules | None:
        if rules.item is None or rules.event is None:
            self._missing(rules, "source", "say what goes together: `product of line together in order_id`")
            return None
        table = self._events.table(rules.event)
        item: Field | None = None
        basket: Field | None = None
        if table is not None:
            item = self._names.field(table, str(rules.item), rules.item.place)
            if rules.together_in is not None:
                basket = self._names.field(table, str(rules.together_in), rules.together_in.place)
        for name, share in (("support", rules.support), ("confidence", rules.confidence)):
            if share is not None:
                self._percent(share, rules.line(name))
        within, refresh = self._span(rules.followed_within), self._span(rules.refresh)
        if item is None or (basket is None and rules.together_in is not None):
            return None
        return checked.Rules(
            rules.name.text,
            rules.event.text,
            item,
            basket,
            within,
            rules.support,
            rules.confidence,
            rules.lift,
            refresh,
            rules.name.place,
            rules.doc,
        )

    # ---- features

    def _features(
        self, declaration: written.Clusters | written.Score, features: Sequence[values.Value]
    ) -> Features | None:
        if not features:
            self._missing(declaration, "from", "name the values that are looked at: `from age, country`")
        made = [self._feature(feature) for feature in features]
        found = [several for several in made if several is not None]
        if not found or len(found) < len(made):
            return None
        return tuple(feature for several in found for feature in several)

    def _feature(self, written_as: values.Value) -> Features | None:
        """One value, or all that an rfm or a lifecycle says of a contact."""
        name = written_as.parts[0] if isinstance(written_as, Path) and len(written_as.parts) == 1 else ""
        if name in self._vocabulary.rfms:
            rfm = self._vocabulary.rfms[name]
            learned = [
                (dimension, self._learned.part(name, dimension, written_as.place))
                for dimension in dimensions(rfm)
            ]
            return tuple(
                checked.Feature(f"{name}.{part}", term) for part, term in learned if term is not None
            )
        if name in self._vocabulary.lifecycles:
            lifecycle = self._vocabulary.lifecycles[name]
            stages = self._groups.stages(lifecycle, Name(place=written_as.place, text=name))
            if stages is None:
                return None
            return tuple(checked.Feature(f"{name} is {stage}", term) for stage, term in stages)
        term = self._values.value(written_as, OUTSIDE)
        return None if term is None else (checked.Feature(self._findings.text(written_as.place), term),)

    def _condition(self, node: values.Predicate | None) -> Term | None:
        return None if node is None else self._predicate(node, OUTSIDE)

    # ---- what is wrong

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

    def _span(self, duration: Duration | None) -> Span | None:
        return None if duration is None else self._literals.span(duration)
