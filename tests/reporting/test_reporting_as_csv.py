"""A report as one CSV table."""

import csv
import io
from collections.abc import Callable

from post_office import PostOffice

from parcours.reporting.as_csv import COLUMNS, as_csv

JOURNEYS = """\
journey lead
    purpose loyalty
    enter on visit
        again
        hold out 20%
    goal opened: open within 3 days
    send hello by email
    wait 1 day
"""


def test_every_row_says_what_it_is_of(post_office: Callable[..., PostOffice]) -> None:
    office = post_office(JOURNEYS, "\nsegment grown\n    age >= 26\n")
    office.visits(*((person, "2026-03-02 09:30") for person in range(1, 9)))
    office.event("opens", 2, "2026-03-02 12:00", "hello")
    office.simulate("2026-03-02 00:00", "2026-03-03 00:00")
    made = office.report()
    rows = list(csv.DictReader(io.StringIO(as_csv(made))))
    assert list(rows[0]) == list(COLUMNS)
    assert [(row["by"], row["journey"], row["name"]) for row in rows] == [
        ("all", "", ""),
        ("journey", "lead", "lead"),
        ("message", "lead", "hello"),
        ("channel", "", "email"),
        ("purpose", "", "loyalty"),
        ("segment", "", "grown"),
        ("day", "", "2026-03-02"),
        ("day", "", "2026-03-03"),
        ("goal", "lead", "opened"),
        ("channel goals", "", "email"),
        ("purpose goals", "", "loyalty"),
        ("segment goals", "", "grown"),
        ("hold out", "lead", "opened"),
    ]
    (part,) = made.of("all")
    assert int(rows[0]["delivered"]) == part.figures.delivered
    assert float(rows[0]["open_rate"]) == 1 / part.figures.delivered
    # the day without a message has no rate, and a goal has no figures of messages
    assert rows[7]["granted"] == "0" and rows[7]["open_rate"] == ""
    goal = rows[8]
    assert (goal["runs"], goal["reached"], goal["granted"]) == (str(part.figures.delivered), "1", "")
    hold_out = rows[-1]
    taken, held = int(hold_out["treated"]), int(hold_out["held_out"])
    assert (taken, held) == (0, 0)  # the time of the goal is not over for anybody
    assert hold_out["treated_rate"] == hold_out["difference"] == ""


def test_a_name_is_never_a_formula() -> None:
    from parcours.reporting.as_csv import cell

    assert [cell(text) for text in ("=1+1", "@x", "-a", "plain", "", None)] == [
        "'=1+1",
        "'@x",
        "'-a",
        "plain",
        "",
        "",
    ]
