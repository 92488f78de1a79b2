"""`channels:` of parcours.yaml becomes `ChannelSettings`, with everything that is wrong reported at once."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, cast

from parcours.diagnostics import Diagnostic, nearest
from parcours.language.section import Section
from parcours.language.yaml_reader import Scalar
from parcours.model.channel_settings import (
    AdapterSettings,
    ChannelSettings,
    FaultySettings,
    FileSettings,
    NullSettings,
    SmtpSettings,
    TaskSettings,
    WebhookSettings,
)
from parcours.model.node import Name

_OF_ALL = ("adapter", "give_up_after_minutes")
_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_SENDER = re.compile(r"[^<>@\s]+@[^<>@\s]+|[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>")
_LONGEST_MINUTES = 60 * 24 * 30


def read_channels(section: Section | None) -> tuple[ChannelSettings, ...]:
    """Those that are whole, in the order written."""
    found = []
    for key in section.keys() if section else ():
        inner = section.section(key.text) if section else None
        channel = _channel(inner, key) if inner else None
        if channel is not None:
            found.append(channel)
    return tuple(found)


def _channel(section: Section, key: Scalar) -> ChannelSettings | None:
    adapter = _adapter_name(section)
    if adapter is None:
        return None
    if adapter.text not in _ADAPTERS:
        near = nearest(adapter.text, _ADAPTERS)
        message = f"`{section.title}.adapter` must be one of {', '.join(_ADAPTERS)}"
        mark = f"did you mean `{near}`?" if near else ""
        section.diagnostics.append(Diagnostic("bad-setting", message, adapter.place, mark))
        return None
    known, read = _ADAPTERS[adapter.text]
    section.refuse_unknown((*_OF_ALL, *known))
    give_up = section.whole_number("give_up_after_minutes", 24 * 60, least=1, most=_LONGEST_MINUTES)
    made = read(section)
    if made is None:
        return None
    name = Name(place=key.place, text=key.text)
    return ChannelSettings(place=key.place, name=name, adapter=made, give_up_minutes=give_up)


def _adapter_name(section: Section) -> Name | None:
    """`adapter: null` is a name here, though YAML takes the bare word for nothing."""
    value = section.values.get("adapter")
    if isinstance(value, Scalar) and value.value is None and value.text == "null":
        return Name(place=value.place, text="null")
    return section.name("adapter", required=True)


def _smtp(section: Section) -> SmtpSettings | None:
    host, sender = section.path("host", required=True), section.path("sender", required=True)
    security = section.choice("security", "starttls", tuple(_PORTS))
    user, password = section.path("user"), section.variable("password")
    numbers = {
        "port": section.whole_number("port", _PORTS[security], least=1, most=65535),
        "connections": section.whole_number("connections", 4, least=1, most=100),
        "per_domain": section.whole_number("per_domain", 0, least=0, most=100_000),
        "timeout_seconds": section.whole_number("timeout_seconds", 30, least=1, most=600),
    }
    reply_to = section.path("reply_to")
    if password is not None and security == "none":
        section.refuse("security", "`tls` or `starttls` when there is a password", section.values["security"])
        return None
    for given, missing in (("user", "password"), ("password", "user")):
        if given in section.values and missing not in section.values:
            section.refuse(given, f"given together with `{missing}`", section.values[given])
            return None
    if host is None or sender is None:
        return None
    if not _SENDER.fullmatch(sender.text):
        section.refuse("sender", "an address, such as `Shop <news@example.com>`", section.values["sender"])
        return None
    return SmtpSettings(
        place=section.place,
        host=host,
        sender=sender,
        reply_to=reply_to,
        security=cast(Literal["tls", "starttls", "none"], security),
        user=user,
        password_variable=password,
        **numbers,
    )


def _webhook(section: Section) -> WebhookSettings | None:
    url, secret = section.path("url", required=True), section.variable("secret")
    concurrency = section.whole_number("concurrency", 32, least=1, most=1000)
    timeout = section.whole_number("timeout_seconds", 30, least=1, most=600)
    if url is None:
        return None
    if not url.text.startswith(("http://", "https://")):
        section.refuse("url", "an address that begins with https:// or http://", section.values["url"])
        return None
    return WebhookSettings(
        place=section.place,
        url=url,
        secret_variable=secret,
        concurrency=concurrency,
        timeout_seconds=timeout,
    )


def _file(section: Section) -> FileSettings | None:
    folder = section.path("folder", required=True)
    form = cast(Literal["csv", "parquet"], section.choice("format", "csv", ("csv", "parquet")))
    return None if folder is None else FileSettings(place=section.place, folder=folder, format=form)


def _task(section: Section) -> TaskSettings | None:
    folder = section.path("folder", required=True)
    return None if folder is None else TaskSettings(place=section.place, folder=folder)


def _null(section: Section) -> NullSettings:
    return NullSettings(place=section.place)


def _faulty(section: Section) -> FaultySettings | None:
    shares = {name: section.whole_number(name, 0, least=0, most=100) for name in _SHARES}
    if sum(shares.values()) > 100:
        at_fault = next(name for name in _SHARES if shares[name])
        section.refuse(
            at_fault, "a share that leaves no more than 100 with the others", section.values[at_fault]
        )
        return None
    return FaultySettings(
        place=section.place,
        latency_ms=section.whole_number("latency_ms", 0, least=0, most=600_000),
        seed=section.whole_number("seed", 0, least=0, most=2**31),
        **shares,
    )


_SHARES = ("transient", "terminal", "lost")
_SMTP = ("host", "port", "security", "sender", "reply_to", "user", "password")
_ADAPTERS: Mapping[str, tuple[tuple[str, ...], Callable[[Section], AdapterSettings | None]]] = (
    MappingProxyType(
        {
            "smtp": ((*_SMTP, "connections", "per_domain", "timeout_seconds"), _smtp),
            "webhook": (("url", "secret", "concurrency", "timeout_seconds"), _webhook),
            "file": (("folder", "format"), _file),
            "task": (("folder",), _task),
            "null": ((), _null),
            "faulty": ((*_SHARES, "latency_ms", "seed"), _faulty),
        }
    )
)
"""By the name of the adapter: the keys that it has of its own, and what reads them."""
