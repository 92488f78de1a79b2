"""parcours.yaml as a model: the project's settings and its datamart mapping.

Every `Name` here carries the user's text with its place: a column, a table, a path or a zone."""

from parcours.clock.span import Span
from parcours.model.channel_settings import ChannelSettings
from parcours.model.node import Name, Node
from parcours.model.receiving import ReceivedEvent, Receiving


class DataFile(Node):
    """`tables: {raw: path.parquet}`: a name for Parquet or CSV files. `path` may be a glob, is relative to
    the project folder, and has `${VARIABLE:-default}` already replaced."""

    name: Name
    path: Name


class View(Node):
    """`views: {lines: lines.sql}`: one SELECT statement in a file, over the tables and views named before it.

    `dropped` is a second SELECT that says what the view leaves out, as rows (reason text, rows integer)."""

    name: Name
    file: Name
    dropped: Name | None = None


class ContactsMapping(Node):
    """`loaded` is the column that says since when a contact is known; absent: always."""

    table: Name
    key: Name
    time_zone: Name | None = None
    loaded: Name | None = None
    household: Name | None = None


class EventMapping(Node):
    """`time_zone` is the zone in which the table's times without a zone are written; absent: UTC."""

    name: Name
    table: Name
    contact: Name
    at: Name
    loaded: Name | None = None
    id: Name | None = None
    send: Name | None = None
    time_zone: Name | None = None


class ProductsMapping(Node):
    table: Name
    key: Name


class DatamartMapping(Node):
    """`database` is the path of a DuckDB file. `events` are those that a table holds, `received` those that come by
    themselves; an event may be both. `missing` is what a user is told when a data file is not there."""

    database: Name | None = None
    tables: tuple[DataFile, ...] = ()
    views: tuple[View, ...] = ()
    contacts: ContactsMapping
    events: tuple[EventMapping, ...] = ()
    received: tuple[ReceivedEvent, ...] = ()
    products: ProductsMapping | None = None
    missing: str = ""


class Link(Node):
    """`links: {shop: https://shop.example}`: an address that texts call `links.shop`; `{{ link }}` is the first."""

    name: Name
    url: Name


KEEP = Span(12, "month")
"""How far back runs of what is learned are kept, where parcours.yaml does not say it."""


class AnalyticsSettings(Node):
    """Where what was learned is kept, and how long. `file`: the path of a DuckDB file, relative to the folder of the project;
    `in_schema`: a schema of the datamart's own file; without both: a file beside the state. `keep`: how far runs reach back before the newest; None: all of them stay."""

    file: Name | None = None
    in_schema: Name | None = None
    keep: Span | None = KEEP


class Settings(Node):
    """`library` names folders of the journey library whose files belong to the project. `holiday_country`: `FR`, or a
    part of a country, `DE-BY`. `inbox` is the folder of what was received, relative to the folder of the project;
    `channels` say through what each channel is delivered."""

    name: str
    time_zone: Name
    currency: str = "EUR"
    holiday_country: Name | None = None
    library: tuple[Name, ...] = ()
    analytics: AnalyticsSettings | None = None
    inbox: str = "state/inbox"
    receive: Receiving | None = None
    datamart: DatamartMapping
    channels: tuple[ChannelSettings, ...] = ()
    links: tuple[Link, ...] = ()
