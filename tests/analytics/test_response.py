"""How messages are answered: rates by segment and channel, the best hour of each contact."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from answered import drawn, history, people, sends, snapshot
from world import World, instant

from parcours.analytics.response.answers import SENDS, make_sends
from parcours.analytics.response.channels import learn_response
from parcours.analytics.response.hours import best_of, expected_rates, learn_best_hour, strength_of_pairs
from parcours.analytics.response.shrinkage import STRONGEST, WEAKEST, shrunk_rates, strength
from parcours.checking.checked import Group, Response
from parcours.checking.terms import Attribute, Compare, Constant, Holds
from parcours.clock.span import Span
from parcours.diagnostics import Place

HERE = Place("parcours.yaml")
RESPONSE, BEST_HOUR = Response("response", HERE), Response("best_hour", HERE)
JOURNEY = "journey j\n    enter on signup\n    send hello by email\n"
NOW = "2026-05-01 00:00"


@pytest.fixture
def world() -> Iterator[World]:
    made = World(JOURNEY)
    history(made)
    yield made
    made.close()


def rates(
    world: World, at: str = NOW, groups: tuple[Group, ...] = ()
) -> dict[tuple[str, str], tuple[int, int, float]]:
    look = snapshot(world, at)
    look.project = replace(look.project, groups=groups)
    result = learn_response(RESPONSE, look, ())
    rows = world.rows(f"SELECT segment, channel, sends, responses, rate FROM {result.table}")
    return {(segment, channel): (sent, answered, rate) for segment, channel, sent, answered, rate in rows}


# ---- which messages were answered


def answered(world: World, at: str = NOW) -> dict[str, bool]:
    make_sends(snapshot(world, at))
    return dict(world.rows(f"SELECT split_part(send, ':', 4), answered FROM {SENDS}"))


def click(world: World, contact: str, at: str, cause: str | None, name: str) -> None:
    world.connection.execute(
        """INSERT INTO event_click (_contact, _at, _visible_at, _id, _send, "at") VALUES (?, ?, ?, ?, ?, ?)""",
        [contact, instant(at), instant(at), name, cause, instant(at)],
    )


def test_a_message_is_answered_by_an_event_that_names_its_id(world: World) -> None:
    people(world, ["ann", "bob"])
    sends(world, ["ann", "bob"], [instant("2026-04-01 10:00")] * 2, "email", [True, False])
    assert answered(world) == {"0": True, "1": False}


def test_messages_to_different_contacts_may_have_the_same_id(world: World) -> None:
    """As those of runs that began at the same instant have."""
    people(world, ["ann", "bob"])
    for name in ("ann", "bob"):
        world.connection.execute(
            "INSERT INTO event_sent VALUES (?, TIMESTAMP '2026-04-01', TIMESTAMP '2026-04-01', 'same', 'hello', 'email', 'j')",
            [name],
        )
    click(world, "ann", "2026-04-02 10:00", "same", "c1")
    make_sends(snapshot(world, NOW))
    assert sorted(world.rows(f"SELECT contact, answered FROM {SENDS}")) == [("ann", True), ("bob", False)]


def test_the_name_of_a_message_means_the_newest_one_before_it(world: World) -> None:
    people(world, ["ann"])
    when = [instant(f"2026-04-0{day} 10:00") for day in (1, 5, 9)]
    sends(world, ["ann"] * 3, when, "email", [False] * 3)
    click(world, "ann", "2026-04-06 10:00", "hello", "c1")
    assert answered(world) == {"0": False, "1": True, "2": False}


def test_what_another_contact_does_or_what_names_nothing_is_no_answer(world: World) -> None:
    people(world, ["ann", "bob"])
    sends(world, ["ann"], [instant("2026-04-01 10:00")], "email", [False])
    click(world, "bob", "2026-04-02 10:00", "j:0:0:hello:email", "c1")
    click(world, "ann", "2026-04-02 10:00", None, "c2")
    click(world, "ann", "2026-03-31 10:00", "hello", "c3")
    assert answered(world) == {"0": False}


def test_no_look_ahead_and_no_message_that_is_too_young_or_too_old(world: World) -> None:
    people(world, ["ann"])
    when = [instant(text) for text in ("2025-11-01 10:00", "2026-04-01 10:00", "2026-04-30 10:00")]
    sends(world, ["ann"] * 3, when, "email", [True] * 3)
    assert answered(world) == {"1": True}
    assert answered(world, "2026-04-01 10:30") == {"0": True}


def test_the_hour_is_that_of_the_contacts_clock(world: World) -> None:
    people(world, ["ann"])
    people(world, ["joe"], zone="America/New_York")
    from parcours.datamart.blank import add_zone

    add_zone(world.connection, "America/New_York")
    sends(world, ["ann", "joe"], [instant("2026-04-01 10:30")] * 2, "email", [False, False])
    make_sends(snapshot(world, NOW))
    assert sorted(world.rows(f"SELECT contact, hour FROM {SENDS}")) == [("ann", 10), ("joe", 6)]


# ---- rates


def test_a_planted_response_by_channel_is_found(world: World) -> None:
    names = [f"c{n}" for n in range(3_000)]
    people(world, names)
    luck = drawn(1)
    for channel, rate in (("email", 0.10), ("sms", 0.20), ("push", 0.04)):
        when = [instant("2026-04-01 10:00")] * len(names)
        sends(world, names, when, channel, list(luck.random(len(names)) < rate))
    found = rates(world)
    for channel, rate in (("email", 0.10), ("sms", 0.20), ("push", 0.04)):
        sent, responses, shrunk = found["", channel]
        assert sent == 3_000
        assert shrunk == pytest.approx(rate, abs=0.02)
        assert shrunk == pytest.approx(responses / sent, abs=0.002)  # so many need no help


def test_in_shuffled_answers_no_channel_stands_out(world: World) -> None:
    names = [f"c{n}" for n in range(3_000)]
    people(world, names)
    luck = drawn(2)
    for channel in ("email", "sms", "push"):
        sends(world, names, [instant("2026-04-01 10:00")] * 3_000, channel, list(luck.random(3_000) < 0.1))
    shrunk = [rate for _, _, rate in rates(world).values()]
    assert max(shrunk) - min(shrunk) < 0.02


def of_country(country: str) -> Holds:
    return Holds(Compare("=", Attribute("country", "text"), Constant(country, "text")))


def test_a_small_segment_is_drawn_towards_its_channel(world: World) -> None:
    people(world, [f"f{n}" for n in range(2_000)], country="FR")
    people(world, [f"d{n}" for n in range(2_000)], country="DE")
    people(world, [f"x{n}" for n in range(4)], country="XX")
    at, luck = instant("2026-04-01 10:00"), drawn(3)
    for letter, rate in (("f", 0.05), ("d", 0.25)):
        sends(
            world,
            [f"{letter}{n}" for n in range(2_000)],
            [at] * 2_000,
            "email",
            list(luck.random(2_000) < rate),
        )
    sends(world, [f"x{n}" for n in range(4)], [at] * 4, "email", [True] * 4)
    stages = tuple((country, of_country(country)) for country in ("FR", "DE", "XX"))
    found = rates(world, groups=(Group("land", stages, Span(1, "hour"), is_segment=False),))
    assert found["land is FR", "email"][2] == pytest.approx(0.05, abs=0.02)
    assert found["land is DE", "email"][2] == pytest.approx(0.25, abs=0.02)
    sent, responses, rate = found["land is XX", "email"]
    assert (sent, responses) == (4, 4)
    assert rate < 0.9, "four answers of four are no certainty"
    assert found["", "email"][0] == 4_004


def test_a_segment_is_told_by_its_name(world: World) -> None:
    people(world, ["ann"], country="FR")
    people(world, ["bob"], country="DE")
    sends(world, ["ann", "bob"], [instant("2026-04-01 10:00")] * 2, "email", [True, False])
    found = rates(
        world, groups=(Group("french", (("french", of_country("FR")),), Span(1, "hour"), is_segment=True),)
    )
    assert {key: row[:2] for key, row in found.items()} == {
        ("", "email"): (2, 1),
        ("french", "email"): (1, 1),
    }


def test_without_a_message_nothing_is_learned_and_nothing_fails(world: World) -> None:
    people(world, ["ann"])
    assert rates(world) == {}
    assert learn_best_hour(BEST_HOUR, snapshot(world, NOW), ()).report["summary"] == "nothing was answered"
    world.connection.execute("DROP TABLE event_sent")
    assert rates(world) == {}


# ---- shrinkage


def test_the_strength_is_the_one_with_which_rates_were_drawn() -> None:
    """Rates from Beta(a, b) have a strength of a + b."""
    luck = drawn(4)
    for alpha, beta in ((2.0, 18.0), (10.0, 190.0)):
        true = luck.beta(alpha, beta, 4_000)
        sent = luck.integers(5, 200, 4_000)
        cells = [(int(n), int(k)) for n, k in zip(sent, luck.binomial(sent, true), strict=True)]
        mean = sum(k for _, k in cells) / sum(n for n, _ in cells)
        assert strength(cells, mean) == pytest.approx(alpha + beta, rel=0.25)


def test_groups_that_differ_by_chance_alone_are_taken_for_one() -> None:
    luck = drawn(5)
    cells = [(200, int(k)) for k in luck.binomial(200, 0.1, 50)]
    assert strength(cells, 0.1) > 300
    assert strength([(10, 0)], 0.0) == STRONGEST


def test_shrunk_rates_are_nearer_to_the_truth_than_raw_ones() -> None:
    luck = drawn(6)
    true = luck.beta(3, 57, 300)
    sent = luck.integers(3, 60, 300)
    cells = [(int(n), int(k)) for n, k in zip(sent, luck.binomial(sent, true), strict=True)]
    raw = np.array([k / n for n, k in cells])
    assert ((np.array(shrunk_rates(cells)) - true) ** 2).mean() < ((raw - true) ** 2).mean() / 3


# ---- the best hour


def plant_hours(
    world: World, names: list[str], likes: dict[str, int], seed: int, per_contact: int = 30
) -> None:
    """Messages at all hours from 7 to 21; the rate is 2 % and 40 % in the hour that a contact likes, 20 % beside it."""
    luck = drawn(seed)
    start = instant("2026-02-01 00:00")
    for n in range(per_contact):
        hours = luck.integers(7, 22, len(names))
        when = [start + timedelta(days=2 * n, hours=int(hour)) for hour in hours]
        away = [abs(int(hour) - likes[name]) for hour, name in zip(hours, names, strict=True)]
        chance = np.array([0.4 if far == 0 else 0.2 if far == 1 else 0.02 for far in away])
        sends(world, names, when, "email", list(luck.random(len(names)) < chance))


def hours(world: World) -> dict[str | None, int]:
    result = learn_best_hour(BEST_HOUR, snapshot(world, NOW), ())
    assert list(result.columns) == ["contact", "hour"]
    return dict(world.rows(f"SELECT contact, hour FROM {result.table}"))


def test_the_hour_that_a_contact_likes_is_found(world: World) -> None:
    names = [f"c{n:03}" for n in range(300)]
    people(world, names)
    likes = {name: 8 if n % 3 == 0 else 19 for n, name in enumerate(names)}
    plant_hours(world, names, likes, 7)
    found = hours(world)
    assert found[None] in (18, 19, 20), "two thirds like the evening"
    right = sum(abs(found.get(name, found[None]) - likes[name]) <= 1 for name in names)
    everybody = sum(abs(found[None] - likes[name]) <= 1 for name in names)
    assert right > 0.8 * len(names) > 1.15 * everybody


def test_it_is_better_than_the_hour_of_everybody_and_than_the_contacts_own_most_frequent_one(
    world: World,
) -> None:
    """As the design measured it: judged by the true rates of each contact's hours."""
    names = [f"c{n:03}" for n in range(300)]
    people(world, names)
    luck = drawn(8)
    likes = {
        name: int(hour)
        for name, hour in zip(names, luck.choice([9, 12, 18, 19, 20], len(names)), strict=True)
    }
    plant_hours(world, names, likes, 9, per_contact=12)
    found = hours(world)
    own = dict(
        world.rows(
            f"""SELECT contact, arg_max(hour, (n, -hour)) FROM (
                SELECT contact, hour, count(*) AS n FROM {SENDS} WHERE answered GROUP BY ALL) GROUP BY contact"""
        )
    )

    def rate(name: str, hour: int) -> float:
        far = abs(hour - likes[name])
        return 0.4 if far == 0 else 0.2 if far == 1 else 0.02

    best = found[None]
    learned = sum(rate(name, found.get(name, best)) for name in names)
    assert learned > sum(rate(name, best) for name in names)
    assert learned > sum(rate(name, own.get(name, best)) for name in names)


def test_hours_count_for_nothing_where_they_make_no_difference() -> None:
    """Pairs of the same hour that are no more alike than others: whatever a contact likes, it is not the hour."""
    assert strength_of_pairs(30.0, 100, 300.0, 1_000) == STRONGEST
    assert strength_of_pairs(0.0, 0, 5.0, 10) == STRONGEST
    assert strength_of_pairs(50.0, 100, 320.0, 1_000) == pytest.approx((1 - 0.2) / 0.2)
    assert strength_of_pairs(100.0, 100, 100.0, 1_000) == WEAKEST


def test_in_shuffled_answers_everybody_has_nearly_the_same_hour(world: World) -> None:
    names = [f"c{n:03}" for n in range(200)]
    people(world, names)
    luck = drawn(12)
    start = instant("2026-02-01 00:00")
    for n in range(20):
        hours_of_day = luck.integers(8, 20, len(names))
        when = [start + timedelta(days=2 * n, hours=int(hour)) for hour in hours_of_day]
        sends(
            world,
            names,
            when,
            "email",
            list(luck.random(len(names)) < np.where(hours_of_day == 10, 0.3, 0.1)),
        )
    found = hours(world)
    assert found[None] in (9, 10, 11)
    assert sum(abs(hour - 10) <= 1 for hour in found.values()) > 0.9 * len(found)


def test_a_contact_who_never_answered_has_the_hour_of_everybody(world: World) -> None:
    people(world, ["ann", "bob"])
    at = [instant("2026-04-01 00:00") + timedelta(days=n % 20, hours=18) for n in range(40)]
    sends(world, ["ann"] * 40, at, "email", [True] * 40)
    sends(world, ["bob"] * 40, at, "email", [False] * 40)
    found = hours(world)
    assert found[None] == 18
    assert "bob" not in found


def test_neighbours_count_half_and_midnight_has_two(world: World) -> None:
    whole = [(0, 0)] * 24
    whole[23], whole[1] = (1_000, 500), (1_000, 500)
    found = expected_rates(whole)
    assert found[0] == pytest.approx((500 + 50) / (1_000 + 100))
    nothing = [(0, 0)] * 24
    assert best_of([0.1] * 24, nothing) == 0
    assert best_of([0.1] * 24, [*nothing[:18], (5, 1), *nothing[19:]]) == 18
    assert best_of([0.1, 0.2] * 12, nothing) == 1


def test_the_same_data_gives_the_same_hours_whatever_the_order_of_the_rows(world: World) -> None:
    names = [f"c{n:03}" for n in range(60)]
    people(world, names)
    plant_hours(world, names, dict.fromkeys(names, 12), 10, per_contact=6)
    first = hours(world)
    world.connection.execute(
        "CREATE TABLE turned AS FROM event_sent ORDER BY _id DESC; DROP TABLE event_sent; ALTER TABLE turned RENAME TO event_sent"
    )
    world.connection.execute("SET threads = 2")
    assert hours(world) == first


def test_a_project_whose_mapping_names_no_send_learns_nothing_of_answers(world: World) -> None:
    from parcours.analytics.due import learnables

    assert learnables(world.project) == ()
    both = learnables(replace(world.project, answering=("click",)))
    assert [one.key for one in both] == [("response", "best_hour"), ("response", "response")]
    assert {str(one.refresh) for one in both} == {"1 week"}
    assert isinstance(instant(NOW), datetime)
