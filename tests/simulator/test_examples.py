"""`example` blocks through the real executor: those that hold, those that do not, and why."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from small_projects import AFTER_ORDER, ROOT, make_kiosk

from parcours.clock.chance import WHOLE, share_of
from parcours.diagnostics import Problem
from parcours.simulator import agenda
from parcours.simulator.examples import ExampleResult, examples_of, run_example, run_examples
from parcours.workspace.load import Loaded, load

Tell = Callable[..., ExampleResult]

JOURNEYS = (
    AFTER_ORDER
    + """\

journey weekly
    enter every tuesday at 09:00 for agreed
        again
    send thanks by email

journey day_of_birth
    enter on anniversary of born at 10:00
        again
    send thanks by email

lifecycle buyer
    refresh every 1 day
    none: no order ever
    fresh: has order in last 10 days
    old: otherwise

segment regulars
    count of order in last 30 days >= 2

journey gone
    enter on becoming old after fresh
    wait 3 days
    exit done

journey joined
    enter on joining regulars
    exit welcome

journey arms
    enter on visit
    split luck
        50% heads
            exit heads
        50% tails
            exit tails

journey patient
    enter on visit
    wait 300 days
    exit late
"""
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_kiosk(tmp_path_factory.mktemp("project") / "kiosk", JOURNEYS)


@pytest.fixture
def tell(project: Path) -> Tell:
    """Runs one example: its lines below the title, and the journey's name."""

    def run(journey: str, *lines: str) -> ExampleResult:
        text = "\n    ".join(['example "x"', f"journey {journey}", *lines]) + "\n"
        (project / "own.journey").write_text(f"{JOURNEYS}\n{text}", encoding="utf-8")
        found = load(project, {})
        assert found.checked is not None, [d.message for d in found.diagnostics]
        assert found.connection is not None
        try:
            (example,) = examples_of(found)
            return run_example(found, example)
        finally:
            found.connection.close()

    return run


GIVEN = 'given email = "ann@example.com", agreed = yes'
ORDER = "at 2026-03-02 10:00 order with amount = 20"


def told(result: ExampleResult) -> list[str]:
    return [f"{at:%m-%d %H:%M} {text}" for at, text in result.lines]


def differences(result: ExampleResult) -> list[tuple[str, str]]:
    return [(difference.expected, difference.instead) for difference in result.differences]


def test_an_example_that_holds_has_no_differences_and_a_story(tell: Tell) -> None:
    result = tell(
        "after_order",
        GIVEN,
        ORDER,
        "expect thanks by email at 2026-03-02 11:00",
        "expect exit done at 2026-03-05 11:00",
        "expect no other message",
    )
    assert result.holds
    assert (result.title, result.journey, result.zone) == ("x", "after_order", "Europe/Paris")
    assert told(result) == [
        "03-02 10:00 event order",
        "03-02 10:00 enter → 1 wait",
        "03-02 11:00 1 wait → thanks",
        "03-02 11:00 thanks sent by email",
        "03-02 11:00 thanks (sent) → 3 wait",
        "03-05 11:00 3 wait → exit done",
    ]


def test_each_expectation_that_is_not_met_is_told_with_what_there_was_instead(tell: Tell) -> None:
    result = tell(
        "after_order",
        GIVEN,
        ORDER,
        "expect thanks by email at 2026-03-02 12:00",
        "expect exit back",
        "expect no other message",
        "expect no message",
        "expect no entry",
    )
    assert not result.holds
    assert differences(result) == [
        ("thanks by email at 2026-03-02 12:00", "it was sent by email at 2026-03-02 11:00"),
        ("exit back", "exit done at 2026-03-05 11:00"),
        ("no other message", "thanks by email at 2026-03-02 11:00"),
        ("no message", "thanks by email at 2026-03-02 11:00"),
        ("no entry", "entered at 2026-03-02 10:00"),
    ]
    lines = [difference.place.line for difference in result.differences]
    assert lines == list(range(lines[0], lines[0] + 5))
    assert all(d.place.file.endswith("own.journey") for d in result.differences)


def test_a_message_that_was_stopped_is_told_with_the_rule_and_its_place(tell: Tell) -> None:
    # P9
    result = tell(
        "after_order", 'given email = "a@example.com", agreed = no', ORDER, "expect thanks by email"
    )
    assert differences(result) == [("thanks by email", "it was not sent")]
    (line,) = (line for line in told(result) if "not sent:" in line)
    assert line.startswith("03-02 11:00 thanks by email not sent: no consent, consent of email (")
    assert line.endswith("policy.journey:3:13)")


def test_what_is_not_given_is_unknown(tell: Tell) -> None:
    # E1: unknown is taken as no
    assert tell("after_order", ORDER, "expect no message", "expect exit done").holds
    assert tell("after_order", "at 2026-03-02 10:00 order", "expect no entry").holds


def test_times_are_on_the_wall_clock_of_the_contact(tell: Tell) -> None:
    # T1, P7: at 22:30 it is quiet until eight; the clocks go forward in the night between
    result = tell(
        "after_order",
        GIVEN,
        'given tz = "America/New_York"',
        "at 2026-03-07 21:30 order with amount = 20",
        "expect thanks by email at 2026-03-08 08:00",
        "expect exit done at 2026-03-11 08:00",
    )
    assert result.holds
    assert result.zone == "America/New_York"
    assert (
        "03-07 22:30 thanks by email held: quiet hours, email: quiet from 22:00 to 08:00" in told(result)[3]
    )


def test_an_invalid_zone_is_that_of_the_project(tell: Tell) -> None:
    # T1
    result = tell(
        "after_order", GIVEN, 'given tz = "Mars/Olympus"', ORDER, "expect thanks by email at 2026-03-02 11:00"
    )
    assert (result.holds, result.zone) == (True, "Europe/Paris")


def test_an_event_may_become_known_later_than_it_happened(tell: Tell) -> None:
    # E2, T9
    late = "at 2026-03-02 10:00 order with amount = 20, loaded_at = 2026-03-02 18:00"
    result = tell("after_order", GIVEN, late, "expect thanks by email at 2026-03-02 19:00")
    assert result.holds
    assert told(result)[0] == "03-02 18:00 event order (known only now)"
    too_late = late.replace("2026-03-02 18:00", "2026-03-04 18:00")
    assert tell("after_order", GIVEN, too_late, "expect no entry").holds


def test_events_with_the_same_id_are_one(tell: Tell) -> None:
    # T4: first loaded wins
    twice = [f'at 2026-03-0{day} 10:00 order with order_id = "a", amount = 20' for day in (2, 9)]
    once = tell("after_order", GIVEN, *twice, "expect thanks by email", "expect no other message")
    assert once.holds
    again = [*twice[:1], twice[1].replace('"a"', '"b"')]
    assert not tell("after_order", GIVEN, *again, "expect thanks by email", "expect no other message").holds


def test_each_message_meets_one_expectation(tell: Tell) -> None:
    result = tell("after_order", GIVEN, ORDER, "expect thanks by email", "expect thanks by email")
    assert differences(result) == [("thanks by email", "it was not sent")]


def test_an_expectation_with_a_time_goes_before_one_without(tell: Tell) -> None:
    second = "at 2026-03-08 10:00 order with amount = 20"
    result = tell(
        "after_order",
        GIVEN,
        ORDER,
        second,
        "expect thanks by email",
        "expect thanks by email at 2026-03-02 11:00",
        "expect no other message",
    )
    assert result.holds


def test_the_policy_of_the_project_applies(tell: Tell) -> None:
    # P4: at most two messages in seven days, held for a day
    orders = [f"at 2026-03-{day} 10:00 order with amount = 20" for day in ("02", "05", "08")]
    leaving = [f"at 2026-03-{day} 18:00 visit" for day in ("02", "05")]
    result = tell(
        "after_order", GIVEN, *orders, *leaving, *["expect thanks by email"] * 2, "expect no other message"
    )
    assert not any("not sent" in line for line in told(result)[:-3])
    assert "03-08 11:00 thanks by email held: cap, at most 2 messages per 7 days" in "\n".join(told(result))
    # 7 days after the first message, before the day is over that it is kept for
    assert differences(result) == [("no other message", "thanks by email at 2026-03-09 11:00")]


def test_a_schedule_fires_until_a_day_after_the_last_instant_named(tell: Tell) -> None:
    visit = "at 2026-03-02 12:00 visit"
    assert tell(
        "weekly", GIVEN, visit, "expect thanks by email at 2026-03-03 09:00", "expect no other message"
    ).holds
    assert tell("weekly", visit, "expect no entry").holds
    two = tell("weekly", GIVEN, visit, "at 2026-03-10 08:00 visit", *["expect thanks by email"] * 2)
    assert two.holds
    assert len([line for line in told(two) if "enter" in line]) == 2


def test_a_schedule_fires_once_at_least(tell: Tell) -> None:
    # the next tuesday is five days after the only instant
    assert not tell("weekly", GIVEN, "at 2026-03-05 12:00 visit", "expect no entry").holds
    assert not tell("weekly", GIVEN, "expect no entry").holds


def test_a_date_comes_round_within_75_days(tell: Tell) -> None:
    # T11: 29 February is celebrated on the 28th in other years
    visit = "at 2026-02-10 12:00 visit"
    born = [GIVEN, "given born = 1992-02-29"]
    assert tell(
        "day_of_birth", *born, visit, "expect thanks by email at 2026-02-28 10:00", "expect no other message"
    ).holds
    assert tell("day_of_birth", GIVEN, "given born = 1992-04-20", visit, "expect thanks by email").holds
    assert tell("day_of_birth", GIVEN, "given born = 1992-05-20", visit, "expect no entry").holds
    assert tell("day_of_birth", GIVEN, visit, "expect no entry").holds


def test_a_stage_is_entered_at_the_refresh_that_sees_it(tell: Tell) -> None:
    # T10: ten days after the order it is noon; the next refresh is at midnight
    order = "at 2026-03-02 12:00 order with amount = 20"
    result = tell("gone", order, "expect exit done at 2026-03-16 00:00")
    assert result.holds
    assert told(result)[1] == "03-13 00:00 enter → 1 wait"


def test_a_segment_is_joined_at_the_hour_after_the_event(tell: Tell) -> None:
    orders = [f"at 2026-03-02 {time} order with amount = 20" for time in ("10:10", "10:20")]
    assert tell("joined", *orders, "expect exit welcome at 2026-03-02 11:00").holds
    assert tell("joined", orders[0], "expect no entry").holds


@pytest.mark.parametrize(
    ("journey", "times"),
    [
        ("gone", ["2026-03-02 12:00", "2026-03-20 09:00", "2026-03-27 23:30"]),
        ("joined", ["2026-03-02 10:10", "2026-03-03 17:40"]),
    ],
)
def test_leaving_out_refreshes_that_find_nothing_new_changes_nothing(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, journey: str, times: list[str]
) -> None:
    lines = [*(f"at {time} order with amount = 20" for time in times), "expect exit nowhere"]
    monkeypatch.setattr(agenda, "LONGEST_LISTENING", agenda._DAY * 15)
    short = tell(journey, *lines)
    monkeypatch.setattr(agenda, "changes", lambda *_: None)  # every refresh has its tick
    assert tell(journey, *lines) == short
    assert any("enter" in line for line in told(short))


def test_a_long_wait_is_followed_to_its_end(tell: Tell) -> None:
    assert tell("patient", "at 2026-03-02 10:00 visit", "expect exit late at 2026-12-27 10:00").holds


def test_the_key_of_the_contact_decides_its_shares(tell: Tell) -> None:
    # T17: the first 8 hex digits of md5(`journey/split:contact key`)
    visit = "at 2026-03-02 10:00 visit"
    arms = {key: "heads" if share_of(f"arms/luck:{key}") < WHOLE // 2 else "tails" for key in range(1, 9)}
    heads, tails = (next(key for key, arm in arms.items() if arm == name) for name in ("heads", "tails"))
    assert tell("arms", f"given id = {heads}", visit, "expect exit heads").holds
    assert tell("arms", f"given id = {tails}", visit, "expect exit tails").holds
    assert tell("arms", visit, f"expect exit {arms[1]}").holds  # 1 when nothing is given


def test_an_instance_that_is_still_running_has_not_left(tell: Tell) -> None:
    result = tell(
        "gone", "at 2026-03-02 12:00 order with amount = 20", "expect exit done", "expect exit gone"
    )
    assert differences(result) == [("exit gone", "there was no such exit")]


def test_nobody_enters_without_a_reason_to(tell: Tell) -> None:
    result = tell("after_order", "expect thanks by email")
    assert differences(result) == [("thanks by email", "it was not sent: nobody entered")]
    assert result.lines == ()


# ---- the projects of the house


def _run_all(folder: Path) -> list[ExampleResult]:
    found = load(folder, os.environ)
    assert found.checked is not None and found.connection is not None
    try:
        return list(run_examples(found))
    finally:
        found.connection.close()


def test_every_example_of_the_shop_and_its_library_holds(shop: Path) -> None:
    results = _run_all(shop)
    assert {result.journey for result in results} == {
        *("welcome", "cart", "win_back", "newsletter", "birthday"),
        "ask_review",
    }
    assert len(results) > 10
    assert [(r.journey, r.title, differences(r)) for r in results if not r.holds] == []


def test_every_example_of_the_real_shop_holds() -> None:
    folder = ROOT / "examples" / "online_retail"
    if any(found.code == "no-data-file" for found in load(folder, os.environ).diagnostics):
        pytest.skip("the data set Online Retail is not here")
    results = _run_all(folder)
    assert len(results) > 2
    assert [(r.journey, r.title, differences(r)) for r in results if not r.holds] == []


def test_only_examples_of_the_named_journeys_run_in_the_order_of_their_places(
    shop: Path, open_project: Callable[[Path], Loaded]
) -> None:
    project = open_project(shop)
    chosen = examples_of(project, ("welcome", "birthday"))
    assert [example.place for example in chosen] == sorted(example.place for example in chosen)
    results = list(run_examples(project, ("birthday",)))
    assert {result.journey for result in results} == {"birthday"}
    with pytest.raises(Problem) as caught:
        run_examples(project, ("birthdy",))
    assert caught.value.diagnostics[0].mark == "did you mean `birthday`?"


def test_an_example_leaves_the_datamart_as_it_is(kiosk: Path, open_project: Callable[[Path], Loaded]) -> None:
    text = AFTER_ORDER + f'\nexample "x"\n    journey after_order\n    {ORDER}\n    expect exit done\n'
    (kiosk / "own.journey").write_text(text, encoding="utf-8")
    project = open_project(kiosk)
    assert project.connection is not None
    before = project.connection.execute("SELECT count(*), max(_at) FROM event_order").fetchall()
    assert [result.holds for result in run_examples(project)] == [True]
    assert project.connection.execute("SELECT count(*), max(_at) FROM event_order").fetchall() == before
    assert before == [(5, datetime(2026, 3, 4, 9))]
