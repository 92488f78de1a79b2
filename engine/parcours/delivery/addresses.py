"""Where a message leads: the project's own links, counted on their way where somebody receives, and the pages for those
who want less or nothing more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from parcours.delivery.links import Link, Links


class Addresses:
    """`links` are (name, address) of the project, the first of which is `first`; `signed` makes those that lead to
    `parcours receive`, None when nobody serves them."""

    def __init__(self, links: Sequence[tuple[str, str]], signed: Links | None) -> None:
        self._links = dict(links)
        self._signed = signed
        self.first = links[0][0] if links else None

    def of(self, contact: str, send: str, channel: str) -> Mapping[str, str]:
        """The addresses in one send, by name: made when they are read. `send` is its reference."""
        makers: dict[str, Callable[[], str]] = {}
        if self._signed is not None:
            signed, link = self._signed, Link(contact, send, channel)
            makers = {
                "unsubscribe": lambda: signed.unsubscribe(link),
                "preferences": lambda: signed.preferences(link),
                "pixel": lambda: signed.pixel(link),
            }
        for name, target in self._links.items():
            makers[name] = self._to(target, contact, send, channel)
        return _OfSend(makers)

    def _to(self, target: str, contact: str, send: str, channel: str) -> Callable[[], str]:
        signed = self._signed
        if signed is None:
            return lambda: target
        return lambda: signed.click(Link(contact, send, channel), target)


@dataclass(frozen=True, slots=True)
class _OfSend(Mapping[str, str]):
    _makers: Mapping[str, Callable[[], str]]

    def __getitem__(self, name: str) -> str:
        return self._makers[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
