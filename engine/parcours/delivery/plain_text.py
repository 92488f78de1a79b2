"""The text part of a message that has only an HTML part."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "div",
        "dl",
        "dt",
        "dd",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_APART = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "table", "blockquote"))
_UNSEEN = frozenset(("head", "script", "style", "template", "title"))


def plain_text(html: str) -> str:
    """What a reader sees of a page, as text: paragraphs apart, `- ` before the items of a list, and behind a link its
    address in brackets, and behind a picture nothing but what it is called."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    return "\n".join(lines).strip() + "\n"


class _Reader(HTMLParser):
    """`pieces` are the words, with the line breaks between them. Breaks that meet are one: the largest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._breaks = 0
        self._unseen = 0
        self._links: list[tuple[str, int]] = []  # address, and the piece with which its words begin

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self._breaks += 1
        elif tag == "a":
            self._links.append((said.get("href") or "", len(self.pieces)))
        elif tag == "img":
            self.handle_data(said.get("alt") or "")
        elif tag in _BLOCKS:
            self._break(tag)
            if tag == "li":
                self._add("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag == "a" and self._links:
            address, begin = self._links.pop()
            words = "".join(self.pieces[begin:]).strip()
            if address and address != words and not address.startswith("#"):
                self._add(f" ({address})" if words else address)
        elif tag in ("td", "th"):
            self.handle_data(" ")
        elif tag in _BLOCKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        words = re.sub(r"\s+", " ", data)
        if self._unseen or (words == " " and self._breaks):
            return
        self._add(words)

    def _add(self, words: str) -> None:
        if words:
            self.pieces += ["\n"] * self._breaks + [words]
            self._breaks = 0

    def _break(self, tag: str) -> None:
        self._breaks = max(self._breaks, 2 if tag in _APART else 1)
