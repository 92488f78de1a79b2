"""The texts of messages: subject and body, filled in for one contact in a sandbox."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from parcours.delivery.plain_text import plain_text
from parcours.model.vocabulary import Body, Message

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

HTML = (".html", ".htm")
EMPTY = "{}"
_MADE = frozenset(("offers", "entry", "event", "link", "expires"))
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class BrokenText(Exception):  # noqa: N818 - a mistake of the user
    """The text itself is wrong or not there, for every contact: somebody can mend it."""


class Unfilled(Exception):  # noqa: N818 - a fact about a contact
    """The text could not be filled in for this contact; the message says why."""


class Filled(NamedTuple):
    """`subject` is one line, "" for a message without one; `html` is None for a plain text."""

    subject: str
    text: str
    html: str | None


class Facts(NamedTuple):
    """What a text is filled in with. `attributes` of the contact, None where one is unknown; `entry` and `event` are JSON
    objects as the outbox keeps them; `link` names the one that texts call so, None when there is none; `choice` is a number that says
    which of several subjects is taken; `offers` are products, in the order in which they were chosen."""

    attributes: Mapping[str, Any]
    entry: str
    event: str
    entry_at: datetime
    links: Mapping[str, str]
    link: str | None
    expires: datetime | None
    choice: int
    offers: tuple[Mapping[str, Any], ...] = ()


class Texts:
    """The texts of a project's messages on its channels. `folder` is that of the project, in which texts find what they
    `include`; `columns` are the attributes that a contact can have. What stands in a file is read once."""

    def __init__(self, messages: Iterable[Message], folder: Path, columns: Iterable[str]) -> None:
        self._messages = {message.name.text: message for message in messages}
        self._folder = folder
        self._columns = tuple(columns)
        self._known: dict[tuple[str, str], _Text | str] = {}

    def reads(self, messages: Iterable[str], channel: str) -> tuple[str, ...]:
        """The attributes that texts of these messages fill in, in the order of the contact's columns."""
        found: set[str] = set()
        for message in messages:
            text = self._text(message, channel)
            if isinstance(text, _Text):
                found |= set(self._columns) if text.reads is None else text.reads
            found |= set(self.live(message))
        return tuple(name for name in self._columns if name in found)

    def live(self, message: str) -> tuple[str, ...]:
        """What must be known when the message is handed over: attributes, and columns of the products that it offers."""
        declared = self._messages.get(message)
        return tuple(name.text for name in declared.live) if declared else ()

    def fill(self, message: str, channel: str, facts: Facts) -> Filled:
        """Raises `BrokenText` or `Unfilled`."""
        text = self._text(message, channel)
        if isinstance(text, str):
            raise BrokenText(text)
        return text.fill(facts)

    def _text(self, message: str, channel: str) -> "_Text | str":
        """The text, or what is wrong with it."""
        key = (message, channel)
        if key not in self._known:
            self._known[key] = self._read(message, channel)
        return self._known[key]

    def _read(self, name: str, channel: str) -> "_Text | str":
        from jinja2 import TemplateSyntaxError

        message = self._messages.get(name)
        body = next((b for b in message.bodies if b.channel.text == channel), None) if message else None
        if message is None or body is None:
            return f"the message `{name}` has no text for `{channel}`"
        is_html = body.file is not None and body.file.lower().endswith(HTML)
        try:
            return _Text(
                body.file or f"{name}, {channel}",
                tuple(self._template(subject, html=False) for subject in message.subjects),
                self._template(_said(body), html=is_html),
                is_html,
                self._reads((*message.subjects, _said(body))),
                tuple(live for live in self.live(name) if live in self._columns),
            )
        except (TemplateSyntaxError, OSError, UnicodeError) as error:
            return _broken(error, body.file or f"{name}, {channel}")

    def _template(self, text: str, *, html: bool) -> "Template":
        return (self._for_html if html else self._for_text).from_string(text)

    def _reads(self, texts: Iterable[str]) -> frozenset[str] | None:
        """The names that the texts fill in; None when they include files, which may read anything."""
        from jinja2 import meta

        found: set[str] = set()
        for text in texts:
            tree = self._for_text.parse(text)
            if any(True for _ in meta.find_referenced_templates(tree)):
                return None
            found |= meta.find_undeclared_variables(tree)
        return frozenset(found)

    @cached_property
    def _for_text(self) -> "SandboxedEnvironment":
        return _environment(self._folder, html=False)

    @cached_property
    def _for_html(self) -> "SandboxedEnvironment":
        return _environment(self._folder, html=True)


def _said(body: Body) -> str:
    """The text of a body. A path is relative to the file that declares the message."""
    if body.file is None:
        return body.text or ""
    return (Path(body.place.file).parent / body.file).read_text(encoding="utf-8")


def _environment(folder: Path, *, html: bool) -> "SandboxedEnvironment":
    from jinja2 import FileSystemLoader
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=html,
        undefined=_undefined()[0],
        finalize=lambda value: ("no", "yes")[value] if isinstance(value, bool) else value,
        keep_trailing_newline=True,
    )


@cache
def _undefined() -> tuple[Any, Any]:
    """What stands for a name that nothing provides, and for a value that is not known of this contact. Nobody can read
    either, only `default` and `is defined`; the second can be asked for, too: `{% if %}`."""
    from jinja2 import StrictUndefined

    class Nothing(StrictUndefined):
        words = "nothing provides `{}`"

        @property
        def _undefined_message(self) -> str:
            return self.words.format(self._undefined_name)

    class Unknown(Nothing):
        words = "`{}` is not known of this contact"

        def __bool__(self) -> bool:  # type: ignore[override]
            return False

    return Nothing, Unknown


def _broken(error: Exception, where: str) -> str:
    """What is wrong with a text for every contact. `where` is the file, or what else has it."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    match error:
        case TemplateSyntaxError():
            return f"{error.name or where}: line {error.lineno}: {error.message}"
        case TemplateNotFound():
            return f"{where}: there is no file `{error.name}` in the project's folder"
        case OSError():
            return f"{where} cannot be read: {(error.strerror or type(error).__name__).lower()}"
        case _:
            return f"{where} cannot be read: it is no UTF-8"


@dataclass(frozen=True, slots=True)
class _Text:
    """`where` it stands, for messages; `reads` are the names that it fills in, None for any; `live` are attributes that must
    be known."""

    where: str
    subjects: tuple["Template", ...]
    body: "Template"
    is_html: bool
    reads: frozenset[str] | None
    live: tuple[str, ...]

    def fill(self, facts: Facts) -> Filled:
        for name in self.live:
            if facts.attributes.get(name) is None:
                raise Unfilled(f"the live `{name}` is not known of this contact")
        values = _values(facts, self.reads)
        try:
            subject = (
                _rendered(self.subjects[facts.choice % len(self.subjects)], values) if self.subjects else ""
            )
            body = _rendered(self.body, values)
            (subject + body).encode()  # half of a pair is no text, and nobody could be sent it
        except Exception as error:  # the expressions in it are the user's: they can fail in any way
            raise self._failure(error) from error
        # a line break in a subject would begin another header
        one_line = _UNSEEN.sub("", " ".join(subject.split()))
        return Filled(one_line, plain_text(body) if self.is_html else body, body if self.is_html else None)

    def _failure(self, error: Exception) -> BrokenText | Unfilled:
        from jinja2 import TemplateSyntaxError

        if isinstance(error, TemplateSyntaxError | OSError | UnicodeDecodeError):
            # of a file that is included: there is none of its name, or it is wrong
            return BrokenText(_broken(error, self.where))
        return Unfilled(_reason(error))


def _rendered(template: "Template", values: dict[str, Any]) -> str:
    """What `render` does, which would go through the globals one by one each time: they are among the values."""
    environment = template.environment
    context = environment.context_class(environment, values, template.name, template.blocks)
    return "".join(template.root_render_func(context))


@cache
def _globals() -> dict[str, Any]:
    """What every text can call: `range`, `dict` and the like. It is copied into each, and never changed."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return dict(ImmutableSandboxedEnvironment().globals)


def _read_json(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {} if text == EMPTY else json.loads(text)
    return found


def _reason(error: Exception) -> str:
    text = str(error).partition("\n")[0].encode("utf-8", "replace").decode()
    return text or type(error).__name__


def _values(facts: Facts, reads: frozenset[str] | None) -> dict[str, Any]:
    """What the names stand for that a text `reads`, None for any: what nobody reads is not made."""
    values = {**_globals(), **facts.attributes, "links": facts.links}
    read = _MADE if reads is None else reads
    if "offers" in read:
        values["offers"] = list(facts.offers)
    if "entry" in read:
        values["entry"] = {**_known(_read_json(facts.entry), "entry."), "at": facts.entry_at}
    if "event" in read:
        values["event"] = _known(_read_json(facts.event), "event.")
    if "link" in read:
        values["link"] = None if facts.link is None else facts.links[facts.link]
    if "expires" in read:
        values["expires"] = facts.expires
    return _known(values)


def _known(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    _, unknown = _undefined()
    return {
        name: unknown(name=f"{prefix}{name}") if value is None else value for name, value in values.items()
    }
