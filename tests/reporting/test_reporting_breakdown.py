"""The figures by journey, message, channel, purpose, segment, stage and time."""

from collections.abc import Callable

from post_office import PostOffice, all_of, by_name

GREET = """\
journey greet
    purpose loyalty
    enter on visit
        again
    send hello by email
    send offer by push

journey poll
    purpose survey
    enter on visit
        again
    send hello by push
"""
GROUPS = """
segment grown
    age >= 26

segment nobody
    age > 100

lifecycle half
    second: age > 24
    first: otherwise
"""
Make = Callable[..., PostOffice]


def test_every_message_is_in_one_part_of_each_kind(post_office: Make) -> None:
    office = post_office(GREET, GROUPS)
    office.visits(*((person, "2026-03-02 09:30") for person in (2, 3, 5, 6)))
    office.simulate("2026-03-02 00:00", "2026-03-03 00:00")
    office.event("opens", 5, "2026-03-02 12:00", office.sends()[0]["reference"].replace(":push", ":email"))
    made = office.report()
    counted = {
        by: {(p.journey, p.name): p.figures.granted for p in made.of(by)}
        for by in ("all", "journey", "message", "channel", "purpose", "segment", "stage")
    }
    assert counted == {
        "all": {("", ""): 12},
        "journey": {("greet", "greet"): 8, ("poll", "poll"): 4},
        "message": {("greet", "hello"): 4, ("greet", "offer"): 4, ("poll", "hello"): 4},
        "channel": {("", "email"): 4, ("", "push"): 8},
        "purpose": {("", "loyalty"): 8, ("", "survey"): 4},
        "segment": {("", "grown"): 3},
        "stage": {("", "half is second"): 6, ("", "half is first"): 6},
    }
    # contacts are counted once, however many messages they got
    assert all_of(made).contacts == 4
    assert by_name(made.of("channel"))["push"].contacts == 4


def test_contacts_are_in_the_groups_of_the_end_of_the_span(post_office: Make) -> None:
    office = post_office(GREET, "\nsegment regulars\n    count of visit[at > 2026-01-01] >= 2\n")
    office.visits((1, "2026-03-02 09:30"), (2, "2026-03-02 09:30"), (1, "2026-03-02 20:00"))
    office.simulate("2026-03-02 00:00", "2026-03-03 00:00")
    assert "regulars" not in by_name(office.report("2026-03-02 00:00", "2026-03-02 20:00").of("segment"))
    # what the contact does later does not make it another then
    late = office.report("2026-03-02 00:00", "2026-03-02 20:00", as_of="2026-03-03 00:00")
    assert "regulars" not in by_name(late.of("segment"))
    later = office.report("2026-03-02 00:00", "2026-03-02 20:01").of("segment")
    assert by_name(later)["regulars"].granted == 6


def test_days_are_those_of_the_project_and_none_is_missing(post_office: Make) -> None:
    office = post_office(GREET)
    # 23:30 in Paris is still the day before in UTC; in the last days nobody is written to
    office.visits((1, "2026-03-02 21:30"), (2, "2026-03-02 22:30"), (3, "2026-03-02 23:30"))
    office.simulate("2026-03-02 00:00", "2026-03-05 00:00", hours=1)
    made = office.report()
    assert made.unit == "day"
    assert [(f"{one.day}", one.figures.granted) for one in made.over_time] == [
        ("2026-03-02", 3),
        ("2026-03-03", 6),
        ("2026-03-04", 0),
        ("2026-03-05", 0),
    ]


def test_longer_spans_are_told_in_weeks_and_months(post_office: Make) -> None:
    office = post_office(GREET)
    office.visits((1, "2026-03-04 09:30"), (2, "2026-03-08 09:30"), (3, "2026-03-09 09:30"))
    office.simulate("2026-03-03 00:00", "2026-03-10 00:00", hours=12)
    weeks = office.report("2026-03-03 00:00", "2026-05-01 00:00")
    assert weeks.unit == "week"
    # the first piece begins with the span, the others on Mondays (P4)
    assert [f"{one.day}" for one in weeks.over_time][:3] == ["2026-03-03", "2026-03-09", "2026-03-16"]
    assert [one.figures.granted for one in weeks.over_time][:3] == [6, 3, 0]
    months = office.report("2025-01-15 00:00", "2026-04-15 00:00")
    assert months.unit == "month"
    assert [f"{one.day}" for one in months.over_time][:2] == ["2025-01-15", "2025-02-01"]
    assert {f"{one.day}": one.figures.granted for one in months.over_time if one.figures.granted} == {
        "2026-03-01": 9
    }
