"""A page as text."""

import pytest

from parcours.delivery.plain_text import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Hello", "Hello\n"),
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree\n"),
        ("<h1>Title</h1>\n  <div>one\n two</div><div>three</div>", "Title\n\none two\nthree\n"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b\n"),
        ('<a href="https://x.example">Go</a>', "Go (https://x.example)\n"),
        ('<a href="https://x.example">https://x.example</a>', "https://x.example\n"),
        ('<a href="https://x.example"><img src="p.png"></a>', "https://x.example\n"),
        ('<a href="#top">Top</a>', "Top\n"),
        ('<img alt="A hat" src="p.png">', "A hat\n"),
        ("<style>p {}</style><script>x()</script><p>Seen</p>", "Seen\n"),
        ("<title>Not seen</title>&amp; &eacute; &lt;b&gt;", "& é <b>\n"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3\n"),
        ("<p>not closed <b>at <a href='https://x.example'>all", "not closed at all\n"),
        ("</p></div></style>stray", "stray\n"),
    ],
)
def test_a_page_is_read_as_a_text(html: str, text: str) -> None:
    assert plain_text(html) == text
