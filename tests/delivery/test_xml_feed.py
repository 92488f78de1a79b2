"""XML as rows, and the XML that is an attack."""

import io

import pytest

from parcours.delivery.xml_feed import xml_rows

BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))
    + "]><events><event><contact>&k;</contact></event></events>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><events><event><contact>&a;</contact></event></events>'
FORBIDDEN = "has a document type or an entity of its own: neither is read, nor what comes after it"


def rows(text: str) -> list[tuple[int, dict[str, str], str]]:
    return list(xml_rows(io.BytesIO(text.encode())))


def test_each_element_below_the_outermost_is_a_row() -> None:
    text = """<?xml version="1.0"?>
<f:events xmlns:f="urn:x">
  <f:event id="a"><f:contact> 1 </f:contact><fields><amount>2.5</amount><note>a &amp; <![CDATA[<b>]]></note></fields></f:event>
  <event
    contact="2"/>
</f:events>
"""
    assert rows(text) == [
        (3, {"id": "a", "contact": "1", "amount": "2.5", "note": "a & <b>"}, ""),
        (4, {"contact": "2"}, ""),
    ]


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, '<!DOCTYPE x SYSTEM "http://x.example/x.dtd"><events/>'])
def test_document_types_and_entities_are_refused(text: str) -> None:
    assert rows(text) == [(1, {}, FORBIDDEN)]


def test_what_came_before_a_mistake_is_read() -> None:
    text = "<events>\n<event><contact>1</contact></event>\n<event><contact>2</event>\n</events>"
    assert rows(text) == [
        (2, {"contact": "1"}, ""),
        (3, {}, "is no XML, nor is what comes after it: mismatched tag"),
    ]
    assert rows("") == []


def test_a_value_said_twice_is_no_value() -> None:
    assert rows("<e><r><a>1</a><b><a>2</a></b></r><r><a>3</a></r></e>") == [
        (1, {}, "says `a` twice"),
        (1, {"a": "3"}, ""),
    ]


def test_endless_text_and_endless_values_are_not_kept() -> None:
    ((_, values, _),) = rows(f"<e><r><a>{'x' * 1_000_000}</a></r></e>")
    assert 10_000 < len(values["a"]) < 200_000
    many = "".join(f"<a{n}>1</a{n}>" for n in range(1001))
    assert rows(f"<e><r>{many}</r></e>") == [(1, {}, "has more than 1,000 values")]
    deep = "<a>" * 50_000
    assert rows(f"<e>{deep}")[0][2].startswith("is no XML")
