"""Experiments that the executor ran, analysed from its state: who counts, in which arm, and what came of it."""

from collections.abc import Callable, Iterator

import pytest
from tried import SIGNED_UP, all_designs, analysed, arm_of, buyers, names_of, orders, people
from world import World

JOURNEY = """
journey j
    enter on signup
    goal bought: order[amount > 10] within 7 days
    wait 1 hour
    test incentive measured by bought
        50% plain
            exit nothing
        50% gift
            send offer by email
            wait 2 days
"""
ARMS = {"plain": 50, "gift": 50}
Make = Callable[[str], World]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[World] = []

    def build(text: str) -> World:
        made.append(World(text))
        return made[-1]

    yield build
    for world in made:
        world.close()


def run(world: World, rates: dict[str, float], count: int = 6_000, seed: int = 1) -> list[str]:
    """Everybody signs up and comes to the test; who buys does so a day later."""
    names = names_of(count)
    world.tick("2026-03-01 07:00")
    people(world, names)
    world.tick(SIGNED_UP, "2026-03-01 09:00")
    bought = buyers(names, "j/incentive", ARMS, rates, seed)
    orders(world, bought, [20.0] * len(bought), "2026-03-02 12:00")
    world.tick("2026-03-02 12:00", "2026-03-09 08:00")
    return bought


def test_a_planted_arm_that_is_better_is_found(make: Make) -> None:
    world = make(JOURNEY)
    bought = run(world, {"plain": 0.10, "gift": 0.16})
    found = analysed(world, "2026-03-09 08:00")
    assert found.verdict.winner == "gift"
    assert found.verdict.text == "`gift` is better"
    # the arms are those of the hash, everybody counted once, whatever became of them
    expected = {arm: sum(arm_of("j/incentive", ARMS, name) == arm for name in bought) for arm in ARMS}
    assert {arm.figures.arm: arm.figures.reached for arm in found.arms} == expected
    assert sum(arm.figures.contacts for arm in found.arms) == 6_000
    assert found.sample_ratio > 0.001
    (comparison,) = found.comparisons
    assert (comparison.arm, comparison.against) == ("gift", "plain")
    assert comparison.rate is not None and comparison.rate.low < 0.06 < comparison.rate.high


def test_an_arm_that_is_not_better_is_not_found(make: Make) -> None:
    world = make(JOURNEY)
    run(world, {"plain": 0.12, "gift": 0.12})
    found = analysed(world, "2026-03-09 08:00")
    assert found.verdict.winner is None
    assert not found.verdict.decided


def test_nothing_is_found_when_the_buyers_are_shuffled(make: Make) -> None:
    """Who buys is drawn as if for another test: a difference there is none here."""
    world = make(JOURNEY)
    names = names_of(6_000)
    world.tick("2026-03-01 07:00")
    people(world, names)
    world.tick(SIGNED_UP, "2026-03-01 09:00")
    bought = buyers(names, "another/test", ARMS, {"plain": 0.10, "gift": 0.16}, 1)
    orders(world, bought, [20.0] * len(bought), "2026-03-02 12:00")
    world.tick("2026-03-09 08:00")
    assert analysed(world, "2026-03-09 08:00").verdict.winner is None


def test_the_arm_is_the_one_that_the_journal_shows(make: Make) -> None:
    """T17 reckoned anew, against the route that each contact took."""
    world = make(JOURNEY)
    run(world, {"plain": 0.1, "gift": 0.1}, count=500)
    analysed(world, "2026-03-09 08:00")
    differing = world.rows(
        """SELECT count(*), count(*) FILTER (WHERE NOT list_contains(r.decisions, 'test incentive: ' || u.arm))
        FROM _unit AS u JOIN state.journal AS j USING (contact) JOIN state.route AS r USING (version, route)
        WHERE list_contains(r.decisions, 'test incentive: plain') OR list_contains(r.decisions, 'test incentive: gift')"""
    )
    assert differing == [(500, 0)]


def test_what_counts_lies_after_the_arm_was_dealt_out_and_within_the_goals_time(make: Make) -> None:
    world = make(JOURNEY)
    names = ["early", "on_time", "last_moment", "too_late", "small", "unseen"]
    world.tick("2026-03-01 07:00")
    people(world, names)
    world.tick(SIGNED_UP, "2026-03-01 09:00")
    # loaded after the arm was dealt out, but of before it: no arm can have caused it
    orders(world, ["early"], [20.0], "2026-03-01 08:30", loaded="2026-03-01 10:00")
    orders(world, ["on_time"], [20.0], "2026-03-03 08:00")
    orders(world, ["last_moment"], [20.0], "2026-03-08 08:00")
    orders(world, ["too_late"], [20.0], "2026-03-08 08:01")
    orders(world, ["small"], [5.0], "2026-03-03 08:00")
    orders(world, ["unseen"], [20.0], "2026-03-03 08:00", loaded="2026-03-10 00:00")
    world.tick("2026-03-09 08:00")

    def reached(at: str) -> int:
        return sum(arm.figures.reached for arm in analysed(world, at).arms)

    assert reached("2026-03-09 08:00") == 2
    assert reached("2026-03-10 00:00") == 3
    before = analysed(world, "2026-03-08 07:59")
    assert [arm.figures.contacts for arm in before.arms] == [0, 0]
    assert sum(arm.open for arm in before.arms) == 6


def test_worth_is_summed_by_contact(make: Make) -> None:
    world = make(JOURNEY)
    names = names_of(400)
    world.tick("2026-03-01 07:00")
    people(world, names)
    world.tick(SIGNED_UP, "2026-03-01 09:00")
    amounts = [20.0 + number % 7 for number in range(400)]
    orders(world, names, amounts, "2026-03-02 12:00")
    orders(world, names[:100], [100.0] * 100, "2026-03-03 12:00")
    world.tick("2026-03-09 08:00")
    found = analysed(world, "2026-03-09 08:00")
    assert found.worth == "amount"
    brought = {
        name: amount + (100 if n < 100 else 0)
        for n, (name, amount) in enumerate(zip(names, amounts, strict=True))
    }
    for arm in found.arms:
        own = [
            worth for name, worth in brought.items() if arm_of("j/incentive", ARMS, name) == arm.figures.arm
        ]
        assert arm.figures.total == pytest.approx(sum(own))
        assert arm.figures.squares == pytest.approx(sum(worth**2 for worth in own))


def test_a_contact_counts_once_however_often_it_comes(make: Make) -> None:
    world = make(JOURNEY.replace("enter on signup", "enter on signup\n        again"))
    world.tick("2026-03-01 07:00")
    people(world, ["ann"])
    world.tick(SIGNED_UP, "2026-03-01 09:00", "2026-03-03 09:00")
    world.event("signup", "ann", "2026-03-10 08:00")
    world.tick("2026-03-10 08:00", "2026-03-10 09:00")
    world.event("order", "ann", "2026-03-11 08:00", amount=20)
    world.tick("2026-03-20 09:00")
    found = analysed(world, "2026-03-20 09:00")
    assert sum(arm.figures.contacts for arm in found.arms) == 1
    assert sum(arm.figures.reached for arm in found.arms) == 0  # the first time nothing came of it


def test_a_goal_may_read_the_event_that_entered(make: Make) -> None:
    """The state forgets that event when a run ends; the datamart has it."""
    world = make(
        """
        journey j
            enter on cart[total > 10]
                per event.cart_id
            goal bought: order[cart_id = entry.cart_id] within 7 days
            test incentive measured by bought
                50% plain
                    exit nothing
                50% gift
                    exit given
        """
    )
    world.tick("2026-03-01 07:00")
    for name in ("ann", "bob"):
        world.contact(name)
        world.event("cart", name, "2026-03-01 08:00", event_id=f"{name} 0", cart_id="small", total=5)
        world.event("cart", name, "2026-03-01 08:00", event_id=f"{name} 1", cart_id=f"of {name}", total=50)
    world.tick("2026-03-01 08:00")
    world.event("order", "ann", "2026-03-02 08:00", cart_id="of ann", amount=50)
    world.event("order", "bob", "2026-03-02 08:00", cart_id="another", amount=50)
    world.tick("2026-03-09 08:00")
    assert sum(arm.figures.reached for arm in analysed(world, "2026-03-09 08:00").arms) == 1


def test_a_changed_test_begins_anew(make: Make) -> None:
    """Who came to it before the change is in no figure, and said to be left out."""
    world = make(JOURNEY)
    world.tick("2026-03-01 07:00")
    people(world, names_of(300))
    world.tick(SIGNED_UP, "2026-03-01 09:00")
    world.restart(JOURNEY.replace("50% plain", "20% plain").replace("50% gift", "80% gift"))
    world.tick("2026-03-02 07:00")
    people(world, [f"new{n}" for n in range(500)], "2026-03-02 08:00")
    world.tick("2026-03-02 08:00", "2026-03-02 09:00", "2026-03-20 09:00")
    found = analysed(world, "2026-03-20 09:00")
    assert (found.contacts, found.earlier) == (500, 300)
    assert found.sample_ratio > 0.001
    # and back again: the first form is the newest once more, with those who were in it
    world.restart(JOURNEY)
    world.tick("2026-03-21 07:00")
    again = analysed(world, "2026-03-21 07:00")
    assert (again.contacts, again.earlier) == (300, 500)


def test_a_test_that_the_files_do_not_have_any_more_is_still_told(make: Make) -> None:
    world = make(JOURNEY)
    run(world, {"plain": 0.10, "gift": 0.16}, count=2_000)
    world.restart(
        """
        journey j
            enter on signup
            goal bought: order[amount > 10] within 7 days
            send offer by email
        """
    )
    world.tick("2026-03-09 09:00")
    found = analysed(world, "2026-03-09 09:00")
    assert not found.design.running
    assert found.contacts == 2_000


def test_an_arm_in_which_somebody_is_missing_is_not_trusted(make: Make) -> None:
    """The journal is tampered with: a third of one arm is gone."""
    world = make(JOURNEY)
    run(world, {"plain": 0.10, "gift": 0.16}, count=3_000)
    analysed(world, "2026-03-09 08:00")
    world.rows(
        """DELETE FROM state.journal WHERE contact IN
        (SELECT contact FROM _unit WHERE arm = 'gift' ORDER BY contact LIMIT 500)"""
    )
    found = analysed(world, "2026-03-09 08:00")
    assert found.sample_ratio < 0.001
    assert found.verdict.winner is None
    assert found.verdict.text.startswith("not to be trusted")


HELD = """
journey j
    enter on signup
        again
        hold out 20%
    goal bought: order within 7 days
    send hello by email
    wait 3 days
"""


def test_those_held_out_are_compared_with_those_treated(make: Make) -> None:
    world = make(HELD)
    names = names_of(8_000)
    world.tick("2026-03-01 07:00")
    people(world, names)
    world.tick(SIGNED_UP)
    shares = {"held_out": 20, "treated": 80}
    bought = buyers(names, "j/hold out", shares, {"held_out": 0.10, "treated": 0.15}, 3)
    orders(world, bought, [30.0] * len(bought), "2026-03-02 12:00")
    world.tick("2026-03-02 12:00", "2026-03-09 08:00")
    found = analysed(world, "2026-03-09 08:00", "hold out")
    assert found.contacts == 8_000
    assert {arm.figures.arm: arm.figures.contacts for arm in found.arms} == {
        arm: sum(arm_of("j/hold out", shares, name) == arm for name in names) for arm in shares
    }
    assert found.verdict.winner == "treated"


def test_who_is_kept_away_after_the_hold_out_was_decided_is_treated(make: Make) -> None:
    """A cap refuses some of those not held out; left out, the shares would be wrong, and who came late with them."""
    world = make(HELD.replace("hold out 20%", "hold out 20%\n        at most 50 per 1 day"))
    world.tick("2026-03-01 07:00")
    people(world, names_of(1_000))
    world.tick(SIGNED_UP, "2026-03-09 08:00")
    assert len(world.entered()) == 50
    found = analysed(world, "2026-03-09 08:00", "hold out")
    assert found.contacts == 1_000
    assert found.sample_ratio > 0.001


def test_a_hold_out_whose_goal_reads_the_entering_event_is_not_told(make: Make) -> None:
    world = make(
        """
        journey j
            enter on cart
                per event.cart_id
                hold out 20%
            goal bought: order[cart_id = entry.cart_id] within 7 days
            send hello by email
        """
    )
    world.tick("2026-03-01 07:00")
    found = analysed(world, "2026-03-01 07:00")
    assert found.verdict.text.startswith("cannot be told")
    assert found.arms == ()


def test_nobody_has_come_to_a_new_test(make: Make) -> None:
    world = make(JOURNEY)
    world.tick("2026-03-01 07:00")
    found = analysed(world, "2026-03-01 07:00")
    assert found.contacts == 0
    assert found.verdict.text.startswith("not decided yet: `plain` has 0 contacts")


def test_a_project_without_tests_has_no_designs(make: Make) -> None:
    world = make("journey j\n    enter on signup\n    send hello by email\n")
    world.tick("2026-03-01 07:00")
    assert all_designs(world) == ()


def test_another_entering_event_is_another_test_when_the_goal_reads_it(make: Make) -> None:
    text = """
        journey j
            enter on cart[total > 10]
            goal bought: order[cart_id = entry.cart_id] within 7 days
            test incentive measured by bought
                50% plain
                    exit nothing
                50% gift
                    exit given
        """
    world = make(text)
    world.tick("2026-03-01 07:00")
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 08:00", cart_id="a", total=50)
    world.tick("2026-03-01 08:00")
    world.restart(text.replace("total > 10", "total > 20"))
    world.tick("2026-03-02 07:00")
    found = analysed(world, "2026-03-02 07:00")
    assert (found.contacts, found.earlier) == (0, 1)
