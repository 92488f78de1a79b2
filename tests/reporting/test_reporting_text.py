"""A report as text for people."""

from post_office import PostOffice

from parcours.reporting.text import as_text


def test_the_text_tells_the_figures(greeted: PostOffice) -> None:
    greeted.event("opens", 1, "2026-03-02 11:00", "hello")
    greeted.event("clicks", 1, "2026-03-02 11:00", "hello")
    text = as_text(greeted.report("2026-03-01 23:00", "2026-03-02 23:00"))
    lines = text.splitlines()
    assert lines[:3] == [
        "post: 2026-03-02",
        "4 messages granted to 4 contacts, 4 sent, 4 delivered · 0.04 CHF",
        "what came of them by 2026-03-02 23:59 (Europe/Paris)",
    ]
    at = lines.index("Journeys and messages")
    assert [line.split() for line in lines[at + 1 : at + 5]] == [
        ["sent", "delivered", "bounce", "open", "click", "reactivity", "opt-out", "complaint"],
        ["all", "4", "4", "0.0%", "25.0%", "25.0%", "100.0%", "0.0%", "0.0%"],
        ["greet", "4", "4", "0.0%", "25.0%", "25.0%", "100.0%", "0.0%", "0.0%"],
        ["hello", "4", "4", "0.0%", "25.0%", "25.0%", "100.0%", "0.0%", "0.0%"],
    ]
    assert "- no relay has run on this state: all that was granted counts as sent" in lines
    assert max(map(len, lines)) <= 100 and "\x1b" not in text


def test_what_has_no_whole_is_a_dash(greeted: PostOffice) -> None:
    lines = as_text(greeted.report("2026-03-02 12:00", "2026-03-02 13:00")).splitlines()
    (everything,) = (line.split() for line in lines if line.startswith("all "))
    assert everything == ["all", "0", "0", *["–"] * 6]


def test_what_waits_is_told(greeted: PostOffice) -> None:
    greeted.relay("2026-03-02 10:05", {4: None})
    assert "1 still waiting to be handed over, 0 stopped before it" in as_text(greeted.report())


def test_a_terminal_gets_colours(greeted: PostOffice) -> None:
    assert "\x1b[" in as_text(greeted.report(), colour=True)
