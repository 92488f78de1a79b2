"""Names in predicates ─► what they stand for: attributes, fields, what an event left behind, seasons."""

from dataclasses import replace

from parcours.checking.event_tables import UNTYPED
from parcours.checking.findings import Findings
from parcours.checking.groups import Groups
from parcours.checking.kinds import kind_of_column
from parcours.checking.learned import LearnedNames, dimensions
from parcours.checking.scope import MISSING, Scope
from parcours.checking.terms import Attribute, Captured, Field, InSeason, Kind, ProductField, Term
from parcours.checking.vocabulary import Vocabulary
from parcours.datamart.catalog import Column, Table
from parcours.diagnostics import Place
from parcours.model import values as written


class Names:
    """Every method that meets an error adds a finding and gives None."""

    def __init__(
        self, vocabulary: Vocabulary, groups: Groups, learned: LearnedNames, findings: Findings
    ) -> None:
        self._vocabulary = vocabulary
        self._groups = groups
        self._learned = learned
        self._findings = findings

    def path(self, node: written.Path, scope: Scope) -> Term | None:
        first, rest, place = node.parts[0], node.parts[1:], node.place
        match first, rest:
            case _, () if scope.fields is not None:
                return self.field(scope.fields, first, place)
            case _, ():
                return self._attribute(first, place)
            case "contact", (name,):
                return self._attribute(name, place)
            case ("entry", (name,)):
                return self._of_entry(name, place, scope)
            case ("event", (name,)):
                return self._of_event(name, place, scope)
            case "season", (name,):
                bounds = self._groups.season(name, place)
                return None if bounds is None else InSeason(*bounds)
            case ("product", (name,)) if scope.in_offer:
                return self._of_product(name, place)
            case _, (name,) if self._learned.is_declared(first):
                return self._learned.part(first, name, place)
        known = ["contact", "entry", "event", "season", "score", "zone"]
        known += [
            *self._vocabulary.rfms,
            *self._vocabulary.clusters,
            *(["product"] if scope.in_offer else []),
        ]
        self._findings.unknown("unknown-name", f"`{node}` is nothing that is declared", place, first, known)
        return None

    def field(self, table: Table, name: str, place: Place) -> Field | None:
        """A field of the event in whose brackets, or of whose events, something is said."""
        found = self._column(table, name, place)
        return None if found is None else Field(found[0].name, found[1])

    def _attribute(self, name: str, place: Place) -> Term | None:
        vocabulary = self._vocabulary
        contacts, lifecycles = vocabulary.catalog.contacts, vocabulary.lifecycles
        if name in contacts.columns:
            kind = self._kind(contacts.columns[name], place)
            return None if kind is None else Attribute(name, kind)
        if name in lifecycles:
            stages = ", ".join(str(stage.name) for stage in lifecycles[name].stages)
            self._findings.add(
                "not-a-condition",
                f"`{name}` is a lifecycle",
                place,
                mark=f"write `{name} is …`",
                advice=f"its stages are: {stages}",
            )
            return None
        if name in vocabulary.clusters:
            return self._learned.group(name)
        meant = self._meant(name)
        if meant is not None:
            self._findings.add("not-a-condition", f"`{name}` is {meant[0]}", place, mark=f"write {meant[1]}")
            return None
        known = [*contacts.columns, *lifecycles, *vocabulary.clusters]
        message = f"`{name}` is no attribute of a contact"
        self._findings.unknown("unknown-attribute", message, place, name, known)
        return None

    def _meant(self, name: str) -> tuple[str, str] | None:
        """What else a bare name is, in words, and how that is written."""
        vocabulary = self._vocabulary
        if name in vocabulary.segments:
            return "a segment", f"`in segment {name}`"
        if name in vocabulary.rfms:
            parts = [f"`{name}.{dimension}`" for dimension in dimensions(vocabulary.rfms[name])]
            return "an rfm", f"{', '.join(parts[:-1])} or {parts[-1]}"
        if name in vocabulary.scores:
            return "a score", f"`score.{name}`"
        if name in vocabulary.seasons:
            return "a season", f"`season.{name}`"
        return None

    def _of_product(self, name: str, place: Place) -> Term | None:
        products = self._vocabulary.catalog.products
        if products is None:
            self._findings.add(
                "missing-mapping",
                "parcours.yaml maps no products",
                place,
                advice="map their table: `products:` under `datamart:` in parcours.yaml",
            )
            return None
        found = self._column(replace(products, name="product"), name, place)
        return None if found is None else ProductField(found[0].name, found[1])

    def _column(self, table: Table, name: str, place: Place) -> tuple[Column, Kind] | None:
        if table is MISSING:
            return None
        column = table.columns.get(name)
        if column is None:
            message = f"`{name}` is no field of `{table.name}`"
            self._findings.unknown("unknown-field", message, place, name, table.columns)
            return None
        kind = self._kind(column, place)
        return None if kind is None else (column, kind)

    def _kind(self, column: Column, place: Place) -> Kind | None:
        kind = kind_of_column(column)
        if kind is None and column.sql_type != UNTYPED:
            self._findings.add(
                "wrong-column-type",
                f"`{column.name}` has the type {column.sql_type}, which predicates cannot read",
                place,
            )
        return kind

    def _of_entry(self, name: str, place: Place, scope: Scope) -> Term | None:
        if not scope.in_run:
            self._findings.add("no-event-here", f"`entry.{name}`: nobody has entered a journey here", place)
            return None
        if name == "at":
            return Captured("entry", "at", "instant", "TIMESTAMP")
        if scope.entry is None:
            self._findings.add(
                "no-event-here",
                f"`entry.{name}`: no event starts this journey, only `entry.at` is known",
                place,
            )
            return None
        found = self._column(scope.entry, name, place)
        return None if found is None else Captured("entry", name, found[1], found[0].sql_type)

    def _of_event(self, name: str, place: Place, scope: Scope) -> Term | None:
        if not scope.events:
            inside = scope.fields is not None and name in scope.fields.columns
            self._findings.add(
                "no-event-here",
                f"`event.{name}`: no event woke this step"
                if scope.in_run
                else f"`event.{name}`: no event here",
                place,
                mark=f"between the brackets write `{name}`" if inside else "",
            )
            return None
        columns = [self._column(table, name, place) for table in scope.events]
        types = {found[0].sql_type for found in columns if found is not None}
        if len(types) > 1:
            kinds = " and ".join(f"`{table.name}`" for table in scope.events)
            self._findings.add("wrong-type", f"`{name}` is of another type in {kinds}", place)
        first = columns[0]
        if first is None or None in columns or len(types) > 1:
            return None
        return Captured("event", name, first[1], first[0].sql_type)
