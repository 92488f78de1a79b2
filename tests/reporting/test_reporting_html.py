"""Elements of HTML: what we did not write is escaped."""

from parcours.reporting.html import Markup, joined, table, tag


def test_what_is_inside_is_escaped_unless_we_made_it() -> None:
    assert tag("p", "a < b & c") == "<p>a &lt; b &amp; c</p>"
    assert tag("p", tag("b", "x"), "& y") == "<p><b>x</b>&amp; y</p>"
    assert joined(["<i>", Markup("<i>")]) == "&lt;i&gt;<i>"


def test_attributes_are_escaped_and_may_be_numbers() -> None:
    assert tag("a", "x", href='"><script>', class_="y", text_anchor="end") == (
        '<a href="&quot;&gt;&lt;script&gt;" class="y" text-anchor="end">x</a>'
    )
    assert tag("rect", x=1.0, width=2.25) == '<rect x="1" width="2.2"></rect>'


def test_signs_that_cannot_be_seen_do_not_stay() -> None:
    # U+202E turns the reading direction of what stands behind it
    assert tag("p", "safe\u202egnp.exe") == "<p>safe\ufffdgnp.exe</p>"


def test_a_table_tells_texts_and_numbers_apart_and_what_stands_below() -> None:
    made = table(("name", "why", "count"), [("a<b", "x", "1"), ("  c", "y", "2")], left=2, under="  ")
    assert '<th scope="row" class="name">a&lt;b</th><td class="text">x</td><td>1</td>' in made
    assert '<th scope="row" class="below">c</th><td class="text">y</td><td>2</td>' in made
    assert '<th scope="col" class="text">name</th>' in made and '<th scope="col">count</th>' in made
