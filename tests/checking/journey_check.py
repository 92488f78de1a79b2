"""Journey text held against a small shop, without a database: what `check` says of it."""

from collections.abc import Sequence
from typing import Any

from parcours.checking.check import check
from parcours.checking.checked import CheckedProject, Journey
from parcours.checking.checked import ScheduleTrigger as _Schedule
from parcours.checking.findings import Findings
from parcours.checking.predicates import Predicates
from parcours.checking.terms import Holds, Term
from parcours.checking.vocabulary import vocabulary_of
from parcours.datamart.catalog import Catalog, Column, Table, kind_of
from parcours.diagnostics import Diagnostic, Place
from parcours.language.parser import parse
from parcours.model.node import Name
from parcours.model.project import Project
from parcours.model.settings import ContactsMapping, DatamartMapping, Settings

FILE = "a.journey"
NOWHERE = Place("parcours.yaml")

POLICY = """\
channel email
    address email
    consent email_opt_in

channel sms
    address phone
    consent sms_opt_in

message hello
    topic news
    subject "Hello"
    email "Hello"
    sms "Hello"
"""


def table(name: str, **columns: str) -> Table:
    """A table from the SQL types of its columns."""
    made = {column: Column(column, kind_of(sql), sql) for column, sql in columns.items()}
    return Table(name, made, "customer_id")


def events(**columns: dict[str, str]) -> dict[str, Table]:
    """Tables of events, each called like the event with an s; every event has `at`."""
    return {name: table(f"{name}s", at="TIMESTAMP", **own) for name, own in columns.items()}


def catalog(contacts: dict[str, str], happenings: dict[str, dict[str, str]]) -> Catalog:
    return Catalog(
        table("customers", **contacts),
        "BIGINT",
        events(**happenings),
        frozenset({"click", "open"} & set(happenings)),
        products=Table("products", {n: Column(n, "number", "DOUBLE") for n in ("price", "stock")}, "sku"),
    )


SHOP = catalog(
    {
        "customer_id": "BIGINT",
        "email": "VARCHAR",
        "phone": "VARCHAR",
        "country": "VARCHAR",
        "language": "VARCHAR",
        "email_opt_in": "BOOLEAN",
        "sms_opt_in": "BOOLEAN",
        "birth_date": "DATE",
        "signed_up": "TIMESTAMP",
        "age": "INTEGER",
        "wakes_at": "TIME",
        "tags": "VARCHAR[]",
        "household": "VARCHAR",
    },
    {
        "order": {"order_id": "VARCHAR", "amount": "DECIMAL(10,2)", "paid": "BOOLEAN", "status": "VARCHAR"},
        "cart": {"cart_id": "VARCHAR", "total": "DECIMAL(10,2)", "order_id": "BIGINT"},
        "click": {"link": "VARCHAR"},
        "opt_out": {"channel": "VARCHAR"},
    },
)


def project(*texts: str, zone: str = "Europe/Paris") -> tuple[Project, tuple[Diagnostic, ...]]:
    """A project of these files (`a.journey`, `b.journey` …), and what reading them said."""

    def name(text: str) -> Name:
        return Name(place=NOWHERE, text=text)

    files = {f"{chr(ord('a') + number)}.journey": text for number, text in enumerate(texts)}
    read = [parse(text, file) for file, text in files.items()]
    mapping = DatamartMapping(
        place=NOWHERE,
        contacts=ContactsMapping(place=NOWHERE, table=name("customers"), key=name("customer_id")),
    )
    made = Project(
        place=Place("shop"),
        settings=Settings(
            place=NOWHERE, name="shop", time_zone=name(zone), holiday_country=name("FR"), datamart=mapping
        ),
        declarations=tuple(declaration for declarations, _ in read for declaration in declarations),
        sources=files,
    )
    return made, tuple(diagnostic for _, diagnostics in read for diagnostic in diagnostics)


def checked(*texts: str, datamart: Catalog = SHOP) -> CheckedProject:
    """The checked project of texts that have nothing wrong with them."""
    made, found = project(*texts)
    result = check(made, datamart, found)
    assert (*found, *result.diagnostics) == ()
    assert result.project is not None
    return result.project


def findings(*texts: str, datamart: Catalog = SHOP) -> tuple[Diagnostic, ...]:
    """Everything that reading and checking say, of texts that have something wrong with them."""
    made, found = project(*texts)
    result = check(made, datamart, found)
    return (*found, *result.diagnostics)


def told(found: Sequence[Diagnostic]) -> list[tuple[str, str, int, int, str]]:
    """code, message, line, column and mark of each."""
    return [(d.code, d.message, d.place.line, d.place.column, d.mark) for d in found]


def codes(*texts: str) -> list[str]:
    return [d.code for d in findings(*texts)]


def journey(body: str, header: str = "    enter on order\n") -> str:
    """A journey with messages and channels; with the usual header the body begins in line 17."""
    return f"{POLICY}\njourney j\n{header}{body}"


def only(text: str) -> Journey:
    """The only journey of a text that has nothing wrong with it."""
    (found,) = checked(text).journeys
    return found


def term(predicate: str, *more: str) -> Term:
    """The term of a predicate that speaks of a contact; `more` are other declarations."""
    text = f"journey j\n    enter every day at 09:00 for {predicate}\n    exit\n"
    trigger: Any = only("\n".join([text, *more])).enter.trigger
    assert isinstance(trigger, _Schedule)
    assert trigger.predicate is not None
    return trigger.predicate


def typed(predicate: str, *more: str) -> Term:
    """The term of a predicate of which only names and types are looked at: it may make no sense at all."""
    made, found = project("\n".join([f"segment typed\n    {predicate}\n", *more]))
    findings = Findings(made.sources)
    vocabulary = vocabulary_of(made.settings, made.declarations, SHOP)
    made_of = Predicates(vocabulary, findings).groups.segment(vocabulary.segments["typed"].name)
    assert (*found, *findings.diagnostics) == ()
    assert isinstance(made_of, Holds)
    return made_of.item


def wrong(predicate: str, *more: str) -> tuple[str, str, str, str]:
    """The only finding about a predicate: code, message, the text at its place, and mark."""
    head = "segment s\n    "
    found = findings("\n".join([f"{head}{predicate}\n", *more]))
    assert len(found) == 1, found
    place = found[0].place
    assert (place.file, place.line) == (FILE, 2)
    said = f"    {predicate}"[place.column - 1 : place.end_column - 1]
    return found[0].code, found[0].message, said, found[0].mark
