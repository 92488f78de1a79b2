"""XML as rows: each element below the outermost is one, and each element in it that holds text is a value.

    <events>
      <event><contact>1042</contact><at>2026-03-01T10:00:00Z</at><amount>12.50</amount></event>
    </events>

Attributes of a row are values, too. Document types and entities, of which a few lines make gigabytes, are refused."""

from collections.abc import Iterator
from typing import IO, Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

_PIECE = 65_536
_LONGEST_TEXT = 20_000
_MOST_VALUES = 1000
_ROW = 2


class _Rows(ContentHandler):
    """Collects the rows that have ended."""

    def __init__(self, parser: Any) -> None:
        super().__init__()
        self._parser = parser
        self.found: list[tuple[int, dict[str, str], str]] = []
        self._depth = 0
        self._line = 0
        self._values: dict[str, str] = {}
        self._wrong = ""
        self._text: list[str] | None = None
        self._length = 0

    def line(self) -> int:
        """Where the parser is."""
        return int(self._parser.getLineNumber())

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802, ARG002 - the library's names
        self._depth += 1
        if self._depth == _ROW:
            self._line, self._values, self._wrong = self.line(), {}, ""
            for attribute in attrs.getNames():
                self._add(attribute, attrs.getValue(attribute))
        self._text, self._length = [], 0

    def characters(self, content: str) -> None:
        # one more than fits is enough to be refused for
        if self._text is not None and self._length <= _LONGEST_TEXT:
            self._text.append(content[: _LONGEST_TEXT + 1])
            self._length += len(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - the library's name
        if self._depth > _ROW and self._text is not None:
            self._add(name, "".join(self._text))
        elif self._depth == _ROW:
            self.found.append((self._line, {} if self._wrong else self._values, self._wrong))
        self._depth -= 1
        self._text = None

    def _add(self, name: str, value: str) -> None:
        name = name.rpartition(":")[2]
        if name in self._values:
            self._wrong = f"says `{name}` twice"
        elif len(self._values) >= _MOST_VALUES:
            self._wrong = f"has more than {_MOST_VALUES:,} values"
        else:
            self._values[name] = value.strip()


def xml_rows(file: IO[bytes]) -> Iterator[tuple[int, dict[str, str], str]]:
    """For each row its line, its values, and what is wrong with it. Where the file is no XML any more comes a last
    row, that says so."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import create_parser

    parser = create_parser(forbid_dtd=True)
    rows = _Rows(parser)
    parser.setContentHandler(rows)
    wrong = ""
    try:
        while piece := file.read(_PIECE):
            parser.feed(piece)
            yield from rows.found
            rows.found.clear()
        parser.close()
    except DefusedXmlException:
        wrong = "has a document type or an entity of its own: neither is read, nor what comes after it"
    except SAXParseException as error:
        wrong = f"is no XML, nor is what comes after it: {error.getMessage()}"
    yield from rows.found
    if wrong:
        yield rows.line(), {}, wrong
