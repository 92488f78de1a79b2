"""parcours.yaml becomes `Settings`, or diagnostics for everything that is wrong with it, at once."""

import re
from collections.abc import Mapping as Environment
from types import MappingProxyType

from parcours.clock.span import Span, SpanUnit
from parcours.diagnostics import Diagnostic, Place
from parcours.language.channel_settings import read_channels
from parcours.language.receiving import check_receiving, read_received, read_receiving
from parcours.language.section import Section
from parcours.language.yaml_reader import Mapping, Scalar, read_yaml
from parcours.model.node import Name
from parcours.model.receiving import ReceivedEvent
from parcours.model.settings import (
    KEEP,
    AnalyticsSettings,
    ContactsMapping,
    DataFile,
    DatamartMapping,
    EventMapping,
    Link,
    ProductsMapping,
    Settings,
    View,
)

_NOTHING: Environment[str, str] = MappingProxyType({})
_CURRENCY = re.compile(r"[A-Z]{3}")
_KEEP = re.compile(r"all|[1-9][0-9]{0,2} (day|week|month|year)s?")
_SCHEMA = re.compile(r"(?!main$)[a-z_][a-z0-9_]*")
_KEEP_WORDS = "a length of time, such as `12 months`, or `all`"
_SIGNED_LINKS = ("unsubscribe", "preferences", "pixel")
_LINK = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def read_settings(
    text: str, file: str, environment: Environment[str, str] = _NOTHING
) -> tuple[Settings | None, tuple[Diagnostic, ...]]:
    """The settings in `text`, or None when any diagnostic is an error.

    `environment` has the values for `${VARIABLE}` in paths. Whether tables, columns and time zones exist is the
    datamart's business."""
    tree, found = read_yaml(text, file)
    diagnostics = list(found)
    if tree is None:
        return None, tuple(diagnostics)
    if isinstance(tree, Scalar) and tree.value is None:
        tree = Mapping(tree.place, ())
    if not isinstance(tree, Mapping):
        message = "parcours.yaml must be a mapping: `name: …`, `datamart: …`"
        return None, (*diagnostics, Diagnostic("bad-setting", message, tree.place))
    settings = _settings(Section("", tree, Place(file), environment, diagnostics))
    diagnostics.sort(key=lambda diagnostic: diagnostic.place)
    return (None if diagnostics else settings), tuple(diagnostics)


def _settings(section: Section) -> Settings | None:
    section.refuse_unknown(
        (
            *("name", "time_zone", "currency", "holidays", "library", "analytics", "datamart"),
            *("inbox", "receive", "channels", "links"),
        )
    )
    name = section.text("name", required=True)
    time_zone = section.name("time_zone") or Name(place=section.place, text="UTC")
    currency = _matching(section, "currency", _CURRENCY, "three capital letters, such as EUR")
    holidays = _matching(section, "holidays", _COUNTRY, "the code of a country, such as FR")
    library, analytics = section.names("library"), _analytics(section)
    inbox, receive_section = section.path("inbox"), section.section("receive")
    receive = read_receiving(receive_section, name or "")
    datamart_section = section.section("datamart", required=True)
    datamart = _datamart(datamart_section) if datamart_section else None
    channels, links = read_channels(section.section("channels")), _links(section.section("links"))
    if receive and receive_section and datamart:
        check_receiving(receive, datamart.received, receive_section)
    if datamart:
        _check_schema(analytics, datamart, section)
    if name is None or datamart is None:
        return None
    return Settings(
        place=section.place,
        name=name,
        time_zone=time_zone,
        currency="EUR" if currency is None else currency.text,
        holiday_country=holidays,
        library=library,
        analytics=analytics,
        inbox="state/inbox" if inbox is None else inbox.text,
        receive=receive,
        datamart=datamart,
        channels=channels,
        links=links,
    )


def _analytics(section: Section) -> AnalyticsSettings | None:
    """`analytics: PATH`, or a mapping."""
    if section.values.get("analytics") is None:
        return None
    if not isinstance(section.values.get("analytics"), Mapping):
        return AnalyticsSettings(place=section.place, file=section.path("analytics"))
    inner = section.section("analytics")
    assert inner is not None, "a mapping is a section"
    inner.refuse_unknown(("file", "schema", "keep"))
    file, keep = inner.path("file"), _matching(inner, "keep", _KEEP, _KEEP_WORDS)
    schema = _matching(inner, "schema", _SCHEMA, "a name of small letters, digits and _, and not `main`")
    if schema is not None and file is not None:
        message = "what is learned is kept in a `file` or in a `schema` of the datamart's, not in both"
        inner.diagnostics.append(Diagnostic("bad-setting", message, schema.place))
    kept = KEEP if keep is None else _span(keep.text)
    return AnalyticsSettings(place=inner.place, file=file, in_schema=schema, keep=kept)


def _check_schema(analytics: AnalyticsSettings | None, datamart: DatamartMapping, section: Section) -> None:
    """Only a datamart that is a DuckDB file can have a schema of ours."""
    if analytics is not None and analytics.in_schema is not None and datamart.database is None:
        message = "`analytics.schema` is a schema of the DuckDB file that `datamart.database` names, and there is none"
        help_ = "leave it out: what is learned is then kept in a file of its own"
        found = Diagnostic("bad-setting", message, analytics.in_schema.place, help=help_)
        section.diagnostics.append(found)


def _span(words: str) -> Span | None:
    """The length of time of `12 months`; None for `all`."""
    if words == "all":
        return None
    count, unit = words.split()
    units: dict[str, SpanUnit] = {"day": "day", "week": "week", "month": "month", "year": "year"}
    return Span(int(count), units[unit.removesuffix("s")])


def _links(section: Section | None) -> tuple[Link, ...]:
    """`links: {shop: https://…}`: what texts call `links.shop`."""
    links = []
    for key in section.keys() if section else ():
        url = section.path(key.text) if section else None
        if url is None or section is None:
            continue
        if not _LINK.fullmatch(key.text):
            message = f"`{key.text}` is no name that a text could use"
            section.diagnostics.append(Diagnostic("bad-setting", message, key.place))
        elif key.text in _SIGNED_LINKS:
            message = f"`links.{key.text}` is signed for each contact: no address can stand in its place"
            section.diagnostics.append(Diagnostic("bad-setting", message, key.place))
        elif not url.text.startswith(("http://", "https://")):
            section.refuse(
                key.text, "an address that begins with https:// or http://", section.values[key.text]
            )
        else:
            links.append(Link(place=key.place, name=Name(place=key.place, text=key.text), url=url))
    return tuple(links)


def _matching(section: Section, key: str, pattern: re.Pattern[str], wanted: str) -> Name | None:
    name = section.name(key)
    if name is not None and not pattern.fullmatch(name.text):
        section.refuse(key, wanted, section.values[key])
        return None
    return name


def _datamart(section: Section) -> DatamartMapping | None:
    section.refuse_unknown(("database", "missing", "tables", "views", "contacts", "events", "products"))
    database, missing = section.path("database"), section.text("missing") or ""
    tables, views = _tables(section.section("tables")), _views(section.section("views"))
    contacts_section = section.section("contacts", required=True)
    contacts = _contacts(contacts_section) if contacts_section else None
    events, received = _events(section.section("events"))
    products = _products(section.section("products"))
    if contacts is None:
        return None
    return DatamartMapping(
        place=section.place,
        database=database,
        tables=tables,
        views=views,
        contacts=contacts,
        events=events,
        received=received,
        products=products,
        missing=missing,
    )


def _tables(section: Section | None) -> tuple[DataFile, ...]:
    files = []
    for key in section.keys() if section else ():
        path = section.path(key.text) if section else None
        if path is not None:
            files.append(DataFile(place=key.place, name=Name(place=key.place, text=key.text), path=path))
    return tuple(files)


def _views(section: Section | None) -> tuple[View, ...]:
    views = []
    for key in section.keys() if section else ():
        view = _view(section, key) if section else None
        if view is not None:
            views.append(view)
    return tuple(views)


def _view(section: Section, key: Scalar) -> View | None:
    dropped: Name | None = None
    if isinstance(section.values[key.text], Mapping):
        inner = section.section(key.text)
        assert inner is not None, "a mapping is a section"
        inner.refuse_unknown(("sql", "dropped"))
        file, dropped = inner.path("sql", required=True), inner.path("dropped")
    else:
        file = section.path(key.text)
    if file is None:
        return None
    return View(place=key.place, name=Name(place=key.place, text=key.text), file=file, dropped=dropped)


def _contacts(section: Section) -> ContactsMapping | None:
    section.refuse_unknown(("table", "key", "time_zone", "loaded", "household"))
    table, key = section.path("table", required=True), section.name("key", required=True)
    time_zone, loaded = section.name("time_zone"), section.name("loaded")
    household = section.name("household")
    if table is None or key is None:
        return None
    return ContactsMapping(
        place=section.place, table=table, key=key, time_zone=time_zone, loaded=loaded, household=household
    )


def _events(section: Section | None) -> tuple[tuple[EventMapping, ...], tuple[ReceivedEvent, ...]]:
    """Those that a table holds, and those that are received."""
    events, received = [], []
    for key in section.keys() if section else ():
        inner = section.section(key.text) if section else None
        if inner is None:
            continue
        is_received = "received" in inner.values
        if is_received:
            received.append(read_received(inner, key))
        if not is_received or len(inner.values) > 1:
            event = _event(inner, key)
            events += [event] if event else []
    return tuple(events), tuple(received)


def _event(section: Section, key: Scalar) -> EventMapping | None:
    section.refuse_unknown(("table", "contact", "at", "loaded", "id", "send", "time_zone", "received"))
    table, contact = section.path("table", required=True), section.name("contact", required=True)
    at = section.name("at", required=True)
    others = {name: section.name(name) for name in ("loaded", "id", "send", "time_zone")}
    if table is None or contact is None or at is None:
        return None
    name = Name(place=key.place, text=key.text)
    return EventMapping(place=key.place, name=name, table=table, contact=contact, at=at, **others)


def _products(section: Section | None) -> ProductsMapping | None:
    if section is None:
        return None
    section.refuse_unknown(("table", "key"))
    table, key = section.path("table", required=True), section.name("key", required=True)
    if table is None or key is None:
        return None
    return ProductsMapping(place=section.place, table=table, key=key)
