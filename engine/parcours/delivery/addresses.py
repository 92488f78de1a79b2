"""Where a message leads: the project's own links, counted on their way where somebody receives, and the pages for those
who want less or nothing more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from parcours.delivery.links import Link, Links


class Addresses:
    """`links` are (name, address) of the project, the first of which is `first`; `signed` makes those that lead to
    `parcours receive`, None when nobody serves them."""

    def __init__(self, links: Sequence[tuple[str, str]], signed: Links | None) -> None:
        self._links = MappingProxyType(dict(links))  # every text sees the same: none may change it
        self._signed = signed
        self.first = links[0][0] if links else None

    def of(self, contact: str, send: str, channel: str) -> Mapping[str, str]:
        """The addresses in one send, by name: made when they are read. `send` is its reference."""
        if self._signed is None:
            return self._links
        return _OfSend(self._links, self._signed, Link(contact, send, channel))


_PAGES: Mapping[str, Callable[[Links, Link], str]] = {
    "unsubscribe": Links.unsubscribe,
    "preferences": Links.preferences,
    "pixel": Links.pixel,
}


@dataclass(frozen=True, slots=True)
class _OfSend(Mapping[str, str]):
    """The project's own links go by their names first."""

    _links: Mapping[str, str]
    _signed: Links
    _link: Link

    def __getitem__(self, name: str) -> str:
        if name in self._links:
            return self._signed.click(self._link, self._links[name])
        return _PAGES[name](self._signed, self._link)

    def __iter__(self) -> Iterator[str]:
        return iter({**_PAGES, **self._links})

    def __len__(self) -> int:
        return len({**_PAGES, **self._links})
