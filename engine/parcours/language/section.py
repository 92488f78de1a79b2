"""A mapping of parcours.yaml, read key by key: whatever is unknown, missing or of the wrong kind is reported."""

import re
from collections.abc import Mapping as Environment
from decimal import Decimal

from parcours.diagnostics import Diagnostic, Place, nearest
from parcours.language.variables import Unset, replaced
from parcours.language.yaml_reader import Listing, Mapping, Scalar, YamlValue
from parcours.model.node import Name

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Section:
    """One mapping of the file. `title` is the way to it: `datamart.contacts`, or "" for the whole file.

    Readers answer None when the key is absent or its value was refused; `required` reports an absent one, except
    where `refuse_unknown`, which comes first, took another key for it.
    `missing_place` is where something absent is reported: the key of the section."""

    def __init__(
        self,
        title: str,
        mapping: Mapping,
        missing_place: Place,
        environment: Environment[str, str],
        diagnostics: list[Diagnostic],
    ) -> None:
        self.title = title
        self.place = missing_place
        self.environment = environment
        self.diagnostics = diagnostics
        self.values = {key.text: value for key, value in mapping.entries}
        self._keys = [key for key, _ in mapping.entries]
        self._meant: set[str | None] = set()  # what the unknown keys look like: one mistake, one diagnostic

    def keys(self) -> list[Scalar]:
        return list(self._keys)

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        """Reports every key that is not `known`."""
        for key in self._keys:
            if key.text not in known:
                near = nearest(key.text, known)
                self._meant.add(near)
                message = f"there is no setting `{self._way(key.text)}`"
                mark = f"did you mean `{near}`?" if near else ""
                self.diagnostics.append(Diagnostic("unknown-setting", message, key.place, mark))

    def text(self, key: str, *, required: bool = False) -> str | None:
        name = self.name(key, required=required)
        return None if name is None else name.text

    def name(self, key: str, *, required: bool = False) -> Name | None:
        """The text of a key with its place. A number that stands there is taken as it is written."""
        value = self._value(key, required)
        if value is None:
            return None
        if isinstance(value, Scalar) and isinstance(value.value, str | Decimal) and value.text:
            return Name(place=value.place, text=value.text)
        self.refuse(key, "a text", value)
        return None

    def path(self, key: str, *, required: bool = False) -> Name | None:
        """Like `name`, with the variables of the environment replaced."""
        name = self.name(key, required=required)
        return None if name is None else self.with_variables(name)

    def with_variables(self, name: Name) -> Name | None:
        try:
            return name.model_copy(update={"text": replaced(name.text, self.environment)})
        except Unset as unset:
            self.diagnostics.append(Diagnostic("bad-setting", f"`{unset.said}` {unset.reason}", name.place))
            return None

    def variable(self, key: str) -> Name | None:
        """The name of a variable of the environment that holds a secret."""
        name = self.name(key)
        if name is None or _VARIABLE.fullmatch(name.text):
            return name
        self.refuse(key, "the name of a variable of the environment, such as SMTP_PASSWORD", self.values[key])
        return None

    def choice(self, key: str, default: str, known: tuple[str, ...]) -> str:
        """One of the words that are known; the default when it is none."""
        name = self.name(key)
        if name is None or name.text in known:
            return default if name is None else name.text
        self.refuse(key, f"one of {', '.join(known)}", self.values[key])
        return default

    def whole_number(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number within its bounds; the default when it is none."""
        value = self._value(key, False)
        if value is None:
            return default
        said = value.value if isinstance(value, Scalar) else None
        if isinstance(said, Decimal) and said == said.to_integral_value() and least <= said <= most:
            return int(said)
        self.refuse(key, f"a whole number from {least:,} to {most:,}", value)
        return default

    def names(self, key: str) -> tuple[Name, ...]:
        """The texts of a list, or one text alone."""
        value = self._value(key, False)
        items = value.items if isinstance(value, Listing) else () if value is None else (value,)
        names = []
        for item in items:
            if isinstance(item, Scalar) and isinstance(item.value, str | Decimal) and item.text:
                names.append(Name(place=item.place, text=item.text))
            else:
                self.refuse(key, "a list of names", item)
        return tuple(names)

    def section(self, key: str, *, required: bool = False) -> "Section | None":
        """The mapping under a key."""
        value = self._value(key, required)
        if value is None:
            return None
        if isinstance(value, Mapping):
            place = next(k.place for k in self._keys if k.text == key)
            return Section(self._way(key), value, place, self.environment, self.diagnostics)
        self.refuse(key, "a mapping, with keys indented below it", value)
        return None

    def refuse(self, key: str, wanted: str, value: YamlValue) -> None:
        message = f"`{self._way(key)}` must be {wanted}"
        self.diagnostics.append(Diagnostic("bad-setting", message, value.place))

    def _value(self, key: str, required: bool) -> YamlValue | None:
        value = self.values.get(key)
        if isinstance(value, Scalar) and value.value is None:
            value = None  # `key:` with nothing behind it says nothing
        if value is None and required and key not in self._meant:
            self.diagnostics.append(
                Diagnostic("missing-setting", f"`{self._way(key)}` is missing", self.place)
            )
        return value

    def _way(self, key: str) -> str:
        return f"{self.title}.{key}" if self.title else key
