"""`parcours profile`."""

import io
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.opening import FORMAT, opened, project_and_words
from parcours.cli.state import now
from parcours.cli.streams import columns, is_coloured, say
from parcours.diagnostics import Problem
from parcours.diagnostics.nearest import no_such

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from parcours.datamart.addresses import AddressProfile
    from parcours.datamart.column_profile import ColumnProfile
    from parcours.datamart.profile import Profiler, TableProfile
    from parcours.workspace.load import Loaded


@click.command(
    "profile",
    epilog="\b\nExamples:\n"
    "  parcours profile examples/shop\n"
    "  parcours profile examples/shop contacts order\n"
    "  parcours profile examples/shop --sample 10000 --format json",
)
@click.argument("arguments", metavar="[PROJECT] [TABLE]...", nargs=-1)
@click.option(
    "--sample",
    metavar="N",
    type=click.IntRange(min=1),
    help="Look at the columns of so many rows only, the same ones each time.",
)
@click.option("--at", "instant", metavar="TIME", help="What is coming and what is past.  [default: now]")
@FORMAT
def command(arguments: tuple[str, ...], sample: int | None, instant: str | None, form: str) -> None:
    """Look at the mapped tables: what they hold, and what is not right.

    Of PROJECT (the current folder if not given) all that is mapped, or only what is named: `contacts`, an event,
    `products`, or a table. Types, unknowns and outliers of each column; how fresh the events are; ids that repeat, keys
    that do not join, addresses at which nobody can be reached. What can mislead a journey, `parcours check` says too.
    """
    project, names = project_and_words(arguments)
    with opened(project) as loaded:
        if loaded.connection is None:
            raise Problem([d for d in loaded.diagnostics if d.severity == "error"])
        profiles, addresses = _profiled(loaded, names, sample, instant)
    if form == "json":
        data = {"tables": [asdict(p) for p in profiles], "addresses": [asdict(a) for a in addresses]}
        say(json.dumps(data, indent=2, ensure_ascii=False, default=_plain))
    else:
        say(_text(profiles, addresses, colour=is_coloured(sys.stdout), width=columns(sys.stdout)))


def _profiled(
    loaded: "Loaded", names: Sequence[str], sample: int | None, instant: str | None
) -> "tuple[list[TableProfile], list[AddressProfile]]":
    from parcours.datamart.addresses import SAMPLE, profile_addresses
    from parcours.datamart.profile import Profiler
    from parcours.simulator.options import first_instant

    assert loaded.connection is not None and loaded.catalog is not None and loaded.project is not None
    settings = loaded.project.settings
    at = now() if instant is None else first_instant(instant, settings.time_zone.text, "--at")
    messages, channels = _declared(loaded)
    profiler = Profiler(loaded.connection, loaded.catalog, settings, at, messages, sample)
    wanted = _wanted(profiler, names)
    country = settings.holiday_country.text if settings.holiday_country else None
    found = [
        profile_addresses(loaded.connection, loaded.catalog, channel, column, country, sample or SAMPLE)
        for channel, column in (channels if "contacts" in wanted else ())
    ]
    made = [_profile_of(profiler, name)() for name in wanted]
    return made, [profile for profile in found if profile is not None]


def _declared(loaded: "Loaded") -> tuple[list[str], list[tuple[str, str]]]:
    """The messages, and the channels with the columns of their addresses, as far as the files can be read."""
    from parcours.model.policy import Channel
    from parcours.model.vocabulary import Message

    assert loaded.project is not None
    declarations = loaded.project.declarations
    messages = [d.name.text for d in declarations if isinstance(d, Message)]
    channels = [
        (d.name.text, d.address.parts[0])
        for d in declarations
        if isinstance(d, Channel) and d.address is not None and len(d.address.parts) == 1
    ]
    return messages, channels


def _wanted(profiler: "Profiler", names: Sequence[str]) -> list[str]:
    """What is named, by the name of the event or of the table behind it. `Problem` for a name that is neither."""
    known = {name: table.name for name, table in profiler.tables()}
    for name in names:
        if name not in known and name not in known.values():
            everything = [*known, *(table for table in known.values() if table not in known)]
            raise no_such("unknown-table", f"`{name}` is not mapped", "TABLE", name, everything, "the tables")
    return [name for name, table in known.items() if not names or name in names or table in names]


def _profile_of(profiler: "Profiler", name: str) -> "Callable[[], TableProfile]":
    if name in ("contacts", "products"):
        # an event of that name is mapped behind contacts, and before products: it is told by its table
        return profiler.contacts if name == "contacts" else profiler.products
    return lambda: profiler.event(name)


# ---- as text


def _text(
    profiles: "Sequence[TableProfile]", addresses: "Sequence[AddressProfile]", *, colour: bool, width: int
) -> str:
    from parcours.simulator.tables import console_of

    out = io.StringIO()
    console = console_of(out, colour=colour, width=width)
    for number, profile in enumerate(profiles):
        if number:
            console.print()
        _one(console, profile, addresses if profile.kind == "contacts" else ())
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _one(console: "Console", profile: "TableProfile", addresses: "Sequence[AddressProfile]") -> None:
    from parcours.simulator.tables import plural

    behind = "" if profile.table == profile.name else f" ({profile.table})"
    sampled = "" if profile.looked_at == profile.rows else f", columns of a sample of {profile.looked_at:,}"
    console.print(f"{profile.name}{behind}: {plural(profile.rows, 'row')}{sampled}", style="bold")
    if profile.columns:
        console.print(_columns(profile))
    for line in (*_freshness(profile), *_notes(profile), *(_address(a) for a in addresses)):
        console.print(f"- {line}")


def _columns(profile: "TableProfile") -> "Table":
    from parcours.simulator.tables import new_table

    table = new_table("", "type", "unknown", "distinct", "what it holds", left=(1, 4))
    for column in profile.columns:
        unknown = column.unknown + column.blank
        share = f"{unknown / profile.looked_at:.1%}" if unknown and profile.looked_at else ""
        about = "~" if profile.looked_at > 1_000_000 else ""
        distinct = f"{about}{column.distinct:,}" if column.distinct else ""
        table.add_row(column.name, column.sql_type[:24], share, distinct, _holds(column))
    return table


def _holds(column: "ColumnProfile") -> str:
    if column.values:
        return ", ".join(column.values)
    if not column.low:
        return ""
    span = f"{column.low} to {column.high}" + (f", half below {column.middle}" if column.middle else "")
    if not column.outliers:
        return span
    assert column.clip_low is not None and column.clip_high is not None
    ends = f"{column.clip_low:,.4g} to {column.clip_high:,.4g}"
    return f"{span}; {column.outliers:,} outliers, clipped to {ends}"


def _freshness(profile: "TableProfile") -> list[str]:
    fresh = profile.freshness
    if fresh is None or fresh.newest is None:
        return []
    said = [f"the newest is of {fresh.newest:%Y-%m-%d %H:%M} UTC"]
    if fresh.newest_known is not None and fresh.delay:
        said = [
            f"{said[0]}, known {fresh.newest_known:%Y-%m-%d %H:%M}; half are known within {_length(fresh.delay)}"
        ]
    if fresh.late:
        said.append(
            f"{fresh.late:,} ({fresh.late / profile.rows:.1%}) become known more than a day late: they start nothing"
        )
    if fresh.coming:
        said.append(f"{fresh.coming:,} have not happened yet: is the time zone of the table right?")
    return said


def _length(delay: timedelta) -> str:
    seconds = delay.total_seconds()
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"


def _notes(profile: "TableProfile") -> list[str]:
    return [f"{note.count:,} ({note.count / max(profile.rows, 1):.1%}) {note.text}" for note in profile.notes]


def _address(address: "AddressProfile") -> str:
    what = "e-mail addresses" if address.kind == "email" else "phone numbers"
    parts = [f"{address.channel}: {address.known:,} {what} in `{address.column}`"]
    if address.shapeless:
        parts.append(f"{address.shapeless:,} cannot be right")
    if address.shared:
        parts.append(f"{address.shared:,} contacts share theirs with another one")
    if address.looked_at is None:
        parts.append("whether they are valid needs the extra parcours[server]")
    elif address.looked_at:
        of = "" if address.looked_at == address.known else f" of a sample of {address.looked_at:,}"
        such = f", such as those of contacts {', '.join(address.examples)}" if address.examples else ""
        parts.append(f"{address.invalid:,}{of} are not valid{such}")
    return "; ".join(parts)


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    assert isinstance(value, timedelta)
    return value.total_seconds()
